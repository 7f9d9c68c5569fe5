"""What a model says of samples: what scores are computed from."""

import functools

import keras
import numpy as np

from keras_aegan.engine import feature_extractor
from keras_aegan.engine.data_checks import trusted

_BATCH_SIZE = 128


class ModelOutputs:
    """Codes, reconstructions, features and logits of samples, as needed.

    Each is an array in float64 with one row a sample, computed once.

    Args:
        model: `AdversarialModel`.
        x: Array of samples that the model takes.
    """

    def __init__(self, model, x: np.ndarray):
        self.model = model
        self.x = x

    @functools.cached_property
    def reconstruction(self) -> np.ndarray:
        """`x_tilde = G(E(x))`, of the shape of samples."""
        self.model.require_parts("reconstruct", "encoder", "generator")
        return self._decoded(self._codes)

    @functools.cached_property
    def error(self) -> np.ndarray:
        """`x - x_tilde`, `(samples, numbers)`."""
        return _rows(self.x) - _rows(self.reconstruction)

    @property
    def codes(self) -> np.ndarray:
        """`z_hat = E(x)`, `(samples, numbers)`."""
        return _rows(self._codes)

    @functools.cached_property
    def codes_again(self) -> np.ndarray:
        """`z_tilde = E(x_tilde)`, `(samples, numbers)`."""
        return _rows(self._encoded(self.reconstruction))

    @functools.cached_property
    def features(self) -> tuple[np.ndarray, np.ndarray]:
        """The discriminator's last hidden layer at `x` and at `x_tilde`."""
        return tuple(
            _rows(self._features("discriminator", u)[0])
            for u in (self.x, self.reconstruction)
        )

    @functools.cached_property
    def logits(self) -> np.ndarray:
        """The discriminator's mean logit of each `x`, `(samples,)`."""
        self.model.require_parts("judge", "discriminator")
        logits = self.run(self.model.discriminator, self.x)
        logits = logits[-1] if isinstance(logits, (list, tuple)) else logits
        return _rows(logits).mean(axis=1)

    @functools.cached_property
    def pair_logits(self) -> np.ndarray:
        """ALAD's logit of each pair of `x` and `x_tilde`, `(samples,)`."""
        self.model.require_parts("judge pairs", "pair_discriminator")
        pairs = [self.x, self.reconstruction]
        return _rows(self.run(self.model.pair_discriminator, pairs))[:, 0]

    @functools.cached_property
    def second_codes(self) -> np.ndarray:
        """GANomaly's `E2(x_tilde)`, `(samples, numbers)`."""
        self.model.require_parts("encode twice", "second_encoder")
        return _rows(self.run(self.model.second_encoder, self.reconstruction))

    def run(self, network, inputs):
        """What a network returns, by batches, also of a model that diverged.

        Args:
            network: Keras model, a part of the model.
            inputs: Array, or list of arrays.
        """
        return self._in_full_batches(
            lambda x: self.model.run_network(network, x, _BATCH_SIZE, 0), inputs
        )

    @functools.cached_property
    def _codes(self):
        return self._encoded(self.x)

    def _encoded(self, x):
        self.model.require_parts("encode", "encoder")
        return self._in_full_batches(
            lambda x: self.model.encode(x, _BATCH_SIZE), x
        )

    def _decoded(self, codes):
        return self._in_full_batches(
            lambda z: self.model.decode(z, _BATCH_SIZE), codes
        )

    def _in_full_batches(self, function, inputs):
        """Call a function on samples and as many zeros as fill a batch.

        Frameworks multiply matrices of different sizes in different orders,
        and a sample's score shall not depend on how many others there are.
        """
        count = len(self.x)

        def fill(x):
            rest = -count % _BATCH_SIZE
            return np.pad(x, [(0, rest)] + [(0, 0)] * (x.ndim - 1))

        with trusted():
            outputs = function(keras.tree.map_structure(fill, inputs))
        return keras.tree.map_structure(lambda x: x[:count], outputs)

    def _features(self, part, x):
        self.model.require_parts("judge", part)
        extractor = feature_extractor(getattr(self.model, part))
        return self.run(extractor.model, x)


def _rows(array):
    """One row of float64 numbers for each sample."""
    array = np.asarray(array, "float64")
    return array.reshape(len(array), int(np.prod(array.shape[1:])))
