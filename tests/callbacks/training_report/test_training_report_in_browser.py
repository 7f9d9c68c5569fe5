"""The page of a training in a real browser, headless."""

import keras
import numpy as np
import pytest
from browsers import opened_browser

from keras_aegan import models
from keras_aegan import pages
from keras_aegan.callbacks import Diagnose
from keras_aegan.callbacks import TrainingReport

EPOCHS = 3
PICTURE = "document.querySelector('[data-shows=samples] img').src"
POINT = "document.querySelector('.map circle:not(.prior)').outerHTML"
SHOWN = "document.getElementById('shown').textContent"
STATE = "document.getElementById('state').textContent"
FIRST_KEYS = "document.querySelector('.chart .keys').textContent"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Where the page of a small training is, and its data."""
    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("training") / "report.html"
    model = models.VAE.for_shape((8, 8, 1), latent_dim=2, width=2)
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    x = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 1))
    diagnose = Diagnose(x, verbose=False)
    report = TrainingReport(path, x, np.arange(32) % 3, diagnose=diagnose)
    broken = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: logs.update(
            sometimes=np.nan if epoch == 1 else epoch + 0.5
        )
    )
    model.fit(
        x, epochs=EPOCHS, verbose=0, validation_data=x,
        callbacks=[report, diagnose, broken],
    )  # fmt: skip
    return path, pages.read(path)


@pytest.fixture(scope="module")
def browser():
    with opened_browser() as page:
        yield page


@pytest.fixture
def page(browser):
    browser.errors.clear()
    yield browser
    assert browser.errors == []


def test_the_slider_moves_pictures_and_map(page, trained):
    path, data = trained
    page.open(f"file://{path}")
    assert page.run(SHOWN) == "epoch 3 (newest)"
    assert page.run(PICTURE) in data["frames"][3]["samples"]
    newest = page.run(POINT)
    page.run("document.getElementById('epoch').focus()")
    page.press("ArrowLeft")
    assert page.run(SHOWN) == "epoch 2"
    assert page.run(PICTURE) in data["frames"][2]["samples"]
    assert page.run(POINT) != newest
    page.press("Home")
    assert page.run(SHOWN) == "epoch 0"
    assert page.run(PICTURE) in data["frames"][0]["samples"]
    # The address holds the place: a page that loads again stays there.
    page.run("location.reload()")
    page.wait_for_load()
    assert page.run(SHOWN) == "epoch 0"
    page.run("document.getElementById('epoch').focus()")
    for _ in range(EPOCHS):
        page.press("ArrowRight")
    assert page.run(SHOWN) == "epoch 3 (newest)"
    assert page.run("location.hash") == ""


def test_pointing_at_a_curve_shows_its_numbers(page, trained):
    path, data = trained
    page.open(f"file://{path}")
    loss = data["logs"][data["charts"][0]["lines"][0]]
    assert "epoch 3" in page.run(FIRST_KEYS)
    assert f"{loss[2]:.5g}" in page.run(FIRST_KEYS)
    page.run("document.querySelector('.plot').scrollIntoView()")
    box = page.run(
        "(({left, top, width, height}) => [left, top, width, height])"
        "(document.querySelector('.plot').getBoundingClientRect())"
    )
    page.move(box[0] + 50, box[1] + box[3] / 2)
    assert "epoch 1" in page.run(FIRST_KEYS)
    assert f"{loss[0]:.5g}" in page.run(FIRST_KEYS)


def test_all_is_drawn(page, trained):
    path, data = trained
    page.open(f"file://{path}")
    assert page.run(STATE) == "Ended: epoch 3 of 3."
    titles = page.run(
        "[...document.querySelectorAll('.chart h3')].map(t => t.textContent)"
    )
    assert titles == [chart["title"] for chart in data["charts"]]
    # A curve of numbers around a NaN is two dashes.
    dashes = page.run(
        "document.querySelector('[data-name=sometimes]').getAttribute('d')"
    )
    assert dashes.count("M") == dashes.count("h4") == 2 and "L" not in dashes
    numbers = "[...document.querySelectorAll('svg *')].flatMap(n => "
    numbers += "[...n.attributes].map(a => a.value)).join()"
    assert "NaN" not in page.run(numbers)
    text = page.run("document.body.innerText")
    assert "VAE" in text and f"keras {keras.__version__}" in text
    assert page.run("document.querySelectorAll('.map circle').length") == 64
    colours = page.run(
        "new Set([...document.querySelectorAll('.map circle:not(.prior)')]"
        ".map(c => c.getAttribute('fill'))).size"
    )
    assert colours == 3


@pytest.mark.parametrize("width", [1200, 375])
def test_nothing_is_wider_than_the_window(page, trained, width):
    path, _ = trained
    page.open(f"file://{path}", width=width)
    assert page.run("innerWidth") == width
    assert page.run("document.documentElement.scrollWidth") <= width
    assert page.run("document.body.scrollWidth") <= width


def changed(path, data, **changes):
    """A copy of the page with other data, beside it."""
    text = path.read_text()
    beside = path.with_name("changed.html")
    old = '"written": ' + repr(data["written"])
    assert old in text and '"state": "ended"' in text
    text = text.replace(old, f'"written": {changes["written"]}')
    beside.write_text(text.replace('"state": "ended"', '"state": "running"'))
    return beside


def test_a_running_page_loads_itself_again_and_an_old_one_says_so(
    page, trained
):
    path, data = trained
    page.open(f"file://{path}")
    page.open(f"file://{changed(path, data, written=1e11)}#epoch=1")
    assert page.run(STATE) == "Running: epoch 3 of 3 is done."
    # At most once in five seconds.
    page.wait_for_load()
    assert page.run(SHOWN) == "epoch 1"
    page.open(f"file://{changed(path, data, written=1.0)}#epoch=2")
    assert page.run(STATE).startswith("Interrupted, it seems, after epoch 3")


def test_a_page_before_the_first_epoch(page, tmp_path):
    """As a run leaves it that was interrupted at once."""
    model = models.GAN.for_shape((6,), latent_dim=2, width=2)
    model.compile(run_eagerly=True)

    def interrupt(batch, logs):
        raise KeyboardInterrupt

    stop = keras.callbacks.LambdaCallback(on_train_batch_begin=interrupt)
    path = tmp_path / "report.html"
    x = np.zeros((8, 6), "float32")
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, verbose=0, callbacks=[TrainingReport(path), stop])
    page.open(f"file://{path}")
    assert page.run(STATE) == "Running: epoch 0 of 1 is done."
    assert page.run(SHOWN) == "epoch 0 (newest)"
    assert "None before the first epoch" in page.run("document.body.innerText")
    assert page.run("document.querySelectorAll('.map').length") == 0
