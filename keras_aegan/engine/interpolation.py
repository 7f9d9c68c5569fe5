"""Ways from one latent code to another."""

import numpy as np

from keras_aegan.engine.data_checks import trusted
from keras_aegan.validation import check_integer


def interpolate_codes(first, last, steps, spherical=False):
    """Codes on the way between two sets of codes.

    Straight, `(1 - t) a + t b`, or spherical, which keeps the length that
    codes of a normal prior have: with the angle `w` between `a` and `b`,
    `(sin((1 - t) w) a + sin(t w) b) / sin(w)`. Between parallel codes the
    spherical way is the straight one.

    Args:
        first: Array of codes, `(samples, ...)`, at t = 0.
        last: Array of codes of the same shape, at t = 1.
        steps: Integer, at least 2, both ends included.
        spherical: Whether the way is spherical.

    Returns:
        Array `(samples, steps, ...)`.

    Raises:
        ValueError: if `steps` is not as above.

    Reference: White 2016, arXiv:1609.04468, for the spherical way.
    """
    steps = check_integer("steps", steps, 2)
    share = np.linspace(0.0, 1.0, steps, dtype="float32")
    shares = np.stack([1 - share, share])[:, None]
    if spherical:
        shares = _spherical(shares, first, last)
    shares = shares.reshape(*shares.shape, *[1] * (first.ndim - 1))
    return shares[0] * first[:, None] + shares[1] * last[:, None]


def decoded_rows(model, codes, batch_size=None, verbose=0, labels=None):
    """Samples from rows of codes; the codes of a row have one label.

    Args:
        model: An `AdversarialModel`.
        codes: Array of codes, `(rows, columns, ...)`.
        batch_size: Integer or `None`, as `decode` takes it.
        verbose: As `decode` takes it.
        labels: Array of one label for each row, or `None`.

    Returns:
        Array of samples, `(rows, columns, ...)`.
    """
    rows, columns = codes.shape[:2]
    flat = codes.reshape(-1, *codes.shape[2:])
    if labels is not None:
        labels = np.repeat(labels, columns, axis=0)
    with trusted():
        samples = model.decode(flat, batch_size, verbose, labels)
    return samples.reshape(rows, columns, *samples.shape[1:])


def _spherical(shares, first, last):
    """The shares of both ends, for each pair of codes."""
    a, b = (np.float64(z).reshape(len(z), -1) for z in (first, last))
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    # The code 0 has no direction and counts as parallel to all.
    cosine = np.where(lengths > 0, (a * b).sum(1), 1.0)
    cosine = cosine / np.where(lengths > 0, lengths, 1.0)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))[:, None]
    is_parallel = np.sin(angle) < 1e-4
    divisor = np.where(is_parallel, 1.0, np.sin(angle))
    curved = np.sin(shares * angle) / divisor
    return np.where(is_parallel, shares, curved).astype("float32")
