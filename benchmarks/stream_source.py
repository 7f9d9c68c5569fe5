"""Generated images in batches, for `streams.py` and processes of its loaders.

It needs NumPy alone: such a process starts in a moment.
"""

import time

import numpy as np


class Source:
    """Batches of images, made when they are asked for.

    Args:
        shape: Shape of an image.
        batch: Integer, images in a batch.
        count: Integer, how many batches there are.
        seconds: Float, how long one waits for each, as for a disk.
    """

    def __init__(self, shape, batch, count, seconds=0.0):
        noise = np.random.default_rng(0).uniform(-1, 1, (batch, *shape))
        self.noise = noise.astype("float32")
        self.count = count
        self.seconds = seconds

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if not 0 <= index < self.count:
            raise IndexError(index)
        if self.seconds:
            time.sleep(self.seconds)
        return self.noise * np.float32(1 - index % 100 / 200)
