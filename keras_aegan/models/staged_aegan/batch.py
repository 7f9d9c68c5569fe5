"""One batch of a `StagedAEGAN`, in whatever stage it is played."""

from keras_aegan.engine.cached_value import cached_value


class StagedBatch:
    """What is computed from a batch, each when a term needs it, and once.

    Args:
        model: `StagedAEGAN`.
        x: Batch of samples.
    """

    def __init__(self, model, x):
        self._model = model
        self._x = x

    @cached_value
    def z_hat(self):
        """Codes of the samples. The encoder learns in the first stage only."""
        is_learning = self._model.playing_stage == "reconstruct"
        mode = {} if is_learning else {"training": False}
        return self._model.encoder(self._model.corrupted(self._x), **mode)

    @cached_value
    def h(self):
        """Codes from the bridge."""
        z = self._model.prior.sample_like(self._x)
        return self._model.mapping(z) if self._model.bridge == "map" else z

    @cached_value
    def x_tilde(self):
        """Reconstructions."""
        return self._model.generator(self.z_hat)

    @cached_value
    def data(self):
        """The samples against new ones."""
        model = self._model
        z = model.noise_source.sample_like(self._x)
        x_hat = model.generator(model.code_noise([self.h, z]))
        return model.discriminate(
            "adversarial", model.discriminator, self._x, [x_hat]
        )

    @cached_value
    def latent(self):
        """What the bridge makes against what it shall look like.

        A mapping turns noise into codes, a prior is what codes become.
        """
        model = self._model
        is_mapping = model.bridge == "map"
        real, fake = (
            (self.z_hat, self.h) if is_mapping else (self.h, self.z_hat)
        )
        return model.discriminate(
            "latent_adversarial",
            model.latent_discriminator,
            real,
            [fake],
            is_weighted=is_mapping,
        )
