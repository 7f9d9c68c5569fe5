"""What detectors take from scikit-learn, or how to install that."""

from keras_aegan import extras

with extras.required(
    "`keras_aegan.anomaly` needs scikit-learn from 1.6 on",
    "keras_aegan[anomaly]",
):
    from sklearn.base import BaseEstimator as BaseEstimator
    from sklearn.mixture import GaussianMixture as GaussianMixture
    from sklearn.utils import check_random_state as check_random_state
    from sklearn.utils.validation import check_is_fitted as check_is_fitted
    from sklearn.utils.validation import validate_data as validate_data
