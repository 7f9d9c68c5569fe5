"""Every example in a docstring runs."""

import doctest
import importlib
import pathlib
import pkgutil

import keras
import numpy as np
import pytest

import keras_aegan

MODULES = [
    info.name
    for info in pkgutil.walk_packages(
        keras_aegan.__path__, prefix="keras_aegan."
    )
    if ".backend." not in info.name and not info.ispkg
]


class Checker(doctest.OutputChecker):
    """A shape prints as `(2, 3)` or as `torch.Size([2, 3])`."""

    def check_output(self, want, got, optionflags):
        for old, new in (
            ("torch.Size([", "("),
            ("])", ")"),
            ("TensorShape([", "("),
        ):
            got = got.replace(old, new)
        return super().check_output(want, got, optionflags)


@pytest.mark.in_turn
@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    known = {"keras": keras, "np": np, **vars(module)}
    runner = doctest.DocTestRunner(Checker())
    for test in doctest.DocTestFinder().find(module, globs=known):
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


def test_the_readme_shows_code_that_runs(tmp_path, monkeypatch):
    """The quickstart of the README, on few samples."""
    readme = pathlib.Path(__file__).parents[1] / "README.md"
    code = readme.read_text().split("```python\n")[1].split("```")[0]
    lines = [x for x in code.splitlines() if "KERAS_BACKEND" not in x]
    code = "\n".join(lines).replace("epochs=20", "epochs=1")
    monkeypatch.chdir(tmp_path)
    images, labels = np.zeros((64, 28, 28), "uint8"), np.zeros(64, "uint8")
    monkeypatch.setattr(
        keras.datasets.fashion_mnist,
        "load_data",
        lambda: ((images, labels), (images[:16], labels[:16])),
    )
    exec(code, {})
    assert (tmp_path / "aegan.keras").exists()
    assert list((tmp_path / "samples").glob("*.png"))
