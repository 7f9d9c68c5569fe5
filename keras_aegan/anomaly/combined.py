"""The default score: two ways of being odd, on one scale."""

import numpy as np

from keras_aegan.anomaly.isolation_forest import IsolationForest
from keras_aegan.anomaly.scores import Score
from keras_aegan.anomaly.tail import Tail


class Combined(Score):
    """Evidence of error and of reconstruction, calibrated and added.

    `T1(mean (e / s)^2) + T2(forest(x_tilde))`

    with `e = x - x_tilde`, s the standard deviation of each number of e among
    training rows, the forest that of `isolation_forest.py`, fitted to the
    reconstructions of training rows, and T of `Tail`, which puts both on the
    scale of -log p. The error finds what the model cannot rebuild and grows
    without end; the forest what it rebuilds, but at the rim of what it has
    learned. Where one of the two fails the other mostly does not
    (`benchmarks/anomaly.md`).
    """

    def fit(self, outputs, rng):
        self.arrays = {"deviation": _deviation(outputs.error)}
        self._forest = IsolationForest().fit(_rebuilt(outputs), rng)
        self._tails = [Tail().fit(s) for s in self._evidence(outputs)]
        for name, parts in self._learned():
            self.arrays |= {f"{name}/{k}": v for k, v in parts.arrays.items()}

    def __call__(self, outputs):
        if not hasattr(self, "_tails"):
            self._restore()
        evidence = self._evidence(outputs)
        return sum(tail(s) for tail, s in zip(self._tails, evidence))

    def _evidence(self, outputs):
        error = np.mean((outputs.error / self.arrays["deviation"]) ** 2, axis=1)
        return error, self._forest.score(_rebuilt(outputs))

    def _learned(self):
        """Pairs of a name and of what has arrays of its own."""
        yield "forest", self._forest
        yield from ((f"tail_{i}", tail) for i, tail in enumerate(self._tails))

    def _restore(self):
        """Take the parts from `arrays`, as of a detector that was saved."""
        self._forest, self._tails = IsolationForest(), [Tail(), Tail()]
        for name, part in self._learned():
            start = f"{name}/"
            part.arrays = {
                k.removeprefix(start): v
                for k, v in self.arrays.items()
                if k.startswith(start)
            }


def _rebuilt(outputs):
    """Reconstructions as rows of numbers."""
    rebuilt = outputs.reconstruction
    return rebuilt.reshape(outputs.error.shape)


def _deviation(error):
    """Standard deviations of errors, none far below the others.

    Where all training rows are rebuilt alike, as at the corners of images,
    the least difference would count most.
    """
    deviation = error.std(axis=0)
    floor = 0.1 * np.sqrt(np.mean(deviation**2))
    return np.maximum(deviation, floor if floor > 0 else 1.0)
