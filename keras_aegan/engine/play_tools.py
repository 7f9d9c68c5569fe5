"""What the `play` of a model is written with, beside `call_stacked` ...

Methods of `AdversarialModel`. All of it is about the turn that is being
played, and an error outside.
"""

from keras import ops

from keras_aegan.arrays import weigh
from keras_aegan.engine.turn import current_turn
from keras_aegan.layers.conditional import current_condition


def discriminate(
    model,
    term: str,
    discriminator,
    real,
    fakes: list,
    extractor=None,
    is_weighted: bool = True,
):
    """What a discriminator says of real samples and fakes.

    Its `discriminator_loss` and `generator_loss` are functions that
    compute both sides of the loss of `term`; there are also
    `swapped_loss`, `logits` and `features`. `logits` leaves out a source of
    fakes whose weights in the loss are 0 on both sides, `features` does not.

    Args:
        term: Name of the generator's term.
        discriminator: One of the players' networks, or a list of them
            that are called one after the other.
        real: Batch of real samples, or a tuple of batches.
        fakes: List of batches of fakes.
        extractor: Result of `keras_aegan.feature_extractor(discriminator)`,
            if `features` is needed.
        is_weighted: Boolean, whether `real` has the weights that samples
            of the batch have in `fit`. `False` where it is made of
            something else, such as codes of the prior.
    """
    return current_turn().discriminate(
        term, discriminator, real, fakes, extractor, is_weighted
    )


def compare(model, term: str, target, prediction, is_weighted: bool = True):
    """The loss of `term` between two tensors, a scalar in float32.

    Args:
        term: Name of the term.
        target: Tensor, `(batch_size, ...)`.
        prediction: Tensor.
        is_weighted: Boolean, whether each pair has the weight that its
            sample of the batch has in `fit`. `False` where it is made of
            something else, such as codes of the prior.

    Raises:
        ValueError: if samples have weights, and the loss has no value for
            each of them.
    """
    return current_turn().compare(term, target, prediction, is_weighted)


def weighted(model, values):
    """Values of the batch's samples, times the weights these have.

    `ops.mean(self.weighted(values))` is to a term without a Keras loss
    what `compare` is to others.

    Args:
        values: Tensor, `(batch_size, ...)`.
    """
    return weigh(values, current_turn().sample_weight)


def keep_codes(model, codes):
    """Let `code_prior` take in the codes of the batch; return them.

    It then samples near them, which is what `generate` does after training.
    In evaluations nothing is kept, nor where it knows classes, by
    `fit_prior`, and the batch has no labels.

    Args:
        codes: Tensor `(batch_size, latent_dim)`, the codes of real samples;
            if the encoder is variational, their means.
    """
    prior, turn = model.code_prior, current_turn()
    if prior is not None and turn.takes_codes:
        labels = current_condition() if prior.num_classes > 1 else None
        if labels is not None or prior.num_classes == 1:
            prior.collect(ops.stop_gradient(codes), labels)
            turn.has_codes = True
    return codes


def sample_weight(model):
    """Weights of the batch's samples, `(batch_size,)`, or `None`."""
    return current_turn().sample_weight


def corrupted(model, x):
    """What the encoder sees: `x`, or what `fit(noisy, x)` has for it."""
    return current_turn().corrupted(x)


def step(model):
    """How many steps came before this one, a scalar for schedules."""
    return current_turn().step
