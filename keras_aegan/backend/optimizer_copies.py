"""Copies of Keras optimizers; Keras' own way, a configuration, loses state."""

import keras

# What each optimizer has of its own.
OWN = (
    "_accumulated_gradients",
    "_exclude_from_weight_decay_cache",
    "_iterations",
    "_learning_rate",
    "_lock",
    "_model_variables_moving_average",
    "_tracker",
    "_trainable_variables",
    "_trainable_variables_indices",
    "_variables",
    "built",
)


def copy_optimizer(optimizer):
    """An optimizer like another one, as before its first step.

    Beyond its configuration it has all that was set on the other one, such as
    by `exclude_from_weight_decay`. The slots are empty and the count of steps
    is 0; the learning rate is the current one, or the same schedule.

    Args:
        optimizer: `keras.optimizers.Optimizer`, built or not.
    """
    try:
        copied = type(optimizer).from_config(optimizer.get_config())
    except Exception:
        # A subclass, or its schedule, need not have a full configuration as
        # long as nobody saves it.
        copied = _without_configuration(optimizer)
    own = {id(variable) for variable in optimizer.variables}
    for name, value in vars(optimizer).items():
        leaves = keras.tree.flatten(value)
        if name in OWN or any(id(leaf) in own for leaf in leaves):
            continue
        if isinstance(value, keras.optimizers.Optimizer):
            value = copy_optimizer(value)
        for kind in (dict, list, set):
            if isinstance(value, kind):
                value = kind(value)
        setattr(copied, name, value)
    return copied


def _without_configuration(optimizer):
    rate = optimizer._learning_rate
    if isinstance(rate, keras.Variable):
        rate = float(keras.ops.convert_to_numpy(rate.value))
    copied = object.__new__(type(optimizer))
    keras.optimizers.Optimizer.__init__(
        copied, learning_rate=rate, name=optimizer.name
    )
    return copied
