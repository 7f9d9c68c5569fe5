"""A discriminator, real samples and fakes: one contest of a model's game."""

from keras_aegan import backend
from keras_aegan.engine.calls import together


class Contest:
    """The logits of one discriminator, worked out when a side asks for them.

    The discriminator's turn needs all logits, the generator's only those of
    the fakes (unless the loss compares), and when both move at once they
    share one pass. So no sample is judged without need, and none twice.

    Args:
        loss: An `AdversarialLoss`.
        discriminator: A Keras model from samples to logits, or a list of
            models that are called one after the other.
        real: Batch of real samples; a tuple for a network of several inputs.
        fakes: List of batches of fakes.
        tap: Result of `tapped(discriminator)`, for `features`, or `None`.
        apart: Boolean. Whether to judge each batch by itself, rather than all
            in one pass: what is computed of one of them elsewhere, such as
            its slope, is then the same operation, and is computed once; and
            what only one of them needs is not pulled back for all. Features
            always are seen so.
    """

    def __init__(self, loss, discriminator, real, fakes, tap=None, apart=False):
        self._loss = loss
        chain = discriminator if isinstance(discriminator, list) else None
        self.networks = chain or [discriminator]
        self.real = real
        self.fakes = list(fakes)
        weights = zip(*loss.weights_for(len(fakes)))
        self._sources = [real, *fakes]
        self._judged = [True, *(any(pair) for pair in weights)]
        self._tap = tap
        self._apart = apart or tap is not None
        self._logits = {}
        self._features = {}

    def _judge(self, positions):
        wanted = [
            i for i in positions if self._judged[i] and i not in self._logits
        ]
        if wanted:
            outputs = self._judged_by_all([self._sources[i] for i in wanted])
            if self._tap is not None:
                self._features.update(zip(wanted, (f for f, _ in outputs)))
                outputs = [logits for _, logits in outputs]
            self._logits.update(zip(wanted, outputs))
        return [self._logits.get(i) for i in positions]

    def with_fakes(self, fakes):
        """The same contest over other fakes."""
        return Contest(
            self._loss, self.networks, self.real, fakes, self._tap, self._apart
        )

    @property
    def boundary(self):
        """The logit between real and fake, `None` if there is none."""
        return self._loss.boundary

    def critic(self, u):
        """The logits of other samples than the contest's own."""
        for network in self.networks:
            u = together(network, u)[0]
        return u

    def features(self):
        """What the tapped layer makes of the real samples and the fakes."""
        self.logits()
        return [self._features[i] for i in range(len(self._sources))]

    def fake_features(self):
        """What the tapped layer makes of the fakes alone."""
        fakes = range(1, len(self._sources))
        self._judge(fakes)
        return [self._features[i] for i in fakes]

    def _judged_by_all(self, batches):
        if self._apart and len(batches) > 1:
            return [self._judged_by_all([u])[0] for u in batches]
        chain = self.networks if self._tap is None else [self._tap()]
        for network in chain:
            batches = together(network, *batches)
        return batches

    def logits(self):
        """Logits of the real samples, and a list of those of the fakes."""
        real, *fakes = self._judge(range(len(self._sources)))
        return real, fakes

    def discrimination(self):
        """The discriminator's loss.

        Layers with a method `observe_real_logits` are shown how far these
        logits are above the boundary, if there is one.
        """
        real, fakes = self.logits()
        for network in self.networks if self.boundary is not None else ():
            for layer in backend.sublayers(network):
                if hasattr(layer, "observe_real_logits"):
                    layer.observe_real_logits(real - self.boundary)
        return self._loss.discriminator_loss(real, fakes)

    def adversarial(self):
        """The generator's loss."""
        # Nothing of the generator's lies behind the real samples. Judged by
        # themselves they need no way back.
        real = self._judge([0])[0] if self._loss.compares else None
        fakes = self._judge(range(1, len(self._sources)))
        return self._loss.generator_loss(fakes, real)

    def adversarial_of(self, u):
        """The generator's loss, had it made `u`."""
        real = self._judge([0])[0] if self._loss.compares else None
        return self._loss.generator_loss([self.critic(u)], real)

    def exchange(self):
        """The loss of players who made both the real and the fake pairs.

        They want each to be taken for the other.
        """
        real, fakes = self.logits()
        loss = self._loss.generator_loss(fakes, real)
        if self._loss.compares:
            return loss
        flipped = [self._loss.exchanged(real)] * len(fakes)
        return loss + self._loss.generator_loss(flipped) / len(fakes)
