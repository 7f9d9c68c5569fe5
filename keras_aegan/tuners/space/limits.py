"""Which sizes a limit on the number of parameters leaves."""

import dataclasses
import functools
import itertools
from collections.abc import Callable
from typing import Any

from keras_aegan.tuners.space.dimension import Dimension

UP_TO = "_up_to_"


def limit_parameters(
    dimensions: list[Dimension], count: Callable, limit: int
) -> list[Dimension]:
    """Dimensions in which no model has more parameters than a limit.

    Small codes allow wide networks and large codes narrow ones only, so the
    widths depend on the size of the code: there are dimensions `width`,
    `width_up_to_32` and so on, each active with some sizes of the code. All
    else that changes the number of parameters is taken at its largest value;
    only if no model fits then are its largest values dropped.

    Args:
        dimensions: List of `Dimension`. All that set a size have values, not
            an interval.
        count: Function from a dict of values to a number of parameters.
        limit: Integer.

    Returns:
        List of `Dimension`.

    Raises:
        ValueError: if the smallest model has more parameters.
    """
    named: dict[str, Any] = {d.name: d for d in dimensions}
    codes, widths = (
        sorted(named[n].values) if n in named else [None]
        for n in ("latent_dim", "width")
    )
    for depths in _depths_from_largest(named):

        def size(code, width, depths=depths):
            values = {"latent_dim": code, "width": width}
            values = {k: v for k, v in values.items() if k in named}
            return count({**_most_parameters(named), **depths, **values})

        def fits(code, width, size=size):
            return size(code, width) <= limit

        allowed = {
            code: tuple(
                itertools.takewhile(functools.partial(fits, code), widths)
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
    return list(_rewritten(dimensions, depths, allowed, tuple(widths)))


def _most_parameters(named):
    """The value of each minor dimension with which models are largest."""
    most = {}
    for name in ("noise", "dropout"):
        if name in named:
            interval = named[name].interval
            values = named[name].values or [interval["max_value"]]
            most[name] = max(values)
    for name in ("batch", "layer", "none"):
        dimension = named.get("normalization")
        if dimension and name in dimension.values:
            return {**most, "normalization": name}
    return most


def _depths_from_largest(named):
    """Dicts of the depths of networks, from their largest values down."""
    names = [n for n in ("residual_blocks", "latent_depth") if n in named]
    values = (sorted(named[n].values, reverse=True) for n in names)
    return [dict(zip(names, chosen)) for chosen in itertools.product(*values)]


def _rewritten(dimensions, depths, allowed, widths):
    """The dimensions with the values that are allowed.

    Args:
        dimensions: List of `Dimension`.
        depths: Dict from the name of a depth to its largest value.
        allowed: Dict from the size of a code to a tuple of widths.
        widths: Tuple of all widths.
    """
    codes = tuple(code for code in allowed if allowed[code])
    choices = sorted({allowed[code] for code in codes}, key=len, reverse=True)
    for dimension in dimensions:
        name = dimension.name
        if name == "latent_dim":
            yield _with_values(dimension, codes)
        elif name in depths:
            smaller = [v for v in dimension.values if v <= depths[name]]
            yield _with_values(dimension, smaller)
        elif name == "width":
            for choice in choices:
                is_only = choice == widths or len(choices) == 1
                when = [code for code in codes if allowed[code] == choice]
                yield dataclasses.replace(
                    _with_values(dimension, choice),
                    name=name if is_only else f"{name}{UP_TO}{choice[-1]}",
                    when={"latent_dim": when} if len(choices) > 1 else {},
                )
        else:
            yield dimension


def _with_values(dimension, values):
    values = tuple(values)
    default = dimension.default
    if default not in values:
        default = values[-1]
    return dataclasses.replace(dimension, values=values, default=default)
