"""Samples in the range that a model's generator can reach."""

import numpy as np

# Squares of what is further away would not fit into float32.
_FARTHEST = 1e6


class Scaling:
    """An affine map of columns, or of channels, that training rows define.

    `(x - shift) / scale`: to mean 0 and standard deviation 1, or, for a
    generator whose output has a bounded range, from the training rows' ends
    to those of that range. A column that is constant is only shifted, so a
    row that differs there is far away. What is further than a million from 0
    counts as a million.

    Args:
        reach: Pair of floats, the range of the generator's output, or `None`.

    Example:

    >>> scaling = Scaling().fit(np.array([[0.0, 5.0], [4.0, 5.0]]))
    >>> scaling(np.array([[4.0, 6.0]])).tolist()
    [[1.0, 1.0]]
    """

    def __init__(self, reach: tuple[float, float] | None = None):
        self.reach = reach
        self.arrays = {}

    def fit(self, x: np.ndarray):
        """Take the scale of samples.

        Args:
            x: Array of floats `(samples, ..., columns or channels)`.

        Returns:
            The map.
        """
        axes = tuple(range(x.ndim - 1))
        low, high = x.min(axes), x.max(axes)
        if self.reach is not None and np.isfinite(self.reach).all():
            scale = (high - low) / (self.reach[1] - self.reach[0])
            scale = np.where(scale > 0, scale, 1.0)
            shift = low - self.reach[0] * scale
        else:
            # Of numbers near the largest float the plain mean overflows.
            size = np.maximum(np.abs(low), np.abs(high))
            size = np.where(size > 0, size, 1.0)
            scale = (x / size).std(axes) * size
            # A constant column has a deviation by rounding alone.
            varies = (high > low) & (scale > 1e-12 * size)
            scale = np.where(varies, scale, 1.0)
            half_open = self.reach is not None
            shift = low if half_open else (x / size).mean(axes) * size
        self.arrays = {"shift": shift, "scale": scale}
        return self

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The samples in float32.

        Args:
            x: Array of the same columns or channels.
        """
        with np.errstate(over="ignore"):
            scaled = (x - self.arrays["shift"]) / self.arrays["scale"]
        return np.clip(scaled, -_FARTHEST, _FARTHEST).astype("float32")
