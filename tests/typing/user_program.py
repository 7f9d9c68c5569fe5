"""What users write, as mypy reads it: `nox -s lint` checks this strictly.

It is never run. Names that are not public, and types that are wrong, fail.
"""

from typing import Any
from typing import assert_type

import keras
import numpy as np

import keras_aegan
from keras_aegan import AdversarialModel
from keras_aegan import Part
from keras_aegan import anomaly
from keras_aegan import callbacks
from keras_aegan import data
from keras_aegan import layers
from keras_aegan import losses
from keras_aegan import metrics
from keras_aegan import models
from keras_aegan import penalties
from keras_aegan import tuners


class Plain(AdversarialModel):
    """A model of one's own: its table of parts is one of the public types."""

    parts = (keras_aegan.parts.GENERATOR, Part("critic", gives_logits=True))
    default_normalization = None

    def players(self) -> dict[str, list[Any]]:
        return {"critic": [self.critic], "generator": [self.generator]}


class Mean(metrics.SampleMetric):
    """A metric of one's own."""

    entries = ("mean", "spread")
    direction = {"mean": "max", "spread": "min"}

    def compare(self, real: Any, generated: Any) -> dict[str, float]:
        return {"mean": 0.0, "spread": 1.0}


def train(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    model = models.AEGAN.for_shape((28, 28, 1), num_classes=10, width=8)
    model.compile(
        loss={"adversarial": losses.Hinge(fake_weights=(1.0, 0.5))},
        penalties={"discriminator": [penalties.R1(1.0, interval=16)]},
        update="simultaneous",
        average=0.999,
    )
    grid = callbacks.SampleGrid("samples", x=x[:8])
    measure = callbacks.GenerationMetrics(x, [Mean(), metrics.PSNR()])
    model.fit(x, labels, callbacks=[grid, measure, callbacks.Diagnose(x)])
    prior = layers.NormalPrior(4, seed=1)
    assert_type(prior, layers.NormalPrior)
    samples: np.ndarray = model.generate(64, seed=1)
    return samples


def table(frame: Any) -> dict[str, Any]:
    rows = data.Table().fit(frame)
    detector = anomaly.AnomalyDetector(contamination=0.05)
    detector.fit(rows.transform(frame))
    return rows.network_options


def search(folder: str) -> Any:
    hypermodel = tuners.HyperAEGAN((28, 28, 1), max_parameters=2_000_000)
    several = tuners.HyperAdversarial([models.VAE, models.WAE], (6,))
    assert_type(keras_aegan.__version__, str)
    return keras.backend.backend(), hypermodel, several, folder
