"""What priors that are fitted to codes of real samples have in common."""

import numpy as np
from keras import ops

from keras_aegan.backend import replicas
from keras_aegan.layers.conditional import current_condition
from keras_aegan.layers.prior import Prior
from keras_aegan.random import RandomGenerator
from keras_aegan.validation import check_integer


class CollectingPrior(Prior):
    """A prior that is fitted to a buffer of the latest codes (abstract).

    A subclass implements `fit`, which reads `collected`, and `sample`.

    Args:
        latent_dim: Positive integer, the size of a code.
        num_classes: Positive integer. Above 1, codes are collected with labels.
        capacity: Positive integer, how many codes are kept, the latest ones.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if a number is not a positive integer.
    """

    def __init__(
        self,
        latent_dim: int,
        num_classes: int = 1,
        capacity: int = 10_000,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(latent_dim, **kwargs)
        self.num_classes = check_integer("num_classes", num_classes)
        self.capacity = check_integer("capacity", capacity)
        self.generator = RandomGenerator(seed)
        self.seed = self.generator.seed
        self.codes = self._state((capacity, latent_dim), "codes")
        self.labels = self._state((capacity,), "labels", "int32")
        self.count = self._state((), "count", "int32")

    def _state(self, shape, name, dtype="float32", initializer="zeros"):
        return self.add_weight(
            shape=shape,
            initializer=initializer,
            dtype=dtype,
            trainable=False,
            name=name,
        )

    def collect(self, codes, labels=None) -> None:
        """Keep a batch of codes, in place of the oldest if the buffer is full.

        Args:
            codes: Tensor `(batch_size, latent_dim)`.
            labels: Tensor of integers, one for each code; `None` if there is
                one class only.

        Raises:
            ValueError: if labels are missing.
        """
        labels = self.check_labels(labels)
        codes = replicas.whole_batch(ops.cast(codes, "float32"))
        codes = codes[-self.capacity :]
        size = ops.shape(codes)[0]
        if labels is None:
            labels = ops.zeros((size,), "int32")
        else:
            labels = replicas.whole_batch(ops.cast(labels, "int32"))
        labels = ops.reshape(labels, (-1,))
        rows = (self.count + ops.arange(size, dtype="int32")) % self.capacity
        rows = ops.expand_dims(rows, -1)
        for kept, new in (
            (self.codes, codes),
            (self.labels, labels[-self.capacity :]),
        ):
            kept.assign(ops.scatter_update(kept.value, rows, new))
        self.count.assign(self.count + ops.cast(size, "int32"))

    def check_labels(self, labels):
        """The labels if there are several classes, `None` if there is one.

        Raises:
            ValueError: if labels are needed and missing.
        """
        if self.num_classes == 1:
            return None
        if labels is None:
            raise ValueError(
                f"A prior of {self.num_classes} classes needs a label for "
                "each sample: `y` of `fit`. Received: none"
            )
        return labels

    @property
    def kept(self) -> list:
        """The variables of the buffer."""
        return [self.codes, self.labels, self.count]

    @property
    def label_classes(self) -> int:
        """How many classes the labels of codes are from; 0 for no labels."""
        return self.num_classes if self.num_classes > 1 else 0

    def reset(self) -> None:
        """Empty the buffer; what was fitted stays until the next `fit`."""
        self.count.assign(0)

    def collected(self) -> tuple[np.ndarray, np.ndarray]:
        """The contents of the buffer.

        Returns:
            Codes, `(count, latent_dim)`, and labels, integers `(count,)`.

        Raises:
            ValueError: if a label is not in `[0, num_classes)`.
        """
        count = min(int(ops.convert_to_numpy(self.count)), self.capacity)
        codes, labels = (
            ops.convert_to_numpy(kept)[:count]
            for kept in (self.codes, self.labels)
        )
        if count and not 0 <= labels.min() <= labels.max() < self.num_classes:
            raise ValueError(
                f"Labels must lie in [0, {self.num_classes}). "
                f"Received: labels from {labels.min()} to {labels.max()}"
            )
        return codes, labels

    def requested_labels(self):
        """The labels `(batch_size,)` to sample codes for, or `None`."""
        labels = current_condition() if self.num_classes > 1 else None
        if labels is not None:
            labels = ops.reshape(ops.cast(labels, "int32"), (-1,))
        return labels

    def get_config(self) -> dict:
        config = {
            "num_classes": self.num_classes,
            "capacity": self.capacity,
            "seed": self.seed,
        }
        return {**super().get_config(), **config}
