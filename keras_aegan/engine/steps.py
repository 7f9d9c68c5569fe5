"""The training and the test step of a model: what Keras calls for a batch."""

import functools

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.backend import replicas
from keras_aegan.backend.evaluation import evaluate
from keras_aegan.engine.batches import split_batch
from keras_aegan.engine.labels import real_samples
from keras_aegan.engine.variable_values import Gate
from keras_aegan.engine.variable_values import VariableValues
from keras_aegan.layers.conditional import condition_scope
from keras_aegan.random import RandomGenerator

# Evaluation draws from random streams of another key than training.
_EVALUATION_KEY = 0x5EED
_DRAWS_PER_SAMPLE = 1024


class Steps:
    """One batch through a game and into the logs.

    Args:
        model: A compiled `AdversarialModel`.
        game: `Game`.
    """

    def __init__(self, model, game):
        self.model = model
        self.game = game
        self._training_steps = {}

    def training_step(self, due):
        """`train` with the lazy penalties that are due, a function of data.

        Always the same object for the same penalties: PyTorch finds the
        recording of a step by the function.
        """
        step = functools.partial(self.train, due=due)
        return self._training_steps.setdefault(due, step)

    def train(self, data, due=None):
        """Move every player; return the logs.

        Args:
            data: Batch, as Keras gives it.
            due: Intervals of lazy penalties that end with this step, or
                `None` if no penalty is lazy.
        """
        model, step = self.model, self.steps_done(is_training=True)
        x, y, sample_weight = batch = model.unpack(data)
        values = self._values()
        # Before anybody moves, as in Keras: metrics see the weights that the
        # losses see. Its forward pass is merged with that of the first turn.
        predictions = self._predictions(x, y, values, training=True)
        turns = len(self.game.rules.plan)
        parts = [batch] * turns
        if model.fresh_batches:
            parts = split_batch(x, (y, sample_weight), turns)
            parts = [(part, *others) for part, others in parts]
        results, counts = self.game.take_turns(parts, values, step, due)
        if model.averages is not None:
            with Gate(counts, model.averages.shadows):
                model.averages.update(step)
        model.optimizer.finish_step()
        real, _ = real_samples(model, x, y)
        return self._logs(results, real, predictions, sample_weight)

    def test(self, data):
        """Evaluate every term; return the logs. Nothing else changes."""
        model = self.model
        x, y, sample_weight = batch = model.unpack(data)
        values = self._values()
        # Another batch gets other noise, another evaluation the same.
        position = ops.cast(model.means.samples, "int32") * _DRAWS_PER_SAMPLE
        for layer in backend.sublayers(model):
            if isinstance(layer, RandomGenerator):
                first, second, _ = ops.unstack(values[layer.state], 3)
                second = ops.bitwise_xor(second, _EVALUATION_KEY)
                values[layer.state] = ops.stack([first, second, position])
        if model.averages is not None:
            for v, average in model.averages.pairs():
                values[v] = ops.cast(values[average], v.dtype)
        step = self.steps_done(is_training=False)
        results = self.game.evaluate(batch, values, step)
        predictions = self._predictions(x, y, values, training=False)
        real, _ = real_samples(model, x, y)
        return self._logs(results, real, predictions, sample_weight)

    def steps_done(self, is_training):
        """How many steps came before this one, a scalar."""
        model = self.model
        return backend.read(
            model.optimizer.iterations if is_training else model.means.step
        )

    def _values(self):
        return VariableValues(
            [
                *self.model.trainable_variables,
                *self.model.non_trainable_variables,
            ]
        )

    def _predictions(self, x, y, values, training):
        """What the user's metrics see, or `None` if there are none."""
        if not self.model.user_metrics:
            return None

        def reconstruct():
            with condition_scope(y):
                return {}, self.model(x, training=training)

        return evaluate(reconstruct, values.pairs(), [])[1][0]

    def _logs(self, results, x, predictions, sample_weight):
        model = self.model
        # As one device would count and see them.
        count = ops.shape(x)[0] * replicas.replica_count()
        model.means.update_state(results, count)
        logs = dict(model.means.result())
        if model.user_metrics:
            x, predictions, sample_weight = keras.tree.map_structure(
                replicas.whole_batch,
                (x, predictions, sample_weight),
                none_is_leaf=False,
            )
        for metric in model.user_metrics:
            if metric.name in model.weighted_metric_names:
                metric.update_state(x, predictions, sample_weight=sample_weight)
            else:
                metric.update_state(x, predictions)
            logs[metric.name] = metric.result()
        return logs
