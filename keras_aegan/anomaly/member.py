"""One of the trained models of a detector, with its scale and its score."""

import dataclasses

import keras
import numpy as np

from keras_aegan.anomaly import training
from keras_aegan.anomaly.names import SCORES
from keras_aegan.anomaly.outputs import ModelOutputs
from keras_aegan.anomaly.scaling import Scaling
from keras_aegan.anomaly.scores import Score
from keras_aegan.arrays import check_finite
from keras_aegan.engine.data_checks import output_range


@dataclasses.dataclass
class Member:
    """A model that gives samples a score.

    Attributes:
        model: `AdversarialModel`.
        scaling: `Scaling` of what the model gets.
        score: `Score` of what it says.
    """

    model: keras.Model
    scaling: Scaling
    score: Score

    def fit(
        self,
        x: np.ndarray,
        rng: np.random.Generator,
        trainer: training.Trainer,
        steps: int,
        trim: float,
    ) -> None:
        """Train the model and calibrate the score.

        Args:
            x: Array of samples.
            rng: Random generator.
            trainer: `Trainer` of the model.
            steps: As of the detector.
            trim: As of the detector.
        """
        x = self.scaling.fit(x)(x)
        parts = [steps]
        if trim > 0:
            parts = [steps // 2, steps - steps // 2]
        kept = x
        for i, part in enumerate(parts):
            trainer.train(self.model, kept, part, rng)
            outputs = ModelOutputs(self.model, x)
            self.score.fit(outputs, rng)
            if i + 1 < len(parts):
                scores = self.score(outputs)
                kept = x[scores <= np.quantile(scores, 1 - trim)]

    def scores(self, x: np.ndarray) -> np.ndarray:
        """Scores of samples, `(samples,)`.

        Args:
            x: Array of samples, as the detector gets them.

        Raises:
            ValueError: if the model has diverged.
        """
        scores = self.score(ModelOutputs(self.model, self.scaling(x)))
        return check_finite("scores, of a model that has diverged,", scores)

    def squared_errors(self, x: np.ndarray) -> np.ndarray:
        """Squared errors of reconstruction, of the shape of the samples.

        Args:
            x: As in `scores`.
        """
        x = self.scaling(x)
        errors = ModelOutputs(self.model, x).error ** 2
        return check_finite("errors", errors).reshape(x.shape)


def new_members(detector, x: np.ndarray, seeds) -> list[Member]:
    """The trained members of a detector, one for each seed.

    Args:
        detector: `AnomalyDetector`, whose arguments are used.
        x: Array of samples to train on.
        seeds: Sequence of integers.
    """
    is_final = isinstance(detector.model, keras.Model) and not detector.steps
    # Copies of a model that is not trained further are all the same.
    seeds = seeds[:1] if is_final else seeds
    arguments = detector.batch_size, detector.verbose
    shared = training.Trainer(*arguments)
    # A function need not make the same network or compile it alike each time.
    is_alike = detector.model is None or isinstance(
        detector.model, (str, type, keras.Model)
    )
    return [
        _new_member(
            *(detector, x, seed),
            shared if is_alike else training.Trainer(*arguments),
        )
        for seed in seeds
    ]


def _new_member(detector, x, seed, trainer):
    rng = np.random.default_rng(seed)
    with training.seeded(seed):
        model = training.new_model(
            detector.model, x.shape[1:], detector.latent_dim, detector.width
        )
        scaling = Scaling(output_range(model.generator))
        member = Member(model, scaling, SCORES[detector.score]())
        member.fit(x, rng, trainer, detector.steps, detector.trim)
    return member
