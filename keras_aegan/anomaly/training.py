"""Models for a detector: built for a shape and trained for some steps."""

import contextlib
import copy
import inspect
import random

import keras
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


class Trainer:
    """Trains the models of one detector, all by the program of the first.

    To compile a step takes longer than to run it a few hundred times. So a
    model that is made like the first lends it its state, is trained there, and
    takes its state back: the numbers are those of training it alone.

    Args:
        batch_size: Positive integer; of fewer samples, their number.
        verbose: As in `keras.Model.fit`.
    """

    def __init__(self, batch_size: int, verbose=0):
        self.batch_size = batch_size
        self.verbose = verbose
        self._first = None

    def train(
        self, model, x: np.ndarray, steps: int, rng: np.random.Generator
    ) -> None:
        """Train a model for so many steps, all with batches of one size.

        A smaller last batch of each epoch would be a second program.

        Args:
            model: `AdversarialModel`, compiled or not.
            x: Array of samples, which are seen in random order, each as often
                as any other or once more.
            steps: Non-negative integer.
            rng: Random generator.
        """
        if steps == 0:
            return
        if not model.compiled:
            model.compile()
        size = min(self.batch_size, len(x))
        count = steps * size
        orders = [rng.permutation(len(x)) for _ in range(-(-count // len(x)))]
        rows = np.concatenate(orders)[:count].reshape(steps, size)
        with self._lent(model) as lent:
            lent.fit(Batches(x, rows), shuffle=False, verbose=self.verbose)

    @contextlib.contextmanager
    def _lent(self, model):
        """The model to train, in the state of `model`, which takes it over."""
        self._first = self._first or model
        own, others = _state(model), _state(self._first)
        if self._first is model or _shapes(own) != _shapes(others):
            yield model
            return
        # Copies: on PyTorch a value read is the variable itself.
        kept = [np.array(keras.ops.convert_to_numpy(v)) for v in others]
        try:
            _assign(others, own)
            yield self._first
            _assign(own, others)
        finally:
            _assign(others, kept)


def _state(model):
    return [*model.variables, *model.optimizer.variables]


def _shapes(variables):
    return [tuple(v.shape) for v in variables]


def _assign(variables, values):
    for variable, value in zip(variables, values):
        variable.assign(value)


class Batches(keras.utils.PyDataset):
    """Chosen rows of an array, batch by batch.

    Args:
        x: Array of samples.
        rows: Array of integers `(batches, samples of a batch)`.
    """

    def __init__(self, x: np.ndarray, rows: np.ndarray):
        super().__init__()
        self.x, self.rows = x, rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.x[self.rows[index]]
