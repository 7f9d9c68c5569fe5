"""How well the encoder inverts the generator."""

import keras


@keras.saving.register_keras_serializable(package="keras_aegan")
class LatentRoundTrip(keras.metrics.MeanSquaredError):
    """Mean squared error of codes that are decoded and encoded again.

    `mean |z - E(G(z))|^2 / latent_dim` over codes z of the prior. 0 is best;
    for a prior of mean 0 and variance 1 an encoder that always gives 0 has 1.

    Args:
        name: String.
        dtype: As in `keras.metrics.Metric`.

    Example:

    >>> z = np.ones((8, 2))
    >>> float(LatentRoundTrip()(z, 0.5 * z))
    0.25
    """

    inputs = ("prior_codes", "returned_codes")

    def __init__(
        self, name: str = "latent_round_trip", dtype: str | None = None
    ):
        super().__init__(name=name, dtype=dtype)
