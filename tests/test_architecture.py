"""The house rules: floors, sizes, documentation, errors."""

import ast
import inspect
import io
import pathlib
import re
import statistics
import textwrap
import tokenize

import catalogue
import keras
import pytest

import keras_aegan

ROOT = pathlib.Path(keras_aegan.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
FLOORS = {
    "arrays": 0,
    "backend": 0,
    "extras": 0,
    "files": 0,
    "network_shapes": 0,
    "threefry": 0,
    "validation": 0,
    "keras_requirement": 1,
    "random": 1,
    "pages": 1,
    "layers": 2,
    "losses": 2,
    "penalties": 2,
    "metrics": 2,
    "networks": 3,
    "engine": 4,
    "models": 5,
    "pictures": 5,
    "data": 5,
    "callbacks": 6,
    "tuners": 6,
    "anomaly": 7,
}
FRAMEWORKS = {"tensorflow", "jax", "jaxlib", "torch"}
EXTRAS = {
    "jinja2",
    "keras_tuner",
    "markupsafe",
    "matplotlib",
    "pandas",
    "PIL",
    "polars",
    "scipy",
    "sklearn",
    "soundfile",
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


def code_lines(source):
    """Numbers of the lines with code: no docstring, comment or blank line."""
    without_code = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in without_code:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            text = body[0].value
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                lines -= set(range(text.lineno, text.end_lineno + 1))
    return lines


def module_name(path):
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(p for p in parts if p != "__init__")


def is_private(name):
    return name.startswith("_") and not name.endswith("__")


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
    """The players, the terms and the losses fit on two screens.

    What only lists arguments does not count: constructors and settings.
    Settings and helpers of the same paper may live in the same file.
    """

    def count(value):
        return len(code_lines(textwrap.dedent(inspect.getsource(value))))

    listing = ("__init__", "for_shape", "default_settings")
    lists = sum(count(vars(cls)[name]) for name in listing if name in vars(cls))
    assert count(cls) - lists <= 100


def test_no_folder_imports_itself_by_way_of_another():
    """Imports inside functions count, too."""
    graph = {}
    for path in FILES:
        folder = path.relative_to(ROOT).with_suffix("").parts[0]
        if folder != "__init__":
            graph.setdefault(folder, set())
            for module in imports(path):
                names = module.split(".")
                if names[0] == "keras_aegan" and len(names) > 1:
                    graph[folder].add(names[1])
    assert not circles(graph)


@pytest.mark.parametrize("folder", sorted(FLOORS))
def test_no_module_imports_itself_by_way_of_another(folder):
    """The file of a folder that lists its public names is no way around."""
    names = {module_name(path): path for path in FILES}
    graph = {}
    for module, path in names.items():
        if module.split(".")[1:2] == [folder] and path.stem != "__init__":
            found = {m for m in imports(path) if m in names}
            graph[module] = {m for m in found if names[m].stem != "__init__"}
    assert not circles(graph)


def circles(graph):
    """Sets of nodes that reach each other: the strong components above 1."""

    def reached_from(start):
        reached, waiting = set(), list(graph.get(start, ()))
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                waiting.extend(graph.get(node, ()))
        return reached

    reached = {node: reached_from(node) - {node} for node in graph}
    return {
        frozenset({a, *(b for b in reached[a] if a in reached.get(b, ()))})
        for a in graph
        if any(a in reached.get(b, ()) for b in reached[a])
    }


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_private_is_imported(path):
    for module in imports(path):
        if module.split(".")[0] == "keras_aegan":
            assert not any(is_private(x) for x in module.split(".")), module


def private_names(path):
    """What a file defines or assigns under a private name."""
    nodes = list(ast.walk(tree(path)))
    names = {n.name for n in nodes if hasattr(n, "name")}
    for node in nodes:
        if isinstance(getattr(node, "ctx", None), ast.Store):
            names.add(getattr(node, "attr", getattr(node, "id", None)))
    return {x for x in names if x and is_private(x)}


PRIVATE_NAMES = {path: private_names(path) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_private_attributes_are_those_of_the_same_file(path):
    """`game._losses` stands only where `_losses` is defined.

    A subclass may use what it inherits, by `self`, `cls` and `super()`. Names
    that no file of the package defines belong to a framework.
    """
    elsewhere = set().union(*PRIVATE_NAMES.values()) - PRIVATE_NAMES[path]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in elsewhere:
            owner = ast.unparse(node.value)
            assert owner in ("self", "cls", "super()"), ast.unparse(node)


@pytest.mark.parametrize("folder", ["backend", "engine"])
def test_clever_code_says_why(folder):
    """Comments on at least 4 % of the lines of code."""
    comments = code = 0
    for path in sorted((ROOT / folder).rglob("*.py")):
        tokens = tokenize.generate_tokens(
            io.StringIO(path.read_text()).readline
        )
        lines = {t.start[0] for t in tokens if t.type == tokenize.COMMENT}
        comments += len(lines)
        code += len(code_lines(path.read_text()))
    assert comments >= 0.04 * code, f"{comments} of {code}"


def test_backends_define_the_same_functions():
    """`train_step` and `test_step` of JAX take the state as well."""
    defined = {}
    for framework in ("jax", "tensorflow", "torch"):
        path = ROOT / "backend" / framework / "steps.py"
        defined[framework] = public_functions(path)
    for framework in ("tensorflow", "torch"):
        assert defined["jax"].keys() == defined[framework].keys(), framework
        for key, own in defined[framework].items():
            other = defined["jax"][key]
            if key in ("train_step", "test_step"):
                own, other = (set(x or ()) - {"state"} for x in (own, other))
            # Of an imported function the parameters are not known here.
            if own is not None and other is not None:
                assert own == other, f"{framework}: {key}"


def public_functions(path):
    """Names to lists of parameters; `None` for what is passed on."""
    found = {}
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            found[node.name] = [
                a.arg
                for a in (
                    *arguments.posonlyargs,
                    *arguments.args,
                    *arguments.kwonlyargs,
                )
            ]
        elif isinstance(node, ast.ImportFrom):
            # `from x import a as a` makes `a` public.
            found |= {a.name: None for a in node.names if a.name == a.asname}
    return {k: v for k, v in found.items() if not is_private(k)}


def test_no_two_files_of_tests_share_a_name():
    """Folders of tests are no packages: the second would get the first."""
    here = pathlib.Path(__file__).parent
    names = [path.name for path in here.rglob("*.py")]
    assert {n for n in names if names.count(n) > 1} <= {"conftest.py"}


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
        "anomaly",
        "callbacks",
        "data",
        "layers",
        "losses",
        "metrics",
        "models",
        "networks",
        "penalties",
        "pictures",
        "tuners",
    ):
        module = getattr(keras_aegan, folder)
        for key, value in vars(module).items():
            documented = inspect.isclass(value) or inspect.isfunction(value)
            if not key.startswith("_") and documented:
                yield f"{folder}.{key}", value
    for key in (
        "AdversarialModel",
        "FeatureExtractor",
        "LastKernel",
        "Part",
        "call_stacked",
        "call_without_statistics",
        "feature_extractor",
        "linearize",
    ):
        yield key, getattr(keras_aegan, key)


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


@pytest.mark.parametrize("folder", ["layers", "losses", "models", "penalties"])
def test_the_catalogue_is_complete(folder):
    listed = {
        **catalogue.LAYERS,
        **catalogue.LOSSES,
        **catalogue.PENALTIES,
        **catalogue.RECONSTRUCTION_LOSSES,
        **catalogue.WEIGHTS,
        **catalogue.MODELS,
    }
    for key, value in vars(getattr(keras_aegan, folder)).items():
        if inspect.isclass(value) and not key.startswith("_"):
            assert value in listed or value in catalogue.ABSTRACT, key


@pytest.mark.parametrize("cls", catalogue.MODELS, ids=lambda cls: cls.__name__)
def test_models_have_few_classes_above_them(cls):
    above = [c for c in cls.__mro__ if c.__module__.startswith("keras_aegan")]
    assert len(above) - 1 <= 4, [c.__name__ for c in above]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_signature_is_made_up(path):
    """What an editor shows of a constructor is its `__init__`."""
    for node in ast.walk(tree(path)):
        assert getattr(node, "attr", None) != "__signature__", node.lineno
        assert getattr(node, "id", None) != "__signature__", node.lineno


@pytest.mark.parametrize("key", PUBLIC)
def test_documented_arguments_are_parameters(key):
    """A constructor lists what it takes: no argument hides behind `**`."""
    value = PUBLIC[key]
    text = inspect.cleandoc(value.__doc__ or "")
    section = re.search(
        r"^Args:\n((?: {4}.*\n|\n)+)", text + "\n", re.MULTILINE
    )
    documented = re.findall(r"^ {4}(\w+):", section[1] if section else "", re.M)
    function = value.__init__ if inspect.isclass(value) else value
    assert set(documented) <= set(inspect.signature(function).parameters)


@pytest.mark.parametrize("key", PUBLIC)
def test_public_parameters_have_type_hints(key):
    """But for tensors, for which the backends have no type in common."""
    text = inspect.getdoc(PUBLIC[key]) or ""
    for name in parameters_without_hint(PUBLIC[key]):
        kinds = "Tensor|Tensors|Sequence of logits|Logits|Batch|Labels"
        assert re.search(rf"\*?{name}: ({kinds})\b", text), name


def parameters_without_hint(value):
    """Of a function or, unless it is Keras', a constructor."""
    function = value.__init__ if inspect.isclass(value) else value
    if not function.__module__.startswith("keras_aegan"):
        return []
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.annotation is parameter.empty
        and parameter.name != "self"
        and parameter.kind
        not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]


# The field has words of its own for what these once stood for.
PRIVATE_WORDS = (
    r"told",
    r"tapped",
    r"quietly",
    r"pulled back",
    r"way back",
    r"anew",
    r"worked out",
    r"shared out",
    r"ailments?",
    r"deed",
    r"as of other models",
)
TEXTS = [
    path
    for path in sorted(ROOT.rglob("*"))
    if path.suffix in (".py", ".js", ".css", ".html", ".md")
]


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_the_fields_words(path):
    """In names and in prose, over the ends of lines, too."""
    text = re.sub(r"[\s#_]+", " ", f"{name(path)} {path.read_text()}")
    words = rf"\b({'|'.join(PRIVATE_WORDS)})\b"
    found = [
        text[max(0, match.start() - 30) : match.end() + 30]
        for match in re.finditer(words, text, re.IGNORECASE)
    ]
    assert not found
