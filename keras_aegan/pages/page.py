"""A page: what all have in common, and the files of one."""

import functools
import importlib.resources
import json
import math

import numpy as np

from keras_aegan import extras


def page(title, data, package, scripts):
    """The text of a page, one file of HTML.

    `page.html` of the package extends `frame.html`, and `page.css` follows
    `frame.css`. The scripts follow `frame.js`, in one element, so each sees
    what those before it define.

    Args:
        title: String, plain text.
        data: What `json` can write. Scripts find it as `data`. NaN, infinity
            and whatever else JSON does not have become text.
        package: String, the name of the package that has the page's own
            files.
        scripts: List of names of JavaScript files in that package, in the
            order in which they run.

    Raises:
        ImportError: if Jinja2 is missing.
    """
    files = [(package, name) for name in scripts]
    return template(package, "page.html").render(
        title=title,
        data=data,
        style=_joined((__package__, "frame.css"), (package, "page.css")),
        script=_joined((__package__, "frame.js"), *files),
    )


def check_requirement():
    """Raise if no page can be made, before anything else is done.

    Raises:
        ImportError: if Jinja2 is missing.
    """
    environment()


def template(package, name):
    """A Jinja2 template that is a file of a package.

    Raises:
        ImportError: if Jinja2 is missing.
    """
    return environment().get_template(f"{package}/{name}")


@functools.cache
def environment():
    """The Jinja2 environment of all templates, which escapes what it inserts.

    Raises:
        ImportError: if Jinja2 is missing.
    """
    with extras.required("Pages need Jinja2", "keras_aegan[report]"):
        import jinja2
    found = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    # `tojson` writes `<` as an escape, so that no string in the data can end
    # the element that holds them.
    found.policies["json.dumps_function"] = _json
    found.policies["json.dumps_kwargs"] = {}  # Keys stay in their order.
    return found


def _json(value, **options):
    try:
        return json.dumps(value, allow_nan=False, **options)
    except (TypeError, ValueError):
        return json.dumps(_plain(value), allow_nan=False, **options)


def _plain(value):
    """A value with text in place of what JSON does not have."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return _plain(value.tolist())
    is_finite = not isinstance(value, float) or math.isfinite(value)
    is_known = value is None or isinstance(value, (str, int, float))
    return value if is_known and is_finite else str(value)


@functools.cache
def _text(name):
    """The text of `<package>/<file>`."""
    package, _, file = name.partition("/")
    place = importlib.resources.files(package).joinpath(file)
    return place.read_text(encoding="utf-8").rstrip("\n")


def _joined(*files):
    """Files of CSS or JavaScript as one text that is inserted as it is."""
    from markupsafe import Markup

    return Markup("\n".join(_text(f"{place}/{name}") for place, name in files))
