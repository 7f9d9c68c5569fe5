"""What the `y` of `fit` is for a model: labels, a target, or nothing."""

from typing import NamedTuple

from keras import ops

from keras_aegan.layers import Conditional


def condition_of(model):
    """The first `Conditional` among the parts of a model, or `None`."""
    parts = (getattr(model, name) for name in model.part_names)
    return next((p for p in parts if isinstance(p, Conditional)), None)


class LabelKind(NamedTuple):
    """What a model expects as `y`, one for each sample.

    Args:
        num_classes: Positive integer if it is a label in `0, ...,
            num_classes - 1`; `None` if it is a vector.
        shape: Shape of a vector, `()` for a label.
        may_be_unknown: Boolean, whether a label may be -1: not known.
        is_required: Boolean, whether `fit` without `y` is an error.
    """

    num_classes: int | None
    shape: tuple[int, ...] = ()
    may_be_unknown: bool = False
    is_required: bool = True


def partly_known(num_classes: int, is_required: bool = False) -> LabelKind:
    """Labels for a classifier, which learns from those that are known."""
    return LabelKind(num_classes, may_be_unknown=True, is_required=is_required)


def label_kind_of_parts(model) -> LabelKind | None:
    """The kind of label that networks and the prior of a model ask for.

    Args:
        model: `AdversarialModel`.

    Returns:
        `LabelKind`, or `None` if no part asks for any.
    """
    conditional = condition_of(model)
    if conditional is not None:
        num_classes = conditional.num_classes
        is_vector = num_classes is None
        shape = tuple(conditional.condition_shape) if is_vector else ()
        return LabelKind(num_classes, shape)
    # Such a prior says itself when it cannot do without.
    classes = getattr(getattr(model, "prior", None), "label_classes", 0)
    return LabelKind(classes, is_required=False) if classes else None


def is_target(model, y) -> bool:
    """Whether `y` of a batch is samples, for which `x` is to be denoised.

    Args:
        model: `AdversarialModel`.
        y: Second element of a batch, or `None`.

    Raises:
        ValueError: if TensorFlow does not know how many axes `y` has.
    """
    if not model.takes_targets or model.label_kind is not None:
        return False
    shape = getattr(y, "shape", ())
    if getattr(shape, "rank", 0) is None:
        raise ValueError(
            "`y` must have a known number of axes, by which samples differ "
            "from labels: call `compile` again before `fit` with a `y` of "
            f"another shape. Received: y={y}"
        )
    return tuple(shape[1:]) == model.sample_shape


def real_samples(model, x, y):
    """The real samples of a batch, and its labels.

    Args:
        model: `AdversarialModel`.
        x: Tensor, the first element of the batch.
        y: Its second element, or `None`.

    Returns:
        `(x, y)`, or `(y, None)` if `y` is the target of `x`.
    """
    return (ops.cast(y, x.dtype), None) if is_target(model, y) else (x, y)
