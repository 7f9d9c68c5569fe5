"""Keras, or one sentence about the backend that it does not find."""

import os

from keras_aegan import extras

with extras.required(
    "Keras does not find its backend, which KERAS_BACKEND=jax, tensorflow or "
    "torch chooses",
    f"keras_aegan[{os.environ.get('KERAS_BACKEND', 'tensorflow')}]",
):
    import keras as keras
