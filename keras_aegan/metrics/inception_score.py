"""How surely and how variously a classifier sorts generated samples."""

import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric


class InceptionScore(SampleMetric):
    """`exp(mean KL(p(y | x) || p(y)))` of generated samples, over splits.

    From 1, where all samples look alike to the classifier or none like a
    class, to the number of classes, where each is surely of one class and all
    classes are equally frequent. It does not look at real samples, so it
    rewards one fine sample of each class; take it beside other metrics.

    Args:
        features: Keras model, or function, from a batch of samples to class
            probabilities `(samples, classes)`.
        splits: Positive integer, the parts of the samples whose scores are
            averaged; `spread` is their standard deviation.
        name: String.

    Raises:
        ValueError: if `splits` is not positive, or the rows of the features
            are not probabilities; on `result` if there are fewer samples than
            splits.

    Example:

    >>> metric = InceptionScore(lambda x: x, splits=1)
    >>> metric.update_generated(np.eye(4))
    >>> round(metric.result(), 6)
    4.0

    Reference: Salimans et al. 2016, arXiv:1606.03498, section 4.
    """

    needs_real = False

    def __init__(self, features, splits=10, name="inception_score"):
        super().__init__(features, name=name)
        if splits < 1:
            raise ValueError(
                f"`splits` must be positive. Received: splits={splits}"
            )
        self.splits = splits

    def update_state(self, generated):
        """Add generated samples."""
        self.update_generated(generated)

    def summarize(self, features):
        sums = features.sum(1)
        if (features < 0).any() or (abs(sums - 1.0) > 1e-3).any():
            raise ValueError(
                "`features` must give class probabilities, rows of numbers "
                "that are not negative and sum to 1 (put a softmax behind "
                f"logits). Received: rows that sum to {sums.min():g} to "
                f"{sums.max():g}, with a least number {features.min():g}"
            )
        return super().summarize(features)

    def compare(self, real, generated):
        return float(np.mean(self._scores(generated)))

    def spread(self):
        """Standard deviation of the score over the splits."""
        return float(np.std(self._scores(self._summaries["generated"])))

    def _scores(self, generated):
        if generated.count < self.splits:
            raise ValueError(
                f"{self.splits} splits need as many samples. "
                f"Received: {generated.count}"
            )
        rows = generated.rows.astype("float64")
        return [_score(part) for part in np.array_split(rows, self.splits)]


def _score(probabilities):
    # 0 log 0 is 0.
    logarithms = np.log(np.maximum(probabilities, 1e-300))
    marginal = np.log(np.maximum(probabilities.mean(0), 1e-300))
    divergences = (probabilities * (logarithms - marginal)).sum(1)
    return np.exp(divergences.mean())
