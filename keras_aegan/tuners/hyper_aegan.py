"""The search space of AEGAN."""

from keras_aegan.models import AEGAN
from keras_aegan.tuners.hyper_adversarial import HyperAdversarial


class HyperAEGAN(HyperAdversarial):
    """All AEGANs for samples of a shape, for a search by KerasTuner.

    `HyperAdversarial` lists the hyperparameters.

    Args:
        input_shape: Shape of one sample, 1 to 3 axes.
        space: Dict from the name of a hyperparameter to a value, a list of
            values or a range, see `HyperAdversarial`.
        max_parameters: Positive integer, the most parameters that a model may
            have, or `None` for no limit.
        compile_options: Dict of further arguments of `compile`.
        collapse: Float in [0, 1). A trial fails if the standard deviation of
            its model's samples is less than this share of that of real
            samples. 0 turns the check off.
        name: String, the name of the hypermodel.
        tunable: Boolean, see `keras_tuner.HyperModel`.
        **options: Further arguments of `AEGAN.for_shape`.

    Raises:
        ValueError: if a name or value of the space is unknown, the space is
            empty or contradicts itself, or `max_parameters` is less than the
            smallest model has.

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

    def __init__(
        self,
        input_shape: tuple[int, ...],
        space: dict | None = None,
        max_parameters: int | None = None,
        compile_options: dict | None = None,
        collapse: float = 0.01,
        name: str | None = None,
        tunable: bool = True,
        **options,
    ):
        super().__init__(
            AEGAN,
            input_shape,
            space=space,
            max_parameters=max_parameters,
            compile_options=compile_options,
            collapse=collapse,
            name=name,
            tunable=tunable,
            **options,
        )
