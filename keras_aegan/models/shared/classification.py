"""What models that classify have in common."""

from keras_aegan import networks
from keras_aegan import validation
from keras_aegan.engine.parts import Part

CLASSIFIER = Part("classifier", is_optional=True, gives_logits=True)


def linear_classifier(inputs, num_classes, width):
    """A linear classifier.

    Args:
        inputs: Positive integer, how many numbers it takes.
        num_classes: Positive integer.
        width: Positive integer, as of `for_shape`.

    Raises:
        ValueError: if a number is missing or not a positive integer.
    """
    inputs = validation.check_integer("latent_dim", inputs)
    num_classes = validation.check_integer("num_classes", num_classes)
    width = validation.check_integer("width", width)
    return networks.dense_network(
        inputs, num_classes, width, depth=0, name="classifier"
    )


def refuse_condition_size(options):
    """Arguments of `for_shape`, without a condition beside the labels.

    Args:
        options: Dict of arguments of a model whose `y` in `fit` is labels.

    Raises:
        ValueError: if they ask for a condition that is a vector.
    """
    if options.get("condition_size") is not None:
        raise ValueError(
            "The `y` of `fit` is labels of classes here, so the condition "
            "cannot be another vector: `conditional=True` makes it the label. "
            f"Received: condition_size={options['condition_size']!r}"
        )
    return options
