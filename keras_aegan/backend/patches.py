"""Methods of Keras that are replaced for a while, in one thread only."""

import contextlib
import functools
import os
import threading


class Patches:
    """Replacements of functions of Keras.

    While any thread is inside the context, the functions are replaced by ones
    that ask which thread calls: in all others Keras stays what it is. When
    the last thread leaves, Keras' own functions are back in their places. The
    environment variable `KERAS_AEGAN_NATIVE_KERNELS=0` switches all of this
    off.

    Args:
        *replacements: Triples of a class or module, the name of a function
            in it, and what replaces the function.
    """

    def __init__(self, *replacements):
        self._replacements = replacements
        self._lock = threading.Lock()
        self._users = 0
        self._here = threading.local()

    @contextlib.contextmanager
    def applied(self):
        """In this context this thread calls the replacements."""
        if os.environ.get("KERAS_AEGAN_NATIVE_KERNELS") == "0":
            yield
            return
        self._count(1)
        depth = getattr(self._here, "depth", 0)
        self._here.depth = depth + 1
        try:
            yield
        finally:
            self._here.depth = depth
            self._count(-1)

    def _count(self, change):
        with self._lock:
            self._users += change
            if change == self._users:
                self._originals = [
                    self._put(*each) for each in self._replacements
                ]
            elif not self._users:
                for put_back in self._originals:
                    put_back()

    def _put(self, owner, name, replacement):
        """Replace one function; return a function that puts it back."""
        original = getattr(owner, name)

        @functools.wraps(original)
        def choose(*args, **kwargs):
            is_here = getattr(self._here, "depth", 0) > 0
            function = replacement if is_here else original
            return function(*args, **kwargs)

        is_inherited = name not in vars(owner)
        setattr(owner, name, choose)
        if is_inherited:
            return lambda: delattr(owner, name)
        return lambda: setattr(owner, name, original)
