"""What figures show: their pixels and texts."""

import io

import numpy as np
from PIL import Image

from keras_aegan.pictures.figures import png

TOP = 48  # Below the title and the names of columns.
LEFT = 12  # Right of the margin.
STEP = 72  # An image of 8 pixels and a gap of 1, each enlarged 8 times.


def grey(figure):
    """The pixels of a figure, `(height, width)`."""
    return np.asarray(Image.open(io.BytesIO(png(figure))).convert("L"))


def enlarged(image):
    """An image `(8, 8, 1)` with values in [-1, 1] as 64 x 64 grey pixels."""
    values = np.clip((image[..., 0] + 1) / 2, 0, 1) * 255
    return values.repeat(8, 0).repeat(8, 1)


def assert_shows(figure, row, column, image, left=LEFT, top=TOP):
    """Check that a tile of a figure is an image."""
    y, x = top + STEP * row, left + STEP * column
    found = grey(figure)[y : y + 64, x : x + 64].astype(int)
    np.testing.assert_allclose(found, enlarged(image), atol=1.5)


def texts(figure):
    return [text.get_text() for text in figure.texts]
