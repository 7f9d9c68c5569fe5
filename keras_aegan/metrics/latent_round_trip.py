"""How well the encoder inverts the generator."""

import keras

from keras_aegan.arrays import array_or_tensor
from keras_aegan.metrics.reconstruction_metric import check_pair


@keras.saving.register_keras_serializable(package="keras_aegan")
class LatentRoundTrip(keras.metrics.MeanSquaredError):
    """Mean squared error of codes that are decoded and encoded again.

    `mean |z - E(G(z))|^2 / latent_dim` over codes z of the prior. 0 is best;
    for a prior of mean 0 and variance 1 an encoder that always gives 0 has 1.

    Args:
        name: String.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        ValueError: on use if the codes differ in shape, or are no real numbers.

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

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add codes of the prior and those that they come back as."""
        y_true, y_pred = (
            array_or_tensor(name, x)
            for name, x in zip(self.inputs, (y_true, y_pred))
        )
        check_pair(self.inputs, y_true, y_pred)
        return super().update_state(y_true, y_pred, sample_weight)
