"""What one discriminator says about real samples and fakes."""

from keras_aegan import backend
from keras_aegan.engine.network_calls import call_stacked


class Discrimination:
    """Real samples and fakes before one discriminator, and both sides' losses.

    Logits are computed when a loss asks for them, and only once. The
    discriminator's loss needs all of them, the generator's only those of the
    fakes (unless the adversarial loss compares), and when both players move at
    once they share one forward pass.

    A source of fakes whose weights are 0 on both sides of the loss is not
    judged: no logits are computed of it, and penalties do not see it.

    Args:
        loss: `keras_aegan.losses.AdversarialLoss`.
        discriminator: Keras model from samples to logits, or a list of models
            that are called one after the other.
        real: Batch of real samples; a tuple for a network of several inputs.
        fakes: List of batches of fakes.
        extractor: Function from samples to the pair of features and logits,
            such as a `FeatureExtractor` of the discriminator; `None` if
            `features` is not asked for.
        separate_calls: Boolean. Whether the discriminator is called on each
            batch separately, rather than on all of them stacked. A gradient
            penalty calls it on one of these batches, too; separate calls are
            then the same operation and are computed once. And a batch that
            only one side needs is not backpropagated with the others. With an
            `extractor` calls always are separate.
        sample_weight: Weights of the real samples, or `None`.
    """

    def __init__(
        self,
        loss,
        discriminator,
        real,
        fakes,
        extractor=None,
        separate_calls=False,
        sample_weight=None,
    ):
        self._loss = loss
        is_chain = isinstance(discriminator, list)
        self.networks = discriminator if is_chain else [discriminator]
        self.real = real
        self._batches = [real, *fakes]
        weights = zip(*loss.weights_for(len(self._batches) - 1))
        self._is_judged = [True, *(any(pair) for pair in weights)]
        self._extractor = extractor
        self._separate_calls = separate_calls
        self._sample_weight = sample_weight
        self._logits = {}
        self._features = {}

    def with_fakes(self, fakes):
        """The same discrimination of other fakes."""
        return Discrimination(
            self._loss,
            self.networks,
            self.real,
            fakes,
            self._extractor,
            self._separate_calls,
            self._sample_weight,
        )

    @property
    def fakes(self):
        """The batches of fakes that are judged, a list."""
        pairs = zip(self._batches[1:], self._is_judged[1:])
        return [fake for fake, is_judged in pairs if is_judged]

    @property
    def boundary(self):
        """The logit between real and fake, `None` if there is none."""
        return self._loss.boundary

    def uses(self, ids):
        """Whether the discriminator has one of these layers.

        Args:
            ids: Set of ids of layers.
        """
        return any(
            id(layer) in ids
            for network in self.networks
            for layer in backend.sublayers(network)
        )

    # === What the discriminator says ===

    def logits(self):
        """Logits of the real samples, and a list of those of `fakes`."""
        real, fakes = self._logits_of_all()
        return real, [logits for logits in fakes if logits is not None]

    def features(self):
        """Features of the real samples and of each batch of fakes, a list.

        Of fakes that are not judged, too: features have losses of their own.
        """
        return self._features_of(range(len(self._batches)))

    def fake_features(self):
        """Features of each batch of fakes, a list."""
        return self._features_of(range(1, len(self._batches)))

    def _features_of(self, positions):
        if self._extractor is None:
            raise ValueError(
                "Features need a discriminator that is a functional or "
                "sequential model with a layer between input and output. "
                f"Received: discriminator={self.networks[-1]!r}"
            )
        self._evaluate(positions)
        return [self._features[i] for i in positions]

    def critic(self, u):
        """The logits of any samples, such as points that a penalty looks at."""
        for network in self.networks:
            u = call_stacked(network, u)[0]
        return u

    # === Both sides ===

    def discriminator_loss(self):
        """The discriminator's loss: real samples from fakes.

        Layers with a method `observe_real_logits`, such as adaptive
        augmentation, receive how far these are above the boundary.
        """
        real, fakes = self._logits_of_all()
        for network in self.networks if self.boundary is not None else ():
            for layer in backend.sublayers(network):
                if hasattr(layer, "observe_real_logits"):
                    layer.observe_real_logits(real - self.boundary)
        return self._loss.discriminator_loss(real, fakes, self._sample_weight)

    def generator_loss(self):
        """The generator's loss: its fakes shall be taken for real."""
        real, weights = self._compared_logits()
        fakes = self._logits_of(range(1, len(self._batches)))
        return self._loss.generator_loss(fakes, real, weights)

    def generator_loss_of(self, u):
        """The generator's loss if `u` were its only fakes."""
        return self._loss.generator_loss(
            [self.critic(u)], *self._compared_logits()
        )

    def swapped_loss(self):
        """The loss of players who made both the real and the fake pairs.

        They want each to be taken for the other.
        """
        real, fakes = self._logits_of_all()
        weights = self._sample_weight
        if self._loss.compares:
            # A difference of logits already has both sides in it.
            return self._loss.generator_loss(fakes, real, weights)
        swapped = [self._loss.swapped(real)] * len(fakes)
        own = self._loss.generator_loss(swapped, sample_weight=weights)
        return self._loss.generator_loss(fakes, real) + own / len(fakes)

    # === How logits are computed ===

    def _compared_logits(self):
        """Logits and weights of the real samples if the loss compares.

        They are asked for in a call of their own: the generator has no part in
        real samples, so nothing of that call is backpropagated.
        """
        if not self._loss.compares:
            return None, None
        return self._logits_of([0])[0], self._sample_weight

    def _logits_of_all(self):
        """Logits of the real samples, and a list with those of every source."""
        real, *fakes = self._logits_of(range(len(self._batches)))
        return real, fakes

    def _logits_of(self, positions):
        """Logits of some batches; `None` for one that is not judged."""
        judged = [i for i in positions if self._is_judged[i]]
        self._evaluate(judged)
        return [self._logits[i] if i in judged else None for i in positions]

    def _evaluate(self, positions):
        """Call the discriminator on those batches that it has not seen."""
        missing = [i for i in positions if i not in self._logits]
        if missing:
            outputs = self._call([self._batches[i] for i in missing])
            if self._extractor is not None:
                self._features.update(zip(missing, (f for f, _ in outputs)))
                outputs = [logits for _, logits in outputs]
            self._logits.update(zip(missing, outputs))

    def _call(self, batches):
        if self._extractor is not None:
            return [self._extractor(u) for u in batches]
        if self._separate_calls:
            return [self.critic(u) for u in batches]
        for network in self.networks:
            batches = call_stacked(network, *batches)
        return batches
