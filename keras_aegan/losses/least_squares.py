"""The least squares loss."""

import keras
from keras import ops

from keras_aegan.losses.adversarial_loss import LabelledLoss


@keras.saving.register_keras_serializable(package="keras_aegan")
class LeastSquares(LabelledLoss):
    """Squared distance of the discriminator's output to its labels.

    `discriminator = (r - real_label)^2 / 2 + (f - fake_label)^2 / 2`
    `generator = (f - 1)^2 / 2`

    Args:
        real_label: Float in [0, 1], that of real samples, `b` in the paper.
        fake_label: Float in [0, 1], that of fakes, `a` in the paper.
        fake_weights: See `AdversarialLoss`, also for what is raised.
        generator_weights: See `AdversarialLoss`.

    Example:

    >>> float(LeastSquares().generator_loss([[0.0]]))
    0.5

    Reference: Mao et al. 2017, arXiv:1611.04076, equation 2 with a=0, b=c=1.
    """

    @property
    def boundary(self):
        return (self.real_label + self.fake_label) / 2.0

    def on_real(self, real):
        return 0.5 * ops.square(real - self.real_label)

    def on_fake(self, fake):
        return 0.5 * ops.square(fake - self.fake_label)

    def generator(self, fake, real):
        return 0.5 * ops.square(fake - 1.0)

    def swapped(self, logits):
        return 1.0 - logits
