"""What lies between two samples."""

from keras_aegan.engine.interpolation import decoded_rows
from keras_aegan.engine.interpolation import interpolate_codes
from keras_aegan.pictures.codes import codes_of
from keras_aegan.pictures.sheet import Panel
from keras_aegan.pictures.sheet import sheet


def interpolations(
    model,
    a=None,
    b=None,
    steps=8,
    spherical=False,
    labels=None,
    rows=8,
    seed=0,
):
    """Draw ways through the latent space, one in each row.

    Args:
        model: An `AdversarialModel` with a generator.
        a: Array of samples `(rows, ...)` to begin with, which takes an
            encoder; `None` for ways between codes of the prior.
        b: Array of samples to end with, as many.
        steps: Integer, at least 2, both ends included.
        spherical: Whether the way is an arc about 0, which keeps the length
            that codes of a normal prior have, or straight.
        labels: Array, the label of each row, for models that take any.
        rows: Positive integer, how many ways between codes of the prior.
        seed: Integer, chooses codes of the prior.

    Returns:
        Matplotlib figure; at both ends are the reconstructions of `a` and `b`.

    Raises:
        ValueError: if only one of `a` and `b` is given, they differ in shape,
            or the model cannot do it.
        ImportError: if Matplotlib is missing.

    Example:

    >>> from keras_aegan.models import GAN
    >>> model = GAN.for_shape((8, 8, 1), latent_dim=4, width=2)
    >>> figure = interpolations(model, steps=4, spherical=True)

    Reference: White 2016, arXiv:1609.04468, for spherical ways.
    """
    way = ways(model, a, b, steps, spherical, labels, rows, seed)
    kind = "spherical" if spherical else "linear"
    panel = Panel(
        f"interpolations, {kind}",
        way.reshape(-1, *way.shape[2:]),
        columns=steps,
        column_names=("a", *[""] * (steps - 2), "b"),
    )
    return sheet([panel])


def ways(model, a, b, steps, spherical, labels, rows, seed):
    """Samples on the ways, an array `(rows, steps, ...)`."""
    if (a is None) != (b is None):
        raise ValueError(
            "`a` and `b` must be given together or not at all. Received: only "
            + ("b" if a is None else "a")
        )
    if a is not None:
        return model.interpolate(
            a, b, steps, labels=labels, spherical=spherical
        )
    first, labels = codes_of(model, None, labels, rows, seed)
    last, _ = codes_of(model, None, labels, rows, seed + 1)
    codes = interpolate_codes(first, last, steps, spherical)
    return decoded_rows(model, codes, labels=labels)
