"""README, divided among pages, and the other pages of the repository."""

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[1]
# The sections of each page, whose title is the first one's, or another one.
SECTIONS = {
    "index.md": [
        "See it work",
        "Use it",
        "From a file to a result",
        "What you can rely on",
        "Limits",
    ],
    "models.md": ["Which model for what"],
    "training.md": [
        "Losses, labels, codes",
        "See whether it works",
        "Search",
    ],
    "measured.md": ["Measured"],
}
TITLES = {
    "index.md": "keras_aegan",
    "models.md": "Models",
    "training.md": "Training",
    "measured.md": "Measured",
}
# They have no neighbours to list beside them.
ALONE = "---\nhide: [navigation]\n---\n"
BENCHMARKS = sorted(
    path.relative_to(ROOT).as_posix() for path in ROOT.glob("benchmarks/*.md")
)
# Where a README of a folder is; by that name MkDocs would make it the first
# page of its section.
ENGINE, BACKEND = "keras_aegan/engine.md", "keras_aegan/backend.md"
PROJECT = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    BACKEND,
]


def pages():
    """Dict from path to Markdown, or to the path of a file to copy."""
    text = (ROOT / "README.md").read_text()
    introduction, *sections = re.split(r"^## ", text, flags=re.M)
    sections = {s.split("\n")[0]: f"## {s}".strip() for s in sections}
    parts = {path: [] for path in SECTIONS}
    parts["index.md"].append(introduction.split("\n", 1)[1].strip())
    for path, names in SECTIONS.items():
        # A section that is added to README needs a page here.
        parts[path] += [sections.pop(name) for name in names]
    if sections:
        raise ValueError(f"README has sections without page: {[*sections]}")
    files = {}
    for path, texts in parts.items():
        if len(texts) == 1:
            texts[0] = texts[0].split("\n", 1)[1].strip()
        texts = [
            f"{'' if path == 'measured.md' else ALONE}# {TITLES[path]}",
            *texts,
        ]
        files[path] = adapted("\n\n".join(texts))
    for path in (*BENCHMARKS, ENGINE, *PROJECT):
        source = ROOT / path
        if path in (ENGINE, BACKEND):
            source = source.with_suffix("") / "README.md"
        files[path] = adapted(source.read_text())
    pictures = sorted((ROOT / "docs").glob("*.png"))
    files |= {f"docs/{picture.name}": picture for picture in pictures}
    return files


def adapted(text):
    """Markdown whose links to programs lead to their pages."""
    text = re.sub(r"\]\(((?:guides|examples)/\w+)\.py\)", r"](\1.md)", text)
    text = text.replace("/README.md)", ".md)")
    text = re.sub(r"(?<=\d) dB", "\N{NO-BREAK SPACE}dB", text)
    # A line that ends a paragraph begins no list in Python's Markdown.
    return re.sub(r"^(?![-*|#\s])(.+)\n(?=[-*] )", r"\1\n\n", text, flags=re.M)
