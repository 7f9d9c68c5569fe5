"""The documentation in a real browser, headless."""

import functools
import http.server
import os
import pathlib
import threading
import time

import pytest
from browsers import opened_browser

PAGES = (
    *("index", "models", "measured", "engine", "CHANGELOG"),
    *("api/index", "api/models/AEGAN", "api/AdversarialModel"),
    *("guides/first_steps", "guides/sound", "examples/quickstart"),
    "benchmarks/costs",
)
# What sticks out of the window, but for what scrolls in a frame of its own.
WIDTH = "document.documentElement.scrollWidth"
OTHERS = """performance.getEntriesByType("resource").map(entry => entry.name)
    .filter(name => !name.startsWith(location.origin)).join()"""
SEARCH = """(() => {
    document.querySelector("label[for=__search]").click();
    const field = document.querySelector("input.md-search__input");
    field.focus();
    field.value = "kernel distance";
    field.dispatchEvent(new Event("input", {bubbles: true}));
    field.dispatchEvent(new KeyboardEvent("keyup", {bubbles: true}));
})()"""
FOUND = """[...document.querySelectorAll(".md-search-result__link")]
    .map(link => link.href).join(" ")"""


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing of what was asked for."""


@pytest.fixture(scope="module")
def address():
    site = functools.partial(Handler, directory=os.environ["KERAS_AEGAN_SITE"])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with opened_browser() as page:
        yield page


@pytest.fixture
def page(browser):
    browser.errors.clear()
    yield browser
    assert browser.errors == []


@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_and_ask_nobody_else(page, address, path, width):
    page.open(f"{address}{path}.html", width=width)
    assert page.run(WIDTH) <= width
    assert page.run(OTHERS) == ""
    pictures = "[...document.images].every(i => i.complete && i.naturalWidth)"
    assert page.run(pictures)


@pytest.mark.parametrize("place", ["server", "disk"])
def test_search_finds_a_metric(page, address, place):
    site = pathlib.Path(os.environ["KERAS_AEGAN_SITE"]).as_uri()
    page.open(f"{address if place == 'server' else f'{site}/'}index.html")
    page.run(SEARCH)
    until = time.monotonic() + 30
    while not (found := page.run(FOUND)) and time.monotonic() < until:
        time.sleep(0.1)
    assert "/api/metrics/KernelDistance.html" in found
