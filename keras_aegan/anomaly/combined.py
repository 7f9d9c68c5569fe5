"""The default score: three ways of being odd, on one scale."""

import numpy as np

from keras_aegan.anomaly.isolation_forest import IsolationForest
from keras_aegan.anomaly.scores import Score
from keras_aegan.anomaly.tail import Tail


class Combined(Score):
    """Evidence of error, code and reconstruction, calibrated and added.

    `T1(mean (e / s)^2) + T2(forest(z_hat, e)) + T3(forest(x_tilde))`

    with `e = x - x_tilde`, s the standard deviation of each number of e among
    training rows, `keras_aegan.anomaly.isolation_forest`, and T of `Tail`,
    which puts the three on the scale of -log p. An error finds what the model
    cannot rebuild and grows without end; the forest of codes and errors what
    it rebuilds, but from a code that is rare; that of reconstructions what
    lies at the rim of what it has learned.

    Each of the three fails on some tables where the others do not. On eight
    tables with 1 to 10 % of anomalies the sum had a higher mean AUROC than
    each (`benchmarks/anomaly.md`).
    """

    def fit(self, outputs, rng):
        self.arrays = {"deviation": _deviation(outputs.error)}
        self._forests = [
            IsolationForest().fit(rows, rng) for rows in _views(outputs)
        ]
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
        forests = zip(self._forests, _views(outputs))
        return [error, *(forest.score(rows) for forest, rows in forests)]

    def _learned(self):
        """Pairs of a name and of what has arrays of its own."""
        for kind, parts in ("forest", self._forests), ("tail", self._tails):
            yield from ((f"{kind}_{i}", x) for i, x in enumerate(parts))

    def _restore(self):
        """Take the parts from `arrays`, as of a detector that was saved."""
        self._forests = [IsolationForest() for _ in range(2)]
        self._tails = [Tail() for _ in range(3)]
        for name, part in self._learned():
            start = f"{name}/"
            part.arrays = {
                k.removeprefix(start): v
                for k, v in self.arrays.items()
                if k.startswith(start)
            }


def _views(outputs):
    """What the two forests see of samples: rows of numbers."""
    reconstruction = outputs.reconstruction
    flat = reconstruction.reshape(len(reconstruction), outputs.error.shape[1])
    return np.concatenate([outputs.codes, outputs.error], axis=1), flat


def _deviation(error):
    """Standard deviations of errors, none far below the others.

    Where all training rows are rebuilt alike, as at the corners of images,
    the least difference would count most.
    """
    deviation = error.std(axis=0)
    floor = 0.1 * np.sqrt(np.mean(deviation**2))
    return np.maximum(deviation, floor if floor > 0 else 1.0)
