"""A search space of models, for KerasTuner."""

from keras_aegan.tuners.requirement import keras_tuner
from keras_aegan.tuners.space import dimension as kinds
from keras_aegan.tuners.space.dimension import Dimension
from keras_aegan.tuners.space.space import Space
from keras_aegan.tuners.trials.trial_run import TrialRun

_BATCH_SIZE = Dimension("batch_size", (32, 64, 128), 64, kinds.WHOLE)


class HyperAdversarial(keras_tuner.HyperModel):
    """All models of a class for samples of a shape, for a search by KerasTuner.

    What it draws is the architecture and the game. Not every model has every
    dimension, and some count only with certain values of others:

    - `latent_dim`, `width`, `residual_blocks`, `normalization`, `noise`,
      `dropout`: arguments of `for_shape`
    - `latent_depth`: hidden layers of the latent discriminator
    - `augmentation`: policy of `DiffAugment` at the discriminator of images
    - `adversarial`, `latent_adversarial` and the like: names of the losses
    - `discriminator_penalty`, and `r1_weight`, `dragan_weight`,
      `lecam_weight`; with the Wasserstein loss `gradient_penalty_weight`
    - `<term>_factor`: by how much a term weighs more than in the model as it
      is
    - `update`, `discriminator_turns`: who moves when, and how often
    - `learning_rate` of generator and encoder, and `learning_rate_ratio`, by
      how much the discriminators' is higher
    - `average`, the decay of the average of the weights, 0 for none
    - `batch_size`
    - options of the model's own, such as `beta` of a VAE, if `space` has them

    The default of each is what the model has without a search, so the first
    trial of a grid is `model_class.for_shape(input_shape)` in the smallest or
    its own size.

    A trial fails, with its reason, if a loss is no longer finite, memory runs
    out, or all samples are the same at its end; the search goes on until as
    many as the tuner's `max_consecutive_failed_trials` fail in a row.

    Args:
        model_class: Class with `for_shape`, such as those of
            `keras_aegan.models`, or a list of classes, of which each trial
            draws one. Names of their dimensions then have the class in front.
        input_shape: Shape of one sample, 1 to 3 axes.
        space: Dict from the name of a dimension to a value, a list of values,
            or a dict of `"min_value"`, `"max_value"`, `"step"` and
            `"sampling"` (`"linear"` or `"log"`). What is not named keeps its
            values. `{"batch_size": None}` leaves the batch to the data.
        max_parameters: Positive integer, the parameters that a model may have
            at most, as `count_params` counts them without averages. `None`
            for no limit.
        compile_options: Dict of further arguments of `compile`, such as
            `{"jit_compile": True}`.
        collapse: Float in [0, 1). A trial fails whose samples differ from one
            another less than this share of what real samples do.
        name: String, the name of the hypermodel.
        tunable: As of `keras_tuner.HyperModel`.
        **options: Further arguments of `for_shape`, such as
            `activation="sigmoid"`. Each trial gets copies of networks.

    Raises:
        ValueError: if a name or value of the space is unknown, the space is
            empty or contradicts itself, or `max_parameters` is less than the
            smallest model has.

    Example:

    >>> import keras_tuner
    >>> from keras_aegan.models import VAEGAN
    >>> hypermodel = HyperAdversarial(
    ...     VAEGAN, (6,), space={"latent_dim": [2, 4], "width": 4}
    ... )
    >>> hp = keras_tuner.HyperParameters()
    >>> hp.values["latent_dim"] = 4
    >>> hypermodel.build(hp).generate(3).shape
    (3, 6)

    Reference: O'Malley et al. 2019, KerasTuner.
    """

    def __init__(
        self,
        model_class,
        input_shape,
        space=None,
        max_parameters=None,
        compile_options=None,
        collapse=0.01,
        name=None,
        tunable=True,
        **options,
    ):
        super().__init__(name=name, tunable=tunable)
        several = isinstance(model_class, (list, tuple))
        classes = list(model_class) if several else [model_class]
        narrowing = _checked(classes, space, max_parameters, collapse)
        self.compile_options = dict(compile_options or {})
        self.collapse = collapse
        self._batch_size = _BATCH_SIZE
        if narrowing.get("batch_size", 0) is None:
            self._batch_size = None
        elif "batch_size" in narrowing:
            self._batch_size = _BATCH_SIZE.narrowed(narrowing["batch_size"])
        self.spaces = {
            cls.__name__: Space(
                cls, input_shape, narrowing, options, max_parameters
            )
            for cls in classes
        }
        _known(narrowing, self.spaces.values())
        self.runs = []

    def build(self, hp):
        """A drawn model, compiled.

        Args:
            hp: `keras_tuner.HyperParameters`.

        Returns:
            The model.

        Raises:
            ValueError: if `hp` comes from a search of another space.
        """
        self._same_search(hp)
        chosen = next(iter(self.spaces))
        if len(self.spaces) == 1:
            values = self.spaces[chosen].declare(hp)
        else:
            chosen = hp.Choice("model", list(self.spaces))
            for name, space in self.spaces.items():
                with hp.conditional_scope("model", [name]):
                    with hp.name_scope(name):
                        drawn = space.declare(hp)
                if name == chosen:
                    values = drawn
        if self._batch_size:
            self._batch_size.declare(hp)
        model, arguments = self.spaces[chosen].build(values)
        arguments = _merged(arguments, self.compile_options)
        model.compile(**arguments)
        model.compile = _Recompile(model, arguments)
        return model

    def fit(self, hp, model, *args, **kwargs):
        """Train a drawn model.

        Args:
            hp: `keras_tuner.HyperParameters`.
            model: The model that `build` made of them.
            *args: As of `model.fit`.
            **kwargs: As of `model.fit`.

        Returns:
            A `keras.callbacks.History` of the epochs that have the objective.

        Raises:
            ValueError: if the data does not fit, the objective is not among
                the logs, or `batch_size` is both given and searched.
            keras_tuner.errors.FailedTrialError: if training fails.
        """
        if self._batch_size:
            if "batch_size" in kwargs:
                raise keras_tuner.errors.FatalValueError(
                    "The batch size is part of the space. Fix it there: "
                    "`space={'batch_size': 64}`. Received: "
                    f"batch_size={kwargs['batch_size']} in `search`"
                )
            kwargs["batch_size"] = hp.get("batch_size")
        run = TrialRun(model, self.collapse, self.runs)
        return run.fit(*args, **kwargs)

    def _same_search(self, hp):
        """Raise if the folder holds a search of something else."""
        keys = [space.key() for space in self.spaces.values()]
        if self._batch_size:
            keys.append(self._batch_size.key())
        key = " or ".join(keys)
        found = hp.Fixed("searched", key)
        if found != key:
            raise keras_tuner.errors.FatalValueError(
                "The tuner's folder holds an earlier search of another space. "
                "Give the tuner another `project_name`, or `overwrite=True`. "
                f"Expected: {key!r}. Received: {found!r}"
            )


class _Recompile:
    """`compile` of a drawn model, which keeps what was drawn.

    KerasTuner calls `compile(optimizer=, loss=, metrics=)` again if the tuner
    was given any of the three, and would lose the game.
    """

    def __init__(self, model, drawn):
        self._compile = model.compile
        self._means = model.means
        self._drawn = drawn

    def __call__(self, **given):
        given = {key: value for key, value in given.items() if value}
        if "metrics" in given:
            metrics = [m for m in given["metrics"] if m is not self._means]
            given["metrics"] = metrics or self._drawn.get("metrics")
        self._compile(**_merged(self._drawn, given))


def _merged(drawn, given):
    """Arguments of `compile`: given ones before drawn ones, also in dicts."""
    merged = {**drawn, **given}
    for key in ("loss", "loss_weights", "turns", "penalties"):
        dicts = [a[key] for a in (drawn, given) if a.get(key)]
        if len(dicts) == 2 and all(isinstance(d, dict) for d in dicts):
            merged[key] = {**dicts[0], **dicts[1]}
    return merged


def _checked(classes, space, max_parameters, collapse):
    for cls in classes:
        if not isinstance(cls, type) or not hasattr(cls, "for_shape"):
            raise ValueError(
                "`model_class` must be a model class with `for_shape`, or a "
                f"list of them. Received: {cls!r}"
            )
    if not classes or len({c.__name__ for c in classes}) < len(classes):
        raise ValueError(
            "`model_class` must list one or more classes of different names. "
            f"Received: {classes}"
        )
    if not isinstance(space or {}, dict):
        raise ValueError(
            "`space` must be a dict from the name of a dimension to its "
            f"values. Received: space={space!r}"
        )
    whole = max_parameters is None or kinds.WHOLE.accepts(max_parameters)
    if not whole or not kinds.RATE.accepts(collapse):
        raise ValueError(
            "`max_parameters` must be a positive integer or `None`, and "
            "`collapse` a number in [0, 1). Received: max_parameters="
            f"{max_parameters!r}, collapse={collapse!r}"
        )
    return dict(space or {})


def _known(narrowing, spaces):
    names = {name for space in spaces for name in space.names}
    options = {name for space in spaces for name in space.own} - names
    unknown = sorted(set(narrowing) - names - options - {"batch_size"})
    if unknown:
        raise ValueError(
            "`space` names what these models do not have. Expected some of "
            f"{sorted({*names, 'batch_size'})}, or options: "
            f"{sorted(options)}. Received: {unknown}"
        )
