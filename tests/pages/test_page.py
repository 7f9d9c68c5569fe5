"""What all pages have in common, and what a page may hold."""

import importlib.resources
import json
import pathlib
import sys

import numpy as np
import pytest

from keras_aegan import pages
from keras_aegan.pages.page import environment

SEARCH = "keras_aegan.tuners.report"


def page(title="A title", data=None):
    return pages.page(title, data or {}, SEARCH, ["page.js"])


def test_a_page_has_its_own_files_after_those_of_all():
    text = page()
    order = ["frame.css", "page.css", "page.html", "frame.js", "page.js"]
    places = []
    for name in order:
        own = "keras_aegan.pages" if name.startswith("frame") else SEARCH
        file = importlib.resources.files(own).joinpath(name)
        # The second line of a template is HTML, and none of them is Jinja2's.
        lines = file.read_text(encoding="utf-8").splitlines()
        places.append(text.index(lines[2]))
    assert places == sorted(places)
    assert "{%" not in text and "{{" not in text


def test_no_text_ends_a_script_or_becomes_an_element(tmp_path):
    data = {"b": "</script><script>alert(1)</script>", "a": "<!-- & 'x' \"y\""}
    text = page("<b>&", data)
    assert text.count("</script>") == 2 and text.count("<script") == 2
    assert "<title>&lt;b&gt;&amp;</title>" in text
    assert "<h1>&lt;b&gt;&amp;</h1>" in text
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    # In the same order, too.
    assert json.dumps(pages.read(path)) == json.dumps(data)


def test_what_json_does_not_have_becomes_text(tmp_path):
    path = tmp_path / "page.html"
    data = {
        "numbers": [float("nan"), -float("inf"), 1.5, True, None],
        "of NumPy": (np.float32(np.inf), np.int64(3), np.array([1.0, np.nan])),
        "others": {1: 1j, "path": pathlib.PurePosixPath("a/b")},
    }
    path.write_text(page(data=data))
    assert pages.read(path) == {
        "numbers": ["nan", "-inf", 1.5, True, None],
        "of NumPy": ["inf", 3, [1.0, "nan"]],
        "others": {"1": "1j", "path": "a/b"},
    }


def test_without_jinja2_one_sentence_says_so(monkeypatch):
    environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    for call in (page, pages.check_requirement):
        with pytest.raises(
            ImportError, match=r'^Pages need.*install "keras_aegan\[report\]"'
        ):
            call()
    monkeypatch.undo()
    assert "A title" in page()
