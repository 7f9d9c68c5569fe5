"""What a report shows of one epoch: samples, reconstructions, codes."""

import functools

import numpy as np

from keras_aegan.callbacks.training_report.latent_map import latent_map
from keras_aegan.engine import generator_output
from keras_aegan.engine import labels as label_kinds
from keras_aegan.network_shapes import output_shape
from keras_aegan.pages import drawing
from keras_aegan.pages import is_signed

_RECONSTRUCTED = 8  # Originals that are shown beside their reconstructions.
_LINES = 16  # Rows or series that are drawn.
_SIDE = 64  # Larger images are made smaller: the page has many.
_MAPPED = 400
_CLASSES = 12  # More labels than that are shades, not colours.
_BATCH = 64
_PARTS = ("encoder", "generator", "prior")


class Frames:
    """Draws one epoch after the other.

    What a model has no networks for is left out: samples without generator
    and prior, reconstructions and the map without encoder.

    Args:
        model: An `AdversarialModel`.
        x: Array of samples, the originals, or `None`.
        labels: Array of their labels, or `None`.
        num_samples: Integer, how many to generate.
        seed: Integer.
    """

    def __init__(self, model, x, labels, num_samples, seed):
        self._x = x
        self._labels = labels
        self._seed = seed
        self._num_samples = num_samples
        self._condition = label_kinds.condition_of(model)
        if model.is_discrete:
            self._draw = functools.partial(
                drawing.texts,
                vocabulary_size=output_shape(model.generator)[-1],
            )
        elif len(model.sample_shape) == 3:
            self._draw = functools.partial(
                drawing.tiles, signed=_is_signed(model, x), side=_SIDE
            )
        else:
            self._draw = drawing.lines
            self._num_samples = min(num_samples, _LINES)

    def frame(self, model, previous=None):
        """What there is to show of a model as it is now, a dict.

        Args:
            model: The model.
            previous: The frame before this one, or `None`.
        """
        frame = {}
        has = {part: hasattr(model, part) for part in _PARTS}
        if has["generator"] and has["prior"]:
            frame["samples"] = self._draw(self._generated(model))
        if has["encoder"] and self._x is not None:
            if has["generator"]:
                x, label_arguments = self._chosen(range(_RECONSTRUCTED))
                x_tilde = model.reconstruct(x, **label_arguments)
                frame["reconstructions"] = self._draw(x_tilde, x)
            codes = self._codes(model, has["prior"])
            points = latent_map(*codes, (previous or {}).get("map"))
            if points is not None:
                frame["map"] = points
        return frame

    def legend(self):
        """The labels of the map's points: a dict of `classes` or `values`."""
        if self._labels is None or self._labels.ndim > 1:
            return {}
        labels = self._labels[self._mapped()]
        names, numbers = np.unique(labels, return_inverse=True)
        if len(names) <= _CLASSES or labels.dtype.kind not in "biuf":
            classes = [str(name) for name in names]
            return {"classes": classes, "of": numbers.tolist()}
        return {"values": [float(label) for label in labels]}

    def _generated(self, model):
        label_arguments, condition = {}, self._condition
        if condition is not None and condition.num_classes is not None:
            # Each label in turn.
            labels = np.arange(self._num_samples) % condition.num_classes
            label_arguments = {"labels": labels}
        elif condition is not None and self._labels is not None:
            chosen = np.arange(self._num_samples) % len(self._labels)
            label_arguments = {"labels": self._labels[chosen]}
        return model.generate(
            self._num_samples, seed=self._seed, **label_arguments
        )

    def _chosen(self, indices):
        """Some originals, and their labels for a model that takes any."""
        indices = [i for i in indices if i < len(self._x)]
        label_arguments = {}
        if self._condition is not None and self._labels is not None:
            label_arguments = {"labels": self._labels[indices]}
        return self._x[indices], label_arguments

    def _mapped(self):
        order = np.random.default_rng(0).permutation(len(self._x))
        return np.sort(order[:_MAPPED])

    def _codes(self, model, has_prior):
        """Codes of originals, and as many from the prior if it has any."""
        x, label_arguments = self._chosen(self._mapped())
        codes = model.encode(x, batch_size=_BATCH, **label_arguments)
        prior = None
        if has_prior:
            prior = model.sample_codes(
                len(x), seed=self._seed, **label_arguments
            )
        return codes, prior


def _is_signed(model, x):
    """Whether images are shown from -1, or from 0."""
    reach = generator_output.output_range(model.generator)
    if x is not None:
        return is_signed(x)
    return reach is None or is_signed(reach)


def thinned(frames, most, size):
    """Frames without those that are nearest to others in time.

    The first and the last always stay, and the gaps between the others stay
    alike.

    Args:
        frames: List of dicts with `epoch`, in order.
        most: Integer, how many may stay.
        size: Integer, how many characters their pictures may have together.
    """
    frames = list(frames)
    sizes = [
        len(frame.get("samples", "")) + len(frame.get("reconstructions", ""))
        for frame in frames
    ]
    while len(frames) > 2 and (len(frames) > most or sum(sizes) > size):
        epochs = [frame["epoch"] for frame in frames]
        gaps = [after - before for before, after in zip(epochs, epochs[2:])]
        nearest = 1 + gaps.index(min(gaps))
        del frames[nearest], sizes[nearest]
    return frames
