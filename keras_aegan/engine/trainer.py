"""Training by Keras: `fit`, `evaluate`, `predict`, on data of every kind."""

from typing import Any

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.backend.memory import retain_freed_memory
from keras_aegan.backend.stream_batches import own_errors
from keras_aegan.engine import data_checks
from keras_aegan.engine import fit_callbacks
from keras_aegan.engine import process_callbacks
from keras_aegan.engine.compiled_model import CompiledModel
from keras_aegan.engine.data_feed import DataFeed
from keras_aegan.engine.data_feed import check_counts
from keras_aegan.engine.data_feed import samples_and_labels
from keras_aegan.engine.data_feed import split_validation
from keras_aegan.engine.inference import NetworkRun
from keras_aegan.engine.labels import LabelKind
from keras_aegan.engine.labels import label_kind_of_parts


class Trainer(CompiledModel):
    """Brings data to the steps of a compiled model (abstract).

    Everything on its way in is looked at once, by one `DataFeed`, and a model
    survives whatever a call raises.
    """

    @property
    def label_kind(self) -> LabelKind | None:
        """What `y` of `fit` is, or `None` for a model that takes no labels.

        The networks and the prior say what they ask for. A model whose `play`
        uses labels in another way says so here.
        """
        return label_kind_of_parts(self)

    @retain_freed_memory()
    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
    ) -> keras.callbacks.History:
        """Train, exactly as `keras.Model.fit` does.

        Whatever comes in is checked first: shape, kind of number, NaN,
        labels, and whether the generator can reach its range; arrays whole
        and before any step, everything else batch by batch. Should a step
        fail, the model is as it was after the last whole one.

        Weights of samples multiply what real samples contribute to losses:
        reconstructions, divergences of a variational encoder, cross-entropies
        of labels, and their side of a discriminator's loss; of a loss that
        compares each with a fake, the pair. As in Keras the sum is divided by
        the number of samples, not by that of weights. What is of fakes, codes
        of the prior or a batch as a whole (discrepancies, matched features,
        moments), gates and penalties are not weighed.

        Args:
            x: Samples: an array, or any data set that Keras takes.
            y: Labels, where the model uses them; for a model that encodes
                and takes none, samples: what `x` shall be denoised to.
            shuffle: As in `keras.Model.fit`. The order follows from
                `keras.utils.set_random_seed` and the steps done, so a run
                that goes on from a backup meets the samples that it would
                have met.
            class_weight: Dict from label to the weight of its samples, 1 for
                a label that is missing. Needs `y`, labels of classes.
            sample_weight: Array of non-negative numbers, one for each sample.
                A data set has them as third element of its batches.
            batch_size, epochs, verbose, callbacks, validation_split,
                validation_data, initial_epoch, steps_per_epoch,
                validation_steps, validation_batch_size, validation_freq: As
                in `keras.Model.fit`.

        Returns:
            `keras.callbacks.History`.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        self._assert_compiled("fit")
        check_counts(
            epochs=epochs,
            initial_epoch=initial_epoch,
            steps_per_epoch=steps_per_epoch,
            validation_steps=validation_steps,
            validation_batch_size=validation_batch_size,
        )
        if validation_split and validation_data is None:
            (x, y, sample_weight), validation_data = split_validation(
                x, y, sample_weight, validation_split
            )
        x = DataFeed(self).batches(
            *(x, y, sample_weight, batch_size, steps_per_epoch),
            *(shuffle, class_weight),
        )
        if validation_data is not None:
            unpacked = keras.utils.unpack_x_y_sample_weight(validation_data)
            held_out, targets, weights = unpacked
            validation_data = DataFeed(self, "validation_data").batches(
                *(held_out, targets, weights),
                validation_batch_size or batch_size,
                validation_steps,
            )
        callbacks = fit_callbacks.prepare(
            self, callbacks, verbose, epochs, initial_epoch
        )
        callbacks = self._lazy_penalties.with_step_counter(callbacks)
        callbacks, verbose = process_callbacks.for_this_process(
            x, callbacks, verbose
        )
        with backend.whole_steps(self), own_errors(x, validation_data):
            return super().fit(
                x,
                epochs=epochs,
                verbose=verbose,
                callbacks=callbacks,
                validation_data=validation_data,
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
                validation_steps=validation_steps,
                validation_freq=validation_freq,
            )

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose="auto",
        sample_weight=None,
        steps=None,
        callbacks=None,
        return_dict=False,
        **kwargs,
    ):
        """Every term on data, exactly as `keras.Model.evaluate` does it.

        Args:
            x, y, batch_size, verbose, sample_weight, steps, callbacks,
                return_dict: As in `keras.Model.evaluate`.
            **kwargs: What `fit` of Keras adds.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        self._assert_compiled("evaluate")
        check_counts(steps=steps)
        x = DataFeed(self).batches(x, y, sample_weight, batch_size, steps)
        with backend.whole_steps(self), own_errors(x):
            # A number, not a tensor: JAX donates the buffers of a step.
            step = backend.read(self.optimizer.iterations)
            step = int(ops.convert_to_numpy(step))
            self.means.step.assign(step)
            return super().evaluate(
                x,
                verbose=verbose,
                steps=steps,
                callbacks=callbacks,
                return_dict=return_dict,
                **kwargs,
            )

    def predict(
        self, x, batch_size=None, verbose="auto", steps=None, callbacks=None
    ) -> Any:
        """Reconstructions of data, as `keras.Model.predict` gives them.

        Args:
            x: Array of samples, a list of samples and labels for models that
                take a condition, or a data set of batches of these.
            batch_size, verbose, steps, callbacks: As in
                `keras.Model.predict`.

        Returns:
            Array of the shape of the samples.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        check_counts(steps=steps)
        x, labels = samples_and_labels(x)
        return NetworkRun(self, self).outputs(
            x, batch_size, verbose, labels, steps, callbacks
        )

    def predict_on_batch(self, x) -> Any:
        """Reconstructions of one batch; see `predict`."""
        x, labels = samples_and_labels(x)
        size = max(1, *x.shape[:1]) if data_checks.is_array(x) else None
        return NetworkRun(self, self).outputs(x, size, labels=labels)

    def train_on_batch(
        self,
        x,
        y=None,
        sample_weight=None,
        class_weight=None,
        return_dict=False,
    ) -> Any:
        """One step, as `keras.Model.train_on_batch` takes it.

        Args:
            x, y, sample_weight, class_weight, return_dict: As in
                `keras.Model.train_on_batch`.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        self._assert_compiled("train_on_batch")
        batch = DataFeed(self).arrays(x, y, sample_weight, class_weight)
        with backend.whole_steps(self):
            return super().train_on_batch(*batch, return_dict=return_dict)

    def test_on_batch(
        self, x, y=None, sample_weight=None, return_dict=False
    ) -> Any:
        """Every term on one batch, as `keras.Model.test_on_batch` does it.

        Args:
            x, y, sample_weight, return_dict: As in
                `keras.Model.test_on_batch`.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        self._assert_compiled("test_on_batch")
        batch = DataFeed(self).arrays(x, y, sample_weight)
        with backend.whole_steps(self):
            return super().test_on_batch(*batch, return_dict=return_dict)

    def _assert_compiled(self, method):
        if not self.compiled:
            raise ValueError(
                f"`compile()` must come before `{method}()`. Received: a call "
                f"of `{method}` on a {type(self).__name__} without optimizer"
            )

    # === Batches ===

    def unpack(self, data):
        """Samples, cast to their type, labels and weights, from a batch."""
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        dtype = "int32" if self.is_discrete else keras.config.floatx()
        if sample_weight is not None:
            sample_weight = ops.cast(sample_weight, "float32")
            sample_weight = ops.reshape(sample_weight, (-1,))
        return ops.cast(x, dtype), y, sample_weight
