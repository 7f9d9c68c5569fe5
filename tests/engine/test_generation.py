"""Where the codes of new samples come from: `fit_prior`, `codes_from`."""

import keras
import numpy as np
import pytest
from keras import ops
from sklearn.mixture import GaussianMixture

from keras_aegan import callbacks
from keras_aegan.models import AEGAN
from keras_aegan.models import ALAE
from keras_aegan.models import GAN
from keras_aegan.models import WAE
from keras_aegan.models import BiGAN

LABELS = np.arange(64) % 2


def rows(count=64, seed=0):
    """Two clusters, by `LABELS`."""
    x = np.random.default_rng(seed).normal(size=(count, 6))
    return (x + 4 * (np.arange(count) % 2)[:, None]).astype("float32")


def new(cls=BiGAN, **kwargs):
    keras.utils.set_random_seed(0)
    model = cls.for_shape((6,), latent_dim=2, width=4, **kwargs)
    model.compile()
    return model


def test_a_fitted_prior_has_the_moments_of_codes():
    model, x = new(), rows(400)
    before = model.sample_codes(4, seed=1)
    model.fit_prior(x, bandwidth=0.5)
    codes, z = model.encode(x), model.sample_codes(20_000, seed=1)
    np.testing.assert_allclose(z.mean(0), codes.mean(0), atol=0.05)
    np.testing.assert_allclose(
        np.cov(z.T), 1.25 * np.cov(codes.T), rtol=0.1, atol=0.02
    )
    # The prior that the model was given stays available, and as it was.
    again = model.sample_codes(4, seed=1, codes_from="prior")
    np.testing.assert_array_equal(before, again)


def test_samples_are_decoded_codes():
    model = new()
    model.fit_prior(rows())
    z = model.sample_codes(5, seed=2)
    np.testing.assert_allclose(
        model.generate(5, seed=2), model.decode(z), rtol=1e-6
    )


def test_components_are_those_of_scikit_learn():
    model, x = new(), rows(400)
    model.fit_prior(x, components=2)
    mixture = GaussianMixture(2, random_state=0).fit(model.encode(x))
    means = ops.convert_to_numpy(model.code_prior.means)
    np.testing.assert_allclose(
        means[np.argsort(means[:, 0])],
        mixture.means_[np.argsort(mixture.means_[:, 0])],
        rtol=1e-3,
        atol=1e-3,
    )


def test_labels_choose_codes_of_their_class_without_a_condition():
    model, x = new(), rows()
    with pytest.raises(ValueError, match="Received"):
        model.generate(labels=[0, 1])
    model.fit_prior(x, LABELS, bandwidth=0.0)
    codes = model.encode(x)
    wanted = np.repeat([0, 1], 200)
    z = model.sample_codes(seed=0, labels=wanted)
    for label in range(2):
        own = codes[LABELS == label]
        distances = np.abs(z[wanted == label][:, None] - own).max(-1).min(1)
        assert distances.max() < 1e-6
    assert model.generate(labels=wanted).shape == (400, 6)
    assert model.generate(3).shape == (3, 6)
    with pytest.raises(ValueError, match=r"\[0, 2\).*Received"):
        model.generate(labels=[0, 2])


@pytest.mark.parametrize("components", [None, 2])
def test_it_is_saved(components, tmp_path):
    model = new()
    model.fit_prior(rows(), LABELS, components)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    wanted = [0, 1, 1]
    np.testing.assert_allclose(
        model.generate(labels=wanted, seed=1),
        loaded.generate(labels=wanted, seed=1),
        atol=1e-6,
    )


def test_training_goes_on_after_it():
    model, x = new(AEGAN), rows()
    model.fit(x, verbose=0)
    for components in (None, 2, 3, None):
        model.fit_prior(x, components=components)
        model.fit(x, verbose=0)
        assert len(model.code_priors) == 1
    assert int(model.optimizer.iterations) == 10
    fresh = new(AEGAN)
    assert len(model.variables) == len(fresh.variables)


def test_a_model_that_follows_codes_draws_from_there_after_training():
    model, x = new(WAE), rows()
    first = model.sample_codes(3, seed=1)
    np.testing.assert_array_equal(
        first, model.sample_codes(3, seed=1, codes_from="prior")
    )
    with pytest.raises(ValueError, match="no codes of data.*Received"):
        model.generate(3, codes_from="data")
    model.evaluate(x, verbose=0)
    assert int(model.code_prior.count) == 0
    model.fit(x, epochs=150, batch_size=64, verbose=0)
    assert int(model.code_prior.count) == 150 * 64
    codes, z = model.encode(x), model.sample_codes(4000, seed=1)
    # Two clusters, which the prior does not have.
    np.testing.assert_allclose(z.mean(0), codes.mean(0), atol=0.3)
    spread = np.cov(codes.T) * (1 + 0.4**2)
    np.testing.assert_allclose(np.cov(z.T), spread, rtol=0.3, atol=0.1)


def test_with_a_condition_codes_are_kept_with_their_labels():
    model, x = new(WAE, num_classes=2), rows()
    model.fit(x, LABELS, verbose=0, shuffle=False)
    kept = ops.convert_to_numpy(model.code_prior.labels)[:64]
    np.testing.assert_array_equal(kept, LABELS)
    assert model.generate(labels=[0, 1]).shape == (2, 6)


def test_codes_of_data_pass_no_mapping():
    model, x = new(ALAE), rows()
    model.fit_prior(x, bandwidth=0.0)
    codes, z = model.encode(x), model.sample_codes(50, seed=0)
    assert np.abs(z[:, None] - codes).max(-1).min(1).max() < 1e-6


def test_wrong_calls():
    model, x = new(), rows()
    with pytest.raises(ValueError, match="`codes_from` must be.*Received"):
        model.generate(2, codes_from="nowhere")
    with pytest.raises(ValueError, match="no encoder.*Received"):
        new(GAN).fit_prior(x)
    with pytest.raises(ValueError, match="64 labels.*Received"):
        model.fit_prior(x, LABELS[:3])
    with pytest.raises(ValueError, match="`bandwidth`.*Received"):
        model.fit_prior(x, bandwidth=-1)
    with pytest.raises(ValueError, match="`components`.*Received"):
        model.fit_prior(x, components=0)
    x[0, 0] = np.nan
    with pytest.raises(ValueError, match="finite.*Received"):
        model.fit_prior(x)
    assert model.code_prior is None


@pytest.mark.parametrize("cls", [BiGAN, AEGAN])
def test_a_callback_fits_it(cls):
    model, x = new(cls), rows()
    model.fit(x, epochs=2, verbose=0, callbacks=[callbacks.FitPrior(x, LABELS)])
    z = model.sample_codes(seed=0, labels=[1] * 500)
    own = model.encode(x)[LABELS == 1]
    np.testing.assert_allclose(z.mean(0), own.mean(0), atol=0.3)
    model.fit(x, verbose=0)


def test_a_callback_between_epochs():
    x, counts = rows(), []
    model = new()
    follow = callbacks.FitPrior(x[:20], every=2)
    see = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: counts.append(model.sample_codes(2, seed=0))
    )
    with pytest.raises(ValueError, match="call `fit` again.*Received"):
        model.fit(x, epochs=3, verbose=0, callbacks=[follow, see])
    model.fit(x, epochs=3, verbose=0, callbacks=[follow, see])
    assert np.all(counts[0] != counts[1])
    np.testing.assert_array_equal(counts[1], counts[2])
    with pytest.raises(ValueError, match="`every`.*Received"):
        callbacks.FitPrior(x, every=0)
