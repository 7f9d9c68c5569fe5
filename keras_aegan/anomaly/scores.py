"""Scores of anomalies from what a model says of samples; higher is odder.

A score that has something to learn from the training rows keeps it in
`arrays`, a dict of NumPy arrays, which is all that a saved detector needs.
"""

import numpy as np

from keras_aegan.anomaly.outputs import ModelOutputs
from keras_aegan.anomaly.requirement import GaussianMixture


class Score:
    """A number for each sample, from what a model says of it (abstract)."""

    def __init__(self):
        self.arrays = {}

    def fit(self, outputs: ModelOutputs, rng: np.random.Generator) -> None:
        """Learn what the score needs from training rows; usually nothing.

        Args:
            outputs: `ModelOutputs` of the training rows.
            rng: Random generator.
        """

    def __call__(self, outputs: ModelOutputs) -> np.ndarray:
        """Scores `(samples,)`.

        Args:
            outputs: `ModelOutputs` of samples.
        """
        raise NotImplementedError


class Reconstruction(Score):
    """`mean (x - x_tilde)^2`."""

    def __call__(self, outputs):
        return _mean_square(outputs.error)


class Code(Score):
    """`(z_hat - m)^T C^-1 (z_hat - m)`, Mahalanobis' distance of the code.

    m and C are mean and covariance of the codes of training rows: up to a
    constant it is twice the negative logarithm of a normal density, as
    `keras_aegan.layers.FittedPrior` with one component has it.
    """

    def fit(self, outputs, rng):
        self.arrays = _normal_distribution(outputs.codes)

    def __call__(self, outputs):
        centred = outputs.codes - self.arrays["mean"]
        return np.sum((centred @ self.arrays["whitening"]) ** 2, axis=1)


class Density(Score):
    """`-log p(z_hat)`, p a mixture of normal distributions of codes.

    Ten of them, or one for ten training rows if these are fewer, fitted by
    scikit-learn as `fit_prior(x, components=10)` does. Codes between two
    clusters are odd then, which they are not by `Code`; but anomalies among
    the training rows can get a distribution of their own.
    """

    _COMPONENTS = 10

    def fit(self, outputs, rng):
        codes = outputs.codes.astype("float64")
        mixture = GaussianMixture(
            max(1, min(self._COMPONENTS, len(codes) // 10)),
            # A direction in which codes do not vary would divide by 0.
            reg_covar=max(1e-6 * float(codes.var(0).mean()), 1e-12),
            random_state=int(rng.integers(2**31)),
        ).fit(codes)
        self.arrays = {
            "weights": mixture.weights_,
            "means": mixture.means_,
            "whitening": mixture.precisions_cholesky_,
        }

    def __call__(self, outputs):
        weights, means, whitening = (
            self.arrays[name] for name in ("weights", "means", "whitening")
        )
        centred = outputs.codes[:, None] - means
        white = np.einsum("nki,kij->nkj", centred, whitening)
        diagonals = np.diagonal(whitening, axis1=1, axis2=2)
        constant = np.log(weights) + np.log(diagonals).sum(-1)
        constant -= 0.5 * means.shape[1] * np.log(2 * np.pi)
        exponents = constant - 0.5 * np.sum(white**2, axis=2)
        return -np.logaddexp.reduce(exponents, axis=1)


class Latent(Score):
    """`mean (z_hat - z_tilde)^2`: the round trip of the code."""

    def __call__(self, outputs):
        return _mean_square(outputs.codes - outputs.codes_again)


class Features(Score):
    """`mean (f(x) - f(x_tilde))^2`, f the discriminator's last hidden layer."""

    def __call__(self, outputs):
        real, rebuilt = outputs.features
        return _mean_square(real - rebuilt)


class Logit(Score):
    """`-D(x)`: how fake the discriminator finds a sample."""

    def __call__(self, outputs):
        return -outputs.logits


class GANomalyScore(Score):
    """`mean (z_hat - E2(x_tilde))^2`, with GANomaly's second encoder.

    Reference: Akcay et al. 2018, arXiv:1805.06725, equation 6.
    """

    def __call__(self, outputs):
        return _mean_square(outputs.codes - outputs.second_codes)


class FAnoGANScore(Score):
    """`mean (x - x_tilde)^2 + kappa mean (f(x) - f(x_tilde))^2`.

    kappa is that of a model that has one, `FAnoGAN`, and 1 otherwise.

    Reference: Schlegl et al. 2019, f-AnoGAN, equation 5.
    """

    def __call__(self, outputs):
        kappa = getattr(outputs.model, "kappa", 1.0)
        real, rebuilt = outputs.features
        feature_error = _mean_square(real - rebuilt)
        return _mean_square(outputs.error) + kappa * feature_error


# === ALAD's four: Zenati et al. 2018, arXiv:1812.02288, section 5.3 ===


class ALADL1(Score):
    """`|x - x_tilde|_1`."""

    def __call__(self, outputs):
        return np.abs(outputs.error).sum(axis=1)


class ALADL2(Score):
    """`|x - x_tilde|_2`."""

    def __call__(self, outputs):
        return np.sqrt(np.sum(outputs.error**2, axis=1))


class ALADLogits(Score):
    """`-log sigmoid(Dxx(x, x_tilde))`.

    The paper writes it without the sign, by which normal samples, whose pairs
    the discriminator takes for equal, would be the odd ones.
    """

    def __call__(self, outputs):
        return np.logaddexp(0.0, -outputs.pair_logits)


class ALADFeatures(Score):
    """`|f(x, x) - f(x, x_tilde)|_1`: the `anomaly_score` of `ALAD`."""

    def __call__(self, outputs):
        outputs.model.require_parts("judge pairs", "pair_discriminator")
        return np.asarray(outputs.model.anomaly_score(outputs.x), "float64")


def _mean_square(rows):
    return np.mean(rows**2, axis=1)


def _normal_distribution(codes):
    """Mean, and `W` with `W W^T` the inverse of the covariance."""
    mean = codes.mean(axis=0)
    centred = codes - mean
    covariance = centred.T @ centred / max(1, len(codes) - 1)
    values, vectors = np.linalg.eigh(covariance)
    # A direction in which codes do not vary would divide by 0.
    floor = max(1e-6 * float(values.mean()), 1e-12)
    return {
        "mean": mean,
        "whitening": vectors / np.sqrt(np.maximum(values, floor)),
    }
