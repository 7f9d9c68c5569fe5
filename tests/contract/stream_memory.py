"""Print by how many MB memory grows while a model reads 300 MB of images.

python stream_memory.py generator | workers
"""

import itertools
import pathlib
import resource

import keras
import numpy as np

from keras_aegan.models import VAE

SHAPE = (8, 4096, 4)  # 0.5 MB
COUNT = 600


def new_batch():
    return np.full(SHAPE, 0.5, "float32")


class Images(keras.utils.PyDataset):
    def __len__(self):
        return COUNT

    def __getitem__(self, index):
        return (new_batch(),)


class Peak(keras.callbacks.Callback):
    """The most that the process holds after a step, in MB."""

    async_safe = True
    most = 0.0

    def on_train_batch_end(self, batch, logs=None):
        pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
        self.most = max(self.most, pages * resource.getpagesize() / 1e6)


def new_model():
    """Networks that see a few numbers of each image."""
    rest = SHAPE[1] - 4
    image = keras.Input(SHAPE[1:])
    few = keras.layers.Flatten()(keras.layers.Cropping1D((0, rest))(image))
    code = keras.Input((2,))
    x = keras.layers.Reshape((4, 4))(keras.layers.Dense(16)(code))
    return VAE(
        encoder=keras.Model(image, keras.layers.Dense(4)(few)),
        generator=keras.Model(code, keras.layers.ZeroPadding1D((0, rest))(x)),
    )


def main():
    model = new_model()
    model.compile()

    def peak(data, steps=COUNT):
        callback = Peak()
        model.fit(
            data,
            steps_per_epoch=steps,
            shuffle=False,
            verbose=0,
            callbacks=[callback],
        )
        return callback.most

    # One batch, again and again: what the model needs by itself.
    same = itertools.repeat((new_batch(),))
    peak(same, steps=2)
    before = peak(same, steps=50)
    print(peak((new_batch(),) for _ in range(COUNT)) - before)
    print(peak(Images(workers=2, max_queue_size=4)) - before)


if __name__ == "__main__":
    main()
