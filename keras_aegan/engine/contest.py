"""A discriminator, real samples and fakes: one contest of a model's game."""

import keras
from keras import ops

from keras_aegan import backend


def _mixes_samples(network):
    """Whether a sample's output depends on the others of its batch."""
    return any(
        getattr(layer, "mixes_samples", False)
        or isinstance(layer, keras.layers.BatchNormalization)
        for layer in backend.sublayers(network)
    )


def together(network, *inputs):
    """Call a network on several batches of one size, in one call.

    The batches are stacked and the outputs split again, which costs one pass
    through Python and fills the processor better. A network with batch
    statistics (`BatchNormalization`, or a layer whose attribute
    `mixes_samples` is true) is called on each batch alone, since stacking
    would change what it computes.

    Args:
        network: A Keras layer or model.
        inputs: Tensors of one shape.

    Returns:
        List of outputs, one for each input.
    """
    if len(inputs) == 1 or _mixes_samples(network):
        return [network(x) for x in inputs]
    dtype = inputs[0].dtype
    stacked = ops.concatenate([ops.cast(x, dtype) for x in inputs])
    return ops.split(network(stacked), len(inputs))


class Contest:
    """The logits of one discriminator, worked out when a side asks for them.

    The discriminator's turn needs all logits, the generator's only those of
    the fakes (unless the loss compares), and when both move at once they
    share one pass. So no sample is judged without need, and none twice.

    Args:
        loss: An `AdversarialLoss`.
        discriminator: A Keras model from samples to logits.
        real: Batch of real samples.
        fakes: List of batches of fakes.
    """

    def __init__(self, loss, discriminator, real, fakes):
        self._loss = loss
        self._discriminator = discriminator
        weights = zip(*loss.weights_for(len(fakes)))
        self._sources = [real, *fakes]
        self._judged = [True, *(any(pair) for pair in weights)]
        self._logits = {}

    def _judge(self, first):
        wanted = [
            i
            for i in range(first, len(self._sources))
            if self._judged[i] and i not in self._logits
        ]
        if wanted:
            batches = [self._sources[i] for i in wanted]
            logits = together(self._discriminator, *batches)
            self._logits.update(zip(wanted, logits))
        sources = range(1, len(self._sources))
        return self._logits.get(0), [self._logits.get(i) for i in sources]

    def discrimination(self):
        """The discriminator's loss."""
        return self._loss.discriminator_loss(*self._judge(first=0))

    def adversarial(self):
        """The generator's loss."""
        real, fakes = self._judge(first=0 if self._loss.compares else 1)
        return self._loss.generator_loss(fakes, real)
