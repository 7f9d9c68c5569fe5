"""Models and hyperparameters sampled from a space, for its tests."""

import keras_tuner

SIZE = {"latent_dim": 4, "width": 2}


def values_of(**values):
    """Hyperparameters of which some have values."""
    hp = keras_tuner.HyperParameters()
    hp.values.update(values)
    return hp


def sample(hypermodel, **values):
    """The model of a hypermodel with the default of every other value."""
    return hypermodel.build(values_of(**values))


def samples(hypermodel, folder, count, kind=keras_tuner.RandomSearch):
    """Hyperparameters that one of KerasTuner's tuners samples."""
    tuner = kind(
        hypermodel,
        keras_tuner.Objective("reconstruction", "min"),
        max_trials=count,
        directory=folder,
        seed=0,
        max_consecutive_failed_trials=count,
    )
    tuner.oracle.verbose = 0
    for _ in range(count):
        trial = tuner.oracle.create_trial("tuner")
        if trial.status != "RUNNING":
            return
        yield trial.hyperparameters
        trial.status = "COMPLETED"
        tuner.oracle.update_trial(trial.trial_id, {"reconstruction": 1.0})
        tuner.oracle.end_trial(trial)


def game(model):
    """All that `compile` sets."""
    optimizers = [o.get_config() for o in model.optimizer.optimizers]
    for config in optimizers:
        config["learning_rate"] = round(config["learning_rate"], 8)
    return {
        "weights": {
            term: weight if isinstance(weight, float) else weight.get_config()
            for term, weight in model.game.rules.terms.weights.items()
        },
        "losses": {
            term: (type(loss), getattr(loss, "fake_weights", None))
            for term, loss in model.game.rules.terms.functions.items()
        },
        "penalties": {
            player: [(type(p), p.weight) for p in penalties]
            for player, penalties in model.penalties.items()
            if penalties
        },
        "plan": model.game.rules.plan,
        "optimizers": optimizers,
        "logs": model.means.names,
    }
