"""The game of the first generative adversarial networks."""

import keras
from keras import ops

from keras_aegan.losses.adversarial_loss import LabelledLoss
from keras_aegan.losses.non_saturating import NonSaturating


@keras.saving.register_keras_serializable(package="keras_aegan")
class Minimax(LabelledLoss):
    """Zero-sum cross-entropy, whose generator saturates.

    `discriminator = BCE(r, real_label) + BCE(f, fake_label)`
    `generator = -softplus(f) = log(1 - sigmoid(f))`

    with `BCE(d, t) = softplus(d) - t d`. The generator's gradient fades when
    the discriminator wins; `NonSaturating` is the form for practice.

    Args:
        real_label: Float in [0, 1]. Below 1 it is smoothed.
        fake_label: Float in [0, 1].
        fake_weights: See `AdversarialLoss`.
        generator_weights: See `AdversarialLoss`.

    Raises:
        ValueError: if a label is outside [0, 1] or a weight negative.

    Example:

    >>> round(float(Minimax().generator_loss([[0.0]])), 4)
    -0.6931

    Reference: Goodfellow et al. 2014, arXiv:1406.2661, equation 1.
    """

    discriminator = NonSaturating.discriminator

    def generator(self, fake, real):
        return -ops.softplus(fake)
