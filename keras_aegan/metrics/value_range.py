"""The range of values that samples can have."""


def checked_range(value_range):
    """The pair of floats, if it is one that rises."""
    try:
        low, high = (float(value) for value in value_range)
    except (TypeError, ValueError):
        low = high = 0.0
    if not low < high:
        raise ValueError(
            "`value_range` must be a pair of rising numbers. "
            f"Received: value_range={value_range!r}"
        )
    return low, high
