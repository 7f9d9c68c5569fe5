"""What goes on in a model's game on one batch, for diagnostics."""

from keras import ops

from keras_aegan import backend
from keras_aegan.engine import log_names


def inspection(model):
    """A function that measures a model's game on a batch.

    The batch is played once as in training, by all players at once, and
    nothing changes: no weight, no noise, no average.

    Args:
        model: A compiled `AdversarialModel`.

    Returns:
        Function from an array of samples `(batch_size, ...)` and one of
        labels, or `None`, to a dict from name to float. For each player that
        moves it has `<player>_gradient_norm`, and for each that owns a
        discriminator, over its discriminations, `<player>_real_logits` and
        `<player>_fake_logits` (means), `<player>_real_accuracy` and
        `<player>_fake_accuracy` (shares on the right side of the loss's
        `boundary`) and `<player>_discrimination_loss`.
    """
    run = backend.compile_function(model, lambda data: _results(model, data))

    def inspect(x, y=None):
        backend.attach_state(model)
        data = ops.convert_to_tensor(x)
        results = run(data if y is None else (data, ops.convert_to_tensor(y)))
        return {k: float(ops.convert_to_numpy(v)) for k, v in results.items()}

    return inspect


def _results(model, data):
    game, optimizer = model.game, model.optimizer
    players = game.rules.players()
    step = backend.read(optimizer.iterations)
    turn = game.turn(players, step, due=None)
    evaluation = game.losses(turn, *model.unpack(data))

    # With the measurements in place of the logs: both are computed from the
    # same logits, so the batch is played once.
    def function():
        losses, _ = evaluation()
        with turn.scope():
            return losses, _measurements(game, turn)

    weights = [*model.trainable_variables, *model.non_trainable_variables]
    results, gradients, _ = backend.gradients(
        function,
        {player: game.owned[player] for player in players},
        [(v, backend.read(v)) for v in weights],
        [],
    )
    for player, parts in gradients.items():
        squares = sum(ops.sum(ops.square(g)) for g in parts if g is not None)
        scale = optimizer.scale_loss(1.0, player)
        results[log_names.measurement_name(player, log_names.GRADIENT_NORM)] = (
            ops.sqrt(squares) / scale
        )
    return results


def _measurements(game, turn):
    """Means over the discriminations of each owner of a discriminator."""
    collected = {}
    for discrimination in turn.discriminations:
        last = discrimination.networks[-1]
        for player, networks in game.rules.networks.items():
            if any(network is last for network in networks):
                for kind, value in _measure(discrimination).items():
                    name = log_names.measurement_name(player, kind)
                    collected.setdefault(name, []).append(value)
    return {name: sum(v) / len(v) for name, v in collected.items()}


def _measure(discrimination):
    real, fakes = discrimination.logits()
    fake = [ops.reshape(f, (-1,)) for f in fakes]
    real = ops.cast(ops.reshape(real, (-1,)), "float32")
    fake = ops.cast(ops.concatenate(fake), "float32")
    means = ops.mean(real), ops.mean(fake)
    boundary = discrimination.boundary
    if boundary is None:
        boundary = (means[0] + means[1]) / 2.0
    return {
        log_names.REAL_LOGITS: means[0],
        log_names.FAKE_LOGITS: means[1],
        log_names.REAL_ACCURACY: ops.mean(ops.cast(real > boundary, "float32")),
        log_names.FAKE_ACCURACY: ops.mean(ops.cast(fake < boundary, "float32")),
        log_names.DISCRIMINATION_LOSS: discrimination.discriminator_loss(),
    }
