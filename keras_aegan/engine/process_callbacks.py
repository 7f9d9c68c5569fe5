"""What `fit` does so that several processes train one model together."""

import keras

from keras_aegan import backend
from keras_aegan.backend.keras_private import initial_epoch
from keras_aegan.backend.keras_private import set_initial_epoch
from keras_aegan.backend.replicas import state_of

# Of Keras' callbacks those that write, which one process does for all.
_WRITERS = (
    keras.callbacks.BackupAndRestore,
    keras.callbacks.CSVLogger,
    keras.callbacks.ModelCheckpoint,
    keras.callbacks.ProgbarLogger,
    keras.callbacks.RemoteMonitor,
    keras.callbacks.TensorBoard,
)


def for_this_process(data, callbacks, verbose):
    """The callbacks of this one of several processes.

    Those that write are called in the first process only. A callback of
    somebody's own says that it writes by an attribute `is_writer`. All others
    are called in all processes, which see the same logs and so do the same.

    Args:
        data: Adapter of the data for `fit`.
        callbacks: As of `fit`.
        verbose: As of `fit`.

    Returns:
        Callbacks and `verbose` for Keras' `fit`.
    """
    index, count = backend.processes()
    if count == 1:
        return callbacks, verbose
    together = _Together(data)
    if isinstance(callbacks, keras.callbacks.CallbackList):
        own = callbacks.callbacks
        own[:] = [c for c in own if not index or not _is_writer(c)]
        callbacks.append(together)
        together.set_params(callbacks.params or {})
    else:
        own = keras.tree.flatten(callbacks or [])
        own = [c for c in own if not index or not _is_writer(c)]
        # Last, after what has restored a backup.
        callbacks = [*own, together]
    return callbacks, 0 if index else verbose


def _is_writer(callback):
    return isinstance(callback, _WRITERS) or getattr(
        callback, "is_writer", False
    )


class _Together(keras.callbacks.Callback):
    """Lets all processes begin alike and end together.

    Args:
        data: Adapter of the data for `fit`.
    """

    def __init__(self, data):
        super().__init__()
        self._data = data

    def on_train_begin(self, logs=None):
        params = self.params or {}
        own = [params.get("epochs"), params.get("steps"), self._data.batch_size]
        own = [-1 if number is None else int(number) for number in own]
        every = backend.share_numbers(own)
        if any(other != own for other in every):
            raise ValueError(
                "All processes must call `fit` alike, each with the whole "
                "data, of which the engine gives it a part. Received: "
                f"[epochs, batches, batch_size] of the processes: {every}"
            )
        # What one process has restored from a backup, all of them have now.
        backend.share(state_of(self.model))
        first = backend.share_numbers([initial_epoch(self.model) or 0])[0]
        set_initial_epoch(self.model, first[0] or None)

    def on_epoch_end(self, epoch, logs=None):
        # Such as by the time, which is not the same everywhere.
        stop = backend.share_numbers([int(self.model.stop_training)])
        self.model.stop_training = any(number for (number,) in stop)
