"""The state of a model while its steps change it, seen from other threads."""

import contextlib
import threading


class LiveState:
    """Whose turn it is to touch a model's variables.

    A step holds the lock from beginning to end. Whoever reads weights takes
    the lock, too, so it sees them as they are between two whole steps, even
    while another thread trains.

    Attributes:
        lock: `threading.RLock`.
        users: Integer, how many calls of `fit`, `evaluate` and their like are
            under way; calls are nested, since `fit` evaluates.
        readers: Integer, how many calls of inference are under way.
        thread: Identifier of the thread of these calls.
        latest: On JAX the state after the last whole step: a tuple of lists
            of arrays, or `None`.
    """

    def __init__(self):
        self.lock = threading.RLock()
        self.users = 0
        self.readers = 0
        self.thread = None
        self.latest = None

    @contextlib.contextmanager
    def in_use(self):
        """In this context steps run.

        Raises:
            RuntimeError: if steps already run in another thread.
        """
        me = threading.get_ident()
        with self.lock:
            if self.users and self.thread != me:
                raise RuntimeError(
                    "One model cannot be trained or evaluated in two threads "
                    "at once. Received: a second call while the first runs"
                )
            self.users += 1
            self.thread = me
        try:
            yield
        finally:
            with self.lock:
                self.users -= 1

    @contextlib.contextmanager
    def reading(self):
        """In this context values are used that were read inside of it."""
        with self.lock:
            self.readers += 1
        try:
            yield
        finally:
            with self.lock:
                self.readers -= 1

    def is_used_elsewhere(self) -> bool:
        """Whether another thread than this one runs steps."""
        return self.users > 0 and self.thread != threading.get_ident()


@contextlib.contextmanager
def undo_on_failure(variables, copy, assign):
    """Give variables their values back if what happens inside fails.

    Args:
        variables: List of variables, or of tensors that change in place.
        copy: Function from one of them to its value.
        assign: Function that assigns such a value.
    """
    values = [copy(v) for v in variables]
    try:
        yield
    except BaseException:
        for v, value in zip(variables, values):
            assign(v, value)
        raise
