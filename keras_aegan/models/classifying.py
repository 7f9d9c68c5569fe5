"""What models that tell classes have in common."""

from keras import ops


class Classifying:
    """Gives a model `classify`.

    It stands before `AdversarialModel` among the bases of a model that has
    `_class_logits(x, batch_size, verbose)`, an array `(samples, classes)`.
    """

    def classify(self, x, batch_size=None, verbose=0):
        """Probabilities of classes, of samples taken to be real.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.

        Returns:
            Array `(samples, classes)`.

        Raises:
            ValueError: if the model has no classifier.
        """
        logits = self._class_logits(x, batch_size, verbose)
        return ops.convert_to_numpy(ops.softmax(logits))
