"""What the package makes public, by its rule: `import a as a`."""

import re

import griffe


def exports(module):
    """Sorted names that a module makes public."""
    names = set(re.findall(r"\b(\w+) as \1\b", module.source))
    for name, member in module.members.items():
        if not member.is_alias and member.is_function:
            names.add(name)
    names = (n for n in names if not n.startswith("_"))
    return sorted(names, key=str.lower)


def public_folders(package):
    """Dict from the name of each public folder to its module."""
    names = {*exports(package), "parts"}
    # `__getattr__` of the package imports these when they are asked for.
    late = package.source.split("def __getattr__")[1]
    names |= set(re.findall(r'"(\w+)"', late))
    found = {n: package[n] for n in sorted(names)}
    return {
        name: module.final_target if module.is_alias else module
        for name, module in found.items()
        if module.is_module
    }


def public_members(module):
    """Dict from name to what a folder makes public; of a file, nothing."""
    if module.filepath.name != "__init__.py":
        return {}
    return {name: module.members[name] for name in exports(module)}


def uncover(package):
    """Let `a.b` be what `a` imports as `b`, not the file of that name."""
    for module in public_folders(package).values():
        for name, member in public_members(module).items():
            if member.is_module and name in member.members:
                target = member.members[name]
                if target.is_alias:
                    target = target.final_target
                alias = griffe.Alias(name, target, parent=module)
                module.members[name] = alias


def public_names(package):
    """Dict from each public class's path, and name, to its whole path."""
    paths = {}
    for module in (package, *public_folders(package).values()):
        for name, member in public_members(module).items():
            if member.is_class or member.is_function:
                path = f"{module.path}.{name}"
                paths[path] = path
                paths[path.removeprefix("keras_aegan.")] = path
                if member.is_class:
                    paths[name] = path
    return paths
