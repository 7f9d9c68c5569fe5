"""The detector as a user meets it."""

import copy
import functools
import pickle
import random

import keras
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import check_estimator
from small import as_it_is
from small import planted
from small import quick
from small import rows

from keras_aegan import models
from keras_aegan.anomaly import AnomalyDetector
from keras_aegan.anomaly import training

ANOMALIES = np.arange(200) < 5
METHODS = (
    "decision_function",
    "predict",
    "predict_proba",
    "p_values",
    "decision_map",
)


@pytest.fixture(scope="module")
def fitted():
    return quick(steps=20, width=8, contamination=0.025).fit(planted())


# === Finding ===


@pytest.mark.every_backend
def test_planted_anomalies_are_found(fitted):
    np.testing.assert_array_equal(fitted.labels_, ANOMALIES)
    # PyOD: higher is odder, the threshold a percentile of training scores.
    expected = np.percentile(fitted.decision_scores_, 97.5)
    assert fitted.threshold_ == pytest.approx(expected)
    scores = fitted.decision_function(planted())
    np.testing.assert_allclose(scores, fitted.decision_scores_, rtol=1e-6)
    np.testing.assert_array_equal(fitted.predict(planted()), ANOMALIES)


def test_a_detector_is_frozen(fitted):
    """What later rows are like changes neither scores nor threshold."""
    before = fitted.threshold_
    far = planted() * 100
    alone = fitted.decision_function(rows(1))
    together = fitted.decision_function(np.concatenate([rows(1), far]))
    np.testing.assert_allclose(together[:1], alone, rtol=1e-6)
    assert fitted.threshold_ == before
    assert fitted.predict(far[:5]).tolist() == [1] * 5
    # Beyond all that was seen the further row still is the odder.
    scores = fitted.decision_function(far[:1] * [[1.0], [10.0]])
    assert scores[0] < scores[1]


def test_probabilities_are_those_of_pyod(fitted):
    scores = fitted.decision_scores_[:, None]
    expected = MinMaxScaler().fit_transform(scores)[:, 0]
    found = fitted.predict_proba(planted())
    np.testing.assert_allclose(found[:, 1], expected, atol=1e-6)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert fitted.predict_proba(planted() * 100)[:, 1].max() == 1.0


def test_false_alarms_on_new_normal_rows():
    """The stated rate, within four deviations of calibration and test."""
    detector = quick(threshold="conformal", alpha=0.1, calibration=0.5)
    detector.fit(rows(800))
    assert len(detector.calibration_scores_) == 400
    new = rows(4000, seed=1)
    rate = detector.predict(new).mean()
    spread = np.hypot(stats.beta(40, 361).std(), np.sqrt(0.09 / 4000))
    assert abs(rate - 0.1) < 4 * spread
    np.testing.assert_array_equal(
        detector.predict(new), detector.p_values(new) <= 0.1
    )


def test_training_can_leave_out_the_oddest(monkeypatch):
    seen = []

    def train(self, model, x, *args):
        seen.append(x)

    monkeypatch.setattr(training.Trainer, "train", train)
    x = planted()
    detector = as_it_is("reconstruction", wae, trim=0.025, members=1).fit(x)
    assert [len(each) for each in seen] == [200, 195]
    # An untrained network rebuilds those worst that are furthest from 0.
    scaled = detector.members_[0].scaling(x)
    np.testing.assert_array_equal(seen[1], scaled[~ANOMALIES])


def wae(shape):
    return models.WAE.for_shape(shape, latent_dim=2, width=4)


@pytest.mark.parametrize("model", ["VAE", models.Autoencoder, wae, None])
def test_models_by_name_class_and_function(model):
    detector = quick(model=model).fit(planted())
    assert detector.labels_.sum() == 20
    assert np.isfinite(detector.decision_scores_).all()


@pytest.mark.parametrize(
    "model, programs",
    [("WAE", 1), (models.WAE, 1), (wae, 2), (functools.partial(wae), 2)],
    ids=["name", "class", "function", "partial"],
)
def test_only_models_that_are_made_alike_share_a_program(
    model, programs, monkeypatch
):
    """A function may make another network each time it is called."""
    trainers = []
    monkeypatch.setattr(
        training.Trainer, "train", lambda self, *args: trainers.append(self)
    )
    quick(model=model, score="reconstruction", members=2).fit(planted())
    assert len(trainers) == 2
    assert len(set(trainers)) == programs


@pytest.mark.every_backend
def test_a_model_is_copied():
    model = models.VAE.for_shape((3,), latent_dim=2, width=4)
    before = [np.array(w) for w in model.get_weights()]
    detector = quick(model=model).fit(planted())
    for old, new in zip(before, model.get_weights()):
        np.testing.assert_array_equal(old, new)
    trained = detector.members_[0].model.get_weights()
    assert any(not np.array_equal(a, b) for a, b in zip(before, trained))


def test_images_in_the_range_of_tanh_and_series():
    images = np.random.default_rng(0).integers(0, 256, size=(20, 8, 8, 1))
    detector = quick(latent_dim=2).fit(images)
    scaled = detector.members_[0].scaling(images.astype("float64"))
    assert scaled.min() == -1 and scaled.max() == 1
    series = np.random.default_rng(0).normal(size=(20, 16, 2))
    assert quick(latent_dim=2).fit_predict(series).sum() == 2
    with pytest.raises(ValueError, match=r"\(samples, 8, 8, 1\)"):
        detector.predict(images[:, :, :4])


# === One run is like the other ===


@pytest.mark.every_backend
def test_a_seed_gives_the_same_detector_and_leaves_others_alone():
    x = planted()
    keras.utils.set_random_seed(3)
    states = random.getstate(), np.random.get_state()[1].tolist()
    first = quick().fit(x).decision_scores_
    assert random.getstate() == states[0]
    assert np.random.get_state()[1].tolist() == states[1]
    keras.utils.set_random_seed(4)
    np.testing.assert_array_equal(quick().fit(x).decision_scores_, first)
    other = quick(random_state=1).fit(x).decision_scores_
    assert not np.allclose(other, first)


@pytest.mark.every_backend
def test_save_and_load(fitted, tmp_path):
    fitted.save(tmp_path / "detector.zip")
    loaded = AnomalyDetector.load(tmp_path / "detector.zip")
    x = rows(30, seed=2)
    for method in METHODS:
        np.testing.assert_allclose(
            getattr(loaded, method)(x), getattr(fitted, method)(x), rtol=1e-6
        )
    assert loaded.get_params() == fitted.get_params()
    assert loaded.threshold_ == fitted.threshold_
    np.testing.assert_array_equal(loaded.labels_, fitted.labels_)
    assert [p.name for p in tmp_path.iterdir()] == ["detector.zip"]


def test_save_what_cannot_be_named(tmp_path):
    frame = pd.DataFrame(rows(), columns=list("abc"))
    model = models.VAE.for_shape((3,), latent_dim=2, width=4)
    detector = as_it_is("code", model, threshold="conformal").fit(frame)
    detector.save(tmp_path / "detector")
    loaded = AnomalyDetector.load(tmp_path / "detector")
    assert isinstance(loaded.model, models.VAE)
    assert loaded.feature_names_in_.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(loaded.p_values(frame), detector.p_values(frame))


def test_load_something_else(tmp_path):
    (tmp_path / "text").write_text("nothing")
    for name in ("text", "missing"):
        with pytest.raises(ValueError, match="must be a file that"):
            AnomalyDetector.load(tmp_path / name)
    with pytest.raises(NotFittedError):
        AnomalyDetector().save(tmp_path / "detector")


def test_pickle_and_copy(fitted):
    x = rows(20, seed=3)
    for other in (pickle.loads(pickle.dumps(fitted)), copy.deepcopy(fitted)):
        np.testing.assert_allclose(
            other.decision_function(x),
            fitted.decision_function(x),
            rtol=1e-6,
        )


# === scikit-learn ===

EXPECTED = {
    "check_outliers_train": "1 and 0, and higher scores for odder rows, are "
    "PyOD's convention and not that of scikit-learn's outlier detectors",
    "check_outliers_fit_predict": "the same",
    "check_fit_score_takes_y": "`score` is an argument, not a method",
    "check_n_features_in_after_fitting": "the same; see "
    "`test_other_columns_than_at_fit`",
    "check_pipeline_consistency": "the same; see `test_in_a_pipeline`",
}


def test_scikit_learns_checks():
    # Untrained: more than a hundred fits would compile as many programs.
    detector = quick(steps=0)
    results = check_estimator(
        detector, expected_failed_checks=EXPECTED, on_skip=None
    )
    assert len(results) > 40
    failed = {r["check_name"] for r in results if r["status"] == "xfail"}
    assert failed == set(EXPECTED)


def test_clone_and_parameters():
    detector = AnomalyDetector("VAE", score="code", trim=0.1)
    assert clone(detector).get_params() == detector.get_params()
    assert detector.set_params(score="latent").score == "latent"
    model = models.VAE.for_shape((3,), latent_dim=2, width=4)
    copied = clone(AnomalyDetector(model)).model
    assert copied is not model
    for a, b in zip(model.get_weights(), copied.get_weights()):
        np.testing.assert_array_equal(a, b)


def test_in_a_search():
    search = GridSearchCV(
        quick(steps=0), {"score": ["code", "logit"]}, scoring="roc_auc", cv=2
    )
    x, y = planted(), ANOMALIES.astype(int)
    order = np.random.default_rng(0).permutation(200)
    search.fit(x[order], y[order])
    train, test = next(KFold(2).split(x[order]))
    scores = search.cv_results_["split0_test_score"]
    for score, found in zip(("code", "logit"), scores):
        own = quick(steps=0, score=score).fit(x[order][train])
        expected = roc_auc_score(
            y[order][test], own.decision_function(x[order][test])
        )
        assert found == pytest.approx(expected)


def test_in_a_pipeline():
    pipeline = make_pipeline(MinMaxScaler(), quick()).fit(planted())
    own = quick().fit(MinMaxScaler().fit_transform(planted()))
    np.testing.assert_allclose(
        pipeline.decision_function(rows(9)),
        own.decision_function(MinMaxScaler().fit(planted()).transform(rows(9))),
        rtol=1e-6,
    )
    assert pipeline.predict(rows(9)).shape == (9,)
    assert pipeline.predict_proba(rows(9)).shape == (9, 2)


# === Bad input ===


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_is_refused_everywhere(fitted, method, value):
    x = rows(5)
    x[2, 1] = value
    with pytest.raises(ValueError, match="NaN|infinity"):
        getattr(fitted, method)(x)
    with pytest.raises(ValueError, match="NaN|infinity"):
        quick().fit(x)


@pytest.mark.parametrize("method", METHODS)
def test_other_columns_than_at_fit(fitted, method):
    with pytest.raises(ValueError, match="4 features.* expecting 3"):
        getattr(fitted, method)(rows(5, 4))
    with pytest.raises(NotFittedError):
        getattr(AnomalyDetector(), method)(rows(5))


def test_frames_have_the_columns_of_fit():
    frame = pd.DataFrame(rows(), columns=list("abc"))
    detector = quick(steps=0).fit(frame)
    assert detector.feature_names_in_.tolist() == ["a", "b", "c"]
    for other in (frame[["b", "a", "c"]], frame.rename(columns={"a": "d"})):
        with pytest.raises(ValueError, match="feature names should match"):
            detector.predict(other)
    with pytest.warns(UserWarning, match="valid feature names"):
        detector.predict(frame.to_numpy())


@pytest.mark.parametrize(
    "x, match",
    [
        (rows(1), "minimum of 2 is required"),
        (rows(0), "minimum of 2 is required"),
        (rows()[:, 0], "Expected 2D array"),
        ([["a", "b"], ["c", "d"]], "could not convert string"),
        (np.zeros((5, 4, 1)), "at least 8"),
    ],
    ids=["one row", "none", "one axis", "text", "short series"],
)
def test_rows_that_are_none(x, match):
    with pytest.raises(ValueError, match=match):
        quick().fit(x)


@pytest.mark.parametrize(
    "name, value",
    [
        ("contamination", 0.0),
        ("contamination", 0.51),
        ("contamination", "auto"),
        ("threshold", "median"),
        ("score", "likelihood"),
        ("alpha", 1.0),
        ("calibration", 0.0),
        ("trim", 1.0),
        ("members", 0),
        ("width", 0),
        ("steps", -1),
        ("batch_size", 1.5),
        ("latent_dim", 0),
        ("model", "NoSuchModel"),
        ("model", 3),
        ("model", dict),
    ],
)
def test_arguments_that_are_none(name, value):
    with pytest.raises(ValueError, match="Received"):
        quick(**{name: value}).fit(rows())


def test_models_for_something_else():
    other = models.VAE.for_shape((4,), latent_dim=2, width=4)
    with pytest.raises(ValueError, match="Received: a model for"):
        quick(model=other).fit(rows())
    with pytest.raises(ValueError, match="Received: a model for tokens"):
        quick(model=lambda shape: tokens(), score="code").fit(rows())


def tokens():
    return models.ARAE.for_shape((8,), vocabulary_size=5, latent_dim=2, width=4)


def test_a_model_that_diverged_gives_no_score():
    model = models.VAE.for_shape((3,), latent_dim=2, width=4)
    for weight in model.trainable_variables:
        weight.assign(np.full(weight.shape, np.nan))
    with pytest.raises(ValueError, match="diverged"):
        as_it_is("reconstruction", model).fit(rows())


def test_constant_columns_few_rows_and_many_columns():
    x = rows()
    x[:, 1] = 7.0
    detector = quick().fit(x)
    odd = rows(1, seed=5)
    odd[:, 1] = 7.0
    usual = detector.decision_function(odd)
    odd[:, 1] = 70.0
    assert detector.decision_function(odd) > usual
    for shape in ((2, 3), (5, 300), (20, 1)):
        scores = quick().fit(rows(*shape)).decision_scores_
        assert np.isfinite(scores).all(), shape
    assert np.isfinite(quick().fit(np.ones((9, 2))).decision_scores_).all()
