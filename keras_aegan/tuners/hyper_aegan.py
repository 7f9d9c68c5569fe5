"""The search space of AEGAN."""

from keras_aegan.models import AEGAN
from keras_aegan.tuners.hyper_adversarial import HyperAdversarial


class HyperAEGAN(HyperAdversarial):
    """All AEGANs for samples of a shape, for a search by KerasTuner.

    Args:
        input_shape: Shape of one sample, 1 to 3 axes.
        **kwargs: As of `HyperAdversarial`: `space`, `max_parameters`,
            `compile_options`, `collapse`, and options of `AEGAN.for_shape`.

    Raises:
        ValueError: as of `HyperAdversarial`.

    Example:

    >>> import tempfile
    >>> import keras_tuner
    >>> tuner = keras_tuner.RandomSearch(
    ...     HyperAEGAN((6,), space={"width": 4, "latent_dim": [2, 3]}),
    ...     objective=keras_tuner.Objective("val_reconstruction", "min"),
    ...     directory=tempfile.mkdtemp(),
    ... )
    >>> # tuner.search(x_train, validation_data=x_test, epochs=10)
    >>> tuner.remaining_trials
    10

    Reference: Lazarou 2020, arXiv:2004.05472.
    """

    def __init__(self, input_shape, **kwargs):
        super().__init__(AEGAN, input_shape, **kwargs)
