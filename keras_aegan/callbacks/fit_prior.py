"""A callback that fits the distribution of codes to generate from."""

import keras
import numpy as np

from keras_aegan import validation


class FitPrior(keras.callbacks.Callback):
    """Calls `model.fit_prior` at the end of a `fit`, and in between.

    Samples are then drawn from where the codes of data lie. Put it before
    callbacks that generate. Models that keep codes while they train (those
    with `follows_codes`) need it for other data or a mixture only.

    Args:
        x: Array of samples, `(samples, ...)`, such as the training data.
        labels: As in `fit_prior`.
        components: As in `fit_prior`.
        bandwidth: As in `fit_prior`.
        every: Positive integer: also after each so many epochs. `None` for the
            end only.

    Raises:
        ValueError: at once if `every` is not a positive integer; at the
            beginning of `fit` if there is an `every` and the model's
            `code_prior` is of another kind, which cannot change while
            compiled steps run.

    Example:

    >>> from keras_aegan.models import BiGAN
    >>> x = np.random.default_rng(0).normal(size=(64, 6)).astype("float32")
    >>> model = BiGAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(x, verbose=0, callbacks=[FitPrior(x)])
    >>> type(model.code_prior).__name__
    'KernelPrior'
    """

    def __init__(
        self,
        x: np.ndarray,
        labels: np.ndarray | None = None,
        components: int | None = None,
        bandwidth: float | None = None,
        every: int | None = None,
    ):
        super().__init__()
        if every is not None:
            every = validation.check_integer("every", every)
        self.every = every
        self._arguments = {
            "x": x,
            "labels": labels,
            "components": components,
            "bandwidth": bandwidth,
        }

    def on_train_begin(self, logs=None):
        if self.every is None:
            return
        before = self.model.code_prior
        self.model.fit_prior(**self._arguments)
        if self.model.code_prior is not before:
            raise ValueError(
                "`FitPrior(every=...)` cannot give the model another kind of "
                "`code_prior` during `fit`. Now it has one: call `fit` again, "
                "or `fit_prior` with the same arguments before it. "
                f"Received: every={self.every}"
            )

    def on_epoch_end(self, epoch, logs=None):
        if self.every is not None and (epoch + 1) % self.every == 0:
            self.model.fit_prior(**self._arguments)

    def on_train_end(self, logs=None):
        self.model.fit_prior(**self._arguments)
