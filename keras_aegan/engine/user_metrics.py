"""The metrics that `compile` is given, between `x` and `model(x)`."""

import re

import keras

# Keras chooses among several metrics of labels by the shapes of the outputs.
_ACCURACY = ("accuracy", "acc")


def user_metrics(metrics, weighted_metrics, is_discrete, log_names):
    """Metrics as a list of `keras.metrics.Metric`, named as Keras names them.

    Args:
        metrics: What `keras.Model.compile` takes of a model of one output:
            `None`, or a list, tuple or dict, also nested, of metrics, their
            names, or functions of `x` and `model(x)`.
        weighted_metrics: The same, of those that see weights of samples.
        is_discrete: Boolean, whether samples are integers and `model(x)`
            therefore logits.
        log_names: Names that the logs have already.

    Returns:
        List of all metrics, and the set of the names of those that see weights.

    Raises:
        ValueError: if something is not a metric, or two entries of the logs
            would have one name.
    """
    plain = _metrics("metrics", metrics, is_discrete)
    weighted = _metrics("weighted_metrics", weighted_metrics, is_discrete)
    plain_names = {metric.name for metric in plain}
    for metric in weighted:
        if metric.name in plain_names:
            metric.name = f"weighted_{metric.name}"
    result = [*plain, *weighted]
    names = [metric.name for metric in result]
    taken = {n for n in names if n in log_names or names.count(n) > 1}
    if taken:
        raise ValueError(
            "Each metric needs a name of its own, which no term or loss has. "
            f"Received: {sorted(taken)}"
        )
    return result, {metric.name for metric in weighted}


def _metrics(argument, given, is_discrete):
    if given is None:
        return []
    if not isinstance(given, (list, tuple, dict)):
        raise ValueError(
            f"`{argument}` must be a list of metrics, their names or functions "
            f"of `x` and `model(x)`. Received: {argument}={given!r}"
        )
    return [_metric(m, is_discrete) for m in keras.tree.flatten(given)]


def _metric(given, is_discrete):
    if isinstance(given, str) and given in _ACCURACY:
        if not is_discrete:
            raise ValueError(
                f"{given!r} compares labels, but `x` and `model(x)` are "
                "numbers. Use a metric such as 'mae' or "
                f"`keras_aegan.metrics.PSNR()`. Received: {given!r}"
            )
        metric = keras.metrics.SparseCategoricalAccuracy()
    else:
        metric = _known(given)
    if hasattr(metric, "update_generated"):
        raise ValueError(
            "A metric of generated samples cannot run inside a compiled step. "
            "Give it to `keras_aegan.callbacks.GenerationMetrics`. "
            f"Received: {metric!r}"
        )
    name = given if isinstance(given, str) else _name(metric)
    if not isinstance(metric, keras.metrics.Metric):
        return keras.metrics.MeanMetricWrapper(metric, name=name)
    metric.name = name
    return metric


def _known(given):
    try:
        metric = keras.metrics.get(given)
    except (TypeError, ValueError):
        metric = None
    if metric is None:
        raise ValueError(
            "`metrics` must be Keras metrics, their names or functions of `x` "
            f"and `model(x)`. Received: {given!r}"
        )
    return metric


def _name(metric):
    """What Keras calls a metric, a loss or a function."""
    if hasattr(metric, "name"):
        return metric.name
    name = getattr(metric, "__name__", type(metric).__name__)
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"\W+", "", name))
    return words.lower()
