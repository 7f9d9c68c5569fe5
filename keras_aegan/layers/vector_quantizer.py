"""A codebook, and the nearest of its codes in place of each vector."""

import keras
import numpy as np
from keras import ops

from keras_aegan import random
from keras_aegan.random import RandomGenerator

_OUTPUTS = ("codes", "indices", "codes_and_loss")
# The decay of counts where the codebook itself follows gradients.
_COUNTING = 0.99


@keras.saving.register_keras_serializable(package="keras_aegan")
class VectorQuantizer(keras.layers.Layer):
    """Replaces each vector by the nearest code of a codebook.

    With `e` the code nearest to the vector `z`, and `sg` for what counts as
    a constant,

    - output `z + sg(e - z)`: its value is `e`, its gradient goes to `z`
      straight through;
    - loss `mean (sg(z) - e)^2 + commitment mean (z - sg(e))^2`, of which the
      first term is left out if the codebook follows averages.

    With a `decay` g the codebook takes no gradient. In training each code
    goes to the mean of the vectors that chose it, averaged over the steps:
    with `n` such vectors, of the sum `s`, and the running count `N`,

    `N' = g N + (1 - g) n`, `e' = e + (1 - g) (s - n e) / N'`

    Codes that are chosen less than `restart` times as often as the mean code
    are put on vectors of the batch, drawn at random.

    Args:
        num_codes: Integer, at least 2: the size of the codebook.
        code_dim: Positive integer, the size of a code.
        commitment: Non-negative float, beta in the paper.
        decay: Float in (0, 1), or `None` for a codebook that is trained by
            gradients.
        restart: Float in [0, 1); 0 for never, as it must be without `decay`.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`. Codes start uniform in
            `[-1 / num_codes, 1 / num_codes)`.

    Call arguments:
        z: Tensor `(batch_size, ..., code_dim)`.
        output: `"codes"`; `"indices"` of the codes, `(batch_size, ...)`; or
            `"codes_and_loss"`, a pair. With `"codes"` the loss is added to
            the layer's `losses` instead.

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
    2020, arXiv:2005.00341, section 3. Departure: restarts are measured
    against the mean code, whatever the size of a batch.
    """

    def __init__(
        self,
        num_codes,
        code_dim,
        commitment=0.25,
        decay=0.99,
        restart=0.0,
        seed=None,
        **kwargs,
    ):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        _check(num_codes, code_dim, commitment, decay, restart)
        self.num_codes = num_codes
        self.code_dim = code_dim
        self.commitment = commitment
        self.decay = decay
        self.restart = restart
        self.seed = seed
        self.generator = RandomGenerator(seed)
        self.codebook = self.add_weight(
            shape=(num_codes, code_dim),
            initializer=self._first_codes,
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

    def call(self, z, output="codes", training=None):
        _check_output(output)
        z = ops.cast(z, "float32")
        codebook = ops.convert_to_tensor(self.codebook)
        indices = _nearest(ops.stop_gradient(z), codebook)
        if output == "indices":
            return indices
        codes = ops.take(codebook, indices, axis=0)
        loss = self.commitment * _distance(z, ops.stop_gradient(codes))
        if self.decay is None:
            loss = loss + _distance(ops.stop_gradient(z), codes)
        if training and self.trainable:
            self._learn(ops.stop_gradient(z), indices, codebook)
        straight = z + ops.stop_gradient(codes - z)
        if output == "codes_and_loss":
            return straight, loss
        self.add_loss(loss)
        return straight

    def _learn(self, z, indices, codebook):
        """Count which codes are chosen; move and restart them."""
        z = ops.reshape(z, (-1, self.code_dim))
        chosen = ops.cast(
            ops.reshape(indices, (-1, 1)) == ops.arange(self.num_codes),
            "float32",
        )
        number = ops.sum(chosen, axis=0)
        share = 1.0 - (self.decay or _COUNTING)
        counts = ops.convert_to_tensor(self.counts)
        counts = counts + share * (number - counts)
        if self.decay is not None:
            sums = ops.matmul(ops.transpose(chosen), z)
            rates = share / ops.maximum(counts, 1e-12)
            moved = sums - number[:, None] * codebook
            codebook = codebook + rates[:, None] * moved
            codebook, counts = self._restarted(codebook, counts, z)
            self.codebook.assign(codebook)
        self.counts.assign(counts)

    def _restarted(self, codebook, counts, z):
        if not self.restart:
            return codebook, counts
        mean = ops.mean(counts)
        idle = counts < self.restart * mean
        drawn = self.generator.uniform((self.num_codes,))
        drawn = drawn * ops.cast(ops.shape(z)[0], "float32")
        fresh = ops.take(z, ops.cast(drawn, "int32"), axis=0)
        # Counted as the mean code, they have time to be found.
        return (
            ops.where(idle[:, None], fresh, codebook),
            ops.where(idle, mean, counts),
        )

    def perplexity(self, indices=None):
        """How many equally frequent codes would be as hard to guess.

        `exp(-sum_i p_i log p_i)`, between 1 and `num_codes`.

        Args:
            indices: Array of integers. Defaults to the running counts of
                training.

        Returns:
            Float.
        """
        shares = self._shares(indices)
        used = shares[shares > 0]
        return float(np.exp(-np.sum(used * np.log(used))))

    def usage(self, indices):
        """The share of the codes that some indices use, a float in [0, 1]."""
        return float(np.mean(self._shares(indices) > 0))

    def _shares(self, indices):
        counts = ops.convert_to_numpy(self.counts)
        if indices is not None:
            indices = np.reshape(ops.convert_to_numpy(indices), -1)
            counts = np.bincount(indices, minlength=self.num_codes)
        return counts.astype("float64") / counts.sum()

    def _first_codes(self, shape, dtype):
        seed = random.default_seed() if self.seed is None else self.seed
        # The restarts' stream of the same seed begins with draw 0.
        state = random.initial_state(seed ^ 0xC0DE)
        unit = random.uniform(state, tuple(shape))
        return ops.cast((2.0 * unit - 1.0) / self.num_codes, dtype)

    def compute_output_spec(self, z, output="codes", training=None):
        _check_output(output)
        codes = keras.KerasTensor(z.shape, "float32")
        return {
            "codes": codes,
            "indices": keras.KerasTensor(z.shape[:-1], "int32"),
            "codes_and_loss": (codes, keras.KerasTensor((), "float32")),
        }[output]

    def get_config(self):
        names = "num_codes code_dim commitment decay restart seed".split()
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **own}


def _nearest(z, codebook):
    """Indices of the codes at the least distance.

    The squared distance is `|z|^2 + |e|^2 - 2 z . e`, and `|z|^2` is the same
    for all codes.
    """
    lengths = ops.sum(ops.square(codebook), axis=-1)
    scores = ops.matmul(z, ops.transpose(codebook)) - 0.5 * lengths
    return ops.cast(ops.argmax(scores, axis=-1), "int32")


def _distance(a, b):
    return ops.mean(ops.square(a - b))


def _check(num_codes, code_dim, commitment, decay, restart):
    for name, value, least in (
        ("num_codes", num_codes, 2),
        ("code_dim", code_dim, 1),
    ):
        if not isinstance(value, int) or value < least:
            raise ValueError(
                f"`{name}` must be an integer of at least {least}. "
                f"Received: {name}={value!r}"
            )
    if not commitment >= 0 or not 0 <= restart < 1:
        raise ValueError(
            "`commitment` must not be negative and `restart` in [0, 1). "
            f"Received: commitment={commitment!r}, restart={restart!r}"
        )
    if decay is None and restart or decay is not None and not 0 < decay < 1:
        raise ValueError(
            "`decay` must be in (0, 1), or `None` if there is no `restart`. "
            f"Received: decay={decay!r}, restart={restart!r}"
        )


def _check_output(output):
    if output not in _OUTPUTS:
        raise ValueError(
            f"`output` must be one of {_OUTPUTS}. Received: output={output!r}"
        )
