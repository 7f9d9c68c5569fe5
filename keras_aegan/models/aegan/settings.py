"""Arguments of `compile` for AEGAN: the published ones and their ablations."""

import keras

from keras_aegan import losses


def _adam(learning_rate, **kwargs):
    return keras.optimizers.Adam(learning_rate, beta_1=0.5, **kwargs)


def _optimizers(generator, discriminators):
    return {
        "generator": generator,
        "discriminator": discriminators,
        "latent_discriminator": discriminators,
    }


def _paper():
    """The program of 2020 on 64x64 images (`params_64.json`).

    Its discriminators take separate steps on real samples and on each kind
    of fakes; here they take one step on all, in the same expected direction.
    """
    smoothed = losses.NonSaturating(real_label=0.95, fake_label=0.05)
    return {
        "optimizer": _optimizers(
            _adam(2e-4, clipnorm=1.0), _adam(5e-4, clipnorm=1.0)
        ),
        "loss": {
            "adversarial": smoothed,
            "latent_adversarial": smoothed,
            "reconstruction": "mean_absolute_error",
            "latent_reconstruction": "mean_squared_error",
        },
        "loss_weights": {
            "discrimination": 0.5,
            "latent_discrimination": 0.5,
            "adversarial": 1.0,
            "latent_adversarial": 1.0,
            "reconstruction": 10.0,
            "latent_reconstruction": 5.0,
        },
    }


def _sprites():
    """The program of 2021 on 96x96 sprites.

    Its weight decay is part of the gradient; at 1e-8 that does not matter.
    """
    return {
        "optimizer": _optimizers(
            _adam(2e-4, weight_decay=1e-8), _adam(1e-4, weight_decay=1e-8)
        ),
        "loss": {
            "adversarial": losses.NonSaturating(),
            "latent_adversarial": losses.NonSaturating(),
            "reconstruction": "mean_absolute_error",
            "latent_reconstruction": "mean_squared_error",
        },
        "loss_weights": {
            "discrimination": 0.5,
            "latent_discrimination": 0.5,
            "adversarial": 0.0025,
            "latent_adversarial": 0.05,
            "reconstruction": 1.0,
            "latent_reconstruction": 0.5,
        },
    }


def _only(settings, terms, fake_weights=None):
    """Settings in which only some terms count, or some kinds of fakes."""
    on = {term: settings["loss_weights"][term] for term in terms}
    off = dict.fromkeys(settings["loss_weights"], 0.0) | on
    loss = dict(settings["loss"])
    for term, weights in (fake_weights or {}).items():
        config = {**loss[term].get_config(), "fake_weights": weights}
        loss[term] = type(loss[term]).from_config(config)
    return {**settings, "loss": loss, "loss_weights": off}


def _autoencoder():
    """Only the reconstruction: a plain autoencoder."""
    return _only(_paper(), ["reconstruction"])


def _gan():
    """Only samples of the prior are fakes: a plain GAN."""
    return _only(
        _paper(),
        ["adversarial", "discrimination"],
        fake_weights={"adversarial": (1.0, 0.0)},
    )


def _adversarial_autoencoder():
    """Reconstruction, and codes that must look like the prior."""
    return _only(
        _paper(),
        ["reconstruction", "latent_adversarial", "latent_discrimination"],
        fake_weights={"latent_adversarial": (1.0, 0.0)},
    )


def _egan():
    """Reconstruction, and reconstructions that must look real."""
    return _only(
        _paper(),
        ["reconstruction", "adversarial", "discrimination"],
        fake_weights={"adversarial": (0.0, 1.0)},
    )


NAMED_SETTINGS = {
    "paper": _paper,
    "sprites": _sprites,
    "autoencoder": _autoencoder,
    "gan": _gan,
    "adversarial_autoencoder": _adversarial_autoencoder,
    "egan": _egan,
}
