"""What a process holds in memory while it works (Linux)."""

import os
import pathlib
import resource
import threading


class Memory(threading.Thread):
    """The most that this process, and all its children, have held, in MB."""

    def __init__(self):
        super().__init__(daemon=True)
        self.own = self.children = 0.0
        self.stopped = threading.Event()

    def run(self):
        process = os.getpid()
        while not self.stopped.wait(0.05):
            self.own = max(self.own, held(process))
            others = sum(map(held, children(process)))
            self.children = max(self.children, others)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stopped.set()
        self.join()


def held(process):
    """What a process holds in memory, in MB."""
    try:
        pages = pathlib.Path(f"/proc/{process}/statm").read_text().split()[1]
    except OSError:  # It has ended.
        return 0.0
    return int(pages) * resource.getpagesize() / 1e6


def children(process):
    for task in pathlib.Path(f"/proc/{process}/task").iterdir():
        try:
            found = (task / "children").read_text().split()
        except OSError:
            continue
        for child in found:
            yield child
            yield from children(child)
