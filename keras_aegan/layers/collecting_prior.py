"""A prior that collects the codes of real samples."""

from keras import ops

from keras_aegan.layers.conditional import current_condition
from keras_aegan.layers.prior import Prior
from keras_aegan.random import RandomGenerator


class CollectingPrior(Prior):
    """A prior made of the codes that were seen last (abstract).

    A subclass says in `fit` what it makes of them, and implements `sample`.

    Args:
        latent_dim: Positive integer, the size of a code.
        num_classes: Positive integer. Above 1, labels go with the codes.
        capacity: Positive integer, how many codes are kept.
        seed: Integer or `None`.
    """

    def __init__(
        self, latent_dim, num_classes=1, capacity=10_000, seed=None, **kwargs
    ):
        super().__init__(latent_dim, **kwargs)
        for value in (num_classes, capacity):
            if not isinstance(value, int) or value < 1:
                raise ValueError(
                    "`num_classes` and `capacity` must be positive integers. "
                    f"Received: num_classes={num_classes!r}, "
                    f"capacity={capacity!r}"
                )
        self.num_classes = num_classes
        self.capacity = capacity
        self.seed = seed
        self.generator = RandomGenerator(seed)
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

    def collect(self, codes, labels=None):
        """Keep a batch of codes, in place of the oldest if there is no room.

        Args:
            codes: Tensor `(batch_size, latent_dim)`.
            labels: Tensor of integers, one for each code; `None` if there is
                one class only.

        Raises:
            ValueError: if labels are missing.
        """
        labels = self.checked_labels(labels)
        codes = ops.cast(codes, "float32")[-self.capacity :]
        size = ops.shape(codes)[0]
        if labels is None:
            labels = ops.zeros((size,), "int32")
        labels = ops.reshape(ops.cast(labels, "int32"), (-1,))
        rows = (self.count + ops.arange(size, dtype="int32")) % self.capacity
        rows = ops.expand_dims(rows, -1)
        for kept, new in (
            (self.codes, codes),
            (self.labels, labels[-self.capacity :]),
        ):
            kept.assign(ops.scatter_update(kept.value, rows, new))
        self.count.assign(self.count + ops.cast(size, "int32"))

    def checked_labels(self, labels):
        """The labels if there are several classes.

        Raises:
            ValueError: if they are missing.
        """
        if self.num_classes == 1:
            return None
        if labels is None:
            raise ValueError(
                f"A prior of {self.num_classes} classes needs a label for "
                "each sample: `y` of `fit`. Received: none"
            )
        return labels

    def forget(self):
        """Begin to collect anew."""
        self.count.assign(0)

    def collected(self):
        """The codes collected, an array, and their labels."""
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

    def wanted_labels(self):
        """What the codes to be drawn are told to belong to, or `None`."""
        labels = current_condition() if self.num_classes > 1 else None
        if labels is not None:
            labels = ops.reshape(ops.cast(labels, "int32"), (-1,))
        return labels

    def get_config(self):
        config = {
            "num_classes": self.num_classes,
            "capacity": self.capacity,
            "seed": self.seed,
        }
        return {**super().get_config(), **config}
