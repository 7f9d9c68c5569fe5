"""One turn of a step: what `play` may ask, and what it leaves behind."""

import contextlib
import contextvars

import keras
from keras import ops

from keras_aegan.arrays import weigh
from keras_aegan.engine.discrimination import Discrimination

_TURN = contextvars.ContextVar("turn", default=None)


class Turn:
    """What travels through one turn of a step.

    `play` takes samples and labels only, so that a model reads like its
    paper. What else it needs, it finds in the turn that is being played:
    the functions of `play_tools.py` ask for it.

    Args:
        terms: `Terms`.
        players: Names of the players that move.
        step: Scalar, how many steps came before this one.
        due: Intervals of lazy penalties that end with this step, or `None`
            for a step in which every penalty counts once.
        is_training: Boolean; in evaluation nobody moves.
        separate_calls: Boolean, see `Discrimination`.
        stage: String, the stage of training, or `None` in evaluation and for
            models without stages.

    Attributes:
        discriminations: List of the `Discrimination`s of the last evaluation
            of `play`, which penalties and diagnostics look at.
        noisy: Batch of samples to be denoised, or `None` for none.
        sample_weight: Weights of the samples, `(batch_size,)` in float32, or
            `None` for none.
        takes_codes: Boolean, whether no turn before in this step has kept the
            codes of the batch.
        has_codes: Boolean, whether this one has.
    """

    def __init__(
        self,
        terms,
        players,
        step,
        due=None,
        is_training=True,
        separate_calls=False,
        stage=None,
    ):
        self.terms = terms
        self.players = list(players)
        self.step = step
        self.due = due
        self.is_training = is_training
        self.separate_calls = separate_calls
        self.stage = stage
        self.noisy = None
        self.sample_weight = None
        self.takes_codes = is_training
        self.has_codes = False
        self.discriminations = []
        # Read once for the turn, outside of what is differentiated.
        self.weights = {t: terms.weight(t, step) for t in terms.weights}

    def discriminate(
        self, term, discriminator, real, fakes, extractor, is_weighted
    ):
        """A `Discrimination` with the loss of `term`, kept for penalties."""
        discrimination = Discrimination(
            self.terms.functions[term],
            discriminator,
            real,
            fakes,
            extractor,
            self.separate_calls,
            self.sample_weight if is_weighted else None,
        )
        # Penalties are computed after `play`, on what it has left here.
        self.discriminations.append(discrimination)
        return discrimination

    def compare(self, term, target, prediction, is_weighted):
        """The mean of a Keras loss between two tensors, in float32."""
        function = self.terms.functions[term]
        pair = ops.cast(target, "float32"), ops.cast(prediction, "float32")
        if self.sample_weight is None or not is_weighted:
            return ops.mean(function(*pair))
        is_object = isinstance(function, keras.losses.Loss)
        values = function.call(*pair) if is_object else function(*pair)
        try:
            weighed = weigh(values, self.sample_weight)
        except ValueError as error:
            raise ValueError(
                f"The loss of {term!r} cannot weigh samples: it must give a "
                "value for each. Received: values of shape "
                f"{tuple(values.shape)}"
            ) from error
        if not is_object:
            return ops.mean(weighed)
        # By Keras' own reduction. It multiplies by weights of as many axes as
        # there are axes of values: of fewer it would take other axes.
        shape = (-1, *[1] * (len(values.shape) - 1))
        weights = ops.reshape(self.sample_weight, shape)
        return ops.mean(function(*pair, sample_weight=weights))

    def corrupted(self, x):
        """What an encoder sees of the real samples `x`."""
        return x if self.noisy is None else self.noisy

    @contextlib.contextmanager
    def scope(self):
        """Inside this context the turn is the one that is being played.

        A context variable, so that models in several threads do not see each
        other's turns.
        """
        token = _TURN.set(self)
        try:
            yield self
        finally:
            _TURN.reset(token)


def current_turn() -> Turn:
    """The turn that is being played.

    Raises:
        RuntimeError: if none is.
    """
    turn = _TURN.get()
    if turn is None:
        raise RuntimeError(
            "`discriminate`, `compare`, `weighted`, `corrupted` and `step` "
            "belong in `play` or `gates`, which a training or test step calls. "
            "Received: a call outside"
        )
    return turn
