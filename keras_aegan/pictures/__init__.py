"""Pictures of samples, codes and training: each function draws one figure."""

from keras_aegan.pictures.attributes import (
    attribute_direction as attribute_direction,
)
from keras_aegan.pictures.attributes import attribute_edits as attribute_edits
from keras_aegan.pictures.figures import save as save
from keras_aegan.pictures.history import history as history
from keras_aegan.pictures.interpolations import interpolations as interpolations
from keras_aegan.pictures.latent_map import latent_map as latent_map
from keras_aegan.pictures.neighbours import neighbours as neighbours
from keras_aegan.pictures.samples import reconstructions as reconstructions
from keras_aegan.pictures.samples import samples as samples
from keras_aegan.pictures.series import series as series
from keras_aegan.pictures.sound import spectrograms as spectrograms
from keras_aegan.pictures.sound import write_wav as write_wav
from keras_aegan.pictures.tabular import correlations as correlations
from keras_aegan.pictures.tabular import marginals as marginals
from keras_aegan.pictures.traversals import traversals as traversals
