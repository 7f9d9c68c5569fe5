"""Training in stages: other players and other terms, one after the other."""

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan import validation
from keras_aegan.engine.fit_callbacks import ProgressBar
from keras_aegan.engine.game import Game
from keras_aegan.engine.steps import Steps
from keras_aegan.layers.conditional import condition_scope


class StagedTraining:
    """The stages of a model's training, and where training stands.

    The model has, beside what every model has,

    - `stages()`: dict from stage to what `terms` would be in it;
    - `progress`: a saved int32 variable `(3,)`: the number of the stage, the
      epochs done in it, the steps done in it.

    Each stage has a compiled step of its own, so it costs what its own terms
    cost. The stage changes between two epochs only. It follows from what is
    saved, and not from how often `fit` was called: a file goes on in the
    stage in which it was saved, and a resumed run in the one in which it was
    killed, with the schedules of the stage where they were.

    Schedules, in `loss_weights` and in the model's `step`, count the steps of
    their stage. The logs always name all terms; one that is not played is 0.
    In validation all of them are evaluated.

    Args:
        model: `AdversarialModel`.
        events: Object with `epochs()`, a dict from each stage but the last to
            its number of epochs; `before_epoch(stage, is_new)` and
            `after_epoch(stage)`; and `observe(stage, x, y)`, called in each
            step before the players move: what it assigns to the model's own
            variables is kept.
    """

    def __init__(self, model, events):
        self._model = model
        self._events = events
        self._steps = {}
        self._current = None

    def make_steps(self, rules, optimizer):
        """Make the steps of each stage; return those of the whole game.

        Args:
            rules: `Rules` of the whole game.
            optimizer: `PlayerOptimizers`.
        """

        def steps(rules, stage=None):
            game = Game(rules, optimizer, self._model, stage)
            return _StageSteps(self._model, game, self._events)

        self._current = None
        self._steps = {
            stage: steps(rules.only(terms), stage)
            for stage, terms in self._model.stages().items()
        }
        return steps(rules)

    @property
    def stage(self):
        """Name of the stage that the last epoch belonged to."""
        return list(self._model.stages())[self._progress()[0]]

    def steps(self):
        """The `Steps` of the stage that trains."""
        return self._current or self._steps[self.stage]

    def terms(self):
        """The terms of all stages, as `terms` of the model returns them."""
        merged = {}
        for players in self._model.stages().values():
            for player, terms in players.items():
                merged.setdefault(player, {}).update(terms)
        return merged

    def callbacks(self, only, callbacks, verbose):
        """Callbacks for `fit`, with those that change the stage.

        Args:
            only: Name of the one stage to train in, or `None`.
            callbacks: As of `fit`.
            verbose: As of `fit`.
        """
        if only is not None:
            validation.check_in("stage", only, self._model.stages())
        # Before others, which shall save what it writes.
        callbacks = [
            _StageKeeper(self, only),
            *keras.tree.flatten(callbacks or []),
        ]
        if verbose and self._model.compiled:
            callbacks.append(_StageBar(self, self._model))
        return callbacks

    def begin_epoch(self, only):
        """Enter the stage that the next epoch belongs to."""
        model, names = self._model, list(self._model.stages())
        index, done, _ = self._progress()
        epochs = [self._events.epochs()[name] for name in names[:-1]]
        new = index if only is None else names.index(only)
        while only is None and new < len(epochs) and done >= epochs[new]:
            new, done = new + 1, 0
        if new != index:
            model.progress.assign([new, 0, 0])
        self._current = steps = self._steps[names[new]]
        # Keras calls `train_function`: here it becomes that of the stage.
        model.train_function = steps.train_function
        model.make_train_function()
        steps.train_function = model.train_function
        self._events.before_epoch(names[new], new != index)

    def end_epoch(self):
        """Count an epoch."""
        index, done, steps = self._progress()
        self._events.after_epoch(self._current.game.stage)
        self._model.progress.assign([index, done + 1, steps])

    def idle_terms(self):
        """Names in the logs that the stage does not play."""
        return set(self._model.means.names) - set(self._current.played)

    def _progress(self):
        backend.attach_state(self._model)
        return [int(n) for n in ops.convert_to_numpy(self._model.progress)]


class _StageSteps(Steps):
    """The steps of one stage, or of all, by the clock of the stage."""

    def __init__(self, model, game, events):
        super().__init__(model, game)
        self._events = events
        self.train_function = None
        self.played = ()

    def train(self, data, due=None):
        model = self.model
        x, y, _ = model.unpack(data)
        with condition_scope(y):
            self._events.observe(self.game.stage, x, y)
        logs = super().train(data, due)
        one = ops.convert_to_tensor([0, 0, 1], "int32")
        model.progress.assign(ops.add(model.progress, one))
        return logs

    def steps_done(self, is_training):
        return backend.read(self.model.progress)[2]

    def _logs(self, results, *args):
        self.played = tuple(results)
        nothing = dict.fromkeys(self.model.means.names, 0.0)
        return super()._logs({**nothing, **results}, *args)


class _StageKeeper(keras.callbacks.Callback):
    """Puts a model into the stage that each epoch belongs to."""

    def __init__(self, staging, only):
        super().__init__()
        self._staging = staging
        self._only = only

    def on_epoch_begin(self, epoch, logs=None):
        self._staging.begin_epoch(self._only)

    def on_epoch_end(self, epoch, logs=None):
        self._staging.end_epoch()


class _StageBar(ProgressBar):
    """A progress bar with the name of the stage and what it plays."""

    def __init__(self, staging, model):
        super().__init__(model)
        self._staging = staging

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        print(f"Stage: {self._staging.steps().game.stage}")

    def shown(self, logs):
        idle = self._staging.idle_terms()
        return {k: v for k, v in super().shown(logs).items() if k not in idle}
