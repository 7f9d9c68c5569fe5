"""TensorFlow: a step changes variables in place, inside a `tf.function`."""
