"""The discriminator of energy-based GANs: an autoencoder of samples."""

from collections.abc import Callable

from keras_aegan import networks
from keras_aegan.engine.parts import Part


def energy_parts(code_size: Callable = lambda latent_dim: latent_dim):
    """The parts of the discriminator, an encoder and a decoder.

    Args:
        code_size: Function from the size of the generator's codes to the size
            of the discriminator's. By default they are the same.
    """

    def build_encoder(options, parts):
        return networks.encoder(
            options.conditioned_shape,
            code_size(options.latent_dim),
            options.width,
            normalization=None,
            name="energy_encoder",
            **options.depth,
        )

    def build_decoder(options, parts):
        return networks.generator(
            options.shape,
            code_size(options.latent_dim) + options.condition_size,
            options.width,
            normalization=None,
            activation=options.activation,
            name="energy_decoder",
            **options.depth,
        )

    return (
        Part(
            "energy_encoder",
            build=build_encoder,
            condition=networks.condition_samples,
        ),
        Part(
            "energy_decoder",
            build=build_decoder,
            condition=networks.condition_codes,
        ),
    )
