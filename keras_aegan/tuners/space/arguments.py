"""Which classes and names a search space may be made of."""


def checked_classes(model_class):
    """The list of classes with `for_shape`, whose names must differ."""
    several = isinstance(model_class, (list, tuple))
    classes = list(model_class) if several else [model_class]
    for cls in classes:
        if not isinstance(cls, type) or not hasattr(cls, "for_shape"):
            raise ValueError(
                "`model_class` must be a model class with `for_shape`, or a "
                f"list of them. Received: {cls!r}"
            )
    if not classes or len({c.__name__ for c in classes}) < len(classes):
        raise ValueError(
            "`model_class` must list one or more classes of different names. "
            f"Received: {classes}"
        )
    return classes


def checked_space(space):
    """The dict of values by name, a copy."""
    if not isinstance(space or {}, dict):
        raise ValueError(
            "`space` must be a dict from the name of a hyperparameter to its "
            f"values. Received: space={space!r}"
        )
    return dict(space or {})


def check_names(narrowing, spaces):
    """Raise if no space has a dimension or an option of a name."""
    names = {name for space in spaces for name in space.names}
    options = {name for space in spaces for name in space.option_names} - names
    unknown = sorted(set(narrowing) - names - options - {"batch_size"})
    if unknown:
        raise ValueError(
            "`space` names hyperparameters that these models do not have. "
            f"Expected some of {sorted({*names, 'batch_size'})}, or options: "
            f"{sorted(options)}. Received: {unknown}"
        )
