"""Running means of all terms, as one metric."""

import keras
from keras import ops


class TermMeans(keras.metrics.Metric):
    """Means over samples of several named scalars, in one vector.

    One variable for all terms costs a step two small operations instead of
    four for each term.

    Args:
        names: Names of the scalars, in order.
    """

    def __init__(self, names, name="terms"):
        super().__init__(name=name, dtype="float32")
        self.names = list(names)
        self.totals = self.add_variable(
            (len(self.names),), "zeros", name="totals"
        )
        self.samples = self.add_variable((), "zeros", name="samples")
        # Schedules need it in evaluation, which does not see the optimizer.
        self.step = self.add_variable((), "zeros", dtype="int32", name="step")

    def reset_state(self):
        for variable in (self.totals, self.samples):
            variable.assign(ops.zeros(variable.shape))

    def update_state(self, values, sample_weight):
        """Add scalars, a dict by name, that are means over `sample_weight`."""
        vector = ops.stack([ops.cast(values[n], "float32") for n in self.names])
        count = ops.cast(sample_weight, "float32")
        self.totals.assign_add(vector * count)
        self.samples.assign_add(count)

    def result(self):
        """Dict of means by name; 0 before the first sample."""
        means = self.totals / ops.maximum(self.samples, 1.0)
        return {name: means[i] for i, name in enumerate(self.names)}
