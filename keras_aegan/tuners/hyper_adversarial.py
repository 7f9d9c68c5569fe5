"""A search space of models, for KerasTuner."""

from typing import Any

import keras

from keras_aegan import validation
from keras_aegan.tuners.requirement import keras_tuner
from keras_aegan.tuners.space import kinds
from keras_aegan.tuners.space.arguments import check_names
from keras_aegan.tuners.space.arguments import checked_classes
from keras_aegan.tuners.space.arguments import checked_space
from keras_aegan.tuners.space.description import code_of_users
from keras_aegan.tuners.space.description import describe
from keras_aegan.tuners.space.description import digest
from keras_aegan.tuners.space.dimension import Dimension
from keras_aegan.tuners.space.recompiling import Recompile
from keras_aegan.tuners.space.recompiling import merged_arguments
from keras_aegan.tuners.space.space import Space
from keras_aegan.tuners.trials import fit_arguments
from keras_aegan.tuners.trials import objectives
from keras_aegan.tuners.trials.supervision import supervise
from keras_aegan.tuners.trials.trial_run import TrialRun
from keras_aegan.version import __version__

_BATCH_SIZE = Dimension("batch_size", (32, 64, 128), 64, kinds.POSITIVE_INTEGER)


class HyperAdversarial(keras_tuner.HyperModel):
    """All models of a class for samples of a shape, for a search by KerasTuner.

    The hyperparameters are those of the architecture and of the game. Not every
    model has every one of them, and some are active only with certain values of
    others:

    - `latent_dim`, `width`, `residual_blocks`, `normalization`, `noise`,
      `dropout`: arguments of `for_shape`
    - `latent_depth`: hidden layers of the latent discriminator
    - `augmentation`: policy of `DiffAugment` at the discriminator of images
    - `adversarial`, `latent_adversarial` and the like: names of the
      adversarial losses
    - `discriminator_penalty`, and `r1_weight`, `dragan_weight`,
      `lecam_weight`; with the Wasserstein loss `gradient_penalty_weight`
    - `<term>_factor`: multiplies the weight that the model gives to a term of
      its loss
    - `update`, `discriminator_turns`: which players move at once, and how often
      the discriminator moves in a step
    - `learning_rate` of generator and encoder, and `learning_rate_ratio`, the
      factor from it to the discriminators' learning rate
    - `average`: decay of the average of the weights, 0 for none
    - `batch_size`
    - options of the model's own, such as `beta` of a VAE, if `space` names them

    The default of each is what the model has without a search: unless the space
    is narrowed, `build(keras_tuner.HyperParameters())` returns the model of
    `model_class.for_shape(input_shape)`.

    A trial fails, with its reason, if a loss is no longer finite, memory runs
    out, or all samples are the same at its end. The search goes on until the
    tuner's `max_consecutive_failed_trials` trials in a row have failed. One in
    which all fail ends with a `RuntimeError` that has the first reason.

    Before the first trial `search` checks its arguments, the data, and that
    the tuner's folder holds no other search: scores could not be compared.

    Args:
        model_class: Class with `for_shape`, such as those of
            `keras_aegan.models`, or a list of classes, of which each trial
            samples one. The names of their hyperparameters then start with
            that of the class, such as `VAE/beta`.
        input_shape: Shape of one sample, 1 to 3 axes.
        space: Dict from the name of a hyperparameter to a value, a list of
            values, or a dict of `"min_value"`, `"max_value"`, `"step"` and
            `"sampling"` (`"linear"` or `"log"`). Those that are not named keep
            their values. `{"batch_size": None}` leaves the batch size to the
            data.
        max_parameters: Positive integer, the most parameters that a model may
            have, as `count_params` counts them without averages. `None` for no
            limit.
        compile_options: Dict of further arguments of `compile`, such as
            `{"jit_compile": True}`.
        collapse: Float in [0, 1). A trial fails if the standard deviation of
            its model's samples is less than this share of that of real
            samples. 0 turns the check off.
        name: String, the name of the hypermodel.
        tunable: Boolean, whether KerasTuner may sample the hyperparameters,
            see `keras_tuner.HyperModel`.
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
        model_class: type[Any] | list[type[Any]],
        input_shape: tuple[int, ...],
        space: dict | None = None,
        max_parameters: int | None = None,
        compile_options: dict | None = None,
        collapse: float = 0.01,
        name: str | None = None,
        tunable: bool = True,
        **options,
    ):
        super().__init__(name=name, tunable=tunable)
        classes = checked_classes(model_class)
        narrowing = checked_space(space)
        if max_parameters is not None:
            validation.check_integer("max_parameters", max_parameters)
        self.collapse = validation.check_number(
            "collapse", collapse, 0, 1, open_ends="upper"
        )
        self.compile_options = dict(compile_options or {})
        self._batch_size: Dimension | None = _BATCH_SIZE
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
        check_names(narrowing, self.spaces.values())
        self.runs = []
        # Now: trials may change objects among the options.
        self._definition = describe(self._parts_of_definition())
        names = " or ".join(
            f"{name}{space.input_shape}" for name, space in self.spaces.items()
        )
        self._key = f"{names} {digest(self._definition)}"

    def build(self, hp: keras_tuner.HyperParameters) -> keras.Model:
        """A sampled model, compiled.

        Args:
            hp: `keras_tuner.HyperParameters`.

        Returns:
            The model.

        Raises:
            ValueError: if `hp` comes from a search of another space.
        """
        self._check_same_search(hp)
        chosen = next(iter(self.spaces))
        if len(self.spaces) == 1:
            values = self.spaces[chosen].declare(hp)
        else:
            chosen = hp.Choice("model", list(self.spaces))
            for name, space in self.spaces.items():
                with hp.conditional_scope("model", [name]):
                    with hp.name_scope(name):
                        sampled = space.declare(hp)
                if name == chosen:
                    values = sampled
        if self._batch_size:
            self._batch_size.declare(hp)
        model, arguments = self.spaces[chosen].build(values)
        arguments = merged_arguments(arguments, self.compile_options)
        model.compile(**arguments)
        model.compile = Recompile(model, arguments)
        return model

    def fit(
        self,
        hp: keras_tuner.HyperParameters,
        model: keras.Model,
        *args,
        **kwargs,
    ) -> keras.callbacks.History | dict:
        """Train a sampled model.

        A subclass may override this, and return what KerasTuner takes: a
        history, a number, a dict of metrics, or a list of them.

        Args:
            hp: `keras_tuner.HyperParameters`.
            model: The model that `build` made of them.
            *args: See `keras.Model.fit`.
            **kwargs: See `keras.Model.fit`.

        Returns:
            A `keras.callbacks.History` of the epochs whose logs have the
            objective; or a dict of the metrics of a trial that an interrupted
            search had finished already.

        Raises:
            ValueError: if the data does not fit, the objective is not among
                the logs, or `batch_size` is both given and searched.
            keras_tuner.errors.FailedTrialError: if training fails.
        """
        kwargs = self._with_batch_size(hp, kwargs)
        run = TrialRun(model, self.collapse, self._has_own_fit(), self.runs)
        return run.fit(*args, **kwargs)

    def check_fit(
        self,
        hp: keras_tuner.HyperParameters,
        model: keras.Model,
        objective: keras_tuner.Objective,
        args: tuple,
        kwargs: dict,
    ):
        """Raise, before the first trial, if `fit` cannot take its arguments.

        Args:
            hp: `keras_tuner.HyperParameters`.
            model: The model that `build` made of them.
            objective: The tuner's objective.
            args: Positional arguments of `search`.
            kwargs: The other arguments of `search`.

        Raises:
            ValueError: if it cannot, as far as it is known without training.
        """
        if self._has_own_fit():
            # Only that method knows what the model's `fit` will be given.
            fit_arguments.check_names(self.fit, (hp, model, *args), kwargs)
            return
        kwargs = self._with_batch_size(hp, kwargs)
        fit_arguments.check(model, args, kwargs)
        objectives.check(model, objective, kwargs["callbacks"], kwargs)

    def _has_own_fit(self):
        return type(self).fit is not HyperAdversarial.fit

    def _with_batch_size(self, hp, kwargs):
        if not self._batch_size:
            return kwargs
        if "batch_size" in kwargs:
            raise keras_tuner.errors.FatalValueError(
                "The batch size is part of the space. Fix it there: "
                "`space={'batch_size': 64}`. Received: "
                f"batch_size={kwargs['batch_size']} in `search`"
            )
        return {**kwargs, "batch_size": hp.get("batch_size")}

    def hyperparameter_names(self) -> list[str]:
        """Names that the tuner knows, of all models of the space."""
        names = ["model", "batch_size"]
        for name, space in self.spaces.items():
            prefix = f"{name}/" if len(self.spaces) > 1 else ""
            names += [prefix + each.name for each in space.dimensions]
        return names

    def definition(self) -> dict:
        """All that decides which models are sampled, as JSON can hold it.

        Two searches whose definitions differ cannot be compared.
        """
        return dict(self._definition)

    def _parts_of_definition(self):
        parts = {
            "version of keras_aegan": __version__,
            "model_class": list(self.spaces),
            "collapse": self.collapse,
            **code_of_users(type(self)),
        }
        if self._batch_size:
            parts["space['batch_size']"] = self._batch_size.definition()
        for name, space in self.spaces.items():
            prefix = f"{name}: " if len(self.spaces) > 1 else ""
            for key, value in space.definition().items():
                parts[prefix + key] = value
        for key, value in self.compile_options.items():
            parts[f"compile_options[{key!r}]"] = value
        return parts

    def _check_same_search(self, hp):
        """Raise if the tuner's folder holds a search of another space."""
        found = hp.Fixed("searched", self._key)
        if found != self._key:
            raise keras_tuner.errors.FatalValueError(
                "These hyperparameters come from a search of another space. "
                f"Expected: {self._key!r}. Received: {found!r}"
            )


supervise(HyperAdversarial)
