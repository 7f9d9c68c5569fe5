"""`compile` of a sampled model, given arguments beside the sampled ones."""


class Recompile:
    """`compile` of a sampled model, which keeps the sampled game.

    KerasTuner calls `compile(optimizer=, loss=, metrics=)` again if the tuner
    was given any of the three, which would reset the rest to the defaults.
    """

    def __init__(self, model, sampled):
        self._compile = model.compile
        self._means = model.means
        self._sampled = sampled

    def __call__(self, **given):
        given = {key: value for key, value in given.items() if value}
        if "metrics" in given:
            metrics = [m for m in given["metrics"] if m is not self._means]
            given["metrics"] = metrics or self._sampled.get("metrics")
        self._compile(**merged_arguments(self._sampled, given))


def merged_arguments(sampled, given):
    """Arguments of `compile`; given ones override sampled ones, also in dicts.

    Args:
        sampled: Dict of arguments.
        given: Dict of arguments.
    """
    merged = {**sampled, **given}
    for key in ("loss", "loss_weights", "turns", "penalties"):
        dicts = [a[key] for a in (sampled, given) if a.get(key)]
        if len(dicts) == 2 and all(isinstance(d, dict) for d in dicts):
            merged[key] = {**dicts[0], **dicts[1]}
    return merged
