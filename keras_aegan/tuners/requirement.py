"""KerasTuner, or an error that says how to install it."""

try:
    import keras_tuner as keras_tuner
except ImportError as error:
    raise ImportError(
        "`keras_aegan.tuners` needs KerasTuner, and KerasTuner needs six: "
        f'`pip install "keras_aegan[tuner]"`. ({error})'
    ) from error
