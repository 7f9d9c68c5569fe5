"""The dual form of the Wasserstein-1 (earth mover's) distance."""

import keras

from keras_aegan.losses.adversarial_loss import AdversarialLoss


@keras.saving.register_keras_serializable(package="keras_aegan")
class Wasserstein(AdversarialLoss):
    """The difference of mean outputs on fakes and on real samples.

    `discriminator = f - r`
    `generator = -f`

    It estimates a distance only if the critic is Lipschitz continuous, which
    a gradient penalty, spectral normalisation or clipped weights ensure. The
    critic's output is unbounded.

    Args:
        fake_weights: See `AdversarialLoss`, also for what is raised.
        generator_weights: See `AdversarialLoss`.

    Example:

    >>> float(Wasserstein().discriminator_loss([3.0], [[1.0]]))
    -2.0

    Reference: Arjovsky et al. 2017, arXiv:1701.07875, equation 3. The
    authors' program has both signs the other way round, which is the same
    game.
    """

    boundary = None
    needs_bounded_critic = True

    def on_real(self, real):
        return -real

    def on_fake(self, fake):
        return fake

    def generator(self, fake, real):
        return -fake
