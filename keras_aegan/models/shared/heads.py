"""Default networks on what a discriminator's last layer sees."""

from keras_aegan import networks
from keras_aegan.engine import feature_extractor


def recognition(numbers):
    """What builds a network that tells so many numbers of a code."""

    def build(size, parts):
        return networks.dense_network(
            _features(parts["discriminator"]),
            numbers,
            4 * size.width,
            depth=1,
            name="recognition",
        )

    return build


def classifier(discriminator, num_classes, width):
    """A linear classifier."""
    if num_classes is None:
        raise ValueError(
            "A classifier needs `num_classes`. Received: num_classes=None"
        )
    return networks.dense_network(
        _features(discriminator),
        num_classes,
        width,
        depth=0,
        name="classifier",
    )


def _features(discriminator):
    return feature_extractor(discriminator).size
