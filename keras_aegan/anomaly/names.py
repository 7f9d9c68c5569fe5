"""The scores by the names that a detector takes."""

from keras_aegan.anomaly import scores
from keras_aegan.anomaly.combined import Combined

SCORES = {
    "combined": Combined,
    "reconstruction": scores.Reconstruction,
    "code": scores.Code,
    "density": scores.Density,
    "latent": scores.Latent,
    "features": scores.Features,
    "logit": scores.Logit,
    "ganomaly": scores.GANomalyScore,
    "fanogan": scores.FAnoGANScore,
    "alad_l1": scores.ALADL1,
    "alad_l2": scores.ALADL2,
    "alad_logits": scores.ALADLogits,
    "alad_features": scores.ALADFeatures,
}
