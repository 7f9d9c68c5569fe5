"""The only folder that knows the frameworks.

Three modules with the same names; `KERAS_BACKEND` chooses one by import:

- `train_step(model, step, *args)`, `test_step(model, step, *args)`: run the
  model's step the way the backend's trainer calls it: as it stands, as a pure
  function of its state, or recorded once and replayed.
- `compiled(model, function)`: a function of a batch, outside of training, that
  changes nothing, as one program.
- `gradients(function, owners, values, state)`: evaluate several losses once
  and differentiate each with respect to its own variables.
- `apply_gradients(optimizer, gradients, variables)`: move the variables.
- `input_gradient(function, x)`: the gradient with respect to an input (or to
  each of a tuple), which can be differentiated again.
- `drawn(function, state, shape)`: the numbers that a function of NumPy arrays
  as of tensors makes of a tensor, by the quickest means.
- `read(variable)`: its value, a tensor.
- `attach_state(model)`: bring a model's weights up to date in mid-training.
- `weights_kept(model)`: a context that no failing step empties weights in.
- `plain_batches(model)`: a context in which Keras cuts arrays into batches
  by NumPy for a model's `fit` and `predict`: in one order on every backend,
  and without what surrounds data sets and loaders.
- `step_function(model, step, keras_function)`: what `fit` calls for a batch.
- `native_kernels()`: a context in which Keras' layers and optimizers call the
  framework's own kernels where it composes them of many operations.
- `prepare_steps(model, jit_compile)`: forget compiled steps; return what Keras'
  own `compile` is told.
"""

import keras

from keras_aegan.backend.keras_private import sublayers as sublayers

if keras.backend.backend() == "tensorflow":
    from keras_aegan.backend.tensorflow import *  # noqa: F403
elif keras.backend.backend() == "jax":
    from keras_aegan.backend.jax import *  # noqa: F403
elif keras.backend.backend() == "torch":
    from keras_aegan.backend.torch import *  # noqa: F403
else:
    raise ImportError(
        "keras_aegan runs on the Keras backends 'tensorflow', 'jax' and "
        "'torch'; set the environment variable KERAS_BACKEND to one of them. "
        f"Received: {keras.backend.backend()!r}"
    )
