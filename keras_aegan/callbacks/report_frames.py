"""What a report shows of one epoch: samples, reconstructions, codes."""

import numpy as np

from keras_aegan.callbacks import report_pictures as pictures
from keras_aegan.callbacks.latent_map import latent_map
from keras_aegan.engine import data_checks

_REBUILT = 8  # Originals that are shown beside their reconstructions.
_MAPPED = 400
_CLASSES = 12  # More labels than that are shades, not colours.
_BATCH = 64


class Frames:
    """Draws one epoch after the other.

    What a model has no networks for is left out: samples without generator
    and prior, reconstructions and the map without encoder.

    Args:
        model: An `AdversarialModel`.
        originals: Array of samples, or `None`.
        labels: Array of their labels, or `None`.
        samples: Integer, how many to generate.
        seed: Integer.
    """

    def __init__(self, model, originals, labels, samples, seed):
        self._originals = originals
        self._labels = labels
        self._seed = seed
        self._samples = samples
        self._condition = data_checks.condition_of(model)
        if model.is_discrete:
            self._draw = pictures.texts_of(model.generator.output_shape[-1])
        elif len(model.sample_shape) == 3:
            self._draw = pictures.images_of(_is_signed(model, originals))
        else:
            self._draw = pictures.lines
            self._samples = min(samples, pictures.LINES)

    def frame(self, model, before=None):
        """What there is to show of a model as it is now, a dict.

        Args:
            model: The model.
            before: The frame before this one, or `None`.
        """
        frame = {}
        has = {part: hasattr(model, part) for part in _PARTS}
        if has["generator"] and has["prior"]:
            frame["samples"] = self._draw(self._generated(model))
        if has["encoder"] and self._originals is not None:
            if has["generator"]:
                x, told = self._chosen(range(_REBUILT))
                x_tilde = model.reconstruct(x, **told)
                frame["reconstructions"] = self._draw(x_tilde, x)
            codes = self._codes(model, has["prior"])
            drawn = latent_map(*codes, (before or {}).get("map"))
            if drawn is not None:
                frame["map"] = drawn
        return frame

    def legend(self):
        """What the points of the map are: a dict of `classes` or `values`."""
        if self._labels is None or self._labels.ndim > 1:
            return {}
        labels = self._labels[self._mapped()]
        names = sorted(set(labels.tolist()))
        if len(names) <= _CLASSES or labels.dtype.kind not in "biuf":
            numbers = [names.index(label) for label in labels.tolist()]
            return {"classes": [str(name) for name in names], "of": numbers}
        return {"values": [float(label) for label in labels]}

    def _generated(self, model):
        told, condition = {}, self._condition
        if condition is not None and condition.num_classes is not None:
            # Each label in turn.
            labels = np.arange(self._samples) % condition.num_classes
            told = {"labels": labels}
        elif condition is not None and self._labels is not None:
            chosen = np.arange(self._samples) % len(self._labels)
            told = {"labels": self._labels[chosen]}
        return model.generate(self._samples, seed=self._seed, **told)

    def _chosen(self, indices):
        """Some originals, and what the model is told of them."""
        indices = [i for i in indices if i < len(self._originals)]
        told = {}
        if self._condition is not None and self._labels is not None:
            told = {"labels": self._labels[indices]}
        return self._originals[indices], told

    def _mapped(self):
        order = np.random.default_rng(0).permutation(len(self._originals))
        return np.sort(order[:_MAPPED])

    def _codes(self, model, has_prior):
        """Codes of originals, and as many from the prior if it has any."""
        x, told = self._chosen(self._mapped())
        codes = model.encode(x, batch_size=_BATCH, **told)
        prior = None
        if has_prior:
            prior = model.sample_codes(len(x), seed=self._seed, **told)
        return codes, prior


_PARTS = ("encoder", "generator", "prior")


def _is_signed(model, originals):
    """Whether images are to be shown from -1, or from 0."""
    reach = data_checks.output_range(model.generator)
    if originals is not None:
        return bool(originals.min() < -0.01)
    return reach is None or reach[0] < 0


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
