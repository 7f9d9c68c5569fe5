"""Cross-entropy whose gradient does not vanish for the generator."""

import keras
from keras import ops

from keras_aegan.losses.adversarial_loss import LabelledLoss
from keras_aegan.losses.adversarial_loss import cross_entropy


@keras.saving.register_keras_serializable(package="keras_aegan")
class NonSaturating(LabelledLoss):
    """Cross-entropy; the generator maximises `log D(x_hat)`.

    `discriminator = BCE(r, real_label) + BCE(f, fake_label)`
    `generator = softplus(-f) = -log(sigmoid(f))`

    with `BCE(d, t) = softplus(d) - t d`.

    Args:
        real_label: Float in [0, 1], the target for real samples.
        fake_label: Float in [0, 1], the target for fakes.
        fake_weights: See `AdversarialLoss`, also for what is raised.
        generator_weights: See `AdversarialLoss`.

    Example:

    >>> round(float(NonSaturating().generator_loss([[0.0]])), 4)
    0.6931

    Reference: Goodfellow et al. 2014, arXiv:1406.2661, section 3.
    """

    def on_real(self, real):
        return cross_entropy(real, self.real_label)

    def on_fake(self, fake):
        return cross_entropy(fake, self.fake_label)

    def generator(self, fake, real):
        return ops.softplus(-fake)
