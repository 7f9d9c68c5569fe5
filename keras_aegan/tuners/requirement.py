"""KerasTuner, or an error that says how to install it."""

from keras_aegan import extras

with extras.required(
    "`keras_aegan.tuners` needs KerasTuner, and KerasTuner needs six",
    "keras_aegan[tuner]",
):
    import keras_tuner as keras_tuner
