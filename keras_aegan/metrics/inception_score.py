"""Inception Score: confidence and diversity of a classifier's predictions."""

from collections.abc import Callable

import keras
import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Rows
from keras_aegan.validation import check_integer


class InceptionScore(SampleMetric):
    """Inception Score (IS) of generated samples.

    `exp(mean KL(p(y | x) || p(y)))`, averaged over splits of the samples.
    From 1, where all samples get the same class probabilities, to the number
    of classes, where the classifier is certain of each sample and all classes
    are equally frequent. Higher is better, but real samples do not enter, so
    one good sample of each class, repeated, is enough for the highest score:
    report it together with other metrics.

    Args:
        features: Keras model, or function, from a batch of samples to class
            probabilities `(samples, classes)`.
        splits: Positive integer, the number of parts of the samples whose
            scores are averaged; `spread` is their standard deviation.
        name: String.

    Raises:
        ValueError: if `splits` is not a positive integer, or the rows of the
            features are not probabilities; on `result` if there are fewer
            than two samples for each split.

    Example:

    >>> metric = InceptionScore(lambda x: x, splits=1)
    >>> metric.update_generated(np.eye(4))
    >>> round(metric.result(), 6)
    4.0

    Reference: Salimans et al. 2016, arXiv:1606.03498, section 4.
    """

    inputs = ("generated",)
    direction = "max"
    needs_real = False

    def __init__(
        self,
        features: keras.Model | Callable,
        splits: int = 10,
        name: str = "inception_score",
    ):
        super().__init__(features, name=name)
        self.splits = check_integer("splits", splits)
        # The score of one sample is 1, whatever the classifier says.
        self.minimum_samples = 2 * self.splits

    def update_state(self, generated: np.ndarray):
        """Add generated samples."""
        self.update_generated(generated)

    def summarize(self, features: np.ndarray):
        sums = features.sum(1)
        if (features < 0).any() or (abs(sums - 1.0) > 1e-3).any():
            raise ValueError(
                "`features` must give class probabilities, rows of "
                "non-negative numbers that sum to 1 (apply a softmax to "
                f"logits). Received: rows that sum to {sums.min():g} to "
                f"{sums.max():g}, with a minimum of {features.min():g}"
            )
        return super().summarize(features)

    def compare(self, real: None, generated: Rows) -> float:
        return float(np.mean(self._scores(generated)))

    def spread(self) -> float:
        """Standard deviation of the score over the splits."""
        return float(np.std(self._scores(self.summaries()[1])))

    def get_config(self):
        return {
            "features": self.features,
            "splits": self.splits,
            "name": self.name,
        }

    def _scores(self, generated):
        rows = generated.rows.astype("float64")
        return [_score(part) for part in np.array_split(rows, self.splits)]


def _score(probabilities):
    # 0 log 0 is 0: a tiny number in place of 0 gives that, without NaN.
    logarithms = np.log(np.maximum(probabilities, 1e-300))
    marginal = np.log(np.maximum(probabilities.mean(0), 1e-300))
    divergences = (probabilities * (logarithms - marginal)).sum(1)
    return np.exp(divergences.mean())
