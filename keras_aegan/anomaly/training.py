"""Models for a detector: built for a shape and trained for some steps."""

import contextlib
import copy
import inspect
import random

import numpy as np

from keras_aegan import models
from keras_aegan.engine import AdversarialModel

_LATENT_DIM = {1: 2}  # By axes of a sample: rows of a table.
_LATENT_DIM_OF_OTHERS = 32


@contextlib.contextmanager
def seeded(seed: int):
    """A context in which initial weights and noise follow from a seed.

    Keras' initialisers and this package's random generators take the seeds
    that nobody gives them from Python's `random`, whose state is restored in
    the end. `keras.utils.set_random_seed` would change the generators of NumPy
    and of the framework as well, and for good.

    Args:
        seed: Integer.
    """
    state = random.getstate()
    random.seed(int(seed))
    try:
        yield
    finally:
        random.setstate(state)


def new_model(model, shape: tuple[int, ...], latent_dim, width: int):
    """The model that a detector's argument `model` stands for.

    Args:
        model: `None` for `AEGAN`, the name of a class of
            `keras_aegan.models`, a class of models, a function from a shape to
            a model, or a model, which is copied.
        shape: Shape of one sample.
        latent_dim: Integer, or `None` for the default.
        width: Integer. Of names and classes, the arguments of `for_shape`.

    Returns:
        `AdversarialModel`.

    Raises:
        ValueError: if `model` is none of these.
    """
    if isinstance(model, AdversarialModel):
        return _checked(copy.deepcopy(model), model, shape)
    cls = models.AEGAN if model is None else model
    if isinstance(model, str):
        cls = _class_named(model)
    if not inspect.isclass(cls):
        built = cls(shape) if callable(cls) else None
        return _checked(built, model, shape)
    built = None
    if issubclass(cls, AdversarialModel):
        default = _LATENT_DIM.get(len(shape), _LATENT_DIM_OF_OTHERS)
        latent_dim = default if latent_dim is None else latent_dim
        built = cls.for_shape(shape, latent_dim=latent_dim, width=width)
    return _checked(built, model, shape)


def _class_named(name):
    names = sorted(key for key in vars(models) if key[:1].isupper())
    if name not in names:
        raise ValueError(
            f"`model` must be one of {names}, or a class, a function or a "
            f"model. Received: model={name!r}"
        )
    return getattr(models, name)


def _checked(built, model, shape):
    if not isinstance(built, AdversarialModel):
        raise ValueError(
            "`model` must be `None`, the name of a class of "
            "`keras_aegan.models`, a class of models, a function from the "
            "shape of one sample to a model, or a model. Received: "
            f"model={model!r}"
        )
    if tuple(built.sample_shape) != tuple(shape) or built.is_discrete:
        kind = "tokens" if built.is_discrete else built.sample_shape
        raise ValueError(
            f"`model` must take samples of the shape of those of `X`, {shape}, "
            f"and they must be real numbers. Received: a model for {kind}"
        )
    return built


def train(
    model,
    x: np.ndarray,
    steps: int,
    batch_size: int,
    rng: np.random.Generator,
    verbose=0,
) -> None:
    """Train a model for about so many steps.

    Args:
        model: `AdversarialModel`, compiled or not.
        x: Array of samples.
        steps: Non-negative integer. Of more samples than the steps see,
            random ones are taken; of fewer, all, in whole epochs.
        batch_size: Positive integer.
        rng: Random generator.
        verbose: As in `keras.Model.fit`.
    """
    if steps == 0:
        return
    if not model.compiled:
        model.compile()
    if steps * batch_size < len(x):
        x = x[rng.permutation(len(x))[: steps * batch_size]]
    epochs = max(1, round(steps / np.ceil(len(x) / batch_size)))
    model.fit(x, batch_size=batch_size, epochs=epochs, verbose=verbose)
