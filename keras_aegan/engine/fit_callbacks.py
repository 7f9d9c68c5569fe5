"""What `fit` does so that Keras' callbacks understand a model's logs."""

import warnings

import keras

from keras_aegan.backend.keras_private import metric_direction
from keras_aegan.engine.game import owned_variables
from keras_aegan.engine.log_names import LOSS
from keras_aegan.engine.log_names import loss_name
from keras_aegan.engine.log_names import weight_name
from keras_aegan.engine.rate_decay import DecaySchedule


def prepare(model, callbacks, verbose, epochs=1, initial_epoch=0):
    """The callbacks for `fit`: what they monitor is known, and a bar added.

    Warns if a `compile` is missing since `trainable` of a network changed.

    Args:
        model: Compiled `AdversarialModel`.
        callbacks: As of `fit`.
        verbose: As of `fit`.
        epochs: As of `fit`.
        initial_epoch: As of `fit`.
    """
    _check_trainable(model)
    optimizer = model.optimizer
    schedule = DecaySchedule(optimizer.decay, optimizer, epochs, initial_epoch)
    if isinstance(callbacks, keras.callbacks.CallbackList):
        # It has chosen its progress bar already.
        _set_modes(model, callbacks.callbacks)
        schedule.set_params(callbacks.params or {})
        others = callbacks.callbacks
        others[:] = [c for c in others if not isinstance(c, DecaySchedule)]
        others.insert(0, schedule)
        return callbacks
    callbacks = [schedule, *keras.tree.flatten(callbacks or [])]
    _set_modes(model, callbacks)
    has_bar = any(
        isinstance(c, keras.callbacks.ProgbarLogger) for c in callbacks
    )
    if verbose and not has_bar:
        # Last, like Keras' own: it shows what others add to the logs.
        callbacks = [*callbacks, ProgressBar(model, callbacks)]
    return callbacks


def _check_trainable(model):
    """Warn if other weights are trainable than when `compile` was called."""
    before, now = model.game.owned, owned_variables(model.players())
    changed = [
        player
        for player, variables in now.items()
        if {*map(id, variables)} != {*map(id, before[player])}
    ]
    if changed:
        warnings.warn(
            "`trainable` of networks has changed since `compile`, which "
            "settles what moves; training goes on as settled then. Call "
            f"`compile` again. Players whose networks changed: {changed}",
            stacklevel=4,
        )


# === What is better ===


def _set_modes(model, callbacks):
    """Tell callbacks that monitor a name of the logs what is better.

    `EarlyStopping` and its like know the metrics of Keras' own `compile` only,
    and raise for any other name unless they are given a `mode`.
    """
    directions = _directions(model)
    for callback in callbacks:
        # A callback may say so of the names that it adds to the logs.
        directions |= getattr(callback, "directions", {})
    for callback in callbacks:
        monitored = getattr(callback, "monitor", None)
        is_open = getattr(callback, "mode", None) == "auto"
        if is_open and directions.get(monitored):
            callback.mode = directions[monitored]


def _directions(model):
    """Dict from a name in the logs to `"min"`, `"max"` or `None`."""
    weights = set(map(weight_name, model.gradient_ratios))
    known = {
        **{name: "min" for name in model.means.names if name not in weights},
        **{m.name: metric_direction(m) for m in model.user_metrics},
    }
    return known | {f"val_{name}": known[name] for name in known}


# === What is shown ===


class ProgressBar(keras.callbacks.ProgbarLogger):
    """Keras' progress bar, without the terms that the losses are sums of.

    Of a validation it shows the loss and the metrics: what players lose on
    samples that they did not train on says little. Of what callbacks add to
    the logs, their seconds are left out, and what one names in an attribute
    `unshown`. The logs themselves keep all.

    It does not ask for its model: at each batch Keras' JAX trainer would then
    fetch all weights from the device.

    Args:
        model: Compiled `AdversarialModel`.
        others: List of the other callbacks.
    """

    async_safe = True

    def __init__(self, model, others=()):
        super().__init__()
        self._details = details(model)
        self._players = {f"val_{loss_name(p)}" for p in model.players()}
        self._others = list(others)

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, self.shown(logs))

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, self.shown(logs))

    def shown(self, logs):
        """The part of the logs to show, a dict that begins with the loss."""
        logs = logs or {}
        first = {name: logs[name] for name in (LOSS,) if name in logs}
        hidden = set(self._details)
        for callback in self._others:
            hidden |= set(getattr(callback, "unshown", ()))
        return first | {
            name: value
            for name, value in logs.items()
            if name.removeprefix("val_") not in hidden
            and name not in self._players
            and not name.endswith("_seconds")
        }


def details(model):
    """Names in the logs of what is part of a loss that is shown, a set."""
    names = set(model.means.names)
    losses = names & set(map(loss_name, model.players()))
    if len(losses) == 1:
        # The terms of the only player say more than its loss, which is that
        # of the model.
        return losses if len(names) > 3 else names - {LOSS}
    return names - losses - {LOSS}
