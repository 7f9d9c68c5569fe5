"""KerasTuner, or an error that says how to install it."""

import keras

from keras_aegan import extras

_INSTALL = "keras_aegan[tuner]"

with extras.required(
    "`keras_aegan.tuners` needs KerasTuner, and KerasTuner needs six",
    _INSTALL,
):
    import keras_tuner as keras_tuner


def check_backend():
    """Raise if something is missing that only trials import.

    Raises:
        ImportError: if KerasTuner will not find TensorBoard, which it imports
            in each trial on TensorFlow.
    """
    if keras.config.backend() == "tensorflow":
        with extras.required(
            "KerasTuner needs TensorBoard on TensorFlow", _INSTALL
        ):
            import tensorboard.plugins.hparams.api as _  # noqa: F401
