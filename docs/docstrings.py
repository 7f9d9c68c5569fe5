"""Docstrings as Markdown: an extension of Griffe, which reads the package."""

import re

import griffe
from exports import public_names
from exports import uncover

# What Griffe knows under another name.
SECTIONS = {"Class attributes": "Attributes", "Class attribute": "Attributes"}
KNOWN = {"Args", "Attributes", "Raises", "Returns", "Yields"}


class Docstrings(griffe.Extension):
    """Prepares all docstrings, and finds methods that are made elsewhere."""

    def on_package(self, *, pkg, **kwargs):
        owners = [*modules_and_classes(pkg)]
        uncover(pkg)
        names, docstrings = public_names(pkg), {}
        for owner in owners:
            for name, member in [*owner.members.items()]:
                if not member.is_alias and member.is_attribute:
                    borrow(owner, name, member, pkg)
            members = [m for m in owner.members.values() if not m.is_alias]
            for item in [owner, *members]:
                if item.docstring:
                    # A property has that of its function.
                    found = (item.docstring, item.path)
                    docstrings.setdefault(id(item.docstring), found)
        for docstring, path in docstrings.values():
            text = as_markdown(docstring.value)
            docstring.value = linked(text, names, path)


def modules_and_classes(owner):
    """The object and all modules and classes in it."""
    yield owner
    for member in [*owner.members.values()]:
        if not member.is_alias and (member.is_module or member.is_class):
            yield from modules_and_classes(member)


def borrow(owner, name, attribute, package):
    """Let `method = module.function` be a method, and a property the like."""
    value = attribute.value
    is_property = getattr(value, "canonical_path", "") == "property"
    if is_property and value.arguments:
        value = value.arguments[0]
    if not isinstance(value, griffe.ExprName | griffe.ExprAttribute):
        return
    path = value.canonical_path
    if not owner.is_class or not path.startswith(f"{package.name}."):
        return
    try:
        target = package[path.removeprefix(f"{package.name}.")]
    except KeyError:  # An argument of a function.
        return
    if target.is_function and is_property:
        attribute.docstring = target.docstring
        attribute.value = None
        attribute.labels.add("property")
    elif target.is_function:
        owner.members[name] = griffe.Alias(name, target, parent=owner)


def linked(text, names, own=None):
    """Markdown whose code leads to the page of what it names."""

    def link(match):
        path = names.get(match[1].removeprefix("@").split("(")[0])
        if not path or own and own.endswith(f".{match[1].split('.')[-1]}"):
            return match[0]
        return f"[`{match[1]}`][{path}]"

    # Every second part is a block of code, whose lines stay.
    parts = re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)
    for i in range(0, len(parts), 2):
        found = r"(?<![\[`])`([\w.@]+(?:\([^`]*\))?)`(?![\]`])"
        parts[i] = re.sub(found, link, parts[i])
        # Papers, wherever they are cited.
        paper = r"(?<!\[)\barXiv:(\d{4}\.\d{4,5})"
        target = r"[arXiv:\1](https://arxiv.org/abs/\1)"
        parts[i] = re.sub(paper, target, parts[i])
    return "".join(parts)


def as_markdown(text):
    """A docstring whose examples, lists and equations Markdown understands."""
    blocks = re.split(r"\n\n", text)
    return "\n\n".join(map(block_as_markdown, blocks))


def block_as_markdown(block):
    # Griffe wants the names of arguments, if there are many, in one line.
    many = re.compile(r"^(    [\w*][\w, *]*,)\n +(?=[\w, *]+[,:])", re.M)
    while block.startswith("Args:") and many.search(block):
        block = many.sub(r"\1 ", block)
    lines = block.split("\n")
    title = lines[0].removesuffix(":")
    if lines[0].startswith(">>>"):
        return "\n".join(["```pycon", *lines, "```"])
    if lines == ["Example:"]:
        return "**Example:**"
    if title in SECTIONS:
        lines[0] = f"{SECTIONS[title]}:"
    elif lines[0] == f"{title}:" and title not in KNOWN and len(lines) > 1:
        if all(line.startswith("    ") for line in lines[1:]):
            entry = re.compile(r"^    (\w+):", re.M)
            items = entry.sub(r"- `\1`:", "\n".join(lines[1:]))
            return f"**{title}:**\n\n{items}"
    # Equations that stand below each other stay there.
    for i, line in enumerate(lines[:-1]):
        if re.fullmatch(r"\s*`[^`]+`[,;.]?", line):
            lines[i] = f"{line}  "
    # Markdown wants a blank line before a list.
    for i in range(len(lines) - 1, 0, -1):
        new = lines[i].startswith("- ") and lines[i - 1][:2] not in ("- ", "  ")
        if new:
            lines.insert(i, "")
    return "\n".join(lines)
