"""The pictures that `SampleGrid` can draw, by name."""

import math

from keras_aegan import pictures
from keras_aegan.engine.labels import condition_of
from keras_aegan.pictures.samples import overview

_ROWS = 8
_COMPARED = 256
_IMAGES = 64
_PLOTS = 16


class Panels:
    """Draws the pictures of a model that trains.

    Each public method draws one picture and has its name.

    Args:
        grid: A `SampleGrid` in training.
    """

    def __init__(self, grid):
        self._grid = grid
        self._model = grid.model
        is_image = len(grid.model.sample_shape) == 3
        self._most = _IMAGES if is_image else _PLOTS

    def overview(self):
        """Samples and, where there is `x`, reconstructions."""
        arrays = {"samples": self.generated()}
        if self._grid.x is not None:
            x, labels = self._originals(self._most)
            x_tilde = self._model.reconstruct(x, labels=labels)
            arrays |= {"originals": x, "reconstructions": x_tilde}
        return overview(arrays)

    def samples(self):
        return pictures.samples(self.generated())

    def reconstructions(self):
        x, labels = self._originals(self._most)
        return pictures.reconstructions(self._model, x, labels)

    def interpolations(self, spherical=False):
        a = b = None
        x, labels = self._starts(2 * _ROWS)
        if x is not None:
            half = math.ceil(len(x) / 2)
            a, b = x[:half], x[-half:]
            labels = None if labels is None else labels[:half]
        return pictures.interpolations(
            self._model, a, b, spherical=spherical, labels=labels, **self._seed
        )

    def spherical_interpolations(self):
        return self.interpolations(spherical=True)

    def traversals(self):
        # Without a prior, the spread of codes is that of two samples.
        x, labels = self._starts(1 if hasattr(self._model, "prior") else 2)
        return pictures.traversals(self._model, x, labels=labels, **self._seed)

    def attribute_edits(self):
        x, labels = self._originals()
        attribute = self._required("attribute")
        direction = pictures.attribute_direction(
            self._model, x, attribute, labels
        )
        x, labels = self._originals(_ROWS)
        return pictures.attribute_edits(
            self._model, x, direction, labels=labels
        )

    def neighbours(self):
        data = self._required("training_data")
        count = max(_COMPARED, self._grid.num_samples)
        return pictures.neighbours(
            self._model.generate(count, **self._seed), data
        )

    def latent_map(self):
        x, _ = self._originals()
        labels = self._grid.labels
        return pictures.latent_map(self._model, x, labels, **self._seed)

    def marginals(self):
        return pictures.marginals(*self._tables())

    def correlations(self):
        return pictures.correlations(*self._tables())

    def series(self):
        return pictures.series(self.generated(), self._grid.sample_rate)

    def spectrograms(self):
        rate = self._required("sample_rate")
        return pictures.spectrograms(self.generated(), rate)

    def history(self):
        return pictures.history(self._grid.logs, self._grid.epochs)

    def generated(self):
        """The samples to show, the same codes each time."""
        grid = self._grid
        is_image = len(self._model.sample_shape) == 3
        count = grid.num_samples
        count = count if is_image else min(count, _PLOTS)
        return self._model.generate(count, **self._seed)

    @property
    def _seed(self):
        return {"seed": self._grid.seed}

    def _required(self, argument):
        value = getattr(self._grid, argument)
        if value is None:
            raise ValueError(
                f"It needs the argument `{argument}`. Received: {argument}=None"
            )
        return value

    def _originals(self, count=None):
        """The first of `x`, and their labels for a model that takes any."""
        x, labels = self._required("x"), self._grid.labels
        takes_labels = labels is not None and condition_of(self._model)
        return x[:count], labels[:count] if takes_labels else None

    def _starts(self, count):
        """The first of `x`, if there are any that can be encoded."""
        encodes = hasattr(self._model, "encoder")
        if self._grid.x is None or not encodes:
            return None, None
        return self._originals(count)

    def _tables(self):
        x, labels = self._originals()
        return x, self._model.generate(len(x), labels=labels, **self._seed)


_OTHER = ("overview", "generated")
NAMES = [n for n in vars(Panels) if n[0] != "_" and n not in _OTHER]
