"""One batch of a `StagedAEGAN`, seen from whatever stage it is played in."""

import functools


class StagedBatch:
    """What is made of a batch, each when a term asks for it, and once.

    Args:
        model: A `StagedAEGAN`.
        x: Batch of samples.
    """

    def __init__(self, model, x):
        self._model = model
        self._x = x

    @functools.cached_property
    def known(self):
        """Codes of the samples. The encoder learns in the first stage only."""
        learns = None if self._model.game.stage == "reconstruct" else False
        return self._model.encoder(self._x, training=learns)

    @functools.cached_property
    def drawn(self):
        """Codes from the bridge."""
        z = self._model.prior.sample_like(self._x)
        return self._model.mapping(z) if self._model.bridge == "map" else z

    @functools.cached_property
    def rebuilt(self):
        """Reconstructions."""
        return self._model.generator(self.known)

    @functools.cached_property
    def discrimination(self):
        """The samples against new ones."""
        model = self._model
        z = model.noise_source.sample_like(self._x)
        fake = model.generator(model.code_noise([self.drawn, z]))
        judge = model.discriminator
        return model.discriminate("adversarial", judge, self._x, [fake])

    @functools.cached_property
    def latent(self):
        """The bridge's end against its beginning.

        A mapping brings noise to codes, a prior codes to noise.
        """
        model, ends = self._model, [self.known, self.drawn]
        real, fake = ends if model.bridge == "map" else reversed(ends)
        judge = model.latent_discriminator
        return model.discriminate("latent_adversarial", judge, real, [fake])
