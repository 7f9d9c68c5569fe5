"""The house rules: floors, sizes, documentation, errors."""

import ast
import inspect
import pathlib
import statistics

import catalogue
import keras
import pytest

import keras_aegan

ROOT = pathlib.Path(keras_aegan.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
FLOORS = {
    "backend": 0,
    "extras": 0,
    "files": 0,
    "validation": 0,
    "random": 1,
    "pages": 1,
    "layers": 2,
    "losses": 2,
    "penalties": 2,
    "metrics": 2,
    "networks": 3,
    "engine": 3,
    "models": 4,
    "pictures": 4,
    "callbacks": 5,
    "tuners": 5,
    "anomaly": 5,
}
FRAMEWORKS = {"tensorflow", "jax", "jaxlib", "torch"}
EXTRAS = {
    "jinja2",
    "keras_tuner",
    "markupsafe",
    "matplotlib",
    "PIL",
    "scipy",
    "sklearn",
    "tensorboard",
}


def tree(path):
    return ast.parse(path.read_text())


def name(path):
    return str(path.relative_to(ROOT))


def imports(path, top_level=False):
    nodes = tree(path).body if top_level else ast.walk(tree(path))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # `from keras_aegan import layers` imports a folder.
            yield node.module
            yield from (f"{node.module}.{a.name}" for a in node.names)


def functions(path):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [n for n in ast.walk(tree(path)) if isinstance(n, kinds)]


def body_lines(function):
    lines = function.end_lineno - function.body[0].lineno + 1
    text = ast.get_docstring(function, clean=False)
    return lines - (text.count("\n") + 1 if text else 0)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_run_downwards(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] not in FLOORS:
        assert parts[0] in ("__init__", "version")
        return
    own = FLOORS[parts[0]]
    for module in imports(path):
        names = module.split(".")
        if names[0] == "keras_aegan" and len(names) > 1:
            other = FLOORS.get(names[1])
            same = names[1] == parts[0]
            assert same or other is None or other < own, module


@pytest.mark.parametrize("path", FILES, ids=name)
def test_frameworks_and_privates_only_in_backend(path):
    if "backend" in path.parts:
        return
    for module in imports(path):
        assert module.split(".")[0] not in FRAMEWORKS, module
        assert not module.startswith("keras.src"), module


@pytest.mark.parametrize("path", FILES, ids=name)
def test_extras_are_imported_when_needed(path):
    for module in imports(path, top_level=True):
        assert module.split(".")[0] not in EXTRAS, module


@pytest.mark.parametrize("path", FILES, ids=name)
def test_sizes(path):
    assert path.read_text().count("\n") <= 300
    for function in functions(path):
        assert body_lines(function) <= 60, function.name


@pytest.mark.parametrize("cls", catalogue.MODELS, ids=lambda cls: cls.__name__)
def test_a_model_reads_like_its_paper(cls):
    """Its file has the networks, who owns what, the losses: not 150 lines."""
    text = pathlib.Path(inspect.getfile(cls)).read_text()
    assert text.count("\n") < 150


def test_functions_are_short():
    lines = [body_lines(f) for path in FILES for f in functions(path)]
    assert statistics.median(lines) <= 10


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_asserts_and_every_value_error_says_what_it_received(path):
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.Assert), node.lineno
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if getattr(node.exc.func, "id", None) == "ValueError":
                assert "Received" in ast.unparse(node.exc), node.lineno


# Keras says what these do.
KERAS_METHODS = {
    *vars(keras.Layer),
    *vars(keras.callbacks.Callback),
    *vars(keras.metrics.Metric),
    *vars(keras.initializers.Initializer),
}


def public_objects():
    for folder in (
        "callbacks",
        "layers",
        "losses",
        "metrics",
        "models",
        "networks",
        "pictures",
        "tuners",
    ):
        module = getattr(keras_aegan, folder)
        for key, value in vars(module).items():
            documented = inspect.isclass(value) or inspect.isfunction(value)
            if not key.startswith("_") and documented:
                yield f"{folder}.{key}", value
    yield "AdversarialModel", keras_aegan.AdversarialModel


PUBLIC = dict(public_objects())


@pytest.mark.parametrize("key", PUBLIC)
def test_public_names_are_documented(key):
    value = PUBLIC[key]
    text = inspect.getdoc(value) or ""
    assert len(text.splitlines()) >= 5, key
    arguments = inspect.signature(value).parameters
    for argument in arguments:
        if argument not in ("args", "kwargs", "parts"):
            assert f"{argument}:" in text, f"{key}: {argument}"
    if inspect.isclass(value) or len(arguments) > 0:
        assert ">>>" in text, f"{key} has no example"
    if inspect.isclass(value):
        for method, member in vars(value).items():
            own = inspect.isfunction(member) and not method.startswith("_")
            if own and method not in KERAS_METHODS:
                assert inspect.getdoc(getattr(value, method)), method


@pytest.mark.parametrize("folder", ["layers", "losses", "models"])
def test_the_catalogue_is_complete(folder):
    listed = {
        **catalogue.LAYERS,
        **catalogue.LOSSES,
        **catalogue.PENALTIES,
        **catalogue.WEIGHTS,
        **catalogue.MODELS,
    }
    for key, value in vars(getattr(keras_aegan, folder)).items():
        if inspect.isclass(value) and not key.startswith("_"):
            assert value in listed or value in catalogue.ABSTRACT, key
