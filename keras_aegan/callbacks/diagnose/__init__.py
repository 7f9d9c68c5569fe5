"""What is wrong with a training run, said in plain words."""

from keras_aegan.callbacks.diagnose.callback import Diagnose as Diagnose
