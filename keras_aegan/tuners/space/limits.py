"""Which sizes a limit on the number of parameters leaves."""

import dataclasses
import itertools

UP_TO = "_up_to_"


def limited(dimensions, count, limit):
    """Dimensions in which no model has more parameters than a limit.

    Small codes go with wide networks and large codes with narrow ones, so the
    widths hang on the size of the code, as `width`, `width_up_to_32` and so
    on. What else changes the size is taken at its largest; only if nothing
    fits then, its largest values are dropped.

    Args:
        dimensions: List of `Dimension`, all sizes among them as values.
        count: Function from a dict of values to a number of parameters.
        limit: Integer.

    Returns:
        List of `Dimension`.

    Raises:
        ValueError: if the smallest model has more parameters.
    """
    named = {dimension.name: dimension for dimension in dimensions}
    codes, widths = (
        sorted(named[n].values) if n in named else [None]
        for n in ("latent_dim", "width")
    )
    for others in _largest_first(named):

        def size(code, width, others=others):
            values = {"latent_dim": code, "width": width}
            values = {k: v for k, v in values.items() if k in named}
            return count({**_worst(named), **others, **values})

        allowed = {
            code: tuple(
                itertools.takewhile(
                    lambda width, code=code: size(code, width) <= limit, widths
                )
            )
            for code in codes
        }
        if any(allowed.values()):
            break
    else:
        raise ValueError(
            f"`max_parameters` must be at least {size(codes[0], widths[0])}, "
            "the size of the smallest model of the space. "
            f"Received: max_parameters={limit}"
        )
    return list(_rewritten(dimensions, others, allowed, tuple(widths)))


def _worst(named):
    """The values that cost most among those that change the size a little."""
    worst = {}
    for name in ("noise", "dropout"):
        if name in named:
            limits = named[name].limits
            values = named[name].values or [limits["max_value"]]
            worst[name] = max(values)
    for name in ("batch", "layer", "none"):
        dimension = named.get("normalization")
        if dimension and name in dimension.values:
            return {**worst, "normalization": name}
    return worst


def _largest_first(named):
    """The depths of networks, from their largest values down."""
    depths = [n for n in ("residual_blocks", "latent_depth") if n in named]
    values = (sorted(named[n].values, reverse=True) for n in depths)
    return [dict(zip(depths, chosen)) for chosen in itertools.product(*values)]


def _rewritten(dimensions, others, allowed, widths):
    codes = tuple(code for code in allowed if allowed[code])
    kinds = sorted({allowed[code] for code in codes}, key=len, reverse=True)
    for dimension in dimensions:
        name = dimension.name
        if name == "latent_dim":
            yield _with(dimension, codes)
        elif name in others:
            smaller = [v for v in dimension.values if v <= others[name]]
            yield _with(dimension, smaller)
        elif name == "width":
            for kind in kinds:
                whole = kind == widths or len(kinds) == 1
                when = [code for code in codes if allowed[code] == kind]
                yield dataclasses.replace(
                    _with(dimension, kind),
                    name=name if whole else f"{name}{UP_TO}{kind[-1]}",
                    when={"latent_dim": when} if len(kinds) > 1 else {},
                )
        else:
            yield dimension


def _with(dimension, values):
    values = tuple(values)
    default = dimension.default
    if default not in values:
        default = values[-1]
    return dataclasses.replace(dimension, values=values, default=default)
