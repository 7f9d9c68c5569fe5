"""What a release says of itself in several files, and where its pages lead."""

import ast
import pathlib
import re

import pytest

import keras_aegan

ROOT = pathlib.Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "benchmarks/*.md", "keras_aegan/**/README.md")
    for path in ROOT.glob(pattern)
)


def test_files_agree_on_the_version():
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## (\d\S*) - (\S+)$", changes, re.M)
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    cited = dict(
        re.findall(r"^(version|date-released): (\S+)$", citation, re.M)
    )
    assert released[0] == (cited["version"], cited["date-released"])
    assert keras_aegan.__version__ == cited["version"]


def test_commands_of_readme_are_sessions():
    """Those that a newcomer types first, as they stand there."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    sessions = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.decorator_list
    }
    named = re.findall(r"\bnox\s+-s\s+(\w+)", README)
    assert {"demo", "tests", "quick", "docs"} <= {*named} <= sessions
    blocks = re.findall(r"^```\n(.*?)\n```$", README, re.M | re.S)
    assert blocks[:2] == [
        "pip install nox && nox -s demo",
        "pip install nox && nox -s tests",
    ]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", link):
            continue
        path, _, heading = link.partition("#")
        target = ((ROOT / page).parent / path) if path else ROOT / page
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text(), re.M)
            assert heading in {anchor(title) for title in titles}, link


def anchor(title):
    """What GitHub makes of a title."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")
