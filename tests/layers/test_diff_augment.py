"""Differentiable augmentation against NumPy, with the layer's own numbers."""

import keras
import numpy as np
import pytest
from catalogue import samples
from keras import ops

from keras_aegan import backend
from keras_aegan import layers
from keras_aegan.models import AEGAN
from keras_aegan.random import RandomGenerator

ALL = "color,translation,cutout"


def random(*shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


def color(x, brightness, saturation, contrast):
    x = x + brightness - 0.5
    mean = x.mean(-1, keepdims=True)
    x = mean + 2 * saturation * (x - mean)
    return x.mean() + (contrast + 0.5) * (x - x.mean())


def translation(x, down, right):
    """Shifted by slicing a padded image."""
    height, width, _ = x.shape
    reach = [int(size / 8 + 0.5) for size in (height, width)]
    top, left = (int(n * (2 * r + 1)) for n, r in zip((down, right), reach))
    x = np.pad(x, [(r, r) for r in reach] + [(0, 0)])
    return x[top : top + height, left : left + width]


def cutout(x, *numbers):
    """The authors' rectangle, whose indices are clipped to the image."""
    grid = []
    for size, number in zip(x.shape, numbers):
        cut = int(size / 2 + 0.5)
        offset = int(number * (size + (1 - cut % 2)))
        indices = np.arange(cut) + offset - cut // 2
        grid.append(np.clip(indices, 0, size - 1))
    x = x.copy()
    x[np.ix_(*grid)] = 0
    return x


PARTS = {
    "color": (color, slice(0, 3)),
    "translation": (translation, slice(3, 5)),
    "cutout": (cutout, slice(5, 7)),
}


def expected(x, policy, seed):
    numbers = RandomGenerator(seed).uniform((len(x), 7))
    numbers = ops.convert_to_numpy(numbers).astype("float64")
    result = x.astype("float64")
    for name in policy.split(","):
        function, columns = PARTS[name]
        result = np.stack(
            [function(a, *n[columns]) for a, n in zip(result, numbers)]
        )
    return result


@pytest.mark.parametrize(
    "policy", [*PARTS, ALL, "cutout,color", "translation,translation"]
)
@pytest.mark.parametrize("shape", [(16, 16, 3), (9, 13, 1)])
def test_formulas(policy, shape):
    x = random(50, *shape)
    layer = layers.DiffAugment(policy, seed=3)
    y = ops.convert_to_numpy(layer(x, training=True))
    np.testing.assert_allclose(y, expected(x, policy, 3), atol=1e-5)


def test_parts_reach_as_far_as_the_paper_says():
    """Of 2000 images of 16 pixels: shifts of -2 to 2, and rectangles that
    lose up to half of their 8 x 8 pixels on either axis."""
    pixel = np.zeros((2000, 16, 16, 1), "float32")
    pixel[:, 8, 8] = 1
    shifted = layers.DiffAugment("translation", seed=0)(pixel, training=True)
    _, rows, columns, _ = np.nonzero(ops.convert_to_numpy(shifted))
    for shifts in (rows - 8, columns - 8):
        values, counts = np.unique(shifts, return_counts=True)
        assert values.tolist() == [-2, -1, 0, 1, 2]
        # 400 of each, within four standard deviations.
        assert np.abs(counts - 400).max() < 4 * np.sqrt(2000 * 0.2 * 0.8)
    ones = np.ones((2000, 16, 16, 1), "float32")
    holed = layers.DiffAugment("cutout", seed=0)(ones, training=True)
    lost = (ops.convert_to_numpy(holed) == 0).sum((1, 2, 3))
    assert lost.min() == 4 * 4
    assert lost.max() == 8 * 8


def test_nothing_at_inference():
    x, layer = random(2, 8, 8, 3), layers.DiffAugment()
    for training in (False, None):
        y = ops.convert_to_numpy(layer(x, training=training))
        np.testing.assert_array_equal(y, x)


def test_calls_differ_and_repeat_with_the_seed():
    x = random(4, 8, 8, 3)
    runs = []
    for _ in range(2):
        layer = layers.DiffAugment(ALL, seed=1)
        calls = (layer(x, training=True) for _ in range(2))
        runs.append([ops.convert_to_numpy(y) for y in calls])
    np.testing.assert_array_equal(*runs)
    assert not np.array_equal(*runs[0])


def test_gradient():
    """Translation and cutout are linear, so <w, T x> = <T' w, x>; color is
    but for its constant, which the difference of two images takes away."""
    x, other, w = map(ops.convert_to_tensor, random(3, 4, 16, 16, 3))

    def weighted(u):
        layer = layers.DiffAugment(ALL, seed=5)
        return ops.sum(layer(u, training=True) * w)

    gradient = backend.input_gradient(weighted, x)
    assert np.abs(ops.convert_to_numpy(gradient)).max() > 0.1
    np.testing.assert_allclose(
        float(ops.sum(gradient * (x - other))),
        float(weighted(x) - weighted(other)),
        rtol=1e-3,
    )


def test_an_aegan_trains_behind_it():
    """20 samples leave a last batch of 4. PyTorch would warn, and fail here,
    if the step were not recorded."""
    plain = AEGAN.for_shape((8, 8, 1), latent_dim=4, width=4)
    start = keras.Input((8, 8, 1))
    logits = plain.discriminator(layers.DiffAugment(seed=2)(start))
    model = AEGAN(
        encoder=plain.encoder,
        generator=plain.generator,
        discriminator=keras.Model(start, logits),
        latent_discriminator=plain.latent_discriminator,
    )
    model.compile()
    logs = model.fit(samples(model, 20), batch_size=16, verbose=0).history
    assert np.isfinite(list(logs.values())).all()


def test_wrong_arguments():
    for wrong in (
        lambda: layers.DiffAugment(""),
        lambda: layers.DiffAugment("colour"),
        lambda: layers.DiffAugment("color, cutout"),
        lambda: layers.DiffAugment(None),
        lambda: layers.DiffAugment(seed=1.5),
        lambda: layers.DiffAugment()(random(2, 8, 3)),
        lambda: layers.DiffAugment()(keras.Input((8, 3))),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()
