"""KerasTuner, or one sentence about its absence."""

from keras_aegan import extras

with extras.required(
    "`keras_aegan.tuners` needs KerasTuner, and KerasTuner needs six",
    "keras_aegan[tuner]",
):
    import keras_tuner as keras_tuner
