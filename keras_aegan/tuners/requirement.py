"""KerasTuner, or one sentence about its absence."""

try:
    import keras_tuner as keras_tuner
except ImportError as error:
    raise ImportError(
        "`keras_aegan.tuners` needs KerasTuner, and KerasTuner needs six: "
        f'`pip install "keras_aegan[tuner]"`. ({error})'
    ) from error
