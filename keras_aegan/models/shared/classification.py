"""Linear classifiers of codes or features."""

from keras_aegan import networks
from keras_aegan.engine.parts import Part

CLASSIFIER = Part("classifier", is_optional=True)


def linear_classifier(inputs, num_classes, width):
    """A linear classifier.

    Args:
        inputs: Positive integer, how many numbers it takes.
        num_classes: Positive integer.
        width: Positive integer, as of `for_shape`.

    Raises:
        ValueError: if `num_classes` is missing.
    """
    if num_classes is None:
        raise ValueError(
            "A classifier needs `num_classes`. Received: num_classes=None"
        )
    return networks.dense_network(
        inputs, num_classes, width, depth=0, name="classifier"
    )
