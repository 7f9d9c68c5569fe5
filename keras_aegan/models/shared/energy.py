"""The discriminator of energy-based GANs: an autoencoder of samples."""

from keras_aegan import networks
from keras_aegan.engine.parts import Part


def _build_encoder(options, parts):
    return networks.encoder(
        options.conditioned_shape,
        options.latent_dim,
        options.width,
        normalization=None,
        name="energy_encoder",
        **options.depth,
    )


def _build_decoder(options, parts):
    return networks.generator(
        options.shape,
        options.conditioned_latent_dim,
        options.width,
        normalization=None,
        activation=options.activation,
        name="energy_decoder",
        **options.depth,
    )


ENERGY_ENCODER = Part(
    "energy_encoder", build=_build_encoder, condition=networks.condition_samples
)
ENERGY_DECODER = Part(
    "energy_decoder", build=_build_decoder, condition=networks.condition_codes
)
