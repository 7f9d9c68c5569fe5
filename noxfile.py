"""What a fresh machine needs: `nox -s demo`, `tests`, `lint`, `docs`."""

import os
import pathlib
import shutil

import nox

nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["tests", "lint"]

BACKENDS = ["jax", "tensorflow", "torch"]
# What writes and runs the formats that a model can be exported to.
CONVERTERS = {
    "jax": ["jax2onnx", "onnxruntime", "openvino", "tensorflow-cpu"],
    "tensorflow": ["tf2onnx", "onnxruntime", "openvino"],
    "torch": ["litert-torch", "onnxscript", "onnxruntime", "openvino"],
}
HERE = pathlib.Path(__file__).parent
EXCHANGE = HERE / ".nox" / "exchange"
READING = "tests/exchange/test_exchange.py"
SITE = HERE / "build" / "docs" / "site"


def install(session, *extras, package=None, versions="constraints.txt"):
    """The package, at the versions of a file, or the newest with `None`.

    As it stands here, in place, unless it is given as a file.
    """
    # Tests need no GPU, and packages without are a third of the size.
    extras = ["tensorflow-cpu" if e == "tensorflow" else e for e in extras]
    target = [f"{package or '.'}[{','.join(extras)}]"]
    # Python compiles what it imports; a framework has much that it never does.
    options = ["-q", "--no-compile"]
    options += ["-c", versions] if versions else ["--pre", "--upgrade"]
    session.install(*options, *([] if package else ["-e"]), *target)


def environment(backend):
    """One backend, quiet, and the folder where backends meet."""
    return {
        "KERAS_BACKEND": backend,
        # Tests start many processes. Where Python may not write down what it
        # compiles, each of them takes seconds to compile a framework.
        "PYTHONDONTWRITEBYTECODE": "",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "KERAS_AEGAN_EXCHANGE": str(EXCHANGE),
    }


@nox.session
def demo(session):
    """Train AEGAN on handwritten digits and draw what it learnt."""
    install(session, "jax", "plot", "test")
    session.run(
        "python",
        "examples/quickstart.py",
        *session.posargs,
        env=environment("jax"),
    )


@nox.session
@nox.parametrize("backend", BACKENDS)
def tests(session, backend):
    """All tests on one backend, in an environment that holds only that one.

    Each writes down what it computed. The last then lets all three read what
    the others wrote.
    """
    if backend == BACKENDS[0]:
        shutil.rmtree(EXCHANGE, ignore_errors=True)
    install(session, backend, "plot", "tuner", "test")
    # One test at a time leaves most of a machine idle, and so do long tests
    # at the end that wait for one worker.
    at_once = ("-n", str(os.cpu_count()), "--dist", "worksteal")
    session.run(
        *("pytest", *at_once, "--ignore", READING),
        *session.posargs,
        env=environment(backend),
    )
    if backend == BACKENDS[-1]:
        for other in BACKENDS:
            session.run(
                python_of(session, backend, other),
                *("-m", "pytest", *at_once, READING),
                env=environment(other),
                external=True,
            )


@nox.session
def quick(session):
    """What takes moments, on one backend and a sample of the models."""
    run_sample(session, "torch")


@nox.session
@nox.parametrize("backend", BACKENDS)
def lowest(session, backend):
    """The same with the lowest versions that `pyproject.toml` names."""
    run_sample(session, backend, versions="constraints-lowest.txt")


@nox.session
@nox.parametrize("backend", BACKENDS)
def newest(session, backend):
    """The same with the newest versions, candidates for release included."""
    run_sample(session, backend, versions=None)


def run_sample(session, backend, **versions):
    """Run what takes moments, of many models a few."""
    install(session, backend, "plot", "tuner", "test", **versions)
    alone = environment(backend)
    del alone["KERAS_AEGAN_EXCHANGE"]
    session.run(
        *("pytest", "-n", str(os.cpu_count()), "--sample"),
        *session.posargs,
        env=alone,
    )


@nox.session
@nox.parametrize("backend", BACKENDS)
@nox.parametrize("extra", ["anomaly", "data", "plot", "report", "tuner"])
def extras(session, backend, extra):
    """The snippets of README, each where nothing more is installed."""
    install(session, backend, extra)
    session.run(
        *("python", "tests/extras/readme_snippets.py", extra),
        env=environment(backend),
    )


@nox.session
@nox.parametrize("backend", BACKENDS)
def exports(session, backend):
    """What other programs compute from exported models, in every format."""
    install(session, backend, "test")
    converters = CONVERTERS[backend]
    session.install("-q", "--no-compile", "-c", "constraints.txt", *converters)
    alone = environment(backend)
    del alone["KERAS_AEGAN_EXCHANGE"]
    session.run("pytest", "tests/contract/test_export_formats.py", env=alone)


@nox.session
def build(session):
    """The wheel and the source distribution in `dist`, checked as by PyPI."""
    session.install("-q", "build", "twine")
    shutil.rmtree(HERE / "dist", ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", "dist", silent=True)
    session.run("twine", "check", "--strict", *map(str, built()))


@nox.session
@nox.parametrize("backend", BACKENDS)
def wheel(session, backend):
    """README's first snippet with the wheel of `nox -s build`, out of here."""
    [found] = [path for path in built() if path.suffix == ".whl"]
    install(session, backend, "plot", package=found)
    snippets = HERE / "tests" / "extras" / "readme_snippets.py"
    session.chdir(session.create_tmp())
    session.run("python", snippets, "plot", env=environment(backend))


def built():
    """The files that `nox -s build` has made."""
    return sorted((HERE / "dist").glob("keras_aegan-*"))


@nox.session
@nox.parametrize("backend", BACKENDS)
def benchmark(session, backend):
    """Train and measure models on one backend; the tables have all of them."""
    install(session, backend, "plot", "test")
    session.run(
        *("python", "benchmarks/benchmark.py", *session.posargs),
        env=environment(backend),
    )


@nox.session
def docs(session):
    """The documentation, with executed guides, into `build/docs/site`.

    `nox -s docs -- --full` trains the guides' models for as long as they say.
    """
    extras = ("jax", "plot", "data", "anomaly", "tuner", "test", "docs")
    install(session, *extras)
    known = environment("jax") | {
        "KERAS_AEGAN_SITE": str(SITE),
        # A word of the theme's authors about another program.
        "NO_MKDOCS_2_WARNING": "1",
    }
    session.run("python", "docs/notebooks.py", *session.posargs, env=known)
    config = ("--config-file", "docs/mkdocs.yml")
    session.run("mkdocs", "build", "--quiet", "--strict", *config, env=known)
    session.run("pytest", "tests/site", env=known)
    session.log(f"python -m http.server -d {SITE.relative_to(HERE)}")


def python_of(session, backend, other):
    """The interpreter of the environment of another backend's tests."""
    own = pathlib.Path(session.virtualenv.location)
    folder = own.parent / own.name.replace(backend, other)
    name = pathlib.Path(session.bin).relative_to(own)
    return os.fspath(folder / name / "python")


@nox.session
def lint(session):
    """The linters of Python and JavaScript, silent if they find nothing."""
    tools = ("mypy", "numpy", "oxlint", "ruff")
    session.install("-q", "-c", "constraints.txt", *tools)
    session.run("ruff", "check", "-q", ".")
    session.run("ruff", "format", "-q", "--check", ".")
    # `.oxlintrc.json` lists the names that scripts of one page share.
    session.run("oxlint", "--quiet", "keras_aegan", "docs", silent=True)
    # What the package says about types, and strictly what a user reads of it.
    session.run("mypy", silent=True)
    strictly = ("--strict", "--follow-imports", "silent")
    session.run("mypy", *strictly, "tests/typing/user_program.py", silent=True)
