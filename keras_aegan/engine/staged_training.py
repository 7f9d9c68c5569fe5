"""Training in stages: other players and other terms, one after the other."""

import copy
import functools

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.engine.compile_methods import CompileMethods
from keras_aegan.engine.game import Game
from keras_aegan.layers.conditional import condition_scope


class StagedTraining:
    """What a model of several stages does beyond an `AdversarialModel`.

    It stands before `AdversarialModel` among a model's bases. A subclass says
    in `stages` who plays for what in each stage, and in `stage_epochs` how
    long. Each stage has a compiled step of its own, so it costs what its own
    terms cost.

    Where the training stands is a saved variable, `progress`: the number of
    the stage, the epochs done in it, the steps done in it. Between two epochs
    the stage may change, and nowhere else. So the next stage follows from what
    is saved and not from how often `fit` was called; a file goes on in the
    stage in which it was saved, and a resumed run in the one that it was
    killed in, with the clock of the stage's schedules where it was.

    Schedules, in `loss_weights` and in `self.step`, count the steps of their
    stage. The logs name all terms always; one that is not played is 0. In
    validation all of them are.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.progress = self.add_weight(
            shape=(3,),
            initializer="zeros",
            dtype="int32",
            trainable=False,
            name="progress",
        )

    # === What a subclass says ===

    def stages(self):
        """Dict from stage to what `terms` would be in it."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `stages`."
        )

    def stage_epochs(self):
        """Dict from each stage but the last to its number of epochs."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `stage_epochs`."
        )

    def before_epoch(self, stage, is_new):
        """Called before each epoch, with whether its stage begins with it."""

    def after_epoch(self, stage):
        """Called after each epoch."""

    def observe(self, stage, x, y):
        """Called in each step, before the players move.

        What it assigns to the model's own variables is kept.
        """

    # === What follows ===

    @property
    def stage(self):
        """Name of the stage that the last epoch belonged to."""
        return list(self.stages())[self._where()[0]]

    def terms(self):
        merged = {}
        for players in self.stages().values():
            for player, terms in players.items():
                merged.setdefault(player, {}).update(terms)
        return merged

    def fit(
        self, x=None, y=None, stage=None, callbacks=None, verbose="auto", **kw
    ):
        """Train, stage after stage, from where the last call left off.

        Args:
            x: Samples: an array, or any data set that Keras takes.
            y: Labels, where the model uses them.
            stage: Name of the one stage that this call shall train in; `None`
                for all that come within `epochs`.
            callbacks: As in `keras.Model.fit`.
            verbose: As in `keras.Model.fit`. The progress bar shows the name
                of the stage, and its terms only.
            **kw: As in `keras.Model.fit`.

        Raises:
            ValueError: if there is no such stage, or the data does not fit
                the networks.
        """
        if stage is not None and stage not in self.stages():
            raise ValueError(
                f"`stage` must be one of {list(self.stages())}, or None. "
                f"Received: stage={stage!r}"
            )
        # Before others, which shall save what it writes.
        callbacks = [_StageKeeper(stage), *keras.tree.flatten(callbacks or [])]
        if verbose and self.compiled:
            callbacks.append(_StageBar(self.means.names, lambda: self.game))
        return super().fit(x, y, callbacks=callbacks, verbose=verbose, **kw)

    @functools.wraps(CompileMethods.compile)
    def compile(self, *args, **kwargs):
        super().compile(*args, **kwargs)
        plan, terms = self.game.plan, self.loss_terms
        self._games = {
            stage: _StageGame(self, stage, *_part(plan, terms, players))
            for stage, players in self.stages().items()
        }
        self.game = self._whole = _StageGame(self, None, plan, terms)

    def make_train_function(self, force=False):
        """Compile the training step of the stage."""
        if self.game is self._whole:
            self.game = self._games[self.stage]
        super().make_train_function(force)

    def test_step(self, *args):
        """Every term of all stages on one batch, without learning."""
        game, self.game = self.game, self._whole
        try:
            return super().test_step(*args)
        finally:
            self.game = game

    def split_batch(self, x, y, turns):
        """As ever, but a stage may have no turns."""
        return super().split_batch(x, y, turns) if turns else []

    def _begin_epoch(self, only):
        names = list(self.stages())
        index, done, _ = self._where()
        epochs = [*(self.stage_epochs()[name] for name in names[:-1])]
        new = index if only is None else names.index(only)
        while only is None and new < len(epochs) and done >= epochs[new]:
            new, done = new + 1, 0
        if new != index:
            self.progress.assign([new, 0, 0])
        self.game = self._games[names[new]]
        self.train_function = self.game.compiled
        self.make_train_function()
        self.game.compiled = self.train_function
        self.before_epoch(names[new], new != index)

    def _end_epoch(self):
        index, done, steps = self._where()
        self.after_epoch(self.game.stage)
        self.progress.assign([index, done + 1, steps])

    def _where(self):
        backend.attach_state(self)
        return [int(n) for n in ops.convert_to_numpy(self.progress)]


class _StageGame(Game):
    """The part of a game that is played in one stage; all of it if `None`."""

    def __init__(self, model, stage, plan, terms):
        super().__init__(model, terms, plan)
        self.stage = stage
        self.compiled = None
        self.played = ()

    def train(self, data, due=None):
        model = self.model
        x, y = model.unpack(data)
        with condition_scope(y):
            model.observe(self.stage, x, y)
        logs = super().train(data, due)
        one = ops.convert_to_tensor([0, 0, 1], "int32")
        model.progress.assign(ops.add(model.progress, one))
        return logs

    def _clock(self, training):
        return backend.read(self.model.progress)[2]

    def _logs(self, results, *args):
        self.played = tuple(results)
        nothing = dict.fromkeys(self.model.means.names, 0.0)
        return super()._logs({**nothing, **results}, *args)


def _part(plan, terms, players):
    """The turns of some players, and the terms with all others off."""
    own = {term for names in players.values() for term in names}
    part = copy.copy(terms)
    part.weights = {
        term: weight if term in own else 0.0
        for term, weight in terms.weights.items()
    }
    movers = {p for p, names in players.items() if any(map(part.is_on, names))}
    turns = [([p for p in group if p in movers], same) for group, same in plan]
    turns = [turn for turn in turns if turn[0]]
    if turns:
        turns[-1] = (turns[-1][0], False)
    return turns, part


class _StageKeeper(keras.callbacks.Callback):
    """Puts a model into the stage that each epoch belongs to."""

    def __init__(self, only):
        super().__init__()
        self._only = only

    def on_epoch_begin(self, epoch, logs=None):
        self.model._begin_epoch(self._only)

    def on_epoch_end(self, epoch, logs=None):
        self.model._end_epoch()


class _StageBar(keras.callbacks.ProgbarLogger):
    """A progress bar with the name and the terms of the stage.

    It is told how to find the game, since Keras fetches all weights from a
    JAX trainer whenever a callback asks for its model.
    """

    async_safe = True

    def __init__(self, names, game):
        super().__init__()
        self._names = set(names)
        self._game = game

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        print(f"Stage: {self._game().stage}")

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, self._shown(logs))

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, self._shown(logs))

    def _shown(self, logs):
        idle = self._names - set(self._game().played)
        return {k: v for k, v in (logs or {}).items() if k not in idle}
