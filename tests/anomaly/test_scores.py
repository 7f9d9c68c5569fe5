"""Scores by hand, of a linear model on columns that are standard already.

`first_number_autoencoder` has code 2 a, reconstruction (a, 0), hidden layer
(a, b) and logit a + b for a row (a, b).
"""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.covariance import EmpiricalCovariance
from small import STANDARD
from small import as_it_is
from small import quick
from small import rows

from keras_aegan import models
from keras_aegan.anomaly.outputs import ModelOutputs
from keras_aegan.anomaly.scores import Code

X = np.array([[1.0, 3.0], [-2.0, 1.0]])


@pytest.mark.parametrize(
    "score, expected",
    [
        # Half of b^2: the mean over two columns.
        ("reconstruction", [4.5, 0.5]),
        # The codes of STANDARD are 2, 2, -2, -2: variance 16 / 3.
        ("code", [4 / (16 / 3), 16 / (16 / 3)]),
        # Of four rows a single normal distribution, its covariance over n: 4.
        (
            "density",
            [
                0.5 * (np.log(2 * np.pi * 4) + 4 / 4),
                0.5 * (np.log(2 * np.pi * 4) + 16 / 4),
            ],
        ),
        # The code of (a, 0) is that of (a, b).
        ("latent", [0.0, 0.0]),
        ("features", [4.5, 0.5]),
        ("logit", [-4.0, 1.0]),
        ("fanogan", [9.0, 1.0]),
        ("alad_l1", [3.0, 1.0]),
        ("alad_l2", [3.0, 1.0]),
    ],
)
def test_scores_of_a_linear_model(score, expected):
    detector = as_it_is(score).fit(STANDARD)
    found = detector.decision_function(X)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_combined_is_the_sum_of_two_tails():
    detector = as_it_is("combined", random_state=0).fit(STANDARD)
    # Errors (0, b): deviations .1 / sqrt(2) (the floor) and 1, so the mean of
    # squares is b^2 / 2 = .5 for all training rows, whose p is 1: no evidence.
    # Rows with b = 1 have that error, and at a = 1 and -1, where the training
    # rows' reconstructions are, as much evidence as these.
    score = detector.members_[0].score
    np.testing.assert_allclose(
        score.arrays["deviation"], [np.sqrt(0.005), 1.0], rtol=1e-5
    )
    trained = detector.decision_scores_
    np.testing.assert_allclose(trained[:2], trained[0])
    higher = detector.decision_function([[1.0, 2.0], [1.0, 3.0]])
    assert trained[0] < higher[0] < higher[1]


def test_the_distance_of_codes_is_that_of_scikit_learn():
    model = models.AEGAN.for_shape((3,), latent_dim=2, width=4)
    x = rows().astype("float32")
    outputs = ModelOutputs(model, x)
    score = Code()
    score.fit(outputs, None)
    # scikit-learn divides the covariance by n, not n - 1.
    expected = EmpiricalCovariance().fit(outputs.codes).mahalanobis(
        outputs.codes
    ) * (1 - 1 / len(x))
    np.testing.assert_allclose(score(outputs), expected, rtol=1e-4)


def test_the_density_of_codes_is_that_of_scipy():
    """Two clusters: what lies between them is odd, and not by `code`."""
    rng = np.random.default_rng(0)
    clusters = np.repeat([[-5.0, 0.0], [5.0, 1.0]], 500, axis=0)
    x = clusters + rng.normal(size=clusters.shape)
    detector = as_it_is("density", random_state=0).fit(x)
    member = detector.members_[0]
    arrays = member.score.arrays
    codes = ModelOutputs(member.model, member.scaling(x)).codes
    density = sum(
        w * norm.pdf(codes[:, 0], m[0], 1 / abs(p[0, 0]))
        for w, m, p in zip(
            *(arrays[k] for k in ("weights", "means", "whitening"))
        )
    )
    found = member.score(ModelOutputs(member.model, member.scaling(x)))
    np.testing.assert_allclose(found, -np.log(density), rtol=1e-4, atol=1e-4)
    between = np.array([[0.0, 0.5]])
    assert detector.decision_function(between) > np.quantile(found, 0.99)
    by_code = as_it_is("code", random_state=0).fit(x)
    assert by_code.decision_function(between) < 0.1


def test_ganomaly_and_alad_have_the_scores_of_their_models():
    for name, score in ("GANomaly", "ganomaly"), ("ALAD", "alad_features"):
        detector = quick(model=name, score=score).fit(rows())
        [member] = detector.members_
        x = rows(seed=1)
        np.testing.assert_allclose(
            detector.decision_function(x),
            member.model.anomaly_score(member.scaling(x)),
            rtol=1e-4,
        )


def test_the_pair_discriminators_logit():
    detector = quick(model="ALAD", score="alad_logits").fit(rows())
    [member] = detector.members_
    x = member.scaling(rows(10))
    pairs = [x, member.model.reconstruct(x)]
    logits = member.model.run_network(
        member.model.pair_discriminator, pairs, 32, 0
    )[:, 0]
    # -log of the sigmoid, written out.
    expected = np.log(1 + np.exp(-np.asarray(logits, "float64")))
    found = detector.decision_function(rows(10))
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_score_that_the_model_cannot_give():
    with pytest.raises(ValueError, match="no encoder"):
        quick(model="GAN").fit(rows())
    with pytest.raises(ValueError, match="second_encoder"):
        quick(score="ganomaly").fit(rows())
    assert quick(model="GAN", score="logit").fit(rows()).labels_.sum() > 0


def test_the_map_has_the_mean_of_the_error():
    detector = as_it_is("reconstruction").fit(STANDARD)
    found = detector.decision_map(X)
    np.testing.assert_allclose(found, [[0.0, 9.0], [0.0, 1.0]], atol=1e-6)
    images = np.random.default_rng(0).uniform(0, 255, size=(20, 8, 8, 3))
    detector = quick(score="reconstruction", latent_dim=2).fit(images)
    maps = detector.decision_map(images)
    assert maps.shape == (20, 8, 8)
    np.testing.assert_allclose(
        maps.mean(axis=(1, 2)), detector.decision_scores_, rtol=1e-5
    )
    series = np.random.default_rng(0).normal(size=(20, 16, 1))
    detector = quick(score="reconstruction", latent_dim=2).fit(series)
    assert detector.decision_map(series[:3]).shape == (3, 16)
