"""The vector-quantised GAN of Esser et al., stage 1."""

import functools

import keras
from keras import ops

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import LastKernel
from keras_aegan.engine import linearize
from keras_aegan.losses import feature_distance
from keras_aegan.models.code_maps import CodeMaps


@keras.saving.register_keras_serializable(package="keras_aegan")
class VQGAN(CodeMaps, AdversarialModel):
    """An autoencoder whose codes are words of a codebook, and a GAN's loss.

    The encoder gives a map of vectors, the quantiser puts the nearest codes
    `z_q` in their place, `x_tilde = G(z_q)`. The players minimise

    - `discriminator`, of patches: `discrimination(D(x); D(x_tilde)) / 2`
    - `generator`, which owns encoder, quantiser and generator: `L + 0.8
      adversarial + quantization`, with `L = reconstruction(x, x_tilde) +
      perceptual(x, x_tilde)`, the quantiser's own loss, and `adversarial` the
      loss `l(D(x_tilde))` times `|dL / dW| / (|dl / dW| + 1e-4)`, at most
      1e4, where W is the kernel of G's last layer: both pull equally at it

    Before step `discriminator_start` the term `adversarial` is 0 and the
    discriminator stands still.

    `encode` gives maps of codes, `indices` their numbers in the codebook, and
    `decode` takes either. To generate it would need a prior of such maps.

    Args:
        encoder: Keras model, samples to maps `(batch_size, ..., code_dim)`.
        quantizer: `keras_aegan.layers.VectorQuantizer`.
        generator: Keras model, such maps to samples.
        discriminator: Keras model, samples to logits of any shape.
        feature_network: Keras model, samples to features as
            `keras_aegan.losses.feature_distance` takes them, for the term
            `perceptual`. It is never trained. `None` for no such term.
        discriminator_start: Non-negative integer, a step.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two parts do not fit, or the generator
            has no kernel.

    Example:

    >>> import numpy as np
    >>> model = VQGAN.for_shape((8, 8, 1), latent_dim=4, width=4, num_codes=16)
    >>> model.compile()
    >>> x = np.zeros((32, 8, 8, 1), "float32")
    >>> history = model.fit(x, verbose=0)
    >>> model.indices(x).shape, model.decode(model.indices(x)).shape
    ((32, 4, 4), (32, 8, 8, 1))

    Reference: Esser et al. 2021, arXiv:2012.09841, equations 4 to 7, with the
    weights of the authors' program, whose discriminator starts at 30,001 for
    faces. Departures: the codebook follows averages and restarts unless the
    quantiser says otherwise; the discriminator moves first, so that no sample
    is made twice; the default networks are plain convolutions.
    """

    roles = ("encoder", "quantizer", "generator", "discriminator")
    optional_roles = ("feature_network",)

    def __init__(self, *, discriminator_start=1000, **parts):
        options = {"discriminator_start": discriminator_start}
        super().__init__(options=options, **parts)
        size = self.generator.input_shape[-1]
        if self.quantizer.code_dim != size:
            raise ValueError(
                f"The `quantizer` must have codes of size {size}, as the "
                f"generator. Received: code_dim={self.quantizer.code_dim}"
            )
        LastKernel(self.generator)

    def players(self):
        return {
            "discriminator": [self.discriminator],
            "generator": [self.encoder, self.quantizer, self.generator],
        }

    @property
    def rebuilding(self):
        """Names of the terms that make up L."""
        seen = hasattr(self, "feature_network")
        return ("reconstruction", "perceptual")[: 1 + seen]

    def terms(self):
        return {
            "discriminator": {"discrimination": 0.5},
            "generator": {
                **dict.fromkeys(self.rebuilding, 1.0),
                "adversarial": 0.8,
                "quantization": 1.0,
            },
        }

    def default_loss(self):
        return {"adversarial": "hinge", "reconstruction": "mae"}

    def default_optimizer(self):
        adam = keras.optimizers.Adam(5e-4, beta_1=0.5, beta_2=0.9)
        return dict.fromkeys(self.players(), adam)

    def gates(self, results):
        return {"discriminator": self.step >= self.discriminator_start}

    def play(self, x, y=None):
        last = LastKernel(self.generator)
        encoded = self.encoder(x)
        z_q, quantization = self.quantizer(encoded, output="codes_and_loss")
        x_tilde = ops.cast(self.generator(z_q), "float32")
        data = self.discriminate(
            "adversarial", self.discriminator, x, [x_tilde]
        )
        features = getattr(self, "feature_network", None)
        losses = {
            "reconstruction": lambda u: self.compare("reconstruction", x, u)(),
            "perceptual": lambda u: feature_distance(features, x, u),
            "adversarial": data.generator_loss_of,
        }

        @functools.cache
        def at_x_tilde(term):
            return linearize(losses[term], x_tilde)

        def adversarial():
            value, push = at_x_tilde("adversarial")
            pull = ops.zeros_like(push)
            for term in filter(self.loss_terms.is_on, self.rebuilding):
                weight = self.loss_terms.weight(term, self.step)
                pull = pull + weight * at_x_tilde(term)[1]
            started = self.step >= self.discriminator_start
            ratio = last.ratio(z_q, pull, push)
            return ops.where(started, ratio * value, 0.0)

        def value_of(term):
            return lambda: at_x_tilde(term)[0]

        return {
            **{term: value_of(term) for term in self.rebuilding},
            "adversarial": adversarial,
            "quantization": quantization,
            "discrimination": data.discriminator_loss,
        }
