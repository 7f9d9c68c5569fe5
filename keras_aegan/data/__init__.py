"""Data on their way into a model and back, each a fitted transformation."""

from keras_aegan.data.table import Table as Table
from keras_aegan.data.transformation import Transformation as Transformation
