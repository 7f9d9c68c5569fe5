"""The minimax loss of the first generative adversarial networks."""

import keras
from keras import ops

from keras_aegan.losses.adversarial_loss import LabelledLoss
from keras_aegan.losses.non_saturating import NonSaturating


@keras.saving.register_keras_serializable(package="keras_aegan")
class Minimax(LabelledLoss):
    """Zero-sum cross-entropy, which saturates for the generator.

    `discriminator = BCE(r, real_label) + BCE(f, fake_label)`
    `generator = -softplus(f) = log(1 - sigmoid(f))`

    with `BCE(d, t) = softplus(d) - t d`. The generator's gradient vanishes when
    the discriminator rejects its samples; in practice `NonSaturating` is used.

    Args:
        real_label: Float in [0, 1], the target for real samples.
        fake_label: Float in [0, 1], the target for fakes.
        fake_weights: See `AdversarialLoss`, also for what is raised.
        generator_weights: See `AdversarialLoss`.

    Example:

    >>> round(float(Minimax().generator_loss([[0.0]])), 4)
    -0.6931

    Reference: Goodfellow et al. 2014, arXiv:1406.2661, equation 1.
    """

    on_real = NonSaturating.on_real
    on_fake = NonSaturating.on_fake

    def generator(self, fake, real):
        return -ops.softplus(fake)
