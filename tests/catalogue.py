"""One tiny instance of every public class, for the contract suite.

`test_architecture.py` fails if a public class is missing here.
"""

import keras
import numpy as np

import keras_aegan
from keras_aegan import layers
from keras_aegan import losses
from keras_aegan import models
from keras_aegan import networks
from keras_aegan import penalties


def tiny(model, shape=(6,), latent_dim=2, width=2, **kwargs):
    """A model for rows of 6 numbers unless more is said."""
    return lambda: model.for_shape(
        shape, latent_dim=latent_dim, width=width, **kwargs
    )


# Each line: the class, and a function that builds a tiny instance.
MODELS = {
    models.AEGAN: tiny(
        models.AEGAN, (8, 8, 1), 4, width=4, noise=0.1, dropout=0.1
    ),
    models.AGE: tiny(models.AGE, latent_dim=4),
    models.ALAD: tiny(models.ALAD),
    models.ALAE: tiny(models.ALAE),
    models.ALI: tiny(models.ALI, dropout=0.1),
    # With codes of 2 numbers a unit of the critic is active for all of them:
    # its bias has a gradient of rounding errors, of which Adam makes a step.
    models.ARAE: tiny(models.ARAE, (4,), 4, vocabulary_size=5),
    models.AdversarialAutoencoder: tiny(models.AdversarialAutoencoder),
    models.AlphaGAN: tiny(models.AlphaGAN),
    models.Autoencoder: lambda: tiny(
        models.Autoencoder, corruption=layers.GaussianNoise(0.1)
    )(),
    models.BEGAN: tiny(models.BEGAN),
    models.BiGAN: tiny(models.BiGAN),
    models.EBGAN: tiny(models.EBGAN),
    models.FAnoGAN: tiny(models.FAnoGAN),
    models.FusedAEGAN: tiny(models.FusedAEGAN),
    models.GAN: tiny(models.GAN, (8, 8, 1)),
    models.GANomaly: tiny(models.GANomaly),
    models.InfoGAN: tiny(models.InfoGAN, latent_dim=4, continuous=1),
    models.IntroVAE: tiny(models.IntroVAE),
    models.InverseGenerator: tiny(models.InverseGenerator),
    models.MDGAN: tiny(models.MDGAN),
    models.R3GAN: tiny(models.R3GAN),
    models.SemiSupervisedAAE: tiny(models.SemiSupervisedAAE, latent_dim=4),
    models.SemiSupervisedGAN: tiny(models.SemiSupervisedGAN, num_classes=3),
    models.SoftIntroVAE: tiny(models.SoftIntroVAE, beta_neg=1.0),
    models.StagedAEGAN: tiny(
        models.StagedAEGAN, reconstruct_epochs=1, freeze_steps=0
    ),
    models.VAE: tiny(models.VAE, beta=0.5, capacity=1.0),
    # With this margin nobody waits in the first steps.
    models.VAEGAN: tiny(models.VAEGAN, margin=2.0),
    models.VEEGAN: tiny(models.VEEGAN),
    models.VQGAN: tiny(
        models.VQGAN, (8, 8, 1), num_codes=8, discriminator_start=1
    ),
    models.WAE: tiny(models.WAE),
}

# The longest tests run with this one; `test_family.py` runs with all.
FLAGSHIP = {models.AEGAN: MODELS[models.AEGAN]}


def conditional_network():
    """A network of 3 numbers that is conditioned on one of 2 labels."""
    inner = networks.dense_network(3 + 2, 4, 8, depth=1)
    return networks.condition_codes(inner, 2, num_classes=2)


def network_with_reference():
    """A network of 3 numbers that is normalised by 4 rows."""
    start = keras.Input((3,))
    x = layers.VirtualBatchNormalization(reference_size=4)(start)
    network = keras.Model(start, keras.layers.Dense(2)(x))
    return layers.ReferenceBatch(network, np.eye(4, 3))


LAYERS = {
    layers.AdaptiveAugment: lambda: layers.AdaptiveAugment(
        "color,cutout", target=0.5, images=100, interval=2, seed=1
    ),
    layers.BootstrapPrior: lambda: layers.BootstrapPrior(
        4, num_classes=2, capacity=9, seed=1
    ),
    layers.CodeAndNoise: lambda: layers.CodeAndNoise(4, noise_dim=3),
    layers.KernelPrior: lambda: layers.KernelPrior(
        4, bandwidth=0.5, num_classes=2, capacity=9, seed=1
    ),
    layers.FittedPrior: lambda: layers.FittedPrior(
        4, num_classes=2, components=3, capacity=9, seed=1
    ),
    layers.CategoryPrior: lambda: layers.CategoryPrior(
        4, num_classes=3, seed=1
    ),
    layers.CategorySoftmax: lambda: layers.CategorySoftmax([1, 3, 1, 1, 2]),
    layers.ClassPrior: lambda: layers.ClassPrior(
        2, means=[[1, 2], [3, 4]], scale=0.5, seed=1
    ),
    layers.Conditional: conditional_network,
    layers.Projection: lambda: layers.Projection(),
    layers.GaussianSampling: lambda: layers.GaussianSampling(seed=1),
    layers.SphericalPrior: lambda: layers.SphericalPrior(4, seed=1),
    layers.DepthToSpace: lambda: layers.DepthToSpace(2),
    layers.DiffAugment: lambda: layers.DiffAugment("color,cutout", seed=1),
    layers.Dropout: lambda: layers.Dropout(0.5, seed=1),
    layers.GaussianDropout: lambda: layers.GaussianDropout(0.5, seed=1),
    layers.GaussianNoise: lambda: layers.GaussianNoise(0.5, seed=1),
    layers.MinibatchDiscrimination: lambda: layers.MinibatchDiscrimination(
        3, 2
    ),
    layers.MinibatchStandardDeviation: lambda: (
        layers.MinibatchStandardDeviation(3)
    ),
    layers.NormalPrior: lambda: layers.NormalPrior(4, seed=1),
    layers.PixelNormalization: lambda: layers.PixelNormalization(1e-6),
    layers.ReferenceBatch: network_with_reference,
    layers.SelfAttention: lambda: layers.SelfAttention(2, True),
    layers.SpectralNormalization: lambda: layers.SpectralNormalization(
        keras.layers.Conv2D(3, 2), power_iterations=2
    ),
    layers.UniformPrior: lambda: layers.UniformPrior(4, limit=2.0, seed=1),
    layers.VirtualBatchNormalization: lambda: layers.VirtualBatchNormalization(
        4, epsilon=1e-3
    ),
    layers.VectorQuantizer: lambda: layers.VectorQuantizer(
        5, 3, restart=0.1, seed=1
    ),
}

# Every loss of the registry, with other arguments than the defaults where it
# has them, so that a new loss needs no line here.
LOSSES = {
    **{loss: loss for loss in losses.ADVERSARIAL_LOSSES.values()},
    losses.Hinge: lambda: losses.Hinge(fake_weights=(1.0, 0.5)),
    losses.Hybrid: lambda: losses.Hybrid(real_label=0.9),
    losses.LeastSquares: lambda: losses.LeastSquares(real_label=0.9),
    losses.Minimax: lambda: losses.Minimax(fake_label=0.1),
    losses.NonSaturating: lambda: losses.NonSaturating(real_label=0.95),
}

RECONSTRUCTION_LOSSES = {
    losses.MixedReconstruction: lambda: losses.MixedReconstruction([1, 3]),
}

PENALTIES = {
    penalties.Consistency: lambda: penalties.Consistency(
        layers.GaussianNoise(0.1)
    ),
    penalties.DRAGAN: lambda: penalties.DRAGAN(1.0, seed=1),
    penalties.GradientPenalty: lambda: penalties.GradientPenalty(1.0, seed=1),
    penalties.HistoricalAverage: lambda: penalties.HistoricalAverage(0.1),
    penalties.LeCam: lambda: penalties.LeCam(0.1, decay=0.5),
    penalties.R1: lambda: penalties.R1(0.1),
    penalties.R2: lambda: penalties.R2(0.1),
}

WEIGHTS = {
    penalties.GradientRatio: lambda: penalties.GradientRatio(0.5, decay=0.9),
}

ABSTRACT = {
    keras_aegan.AdversarialModel,
    layers.Prior,
    losses.AdversarialLoss,
    penalties.Penalty,
}


def samples(model, count=64):
    """Samples for a model, the same on every backend."""
    generator = np.random.default_rng(0)
    shape = (count, *model.sample_shape)
    if model.is_discrete:
        return generator.integers(model.generator.output_shape[-1], size=shape)
    return generator.uniform(-1, 1, shape).astype("float32")


def settings():
    """Arguments of `compile` that leave no default as it is."""
    return {
        "optimizer": keras.optimizers.Adam(1e-3, clipnorm=1.0),
        "update": "simultaneous",
        "turns": None,
        "jit_compile": "auto",
    }
