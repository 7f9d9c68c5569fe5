"""Default networks, from the shape of one sample.

Rank 1 `(features,)` gives dense networks, rank 2 `(steps, channels)` 1-D and
rank 3 `(height, width, channels)` 2-D convolutions.
"""

from keras_aegan.networks.code_maps import code_map_encoder as code_map_encoder
from keras_aegan.networks.code_maps import (
    code_map_generator as code_map_generator,
)
from keras_aegan.networks.code_maps import (
    patch_discriminator as patch_discriminator,
)
from keras_aegan.networks.conditioned import (
    condition_by_projection as condition_by_projection,
)
from keras_aegan.networks.conditioned import condition_codes as condition_codes
from keras_aegan.networks.conditioned import (
    condition_samples as condition_samples,
)
from keras_aegan.networks.convolutional import (
    convolutional_encoder as convolutional_encoder,
)
from keras_aegan.networks.convolutional import (
    convolutional_generator as convolutional_generator,
)
from keras_aegan.networks.dense import dense_network as dense_network
from keras_aegan.networks.dense import densely_connected as densely_connected
from keras_aegan.networks.for_shape import discriminator as discriminator
from keras_aegan.networks.for_shape import encoder as encoder
from keras_aegan.networks.for_shape import generator as generator
from keras_aegan.networks.for_shape import (
    latent_discriminator as latent_discriminator,
)
from keras_aegan.networks.joint import (
    joint_discriminator as joint_discriminator,
)
from keras_aegan.networks.joint import pair_discriminator as pair_discriminator
from keras_aegan.networks.sequences import sequence_encoder as sequence_encoder
from keras_aegan.networks.sequences import (
    sequence_generator as sequence_generator,
)
