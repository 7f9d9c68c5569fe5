"""Checks of a detector's rows and arguments."""

import numpy as np

from keras_aegan import validation
from keras_aegan.anomaly.names import SCORES
from keras_aegan.anomaly.requirement import validate_data


def check_rows(detector, X, is_fit: bool = False) -> np.ndarray:
    """Rows as an array of finite float64 numbers.

    scikit-learn looks at columns, their names and NaN, and words the errors.

    Args:
        detector: `AnomalyDetector`, which at `fit` learns columns and shape.
        X: Array or frame.
        is_fit: Boolean.

    Raises:
        ValueError: if they are anything else, or not like those of `fit`.
    """
    X = validate_data(
        detector,
        X,
        reset=is_fit,
        dtype="float64",
        allow_nd=True,
        ensure_min_samples=2 if is_fit else 1,
    )
    if is_fit:
        detector.sample_shape_ = X.shape[1:]
    elif X.shape[1:] != detector.sample_shape_:
        sizes = ", ".join(map(str, detector.sample_shape_))
        raise ValueError(
            f"`X` must have the shape (samples, {sizes}), as at `fit`. "
            f"Received: an array of shape {X.shape}"
        )
    return X


def check_parameters(detector) -> None:
    """Raise if an argument of a detector's constructor is not as documented.

    Args:
        detector: `AnomalyDetector`.
    """
    integer, number = validation.check_integer, validation.check_number
    validation.check_in("score", detector.score, SCORES)
    validation.check_in(
        "threshold", detector.threshold, ("quantile", "conformal")
    )
    number("contamination", detector.contamination, 0, 0.5, "lower")
    number("alpha", detector.alpha, 0, 1, "both")
    number("calibration", detector.calibration, 0, 1, "both")
    number("trim", detector.trim, 0, 1, "upper")
    integer("members", detector.members)
    integer("width", detector.width)
    integer("steps", detector.steps, minimum=0)
    integer("batch_size", detector.batch_size)
    if detector.latent_dim is not None:
        integer("latent_dim", detector.latent_dim)
