"""The page of a report in a real browser, headless."""

import re
import subprocess

import pytest
from browsers import BROWSER
from searched import tuner_with_trials

from keras_aegan.tuners import report


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    return report(tuner_with_trials(folder), folder / "search.html")


def opened(path, fragment=""):
    """The page's elements after its scripts ran, and what went wrong."""
    run = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
         "--enable-logging=stderr", f"file://{path}{fragment}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Uncaught" not in run.stderr
    return run.stdout


def column(page, index):
    body = re.search(r'<tbody id="body">(.*?)</tbody>', page, re.S)[1]
    rows = re.findall(r"<tr.*?</tr>", body, re.S)
    return [re.findall(r"<td.*?>(.*?)</td>", row)[index] for row in rows]


def test_the_page_shows_the_search(path):
    page = opened(path)
    assert "7 trials, 1 without a score" in page
    assert "Best val_distance: 1 in trial 4" in page
    # The best first, the failed one last.
    assert column(page, 0) == ["4", "5", "1", "2", "0", "6", "3"]
    assert column(page, 1) == ["1", "2", "3", "4", "5", "6", "–"]
    assert "Diverged: &lt;/script&gt; is nan." in page
    parallel = page.split('id="parallel"')[1]
    assert parallel.count("<polyline") == 6
    assert page.split('id="history"')[1].count("<circle") == 6
    assert page.split('id="samples"')[1].count("<img") == 5
    assert page.split('id="importance"')[1].count('class="bar"') > 3


def test_the_table_sorts(path):
    page = opened(path, "#sort=trial,down")
    assert column(page, 0) == ["6", "5", "4", "3", "2", "1", "0"]
    assert 'aria-sort="descending"' in page
    page = opened(path, "#sort=status")
    assert column(page, 2) == ["completed"] * 6 + ["failed"]


def test_it_fits_a_telephone(path, tmp_path):
    picture = tmp_path / "page.png"
    subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu",
         "--window-size=500,3000", f"--screenshot={picture}", f"file://{path}"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert picture.stat().st_size > 10_000
