"""A normal distribution or mixture fitted to the codes of real samples."""

import keras
import numpy as np
from keras import ops

from keras_aegan import extras
from keras_aegan.layers.collecting_prior import CollectingPrior
from keras_aegan.validation import check_integer


@keras.saving.register_keras_serializable(package="keras_aegan")
class FittedPrior(CollectingPrior):
    """A normal distribution, or a mixture of them, for each class of codes.

    `p(h) = sum_c p(c) sum_m w_cm N(h; mean_cm, covariance_cm)` with `p(c)` the
    fraction of class c among the codes collected. A single component has
    their mean and covariance; several are fitted by expectation maximisation.
    Given a label, codes are sampled from that class. Before it is fitted the
    prior is N(0, I).

    Args:
        latent_dim: Positive integer, the size of a code.
        num_classes: Positive integer. Above 1, codes are collected with labels.
        components: Positive integer, normal distributions in a class. Above
            1, fitting needs scikit-learn.
        capacity: Positive integer, how many codes are kept, the latest ones.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if a number is not a positive integer.

    Example:

    >>> prior = FittedPrior(2, seed=0)
    >>> prior.collect(np.array([[1.0, 5.0], [3.0, 5.0]], "float32"))
    >>> prior.fit()
    >>> keras.ops.convert_to_numpy(prior.means).tolist()
    [[2.0, 5.0]]

    Reference: Mariani et al. 2018 (BAGAN), arXiv:1803.09655, for one normal
    distribution a class; Ghosh et al. 2020, arXiv:1903.12436, for mixtures.
    """

    def __init__(
        self,
        latent_dim: int,
        components: int = 1,
        num_classes: int = 1,
        capacity: int = 10_000,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(latent_dim, num_classes, capacity, seed, **kwargs)
        self.components = check_integer("components", components)
        count = self.num_classes * components
        self.mixing = self._state(
            (count,),
            "mixing",
            initializer=keras.initializers.Constant(1 / components),
        )
        self.class_probabilities = self._state(
            (count,),
            "class_probabilities",
            initializer=keras.initializers.Constant(1 / self.num_classes),
        )
        self.means = self._state((count, latent_dim), "means")
        # Covariance = factor factor^T.
        self.factors = self._state(
            (count, latent_dim, latent_dim),
            "factors",
            initializer=lambda shape, dtype: ops.tile(
                ops.eye(shape[-1], dtype=dtype)[None], (shape[0], 1, 1)
            ),
        )

    def fit(self) -> None:
        """Fit to the codes collected. A class without codes is not changed.

        Raises:
            ValueError: if a label is out of range.
        """
        self.fit_to(*self.collected())

    def fit_to(self, codes: np.ndarray, labels: np.ndarray) -> None:
        """Fit to codes, of which none is kept.

        Args:
            codes: Array `(count, latent_dim)`.
            labels: Array of integers `(count,)`, in `[0, num_classes)`.
        """
        state = (
            self.mixing,
            self.class_probabilities,
            self.means,
            self.factors,
        )
        values = [np.array(ops.convert_to_numpy(v)) for v in state]
        weights, probabilities, means, factors = values
        for label in range(self.num_classes):
            own = codes[labels == label]
            rows = slice(label * self.components, (label + 1) * self.components)
            probabilities[rows] = len(own) / max(1, len(codes))
            if len(own):
                weights[rows], means[rows], covariances = _fit(
                    own.astype("float64"), self.components
                )
                factors[rows] = _square_roots(covariances)
        if len(codes):
            for variable, value in zip(state, values):
                variable.assign(value)

    def sample(self, batch_size: int):
        chosen = self._components(batch_size)
        noise = self.generator.normal((batch_size, self.latent_dim))
        factors = ops.take(self.factors, chosen, axis=0)
        shifts = ops.squeeze(ops.matmul(factors, noise[..., None]), -1)
        return ops.take(self.means, chosen, axis=0) + shifts

    def _components(self, batch_size):
        """Indices of random components, `(batch_size,)`."""
        labels = self.requested_labels()
        probabilities = ops.expand_dims(
            self.mixing * self.class_probabilities, 0
        )
        if labels is not None:
            classes = ops.arange(probabilities.shape[1]) // self.components
            in_class = ops.cast(classes == labels[:, None], "float32")
            probabilities = in_class * self.mixing
        # The inverse of the cumulative distribution, at a uniform number.
        cumulative = ops.cumsum(probabilities, axis=1)
        uniform = self.generator.uniform((batch_size, 1)) * cumulative[:, -1:]
        below = ops.sum(ops.cast(uniform >= cumulative, "int32"), axis=1)
        return ops.minimum(below, probabilities.shape[1] - 1)

    def get_config(self) -> dict:
        return {**super().get_config(), "components": self.components}


def _fit(codes, components):
    """Weights, means and covariances of a mixture, in float64."""
    if components == 1 or len(codes) < 2:
        centred = codes - codes.mean(axis=0)
        covariance = centred.T @ centred / max(1, len(codes) - 1)
        return 1 / components, codes.mean(axis=0), covariance[None]
    with extras.required(
        "A mixture of several components needs scikit-learn",
        "keras_aegan[anomaly]",
    ):
        from sklearn.mixture import GaussianMixture
    count = min(components, len(codes))
    mixture = GaussianMixture(count, random_state=0).fit(codes)
    # With fewer codes than components the rest have weight 0.
    rest = components - count
    order = [*range(count), *([0] * rest)]
    weights = np.concatenate([mixture.weights_, np.zeros(rest)])
    return weights, mixture.means_[order], mixture.covariances_[order]


def _square_roots(covariances):
    """The symmetric square roots of covariances, which may be singular.

    Unlike other factors they depend continuously on the covariances.
    """
    values, vectors = np.linalg.eigh(covariances)
    roots = np.sqrt(np.maximum(values, 0.0))
    return (vectors * roots[:, None, :]) @ vectors.transpose(0, 2, 1)
