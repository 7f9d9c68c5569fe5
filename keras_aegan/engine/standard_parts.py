"""The parts that several models have, with their default networks.

A model picks some of them for its table, changes what differs by
`Part.replace`, and adds its own:

>>> own = DISCRIMINATOR.replace(condition=None)
>>> own.name, GENERATOR.is_averaged, own.is_averaged
('discriminator', True, False)
"""

from keras_aegan import networks
from keras_aegan.engine.parts import Part
from keras_aegan.layers import NormalPrior
from keras_aegan.network_shapes import input_shape


def build_encoder(options, parts, name="encoder"):
    """The default encoder, from samples to codes."""
    return networks.encoder(
        options.conditioned_shape,
        options.encoder_outputs,
        options.width,
        options.normalization,
        name=name,
        **options.regularization,
        **options.depth,
    )


def build_generator(options, parts):
    """The default generator, from codes to samples."""
    return networks.generator(
        options.shape,
        options.conditioned_latent_dim,
        # The generator has the harder task: the same arithmetic, divided so
        # between it and the discriminator, gives better samples.
        int(1.45 * options.width),
        options.normalization,
        activation=options.activation,
        dropout=options.dropout,
        **options.depth,
    )


def build_discriminator(
    options, parts, name="discriminator", normalization=None
):
    """The default discriminator, from samples to one logit."""
    return networks.discriminator(
        options.shape,
        options.width,
        normalization,
        augmentation=options.augmentation,
        name=name,
        **options.regularization,
        **options.depth,
    )


def _build_latent_discriminator(options, parts):
    return networks.latent_discriminator(
        options.latent_dim, options.width, **options.regularization
    )


def _build_joint_discriminator(options, parts):
    return networks.joint_discriminator(
        options.shape,
        options.latent_dim,
        options.width,
        **options.regularization,
    )


def _build_mapping(options, parts):
    return networks.dense_network(
        options.conditioned_latent_dim,
        options.latent_dim,
        4 * options.width,
        depth=3,
        name="mapping",
    )


def _normal_prior(parts):
    return NormalPrior(input_shape(parts["generator"])[-1])


def _sample_shape(shapes):
    return shapes.sample


ENCODER = Part(
    "encoder",
    reads=_sample_shape,
    writes=lambda shapes: shapes.encoded,
    build=build_encoder,
    condition=networks.condition_samples,
    is_averaged=True,
)
GENERATOR = Part(
    "generator",
    reads=lambda shapes: shapes.code,
    writes=lambda shapes: shapes.generated,
    build=build_generator,
    condition=networks.condition_codes,
    is_averaged=True,
)
DISCRIMINATOR = Part(
    "discriminator",
    reads=_sample_shape,
    build=build_discriminator,
    condition=networks.condition_by_projection,
    gives_logits=True,
)
LATENT_DISCRIMINATOR = Part(
    "latent_discriminator",
    reads=lambda shapes: shapes.code,
    build=_build_latent_discriminator,
    condition=networks.condition_by_projection,
    gives_logits=True,
)
JOINT_DISCRIMINATOR = Part(
    "joint_discriminator",
    build=_build_joint_discriminator,
    condition=networks.condition_by_projection,
    gives_logits=True,
)
# From codes of the prior to codes of the generator.
MAPPING = Part(
    "mapping",
    build=_build_mapping,
    condition=networks.condition_codes,
    is_averaged=True,
)
PRIOR = Part("prior", default=_normal_prior)

STANDARD_PARTS = {
    part.name: part
    for part in (
        ENCODER,
        GENERATOR,
        DISCRIMINATOR,
        LATENT_DISCRIMINATOR,
        JOINT_DISCRIMINATOR,
        MAPPING,
        PRIOR,
    )
}
