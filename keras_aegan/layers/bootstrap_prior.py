"""A prior that samples from the codes of real samples."""

import keras
import numpy as np
from keras import ops

from keras_aegan.layers.collecting_prior import CollectingPrior


@keras.saving.register_keras_serializable(package="keras_aegan")
class BootstrapPrior(CollectingPrior):
    """Samples from the codes that an encoder gave to real samples.

    `h = E(x)` of a random real sample x, of the class of the label if there is
    one; the vector 0 before any code was collected.

    Args:
        latent_dim: Positive integer, the size of a code.
        num_classes: Positive integer. Above 1, codes are collected with labels.
        capacity: Positive integer, how many codes are kept, the latest ones.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if a number is not a positive integer.

    Example:

    >>> prior = BootstrapPrior(2, capacity=100)
    >>> prior.collect(np.ones((8, 2), "float32"))
    >>> prior.fit()
    >>> bool(keras.ops.all(prior.sample(3) == 1.0))
    True
    """

    def __init__(
        self,
        latent_dim: int,
        num_classes: int = 1,
        capacity: int = 10_000,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(latent_dim, num_classes, capacity, seed, **kwargs)
        # Once sorted, the codes of class c are rows ends[c] to ends[c + 1].
        self.ends = self._state((self.num_classes + 1,), "ends", "int32")

    def fit(self) -> None:
        """Sort the codes by class, so that `sample` finds those of a class.

        Raises:
            ValueError: if a label is out of range.
        """
        codes, labels = self.collected()
        order = np.argsort(labels, kind="stable")
        for kept, value in ((self.codes, codes), (self.labels, labels)):
            array = np.array(ops.convert_to_numpy(kept))
            array[: len(order)] = value[order]
            kept.assign(array)
        # The ring buffer would otherwise overwrite the middle of the sorted
        # codes next.
        self.count.assign(len(order))
        classes = np.arange(self.num_classes + 1)
        self.ends.assign(np.searchsorted(labels[order], classes))

    def sample(self, batch_size: int):
        labels = self.requested_labels()
        first, last = self.ends[0], self.ends[-1]
        if labels is not None:
            first = ops.take(self.ends, labels)
            last = ops.take(self.ends, labels + 1)
        uniform = self.generator.uniform((batch_size,))
        size = ops.cast(last - first, "float32")
        rows = first + ops.cast(uniform * size, "int32")
        rows = ops.minimum(rows, ops.maximum(last - 1, 0))
        return ops.take(self.codes, rows, axis=0)
