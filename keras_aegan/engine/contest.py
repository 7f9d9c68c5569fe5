"""A discriminator, real samples and fakes: one contest of a model's game."""

from keras_aegan.engine.calls import together


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
