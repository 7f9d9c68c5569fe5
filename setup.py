"""README.md for PyPI, where its relative links would lead nowhere.

All else is in `pyproject.toml`. Links become those of the tag of the version.
"""

import pathlib
import re
import tomllib

import setuptools

HERE = pathlib.Path(__file__).parent


def readme():
    """README.md, its links absolute: pictures raw, everything else as pages."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    source = (HERE / "keras_aegan" / "version.py").read_text()
    version = re.search(r'__version__ = "(.*)"', source).group(1)
    repository = project["urls"]["Repository"]
    raw = repository.replace("//github.com", "//raw.githubusercontent.com")
    text = re.sub(r"(!\[[^]]*\]\()(?!\w+:)", rf"\1{raw}/v{version}/", text)
    page = rf"\1{repository}/blob/v{version}/"
    return re.sub(r"((?<!!)\[[^]]*\]\()(?!\w+:|#)", page, text)


setuptools.setup(
    long_description=readme(), long_description_content_type="text/markdown"
)
