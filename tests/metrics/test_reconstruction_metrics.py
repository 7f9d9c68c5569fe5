"""PSNR and SSIM against SciPy's filters and values by hand."""

import keras
import numpy as np
import pytest
from scipy import ndimage

from keras_aegan import metrics
from keras_aegan.metrics.structural_similarity import multi_scale_similarity
from keras_aegan.models import Autoencoder


def pair(shape=(3, 20, 17, 2)):
    rng = np.random.default_rng(0)
    smooth = ndimage.gaussian_filter(rng.normal(size=shape), (0, 2, 2, 0))
    x = np.clip(0.5 + smooth, 0, 1)
    y = np.clip(0.8 * x + 0.1 * rng.uniform(size=shape), 0, 1)
    return x.astype("float32"), y.astype("float32")


def scipys_similarity(x, y):
    """Similarity and structure of images in [0, 1], samples first."""

    def blur(u):
        # 3.5 deviations of 1.5 are cut off at 5 pixels on each side.
        u = ndimage.gaussian_filter(u, (0, 1.5, 1.5, 0), truncate=3.5)
        return u[:, 5:-5, 5:-5]

    x, y = x.astype("float64"), y.astype("float64")
    mx, my = blur(x), blur(y)
    vx, vy = blur(x * x) - mx**2, blur(y * y) - my**2
    cov = blur(x * y) - mx * my
    structure = (2 * cov + 0.03**2) / (vx + vy + 0.03**2)
    brightness = (2 * mx * my + 0.01**2) / (mx**2 + my**2 + 0.01**2)
    return (
        (brightness * structure).mean((1, 2, 3)),
        structure.mean((1, 2, 3)),
    )


def test_psnr_by_hand():
    """Errors 0.1 and 0.01 of a range of 2: 26.02 and 46.02 decibels."""
    x = np.zeros((2, 4, 4, 1), "float32")
    error = np.array([0.1, 0.01], "float32").reshape(2, 1, 1, 1)
    expected = np.mean(10 * np.log10(4 / np.array([0.1, 0.01]) ** 2))
    metric = metrics.PSNR()
    for i in range(2):
        metric.update_state(x[i : i + 1], x[i : i + 1] + error[i])
    np.testing.assert_allclose(float(metric.result()), expected, rtol=1e-5)
    for rows in (x, x[:, 0, 0, 0], x[:, 0, 0]):
        assert float(metrics.PSNR()(rows, rows)) == pytest.approx(100.0)


def test_ssim_is_that_of_scipys_gaussian_filter():
    x, y = pair()
    expected = scipys_similarity(x, y)[0].mean()
    assert 0.2 < expected < 0.95
    result = metrics.SSIM((0.0, 1.0))(x, y)
    np.testing.assert_allclose(float(result), expected, rtol=1e-4)
    # The same images on another scale are as similar.
    result = metrics.SSIM((-1.0, 1.0))(2 * x - 1, 2 * y - 1)
    np.testing.assert_allclose(float(result), expected, rtol=1e-4)


def test_ssim_of_flat_images_is_that_of_their_brightness():
    x = np.full((1, 8, 8, 1), 0.2, "float32")
    expected = (2 * 0.2 * 0.6 + 1e-4) / (0.2**2 + 0.6**2 + 1e-4)
    result = metrics.SSIM((0.0, 1.0))(x, 3 * x)
    # The variance of a flat image is 0 up to rounding in float32.
    np.testing.assert_allclose(float(result), expected, rtol=2e-4)


def test_multi_scale_similarity_by_hand():
    """28 pixels leave a window on two scales: of 28 and of 14 pixels."""
    x, y = pair((3, 28, 30, 1))
    fine = scipys_similarity(x, y)[1]
    halves = (u.reshape(3, 14, 2, 15, 2, 1).mean((2, 4)) for u in (x, y))
    coarse = scipys_similarity(*halves)[0]
    weights = np.array([0.0448, 0.2856]) / (0.0448 + 0.2856)
    expected = fine ** weights[0] * coarse ** weights[1]
    result = multi_scale_similarity(x, y, (0.0, 1.0))
    result = keras.ops.convert_to_numpy(result)
    np.testing.assert_allclose(result, expected, rtol=1e-4)


def test_diversity_tells_a_collapsed_generator():
    rng = np.random.default_rng(0)
    prototypes = ndimage.gaussian_filter(
        rng.normal(size=(10, 16, 16, 1)), (0, 2, 2, 0)
    ).clip(-1, 1)
    results = []
    for modes in (10, 3, 1):
        metric = metrics.MultiScaleSSIMDiversity()
        for _ in range(4):
            metric.update_generated(prototypes[rng.integers(modes, size=51)])
        results.append(metric.result())
    # A pair shows the same one of k prototypes with probability 1 / k.
    between = results[0] / 0.9
    assert between > 0.3
    np.testing.assert_allclose(results[1] / between, 2 / 3, atol=0.2)
    np.testing.assert_allclose(results[2], 0.0, atol=1e-5)


def test_they_run_in_a_compiled_step_and_are_saved(tmp_path):
    model = Autoencoder.for_shape((8, 8, 1), latent_dim=2, width=2)
    model.compile(metrics=[metrics.PSNR((-1, 1)), metrics.SSIM()])
    x = np.random.default_rng(0).uniform(-1, 1, (24, 8, 8, 1))
    x = x.astype("float32")
    history = model.fit(
        x, validation_data=x, batch_size=16, epochs=1, verbose=0
    ).history
    x_hat = model.reconstruct(x)
    errors = np.square(x - x_hat).mean((1, 2, 3))
    expected = (10 * np.log10(4 / errors)).mean()
    np.testing.assert_allclose(history["val_psnr"], expected, rtol=1e-3)
    expected = float(metrics.SSIM()(x, x_hat))
    np.testing.assert_allclose(history["val_ssim"], expected, atol=1e-3)
    model.save(tmp_path / "model.keras")
    model = keras.saving.load_model(tmp_path / "model.keras")
    assert [m.name for m in model.user_metrics] == ["psnr", "ssim"]
    assert model.user_metrics[0].value_range == (-1.0, 1.0)


@pytest.mark.parametrize("create", [metrics.PSNR, metrics.SSIM])
def test_samples_on_another_scale_than_the_range_are_one_warning(create):
    x, _ = pair((3, 12, 12, 1))
    for value_range, scaled in (
        ((-1.0, 1.0), x),
        ((0.0, 1.0), 2 * x - 1),
        ((0.0, 255.0), x),
        ((-1.0, 1.0), 255 * x),
    ):
        metric = create(value_range)
        with pytest.warns(UserWarning, match="`value_range`.*scaled alike"):
            metric(scaled, scaled)
        metric(scaled, scaled)  # Warnings are errors here.
    metric = create()
    with pytest.warns(UserWarning, match="reconstructed|generated"):
        metric(2 * x - 1, x)
    for value_range, scaled in (
        ((0.0, 1.0), x),
        ((-1.0, 1.0), 2 * x - 1),
        ((0.0, 255.0), 255 * x),
        ((-1.0, 1.0), 0.2 * x),
    ):
        create(value_range)(scaled, 0.9 * scaled)


def test_diversity_warns_of_the_range_too():
    x, _ = pair((4, 12, 12, 1))
    with pytest.warns(UserWarning, match="`value_range`.*generated samples"):
        metrics.MultiScaleSSIMDiversity()(x)


@pytest.mark.parametrize(
    "create", [metrics.PSNR, metrics.SSIM, metrics.LatentRoundTrip]
)
def test_what_does_not_fit_together(create):
    x = pair((3, 12, 12, 1))[0].reshape(3, 12, 12, 1)
    x = 2 * x - 1
    metric = create()
    for first, second in (
        (x, x[..., 0]),
        (x, x[:2]),
        (x[:0], x[:0]),
        (x, x + 1j),
        (x.astype(object), x),
        (x, x.astype(str)),
    ):
        with pytest.raises(ValueError, match="Received"):
            metric(first, second)
    metric(x, x.astype("float64"))


def test_wrong_arguments():
    rows = np.zeros((4, 5), "float32")
    for wrong in (
        lambda: metrics.PSNR((1.0, 1.0)),
        lambda: metrics.PSNR(2.0),
        lambda: metrics.SSIM((0.0, 1.0, 2.0)),
        lambda: metrics.MultiScaleSSIMDiversity((1.0, -1.0)),
        lambda: metrics.SSIM()(rows, rows),
        lambda: metrics.MultiScaleSSIMDiversity()(rows),
        lambda: metrics.MultiScaleSSIMDiversity()(np.zeros((1, 8, 8, 1))),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()
