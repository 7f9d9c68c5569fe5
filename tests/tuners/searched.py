"""A tuner whose search took no time, for the tests of its report."""

import keras_tuner

from keras_aegan.models import GAN
from keras_aegan.tuners import HyperAdversarial

SCORES = [5.0, 3.0, 4.0, None, 1.0, 2.0, 6.0]


def tuner_with_trials(folder, input_shape=(8, 8, 1)):
    """Seven trials with `SCORES`, of which one failed; smaller is better."""
    hypermodel = HyperAdversarial(
        GAN,
        input_shape,
        space={"latent_dim": 2, "width": [2, 3], "dropout": 0.0},
        max_parameters=10_000,
    )
    tuner = keras_tuner.RandomSearch(
        hypermodel,
        keras_tuner.Objective("val_distance", "min"),
        max_trials=len(SCORES),
        directory=folder,
        project_name="<one>",
        seed=1,
    )
    tuner.oracle.verbose = 0
    for score in SCORES:
        trial = tuner.oracle.create_trial("tuner")
        if score is None:
            trial.status = "FAILED"
            trial.message = "Traceback\nDiverged: </script> is nan."
        else:
            model = hypermodel.build(trial.hyperparameters)
            path = tuner.get_trial_dir(trial.trial_id)
            model.save_weights(f"{path}/checkpoint.weights.h5")
            trial.status = "COMPLETED"
            metrics = {"val_distance": score}
            tuner.oracle.update_trial(trial.trial_id, metrics)
        tuner.oracle.end_trial(trial)
    return tuner
