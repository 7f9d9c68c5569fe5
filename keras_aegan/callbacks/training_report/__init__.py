"""One page that shows a training while it runs, and afterwards."""

from keras_aegan.callbacks.training_report.callback import (
    TrainingReport as TrainingReport,
)
