"""The adversarial loss of alpha-GAN."""

import keras

from keras_aegan.losses.adversarial_loss import LabelledLoss
from keras_aegan.losses.non_saturating import NonSaturating


@keras.saving.register_keras_serializable(package="keras_aegan")
class Hybrid(LabelledLoss):
    """Cross-entropy for the discriminator, log odds for the generator.

    `discriminator = softplus(-r) + softplus(f)`
    `generator = -f = -log D + log(1 - D)`

    Args:
        real_label: Float in [0, 1], the target for real samples.
        fake_label: Float in [0, 1], the target for fakes.
        fake_weights: See `AdversarialLoss`, also for what is raised.
        generator_weights: See `AdversarialLoss`.

    Example:

    >>> float(Hybrid().generator_loss([[2.0]]))
    -2.0

    Reference: Rosca et al. 2017, arXiv:1706.04987, equation 16.
    """

    on_real = NonSaturating.on_real
    on_fake = NonSaturating.on_fake

    def generator(self, fake, real):
        return -fake
