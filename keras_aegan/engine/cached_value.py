"""A property that is computed once, and in several threads at a time."""

from collections.abc import Callable
from typing import Any


class cached_value:  # noqa: N801, like `property`
    """What is computed from an object when it is first asked for, and kept.

    For what a step computes, in place of `functools.cached_property`: until
    Python 3.11 that locks each property for all objects. Replicas of
    TensorFlow trace a step in one thread each and wait for one another in the
    middle of it, so the second would wait for the lock and the first for the
    second.

    Args:
        function: Function of the object.
    """

    def __init__(self, function: Callable):
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner, name: str):
        self._name = name

    def __get__(self, instance: Any, owner=None) -> Any:
        if instance is None:
            return self
        # Found before this object from now on, since it cannot be set.
        value = vars(instance)[self._name] = self._function(instance)
        return value
