"""What metrics say, by the names under which the logs have it."""


def results_of(metrics):
    """Dict from name to float, of metrics that give a number or a dict."""
    values = [list(_result(metric).values()) for metric in metrics]
    return {
        name: float(value)
        for name, value in zip(names_of(metrics), sum(values, []))
    }


def names_of(metrics):
    """Those names, which are known before anything is measured."""
    names = []
    for metric in metrics:
        for name in _entries(metric):
            # Two metrics of one kind may give the same entries.
            names.append(f"{metric.name}_{name}" if name in names else name)
    return names


def _entries(metric):
    spread = [f"{metric.name}_spread"] if hasattr(metric, "spread") else []
    return getattr(metric, "entries", None) or [metric.name, *spread]


def _result(metric):
    result = metric.result()
    if isinstance(result, dict):
        return {name: result[name] for name in metric.entries}
    spread = [metric.spread()] if hasattr(metric, "spread") else []
    return dict(zip(_entries(metric), [result, *spread]))
