"""Vector quantisation by a codebook."""

import keras
import numpy as np
from keras import ops

from keras_aegan import random
from keras_aegan.arrays import weigh
from keras_aegan.backend import replicas
from keras_aegan.random import RandomGenerator
from keras_aegan.validation import check_in
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_number

_OUTPUTS = ("codes", "indices", "codes_and_loss")
# The decay of the counts if the codebook is trained by gradients.
_DECAY_OF_COUNTS = 0.99


@keras.saving.register_keras_serializable(package="keras_aegan")
class VectorQuantizer(keras.layers.Layer):
    """Replaces each vector by the nearest code of a codebook.

    With `e` the code nearest to the vector `z`, and `sg` the stop-gradient,

    - output `z + sg(e - z)`: its value is `e`, its gradient goes to `z`
      straight through;
    - loss `mean (sg(z) - e)^2 + commitment mean (z - sg(e))^2`, of which the
      first term is left out if the codebook is trained by averages.

    With a `decay` g the codebook has no gradient. In training each code
    follows the mean of the vectors assigned to it, averaged over the steps:
    with `n` such vectors, of sum `s`, and the running count `N`,

    `N' = g N + (1 - g) n`, `e' = e + (1 - g) (s - n e) / N'`

    Codes with a count below `restart` times the mean count are replaced by
    random vectors of the batch.

    Args:
        num_codes: Integer, at least 2: the size of the codebook.
        code_dim: Positive integer, the size of a code.
        commitment: Non-negative float, beta in the paper.
        decay: Float in (0, 1), or `None` for a codebook that is trained by
            gradients.
        restart: Float in [0, 1); 0 for never, which it must be without
            `decay`.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`. Codes start uniform in
            `[-1 / num_codes, 1 / num_codes)`.

    Call arguments:
        z: Tensor `(batch_size, ..., code_dim)`.
        output: `"codes"`; `"indices"` of the codes, `(batch_size, ...)`; or
            `"codes_and_loss"`, a pair. With `"codes"` the loss is added to
            the layer's `losses` instead.
        sample_weight: Tensor `(batch_size,)`, by which the loss of each
            sample is multiplied, or `None`. The codebook of a `decay` counts
            all samples alike.

    Returns:
        Tensor of the shape of `z`, float32, or as `output` says.

    Raises:
        ValueError: if an argument is not as above.

    Example:

    >>> layer = VectorQuantizer(16, code_dim=4, seed=0)
    >>> z = np.zeros((8, 7, 7, 4), "float32")
    >>> layer(z).shape, layer(z, output="indices").shape
    ((8, 7, 7, 4), (8, 7, 7))

    Reference: van den Oord et al. 2017, arXiv:1711.00937, equations 1 to 3
    and appendix A.1, where `N' e'` is called m; restarts: Dhariwal et al.
    2020, arXiv:2005.00341, section 3. Departure: the threshold of
    restarts is relative to the mean count, so it does not depend on the batch
    size.
    """

    def __init__(
        self,
        num_codes: int,
        code_dim: int,
        commitment: float = 0.25,
        decay: float | None = 0.99,
        restart: float = 0.0,
        seed: int | None = None,
        **kwargs,
    ):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.num_codes = check_integer("num_codes", num_codes, minimum=2)
        self.code_dim = check_integer("code_dim", code_dim)
        self.commitment = check_number("commitment", commitment, 0)
        self.restart = check_number("restart", restart, 0, 1, open_ends="upper")
        if decay is not None:
            decay = check_number("decay", decay, 0, 1, open_ends="both")
        elif restart:
            raise ValueError(
                "`restart` needs a `decay`. "
                f"Received: decay={decay!r}, restart={restart!r}"
            )
        self.decay = decay
        self.generator = RandomGenerator(seed)
        self.seed = self.generator.seed
        self.codebook = self.add_weight(
            shape=(num_codes, code_dim),
            initializer=self._initial_codes,
            trainable=decay is None,
            name="codebook",
        )
        self.counts = self.add_weight(
            shape=(num_codes,),
            initializer="ones",
            trainable=False,
            name="counts",
        )
        self.built = True

    def call(
        self,
        z,
        output: str = "codes",
        training: bool | None = None,
        sample_weight=None,
    ):
        check_in("output", output, _OUTPUTS)
        z = ops.cast(z, "float32")
        codebook = ops.convert_to_tensor(self.codebook)
        indices = _nearest(ops.stop_gradient(z), codebook)
        if output == "indices":
            return indices
        codes = ops.take(codebook, indices, axis=0)
        loss = self.commitment * _distance(
            z, ops.stop_gradient(codes), sample_weight
        )
        if self.decay is None:
            loss = loss + _distance(ops.stop_gradient(z), codes, sample_weight)
        if training and self.trainable:
            self._update(ops.stop_gradient(z), indices, codebook)
        straight = z + ops.stop_gradient(codes - z)
        if output == "codes_and_loss":
            return straight, loss
        self.add_loss(loss)
        return straight

    def _update(self, z, indices, codebook):
        """Update the counts and, with a `decay`, the codebook."""
        z = ops.reshape(z, (-1, self.code_dim))
        assigned = ops.cast(
            ops.reshape(indices, (-1, 1)) == ops.arange(self.num_codes),
            "float32",
        )
        number = replicas.sum_over_replicas(ops.sum(assigned, axis=0))
        rate = 1.0 - (self.decay or _DECAY_OF_COUNTS)
        counts = ops.convert_to_tensor(self.counts)
        counts = counts + rate * (number - counts)
        if self.decay is not None:
            sums = ops.matmul(ops.transpose(assigned), z)
            sums = replicas.sum_over_replicas(sums)
            rates = rate / ops.maximum(counts, 1e-12)
            errors = sums - number[:, None] * codebook
            codebook = codebook + rates[:, None] * errors
            codebook, counts = self._restart_codes(codebook, counts, z)
            self.codebook.assign(codebook)
        self.counts.assign(counts)

    def _restart_codes(self, codebook, counts, z):
        """Replace rarely used codes by random vectors of the batch."""
        if not self.restart:
            return codebook, counts
        mean = ops.mean(counts)
        is_rare = counts < self.restart * mean
        uniform = self.generator.uniform((self.num_codes,), batch_axis=None)
        z = replicas.whole_batch(z, is_flat=True)
        rows = uniform * ops.cast(ops.shape(z)[0], "float32")
        vectors = ops.take(z, ops.cast(rows, "int32"), axis=0)
        # With the mean count a new code is not replaced in the next step
        # already.
        return (
            ops.where(is_rare[:, None], vectors, codebook),
            ops.where(is_rare, mean, counts),
        )

    def perplexity(self, indices: np.ndarray | None = None) -> float:
        """The effective number of codes in use.

        `exp(-sum_i p_i log p_i)` of their frequencies, between 1 and
        `num_codes`.

        Args:
            indices: Array of integers. Defaults to the running counts of
                training.

        Returns:
            Float.
        """
        frequencies = self._frequencies(indices)
        used = frequencies[frequencies > 0]
        return float(np.exp(-np.sum(used * np.log(used))))

    def usage(self, indices: np.ndarray) -> float:
        """The fraction of the codes that occur in `indices`, in [0, 1].

        Args:
            indices: Array of integers.
        """
        return float(np.mean(self._frequencies(indices) > 0))

    def _frequencies(self, indices):
        counts = ops.convert_to_numpy(self.counts)
        if indices is not None:
            indices = np.reshape(ops.convert_to_numpy(indices), -1)
            counts = np.bincount(indices, minlength=self.num_codes)
        return counts.astype("float64") / counts.sum()

    def _initial_codes(self, shape, dtype):
        seed = random.default_seed() if self.seed is None else self.seed
        # Another key than that of the generator, which has the same seed.
        state = random.initial_state(seed ^ 0xC0DE)
        unit = random.uniform(state, tuple(shape))
        return ops.cast((2.0 * unit - 1.0) / self.num_codes, dtype)

    def compute_output_spec(
        self,
        z,
        output: str = "codes",
        training: bool | None = None,
        sample_weight=None,
    ):
        check_in("output", output, _OUTPUTS)
        codes = keras.KerasTensor(z.shape, "float32")
        return {
            "codes": codes,
            "indices": keras.KerasTensor(z.shape[:-1], "int32"),
            "codes_and_loss": (codes, keras.KerasTensor((), "float32")),
        }[output]

    def get_config(self) -> dict:
        names = "num_codes code_dim commitment decay restart seed".split()
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **own}


def _nearest(z, codebook):
    """Indices of the nearest codes.

    The squared distance is `|z|^2 + |e|^2 - 2 z . e`, and `|z|^2` is the same
    for all codes.
    """
    lengths = ops.sum(ops.square(codebook), axis=-1)
    scores = ops.matmul(z, ops.transpose(codebook)) - 0.5 * lengths
    return ops.cast(ops.argmax(scores, axis=-1), "int32")


def _distance(a, b, sample_weight):
    return ops.mean(weigh(ops.square(a - b), sample_weight))
