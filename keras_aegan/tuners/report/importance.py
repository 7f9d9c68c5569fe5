"""How much each hyperparameter matters, from the trials of a search."""

import math
import numbers

from keras_aegan import extras

_TREES = 200
_ENOUGH = 5


def importance(rows, scores):
    """Shares of the variance of scores that a random forest explains by each.

    Args:
        rows: List of dicts from the name of a hyperparameter to its value, one
            for each trial; `None` or missing where the trial has none.
        scores: List of finite floats, one for each trial.

    Returns:
        Dict from name to its share, largest first, whose sum is 1. It is empty
        for fewer than 5 trials, which are too few for a forest.

    Raises:
        ImportError: if scikit-learn is missing.

    Example:

    >>> rows = [{"width": n, "noise": n % 3} for n in range(20)]
    >>> shares = importance(rows, [float(row["width"]) for row in rows])
    >>> shares["width"] > 0.9
    True

    Reference: Breiman 2001, Random Forests, Machine Learning 45: the mean
    decrease of impurity.
    """
    with extras.required(
        "The importance of hyperparameters needs scikit-learn",
        "keras_aegan[tuner]",
    ):
        from sklearn.ensemble import RandomForestRegressor
    names = sorted({name for row in rows for name in row})
    if len(rows) < _ENOUGH or not names:
        return {}
    columns = [_numbers([row.get(name) for row in rows]) for name in names]
    forest = RandomForestRegressor(_TREES, random_state=0)
    forest.fit(list(zip(*columns)), scores)
    shares = zip(names, map(float, forest.feature_importances_))
    return dict(sorted(shares, key=lambda pair: -pair[1]))


def _numbers(values):
    """Values as numbers in an order; what is none, or not finite, is first."""
    present = [value for value in values if value is not None]
    if all(isinstance(value, numbers.Real) for value in present):
        known = [value for value in present if math.isfinite(value)]
        least = min(known, default=0) - 1
        return [value if value in known else least for value in values]
    order = {value: i for i, value in enumerate(sorted(set(map(str, present))))}
    return [-1 if value is None else order[str(value)] for value in values]
