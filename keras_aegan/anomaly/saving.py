"""Detectors in one file: models, arrays and plain values, no pickle."""

import inspect
import io
import json
import os
import pathlib
import tempfile
import zipfile

import keras
import numpy as np

from keras_aegan import files
from keras_aegan import models
from keras_aegan.anomaly.member import Member
from keras_aegan.anomaly.names import SCORES
from keras_aegan.anomaly.scaling import Scaling

_FORMAT = "keras_aegan.anomaly 1"
_FITTED = ("decision_scores_", "labels_", "calibration_scores_")


def save(detector, path: str | os.PathLike) -> None:
    """Write a fitted detector to a file, which is whole or not there.

    Args:
        detector: `AnomalyDetector`.
        path: Path of the file, a zip archive.
    """
    path = pathlib.Path(path)
    files.make_writable("path", path, kind="file")
    arrays = {name: getattr(detector, name) for name in _FITTED}
    for i, member in enumerate(detector.members_):
        for kind in ("scaling", "score"):
            own = getattr(member, kind).arrays
            arrays |= {f"member_{i}/{kind}/{k}": v for k, v in own.items()}
    text = json.dumps(_description(detector), indent=1)
    with (
        files.replacing(path) as unfinished,
        zipfile.ZipFile(unfinished, "x", zipfile.ZIP_DEFLATED) as archive,
        tempfile.TemporaryDirectory() as folder,
    ):
        archive.writestr("detector.json", text)
        np.savez(file := io.BytesIO(), **arrays)
        archive.writestr("arrays.npz", file.getvalue())
        for i, member in enumerate(detector.members_):
            name = f"model_{i}.keras"
            member.model.save(pathlib.Path(folder) / name)
            archive.write(pathlib.Path(folder) / name, name)


def load(cls, path: str | os.PathLike):
    """The detector in a file that `save` wrote.

    Args:
        cls: `AnomalyDetector`.
        path: Path of the file.

    Raises:
        ValueError: if there is none.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            described = json.loads(archive.read("detector.json"))
            if described.get("format") != _FORMAT:
                raise KeyError(f"format {described.get('format')!r}")
            with np.load(io.BytesIO(archive.read("arrays.npz"))) as found:
                arrays = dict(found)
            networks = _models(archive, described["members"])
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(
            "`path` must be a file that `AnomalyDetector.save` wrote. "
            f"Received: path={os.fspath(path)!r} ({error})"
        ) from error
    detector = cls(**described["parameters"])
    if described["model_is_first_member"]:
        detector.model = networks[0]
    for name in _FITTED:
        setattr(detector, name, arrays[name])
    for name, value in described["fitted"].items():
        setattr(detector, name, value)
    detector.sample_shape_ = tuple(detector.sample_shape_)
    if "feature_names_in_" in described["fitted"]:
        names = np.array(detector.feature_names_in_, dtype=object)
        detector.feature_names_in_ = names
    detector.members_ = [
        _member(network, described, arrays, f"member_{i}/")
        for i, network in enumerate(networks)
    ]
    return detector


def _description(detector):
    """Everything but arrays and models, as JSON has it."""
    parameters = detector.get_params(deep=False)
    model, state = parameters["model"], parameters["random_state"]
    if inspect.isclass(model) and getattr(models, model.__name__, 0) is model:
        model = model.__name__
    is_name = model is None or isinstance(model, str)
    parameters["model"] = model if is_name else None
    if not isinstance(state, (int, np.integer)):
        parameters["random_state"] = None
    fitted = {
        name: getattr(detector, name)
        for name in ("threshold_", "n_features_in_", "sample_shape_")
    }
    if hasattr(detector, "feature_names_in_"):
        fitted["feature_names_in_"] = list(detector.feature_names_in_)
    reach = detector.members_[0].scaling.reach
    return {
        "format": _FORMAT,
        "parameters": {k: _plain(v) for k, v in parameters.items()},
        "fitted": fitted,
        "members": len(detector.members_),
        "reach": None if reach is None else list(reach),
        # A function cannot be saved, and a model is there already.
        "model_is_first_member": not is_name,
    }


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value


def _models(archive, count):
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for i in range(count):
            path = archive.extract(f"model_{i}.keras", folder)
            found.append(keras.saving.load_model(path))
    return found


def _member(network, described, arrays, start):
    reach = described["reach"]
    scaling = Scaling(None if reach is None else tuple(reach))
    score = SCORES[described["parameters"]["score"]]()
    for kind, part in ("scaling", scaling), ("score", score):
        prefix = f"{start}{kind}/"
        part.arrays = {
            k.removeprefix(prefix): v
            for k, v in arrays.items()
            if k.startswith(prefix)
        }
    return Member(network, scaling, score)
