"""Pages of the API, one for each public name, from what the package exports."""

import griffe
from exports import public_folders
from exports import public_members

OPTIONS = """::: {path}
    options:
      heading_level: 1
"""
# Of a base with more members than that, those without arguments are for the
# engine, and shown on the page of the base only.
MANY = 20


def pages(package):
    """Dict from the path of each page to its Markdown, and the navigation."""
    texts, navigation = {}, []
    top = public_members(package)
    folders = public_folders(package)
    own = {n: m for n, m in top.items() if not m.is_module}
    texts["api/index.md"] = overview(package, folders, own)
    navigation.append("api/index.md")
    add_pages(texts, navigation, "api", package, own)
    for name, module in folders.items():
        members = public_members(module)
        folder = f"api/{name}"
        if not members:
            texts[f"{folder}.md"] = module_page(module, f"keras_aegan.{name}")
            navigation.append({name: f"{folder}.md"})
            continue
        index = f"{folder}/index.md"
        texts[index] = folder_page(module, members)
        section = [index]
        add_pages(texts, section, folder, module, members)
        navigation.append({name: section})
    return texts, navigation


def add_pages(texts, navigation, folder, module, members):
    for name, member in members.items():
        path = f"{module.path}.{name}"
        if member.is_module:
            page = module_page(member, path)
        elif member.is_class:
            page = class_page(member, path)
        else:
            page = OPTIONS.format(path=path)
        texts[f"{folder}/{name}.md"] = f"---\ntitle: {name}\n---\n{page}"
        navigation.append({name: f"{folder}/{name}.md"})


def summary(item):
    """The first sentence of a docstring."""
    text = item.docstring.value if item.docstring else ""
    return text.split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def table(module, members):
    lines = ["| name | what it is |", "|---|---|"]
    for name, member in members.items():
        entry = f"[`{name}`][{module.path}.{name}]"
        lines.append(f"| {entry} | {summary(member)} |")
    return "\n".join(lines)


def overview(package, folders, own):
    lines = ["| module | what is in it |", "|---|---|"]
    for name, module in folders.items():
        page = f"{name}/index.md" if public_members(module) else f"{name}.md"
        entry = f"[`keras_aegan.{name}`]({page})"
        lines.append(f"| {entry} | {summary(module)} |")
    return (
        "# API reference\n\nEvery public name has a page, made of its "
        "docstring; below each is its source.\n\n"
        + "\n".join(lines)
        + "\n\n## For a model of your own\n\n"
        + table(package, own)
    )


def folder_page(module, members):
    title = f"# `{module.path}`\n\n{module.docstring.value}"
    return f"{title}\n\n{table(module, members)}"


def module_page(module, path):
    """A module whose own functions and constants are public."""
    names = [
        name
        for name, member in module.members.items()
        if not member.is_alias and not name.startswith("_")
    ]
    return (
        OPTIONS.format(path=module.canonical_path)
        + f"      members: {names}\n      show_if_no_docstring: true\n"
        + f"      heading: {path}\n      show_attribute_values: true\n"
    )


def class_page(cls, path):
    """A class, with what it has from bases that are not public."""
    above, own = {}, [n for n in cls.members if is_shown(cls, n)]
    for name in cls.inherited_members:
        if not is_shown(cls, name):
            continue
        base = next((b for b in public_bases(cls) if has(b, name)), None)
        if base is None:
            own.append(name)
        else:
            above.setdefault(public_path(base), []).append(name)
    inherited = [n for n in own if n not in cls.members]
    # What takes arguments comes first; what the engine wants, later.
    own.sort(key=lambda name: (not is_explained(cls, name), name))
    text = OPTIONS.format(path=path) + f"      members: {own or 'false'}\n"
    text += f"      inherited_members: {inherited}\n"
    text += "      group_by_category: false\n"
    if cls.mro() and not public_path(cls.mro()[0]):
        text += "      show_bases: false\n"
    for base, names in above.items():
        if len(names) > MANY:
            names = [n for n in names if is_explained(cls, n)]
        links = (f"[`{name}`][{base}.{name}]" for name in sorted(names))
        title = base.removeprefix("keras_aegan.")
        text += f"\n## From [`{title}`][{base}]\n\n{', '.join(links)}\n"
    return text


def is_shown(cls, name):
    """Whether a member is public and has a docstring."""
    if name.startswith("_"):
        return False
    try:
        return bool(cls.all_members[name].docstring)
    except griffe.AliasResolutionError:
        return False


def has(cls, name):
    return name in cls.members or name in cls.inherited_members


def is_explained(cls, name):
    """Whether a docstring has sections, such as arguments."""
    sections = cls.all_members[name].docstring.parsed
    return any(s.kind.value != "text" for s in sections)


def public_bases(cls):
    """The classes above one that have pages of their own."""
    return [b for b in cls.mro() if public_path(b)]


def public_path(cls):
    """Under what path a class is public, or `None`."""
    package = cls.package
    for module in (package, *public_folders(package).values()):
        member = public_members(module).get(cls.name)
        if member is not None and member.canonical_path == cls.canonical_path:
            return f"{module.path}.{cls.name}"
    return None
