"""One sentence about an optional package that is missing."""

import contextlib


@contextlib.contextmanager
def required(need, install):
    """Say how to install what an import in this context does not find.

    Args:
        need: String, who needs what, such as `"Pictures need Matplotlib"`.
        install: String, what pip is to install.

    Raises:
        ImportError: if an import fails, with both strings.

    Example:

    >>> with required("Pictures need Matplotlib", "keras_aegan[plot]"):
    ...     import no_such_package
    Traceback (most recent call last):
    ...
    ImportError: Pictures need Matplotlib: \
`pip install "keras_aegan[plot]"` (No module named 'no_such_package')
    """
    try:
        yield
    except ImportError as error:
        raise ImportError(
            f'{need}: `pip install "{install}"` ({error})'
        ) from error
