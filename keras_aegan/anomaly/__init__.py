"""Detectors of anomalies, for which `keras_aegan[anomaly]` has all it takes."""

from keras_aegan.anomaly.detector import AnomalyDetector as AnomalyDetector
