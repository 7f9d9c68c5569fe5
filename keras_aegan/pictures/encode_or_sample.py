"""The codes that pictures of the latent space start from."""

import numpy as np
from numpy.typing import ArrayLike

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import label_checks


def encode_or_sample(
    model: AdversarialModel,
    x: np.ndarray | None,
    labels: ArrayLike | None,
    num_samples: int | None,
    seed: int,
) -> tuple:
    """Encode samples or, if there are none, sample codes from the prior.

    Args:
        model: An `AdversarialModel`.
        x: Array of samples, or `None`.
        labels: Array, the label of each code, or `None`; for codes of the
            prior they are then sampled, too.
        num_samples: Positive integer, the number of codes of the prior, or
            `None` for as many as labels.
        seed: Integer, chooses codes of the prior.

    Returns:
        Tuple of the array of codes and their labels; `None` for no labels.
    """
    if x is not None:
        return model.encode(np.asarray(x), labels=labels), labels
    model.require_parts("sample codes", "prior")
    count, labels = label_checks.labels_to_generate(
        model, num_samples, labels, seed
    )
    return model.sample_codes(count, seed=seed, labels=labels), labels
