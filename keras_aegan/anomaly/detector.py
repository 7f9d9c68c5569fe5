"""Detection of anomalies by any model of this package."""

import os
from collections.abc import Callable

import keras
import numpy as np

from keras_aegan.anomaly import saving
from keras_aegan.anomaly import threshold as thresholds
from keras_aegan.anomaly.checks import check_parameters
from keras_aegan.anomaly.checks import check_rows
from keras_aegan.anomaly.member import new_members
from keras_aegan.anomaly.requirement import BaseEstimator
from keras_aegan.anomaly.requirement import check_is_fitted
from keras_aegan.anomaly.requirement import check_random_state


class AnomalyDetector(BaseEstimator):
    """Finds the odd ones among rows, images or windows of a series.

    A few small models are trained on all rows, for so few steps that they
    learn what most rows have in common and not the anomalies; how badly and
    from which code a model rebuilds a row is its score, the mean over models.
    The threshold is fixed at `fit` and so is what later rows are compared
    with. No labels are needed; of rows that are known to be normal, train on
    those alone.

    It is used like PyOD's: higher scores are odder, `predict` gives 1 for
    anomalies and 0 for the rest. (scikit-learn's outlier detectors have lower
    scores for odder rows, and -1 and 1.) With labels that are 1 for anomalies
    metrics then need no change of sign. It is an estimator of scikit-learn all
    the same, for `clone`, pipelines and `GridSearchCV(scoring="roc_auc")`.

    Rows are standardised, or brought to the range of the generator's output.

    Scores, with codes `z_hat = E(x)` and reconstructions `x_tilde =
    G(z_hat)`:

    - `"combined"`: how large the error and how rare the reconstruction is
      among those of training rows; needs encoder and generator, as the next 4
    - `"reconstruction"`: `mean (x - x_tilde)^2`
    - `"code"`: Mahalanobis' distance of `z_hat` from those of training rows
    - `"density"`: `-log p(z_hat)`, p a mixture of 10 normal distributions
    - `"latent"`: `mean (z_hat - E(x_tilde))^2`
    - `"features"`: `mean (f(x) - f(x_tilde))^2`, f the discriminator's last
      hidden layer; `"fanogan"`: that and the error
    - `"logit"`: `-D(x)`, also of a plain `GAN`
    - `"ganomaly"`: `mean (z_hat - E2(x_tilde))^2`, of `GANomaly`
    - `"alad_l1"`, `"alad_l2"`, `"alad_logits"`, `"alad_features"`: the four of
      `ALAD`'s paper, the last two of an `ALAD`

    Args:
        model: `None` for `AEGAN`; the name of a class in
            `keras_aegan.models`; such a class; a function from the shape of a
            sample to a model; or a model, of which copies are trained further,
            or used as they are with `steps=0`.
        score: One of the names above.
        contamination: Float in (0, .5], the share of training rows that
            `threshold="quantile"` calls anomalies.
        threshold: `"quantile"`, or `"conformal"`: then a part of the rows is
            kept from training, and of new normal rows no more than `alpha` are
            called anomalies, but for chance, if the rows kept are normal.
        alpha: Float in (0, 1), the rate of false alarms of `"conformal"`.
        calibration: Float in (0, 1), the share of rows that it keeps.
        members: Positive integer, how many models.
        latent_dim: Positive integer, the size of a code, or `None` for 2 for
            rows and 32 for others. Small codes leave no room for anomalies.
        width: Positive integer, as in `for_shape`.
        steps: Non-negative integer, training steps of each model. Few steps
            leave no time to learn anomalies.
        batch_size: Positive integer.
        trim: Float in [0, 1), the share of rows with the highest scores that
            the second half of training leaves out. It helps a score by the
            error alone, but not `"combined"`.
        random_state: Integer, `numpy.random.RandomState` or `None`. An integer
            gives the same detector each time.
        verbose: As in `keras.Model.fit`.

    Attributes:
        decision_scores_: Scores of the training rows.
        threshold_: Float; what has a higher score is an anomaly.
        labels_: 1 for each training row above it, 0 for the others.
        calibration_scores_: Scores that `p_values` compares with.
        members_: List of trained models with their scales and scores.
        n_features_in_: Integer, the columns at `fit`.
        feature_names_in_: Names of the columns, of a frame.

    Raises:
        ValueError: on `fit` if an argument is not as above; in every method
            if there are NaN or infinities, or other columns than at `fit`.

    Example:

    >>> rng = np.random.default_rng(0)
    >>> x = np.concatenate([rng.normal(size=(99, 3)), [[9.0, -9.0, 9.0]]])
    >>> detector = AnomalyDetector(contamination=0.01, steps=5, random_state=0)
    >>> detector.fit(x).labels_.nonzero()[0].tolist()
    [99]
    >>> detector.predict([[0.0, 0.0, 0.0], [8.0, -8.0, 8.0]]).tolist()
    [0, 1]

    Reference: interface of Zhao et al. 2019, PyOD, arXiv:1901.01588; scores
    of the models' papers, but `"combined"`, which is of this package.
    """

    # scikit-learn before its tags, which metrics look at as well.
    _estimator_type = "outlier_detector"

    def __init__(
        self,
        model: str | type | Callable | keras.Model | None = None,
        score: str = "combined",
        contamination: float = 0.1,
        threshold: str = "quantile",
        alpha: float = 0.05,
        calibration: float = 0.25,
        members: int = 3,
        latent_dim: int | None = None,
        width: int = 16,
        steps: int = 150,
        batch_size: int = 128,
        trim: float = 0.0,
        random_state: int | np.random.RandomState | None = None,
        verbose: int | str = 0,
    ):
        self.model = model
        self.score = score
        self.contamination = contamination
        self.threshold = threshold
        self.alpha = alpha
        self.calibration = calibration
        self.members = members
        self.latent_dim = latent_dim
        self.width = width
        self.steps = steps
        self.batch_size = batch_size
        self.trim = trim
        self.random_state = random_state
        self.verbose = verbose

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = "outlier_detector"
        return tags

    def fit(self, X, y=None) -> "AnomalyDetector":
        """Train on rows, most of which should be normal.

        Args:
            X: Array or frame `(samples, columns)`, images `(samples, height,
                width, channels)` or windows `(samples, steps, channels)`.
            y: Ignored; pipelines and searches pass it on.

        Returns:
            The detector.
        """
        X = check_rows(self, X, is_fit=True)
        check_parameters(self)
        state = check_random_state(self.random_state)
        seeds = state.randint(2**31 - 1, size=self.members + 1)
        used = np.arange(len(X))
        kept = used
        if self.threshold == "conformal":
            order = np.random.default_rng(seeds[-1]).permutation(len(X))
            # One row at least on each side.
            count = round(self.calibration * len(X))
            count = min(max(1, count), len(X) - 1)
            kept, used = order[:count], order[count:]
        self.members_ = new_members(self, X[used], seeds[:-1])
        self.decision_scores_ = self._scores(X)
        self.calibration_scores_ = self.decision_scores_[kept]
        if self.threshold == "conformal":
            self.threshold_ = thresholds.conformal_threshold(
                self.calibration_scores_, self.alpha
            )
        else:
            self.threshold_ = thresholds.quantile_threshold(
                self.decision_scores_, self.contamination
            )
        self.labels_ = self._labels(self.decision_scores_)
        return self

    def decision_function(self, X) -> np.ndarray:
        """Scores of rows; the higher, the odder.

        Args:
            X: Rows like those of `fit`.

        Returns:
            Array of floats `(samples,)`.
        """
        check_is_fitted(self)
        return self._scores(check_rows(self, X))

    def predict(self, X) -> np.ndarray:
        """1 for each row whose score is above `threshold_`, 0 for the others.

        Args:
            X: Rows like those of `fit`.

        Returns:
            Array of integers `(samples,)`.
        """
        return self._labels(self.decision_function(X))

    def fit_predict(self, X, y=None) -> np.ndarray:
        """`labels_` after `fit`.

        Args:
            X, y: As in `fit`.
        """
        return self.fit(X, y).labels_

    def predict_proba(self, X) -> np.ndarray:
        """Scores on the scale from the least to the greatest at `fit`.

        `(s - min) / (max - min)`, cut to [0, 1], in the second column, as
        PyOD's method `"linear"` has it; not a calibrated probability, for
        which see `p_values`.

        Args:
            X: Rows like those of `fit`.

        Returns:
            Array `(samples, 2)`, whose rows have a sum of 1.
        """
        scores = self.decision_function(X)
        low, high = self.decision_scores_.min(), self.decision_scores_.max()
        odd = np.clip((scores - low) / (high - low or 1.0), 0.0, 1.0)
        return np.stack([1 - odd, odd], axis=1)

    def p_values(self, X) -> np.ndarray:
        """How many of the calibration rows are at least as odd as each row.

        `(1 + #{calibration >= s}) / (n + 1)`. With `threshold="conformal"`
        a new normal row has a p-value of at most alpha with a probability of
        at most alpha. With `"quantile"` rows are compared with the training
        rows themselves, and the p-values of new rows are too small.

        Args:
            X: Rows like those of `fit`.

        Returns:
            Array of floats in (0, 1], `(samples,)`.
        """
        scores = self.decision_function(X)
        return thresholds.conformal_p_values(self.calibration_scores_, scores)

    def decision_map(self, X) -> np.ndarray:
        """Which part of a sample is odd: squared errors of reconstruction.

        For each column, pixel or time step (the mean over channels), on the
        scale inside; the mean of a map is the score `"reconstruction"`.

        Args:
            X: Samples like those of `fit`.

        Returns:
            Array `(samples, columns)`, `(samples, height, width)` or
            `(samples, steps)`.
        """
        check_is_fitted(self)
        X = check_rows(self, X)
        errors = [member.squared_errors(X) for member in self.members_]
        mean = np.mean(errors, axis=0)
        return mean if mean.ndim == 2 else mean.mean(axis=-1)

    def save(self, path: str | os.PathLike) -> None:
        """Write the fitted detector to one file, without pickle.

        A function or model given as `model` is not saved: the loaded detector
        has its first trained model there.

        Args:
            path: Path of the file, a zip archive of models and arrays.
        """
        check_is_fitted(self)
        saving.save(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike):
        """The fitted detector in a file that `save` wrote, on any backend.

        Args:
            path: Path of the file.

        Raises:
            ValueError: if there is no such file.
        """
        return saving.load(cls, path)

    # === What they are made of ===

    def _scores(self, X):
        scores = [member.scores(X) for member in self.members_]
        return np.mean(scores, axis=0)

    def _labels(self, scores):
        return (scores > self.threshold_).astype("int64")
