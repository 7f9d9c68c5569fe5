"""Ctrl-C between two steps instead of inside one."""

import contextlib
import signal
import threading


@contextlib.contextmanager
def interrupt_afterwards():
    """Let the first Ctrl-C wait until this context ends; a second does not.

    A compiled step gives the memory of the old state away before Python holds
    the new one. An interrupt in between would lose both.
    """
    if threading.current_thread() is not threading.main_thread():
        # Python handles signals in the main thread only.
        yield
        return
    waiting = []
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):
        yield
        return

    def wait(*received):
        if waiting:
            handler(*received)
        waiting.append(received)

    signal.signal(signal.SIGINT, wait)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if waiting:
            handler(*waiting[0])
