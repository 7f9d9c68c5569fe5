"""Warnings of samples that are plainly on different scales."""

import warnings


def warn_of_scales(
    first: tuple[float, float],
    second: tuple[float, float],
    names: tuple[str, str] = ("Real samples", "generated ones"),
) -> bool:
    """Warn if two sets of samples are plainly scaled differently.

    That is: as bytes and as small numbers, a factor of 127 or 255; or in
    [0, 1] and in [-1, 1]. A generator that has not learnt yet gives values
    around 0, and one without an output function any others, so that neither
    is a sign of another scale.

    Args:
        first: Pair of the smallest and the largest value, of real samples or
            the range that they should have.
        second: The same of the samples that are compared with them.
        names: How the message calls the two.

    Returns:
        Boolean, whether there was a warning.
    """
    sizes = [max(abs(low), abs(high)) for low, high in (first, second)]
    is_far = max(sizes) > 50 * min(sizes) and max(sizes) > 50
    is_shifted = (_is_unit(first) and _is_signed_unit(second)) or (
        first[0] < -0.5 and _is_unit(second)
    )
    if is_far or is_shifted:
        warnings.warn(
            f"{names[0]} and {names[1]} must be scaled alike, or what is "
            f"measured is their scale: {names[0]} lie in "
            f"[{first[0]:g}, {first[1]:g}], {names[1]} in "
            f"[{second[0]:g}, {second[1]:g}]. Scale one of them.",
            stacklevel=3,
        )
    return is_far or is_shifted


def _is_unit(ends):
    # Most of the interval: a collapsed generator is in a part of any scale.
    return 0.0 <= ends[0] < 0.25 and 0.5 < ends[1] <= 1.0


def _is_signed_unit(ends):
    return -1.1 < ends[0] < -0.5 and ends[1] < 1.1
