"""Reading pictures that are inside a page."""

import base64
import io
import re

import numpy as np
from PIL import Image


def pixels_of(element):
    """The pixels of an `<img>`, `(height, width)` or with channels."""
    code = re.search('base64,([^"]*)', element)[1]
    with Image.open(io.BytesIO(base64.b64decode(code))) as image:
        return np.asarray(image)
