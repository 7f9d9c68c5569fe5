"""Every public name has a page, and what pages show runs."""

import os
import pathlib
import re

import keras
import numpy as np
import pytest
from test_architecture import PUBLIC

ROOT = pathlib.Path(__file__).parents[2]
SITE = pathlib.Path(os.environ["KERAS_AEGAN_SITE"])


@pytest.mark.parametrize("key", PUBLIC)
def test_public_names_have_a_page(key):
    page = SITE / "api" / f"{key.replace('.', '/')}.html"
    text = page.read_text()
    assert f'id="keras_aegan.{key}"' in text
    assert "Source code in" in text
    folder = (page.parent / "index.html").read_text()
    assert f"#keras_aegan.{key}" in folder


def test_what_all_models_have_is_explained_once():
    text = (SITE / "api" / "models" / "VAEGAN.html").read_text()
    assert 'id="keras_aegan.models.VAEGAN.fit"' not in text
    assert "AdversarialModel.html#keras_aegan.AdversarialModel.fit" in text
    text = (SITE / "api" / "AdversarialModel.html").read_text()
    for name in ("fit", "encode", "discriminate", "step"):
        assert f'id="keras_aegan.AdversarialModel.{name}"' in text


def test_docstrings_leave_no_markup_behind():
    for page in (SITE / "api").rglob("*.html"):
        text = re.sub(r"<(pre|code).*?</\1>", "", page.read_text(), flags=re.S)
        for odd in ("&gt;&gt;&gt;", "```", "Args:", "]["):
            assert odd not in text, (page, odd)


@pytest.mark.parametrize("name", ["index", "guides/sound", "guides/tables"])
def test_pages_ask_nobody_else(name):
    page = SITE / f"{name}.html"
    found = r"<(?:script|img|audio|link)[^>]*(?:src|href)=\"?(https?:[^\s\">]+)"
    assert re.findall(found, page.read_text()) == []


def test_guides_have_pictures_and_what_they_print():
    for guide in (ROOT / "guides").glob("*.py"):
        if guide.stem != "guide_options":
            text = (SITE / "guides" / f"{guide.stem}.html").read_text()
            assert 'class="output highlight"' in text, guide
            drawn = re.findall(r'<img [^>]*src="([^"]+)"', text)
            assert ("pictures.save(" in guide.read_text()) <= bool(drawn), guide


def test_the_hybrid_of_the_page_about_the_engine_trains():
    text = (ROOT / "docs" / "pages" / "engine.md").read_text()
    definition = re.search("```python\n(.*?)```", text, re.S)[1]
    known = {}
    exec(definition, known)
    model = known["Hybrid"].for_shape((8, 8, 1), latent_dim=2, width=2)
    model.compile(turns={"discriminator": 2})
    x = np.random.default_rng(0).uniform(-1, 1, (64, 8, 8, 1))
    history = model.fit(x, epochs=2, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert model.generate(3).shape == (3, 8, 8, 1)
    keras.saving.get_custom_objects().pop("mine>Hybrid", None)
