"""Codes of a category and a style, and the judges of each."""

from keras import ops

from keras_aegan import layers
from keras_aegan import networks
from keras_aegan.models.classifying import Classifying


class CategoryCodes(Classifying):
    """Gives a model codes `[y, s]`: probabilities of categories, and a style.

    It stands before `AdversarialModel` among the bases of a model that has an
    `encoder`, whose first numbers are the logits of y, and a
    `category_discriminator` of y.
    """

    def __init__(self, *, prior=None, **parts):
        judge, generator = map(
            parts.get, ("category_discriminator", "generator")
        )
        if prior is None and hasattr(judge, "input_shape"):
            size = generator.input_shape[-1]
            prior = layers.CategoryPrior(size, judge.input_shape[-1])
        super().__init__(prior=prior, **parts)

    @property
    def categories(self):
        """How many numbers of a code are the probabilities of categories."""
        return self.category_discriminator.input_shape[-1]

    def codes(self, encoded):
        logits, style = self.split(ops.cast(encoded, "float32"))
        return ops.concatenate([ops.softmax(logits), style], axis=-1)

    def split(self, code):
        """A code, or what the encoder gives for one, in its two parts."""
        return code[..., : self.categories], code[..., self.categories :]

    def encode(self, *args, **kwargs):
        return ops.convert_to_numpy(super().encode(*args, **kwargs))

    def _class_logits(self, x, batch_size, verbose):
        return self.split(self._run(self.encoder, x, batch_size, verbose))[0]


def part_judges(latent_dim, categories, category_noise):
    """What builds the default discriminators of styles and of categories."""

    def judge(numbers, name, **noise):
        return lambda size, parts: networks.latent_discriminator(
            numbers, size.width, name=name, **{**size.judge, **noise}
        )

    style, category = "latent_discriminator", "category_discriminator"
    return {
        style: judge(latent_dim - categories, style),
        category: judge(categories, category, noise=category_noise),
    }
