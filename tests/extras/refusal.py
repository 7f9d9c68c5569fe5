"""An environment that holds only what some extras require, simulated."""

import builtins
import importlib.machinery
import importlib.metadata
import pathlib
import sys
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = pathlib.Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def requirements(*extras):
    """Names of all distributions that pip installs for some extras."""
    optional = PROJECT["optional-dependencies"]
    waiting = [*PROJECT["dependencies"], *sum(map(optional.get, extras), [])]
    found = set()
    while waiting:
        needed = Requirement(waiting.pop())
        name = canonicalize_name(needed.name)
        marker = needed.marker
        if name in found or (marker and not marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += importlib.metadata.requires(name) or []
        for extra in needed.extras:
            waiting += [
                line.split(";")[0]
                for line in importlib.metadata.requires(name) or []
                if f'extra == "{extra}"' in line.replace("'", '"')
            ]
    return found


class Refusal:
    """Lets nothing be imported that an extra does not require.

    Args:
        required: Dict from extra to a set of names of distributions.
    """

    def __init__(self, required):
        self.required = required
        self.allowed = set()
        self.distributions = importlib.metadata.packages_distributions()
        self.finders = list(sys.meta_path)
        sys.meta_path[:] = [self]
        self.plain_import = builtins.__import__
        builtins.__import__ = self.checked_import

    def allow(self, extra):
        """From now on the environment is that of this extra."""
        self.allowed = self.required[extra] | {"keras-aegan"}

    def is_refused(self, module):
        top = module.partition(".")[0]
        owners = {*map(canonicalize_name, self.distributions.get(top, ()))}
        return bool(owners) and not owners & self.allowed

    def find_spec(self, module, path=None, target=None):
        if self.is_refused(module):
            return None
        specs = (f.find_spec(module, path, target) for f in self.finders)
        return next((spec for spec in specs if spec is not None), None)

    def find_distributions(self, context):
        return importlib.machinery.PathFinder.find_distributions(context)

    def checked_import(
        self, name, globals=None, locals=None, fromlist=(), level=0
    ):
        """What was imported for another extra is refused to the package."""
        caller = str((globals or {}).get("__name__"))
        is_ours = caller.partition(".")[0] == "keras_aegan"
        if is_ours and level == 0 and self.is_refused(name):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return self.plain_import(name, globals, locals, fromlist, level)
