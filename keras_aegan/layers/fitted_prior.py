"""A prior that is fitted to the codes of real samples."""

import keras
import numpy as np
from keras import ops

from keras_aegan.layers.collecting_prior import CollectingPrior


@keras.saving.register_keras_serializable(package="keras_aegan")
class FittedPrior(CollectingPrior):
    """A normal distribution, or a mixture of them, for each class of codes.

    `p(h) = sum_c p(c) sum_m w_cm N(h; mean_cm, covariance_cm)` with `p(c)` the
    share of class c among the codes collected, their mean and covariance, or
    for several components what expectation maximisation finds. Told a label,
    it draws from that class. Before it is fitted it is N(0, I).

    Args:
        latent_dim: Positive integer, the size of a code.
        num_classes: Positive integer. Above 1, labels go with the codes.
        components: Positive integer, normal distributions in a class. Above
            1, fitting takes scikit-learn.
        capacity: Positive integer, how many codes are kept to be fitted:
            those seen last.
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

    def __init__(self, latent_dim, components=1, **kwargs):
        super().__init__(latent_dim, **kwargs)
        if not isinstance(components, int) or components < 1:
            raise ValueError(
                "`components` must be a positive integer. "
                f"Received: components={components!r}"
            )
        self.components = components
        count = self.num_classes * components
        self.mixing = self._state(
            (count,),
            "mixing",
            initializer=keras.initializers.Constant(1 / components),
        )
        self.shares = self._state(
            (count,),
            "shares",
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

    def fit(self):
        """Fit to the codes collected. A class without codes is left alone.

        Raises:
            ValueError: if a label is out of range.
        """
        codes, labels = self.collected()
        state = (self.mixing, self.shares, self.means, self.factors)
        values = [np.array(ops.convert_to_numpy(v)) for v in state]
        weights, shares, means, factors = values
        for label in range(self.num_classes):
            own = codes[labels == label]
            place = slice(
                label * self.components, (label + 1) * self.components
            )
            shares[place] = len(own) / max(1, len(codes))
            if len(own):
                weights[place], means[place], covariances = _fitted(
                    own.astype("float64"), self.components
                )
                factors[place] = _square_roots(covariances)
        if len(codes):
            for variable, value in zip(state, values):
                variable.assign(value)

    def sample(self, batch_size):
        chosen = self._components(batch_size)
        noise = self.generator.normal((batch_size, self.latent_dim))
        factors = ops.take(self.factors, chosen, axis=0)
        moves = ops.squeeze(ops.matmul(factors, noise[..., None]), -1)
        return ops.take(self.means, chosen, axis=0) + moves

    def _components(self, batch_size):
        """Numbers of the components to draw from."""
        labels = self.wanted_labels()
        odds = ops.expand_dims(self.mixing * self.shares, 0)
        if labels is not None:
            own = ops.arange(odds.shape[1]) // self.components
            odds = ops.cast(own == labels[:, None], "float32") * self.mixing
        heights = ops.cumsum(odds, axis=1)
        share = self.generator.uniform((batch_size, 1)) * heights[:, -1:]
        passed = ops.sum(ops.cast(share >= heights, "int32"), axis=1)
        return ops.minimum(passed, odds.shape[1] - 1)

    def get_config(self):
        return {**super().get_config(), "components": self.components}


def _fitted(codes, components):
    """Weights, means and covariances of a mixture, in float64."""
    if components == 1 or len(codes) < 2:
        centred = codes - codes.mean(axis=0)
        covariance = centred.T @ centred / max(1, len(codes) - 1)
        return 1 / components, codes.mean(axis=0), covariance[None]
    try:
        from sklearn.mixture import GaussianMixture
    except ImportError as error:
        raise ImportError(
            "Mixtures of several components are fitted by scikit-learn: "
            "pip install scikit-learn"
        ) from error
    count = min(components, len(codes))
    mixture = GaussianMixture(count, random_state=0).fit(codes)
    rest = components - count
    order = [*range(count), *([0] * rest)]
    weights = np.concatenate([mixture.weights_, np.zeros(rest)])
    return weights, mixture.means_[order], mixture.covariances_[order]


def _square_roots(covariances):
    """The symmetric roots of covariances, which may be singular.

    They follow the covariances without a jump, as other factors do not.
    """
    values, vectors = np.linalg.eigh(covariances)
    roots = np.sqrt(np.maximum(values, 0.0))
    return (vectors * roots[:, None, :]) @ vectors.transpose(0, 2, 1)
