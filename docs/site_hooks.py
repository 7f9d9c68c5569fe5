"""What MkDocs asks for: the pages that are made of other files."""

import pathlib
import re

import griffe
import programs
import readme
import reference
from docstrings import Docstrings
from docstrings import linked
from exports import public_names
from mkdocs.structure.files import File

ROOT = pathlib.Path(__file__).parents[1]
# Program's names as they stand in the text of guides.
PROGRAM = re.compile(r"(?<!\[)`(?:(guides|examples)/)?(\w+)\.py`(?!\])")


def on_config(config):
    """Read the package and all programs, and complete the navigation."""
    package = griffe.load(
        "keras_aegan",
        search_paths=[str(ROOT)],
        docstring_parser="google",
        docstring_options={"warnings": False},
        extensions=griffe.load_extensions(Docstrings),
    )
    config.extra["names"] = public_names(package)
    files, sections = programs.pages()
    api, navigation = reference.pages(package)
    config.extra["made"] = files | api | readme.pages()
    config.nav = [
        {"Start": "index.md"},
        {"Models": "models.md"},
        {"Training": "training.md"},
        *sections,
        {
            "The engine": [
                {"Write a hybrid": "engine.md"},
                {"Function by function": readme.ENGINE},
            ]
        },
        {"API": navigation},
        {"Measured": ["measured.md", *readme.BENCHMARKS]},
        {"Project": readme.PROJECT},
    ]
    return config


def on_files(files, config):
    """Add what is made; pictures and programs are copied."""
    for path, value in config.extra.pop("made").items():
        kind = "abs_src_path" if isinstance(value, pathlib.Path) else "content"
        value = str(value) if kind == "abs_src_path" else value
        files.append(File.generated(config, path, **{kind: value}))
    return files


def on_page_markdown(markdown, page, config, files):
    """Let names of classes and programs lead to their pages."""
    path = page.file.src_uri
    if path.startswith("api/"):
        return markdown
    markdown = linked(markdown, config.extra["names"])
    here = pathlib.PurePosixPath(path)

    def link(match):
        for folder in filter(None, (match[1], "guides", "examples")):
            target = f"{folder}/{match[2]}.md"
            if files.get_file_from_path(target) and target != path:
                up = "../" * (len(here.parts) - 1)
                return f"[{match[0]}]({up}{target})"
        return match[0]

    return PROGRAM.sub(link, markdown)


def on_page_content(html, page, config, files):
    """No dash before what is returned, where no type is."""
    return re.sub(r'(<li class="doc-section-item[^>]*>\s*)–', r"\1", html)
