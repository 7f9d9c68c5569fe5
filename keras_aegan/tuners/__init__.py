"""Search spaces for KerasTuner, which `keras_aegan[tuner]` installs."""

from keras_aegan.tuners.hyper_adversarial import (
    HyperAdversarial as HyperAdversarial,
)
from keras_aegan.tuners.hyper_aegan import HyperAEGAN as HyperAEGAN
from keras_aegan.tuners.report import report as report
from keras_aegan.tuners.trials.workers import watch_workers as watch_workers
