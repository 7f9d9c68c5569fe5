"""Data on their way into a model and back, each a fitted transformation."""

from keras_aegan.data.images import Images as Images
from keras_aegan.data.spectrograms import Spectrograms as Spectrograms
from keras_aegan.data.table import Table as Table
from keras_aegan.data.text import Text as Text
from keras_aegan.data.transformation import Transformation as Transformation
from keras_aegan.data.waves import Waves as Waves
from keras_aegan.data.windows import Windows as Windows
