"""The codes that pictures of the latent space begin with."""

import numpy as np

from keras_aegan.engine import data_checks


def codes_of(model, x, labels, count, seed):
    """Codes of samples or, where there are none, of the prior.

    Args:
        model: An `AdversarialModel`.
        x: Array of samples, or `None`.
        labels: Array, the label of each code, or `None`; for codes of the
            prior they are then drawn.
        count: Integer, how many codes of the prior.
        seed: Integer, chooses codes of the prior.

    Returns:
        Tuple of the array of codes and their labels, or `None`.
    """
    if x is not None:
        return model.encode(np.asarray(x), labels=labels), labels
    model.need("sample codes", "prior")
    count, labels = data_checks.labels_to_generate(model, count, labels, seed)
    return model.sample_codes(count, seed=seed, labels=labels), labels
