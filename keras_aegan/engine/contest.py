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
        real: Batch of real samples; a tuple for a network of several inputs.
        fakes: List of batches of fakes.
    """

    def __init__(self, loss, discriminator, real, fakes):
        self._loss = loss
        self.discriminator = discriminator
        self.real = real
        self.fakes = list(fakes)
        weights = zip(*loss.weights_for(len(fakes)))
        self._sources = [real, *fakes]
        self._judged = [True, *(any(pair) for pair in weights)]
        self._logits = {}

    def _judge(self, positions):
        wanted = [
            i for i in positions if self._judged[i] and i not in self._logits
        ]
        if wanted:
            batches = [self._sources[i] for i in wanted]
            logits = together(self.discriminator, *batches)
            self._logits.update(zip(wanted, logits))
        return [self._logits.get(i) for i in positions]

    def discrimination(self):
        """The discriminator's loss."""
        real, *fakes = self._judge(range(len(self._sources)))
        return self._loss.discriminator_loss(real, fakes)

    def adversarial(self):
        """The generator's loss."""
        # Nothing of the generator's lies behind the real samples. Judged by
        # themselves they need no way back.
        real = self._judge([0])[0] if self._loss.compares else None
        fakes = self._judge(range(1, len(self._sources)))
        return self._loss.generator_loss(fakes, real)

    def exchange(self):
        """The loss of players who made both the real and the fake pairs.

        They want each to be taken for the other.
        """
        real, *fakes = self._judge(range(len(self._sources)))
        loss = self._loss.generator_loss(fakes, real)
        if self._loss.compares:
            return loss
        flipped = [self._loss.exchanged(real)] * len(fakes)
        return loss + self._loss.generator_loss(flipped) / len(fakes)
