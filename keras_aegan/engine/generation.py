"""New samples, and the distribution that their codes come from.

Methods of `LatentMethods`.
"""

import numpy as np
from keras import ops

from keras_aegan import backend
from keras_aegan import random
from keras_aegan import validation
from keras_aegan.arrays import real_numbers
from keras_aegan.engine.data_checks import trusted
from keras_aegan.engine.label_checks import check_classes
from keras_aegan.engine.label_checks import labels_to_generate
from keras_aegan.engine.labels import condition_of
from keras_aegan.engine.labels import label_kind_of_parts
from keras_aegan.layers import FittedPrior
from keras_aegan.layers import KernelPrior
from keras_aegan.layers.conditional import condition_scope

SOURCES = ("data", "prior")
# Of the noise on codes in training, whatever their size: it also widens where
# the generator is good. On a ring of modes, with codes of two numbers, it gets
# far worse from the small bandwidth that is right for samples afterwards.
TRAINING_BANDWIDTH = 0.4


def generate(
    self,
    num_samples: int | None = None,
    seed: int | None = None,
    batch_size: int | None = None,
    verbose=0,
    labels=None,
    codes_from: str | None = None,
) -> np.ndarray:
    """New samples.

    Args:
        num_samples: Positive integer. Defaults to one for each label.
        seed: Integer for the same samples each time, on every backend;
            `None` for other ones each time, as
            `keras.utils.set_random_seed` decides.
        batch_size: As in `encode`.
        verbose: As in `keras.Model.predict`.
        labels: As in `encode`. Labels are sampled uniformly if not given. A
            model without condition takes labels once `fit_prior` saw some.
        codes_from: As in `sample_codes`.

    Returns:
        Array of samples, `(num_samples, ...)`.

    Raises:
        ValueError: if `num_samples` is not a positive integer, `labels`
            are not what the model takes, or `codes_from` names codes that
            the model does not have.
    """
    self.require_parts("generate", "generator", "prior")
    seed = random.seed_or_default(seed)
    count, labels = labels_to_generate(self, num_samples, labels, seed)
    z = self.sample_codes(count, seed, batch_size, verbose, labels, codes_from)
    with trusted():
        labels = labels if condition_of(self) is not None else None
        return self.decode(z, batch_size, verbose, labels)


def sample_codes(
    self,
    num_samples: int | None = None,
    seed: int | None = None,
    batch_size: int | None = None,
    verbose=0,
    labels=None,
    codes_from: str | None = None,
) -> np.ndarray:
    """Random codes, as `decode` takes them.

    Args:
        num_samples: As in `generate`.
        seed: As in `generate`.
        batch_size: As in `encode`.
        verbose: As in `keras.Model.predict`.
        labels: As in `generate`.
        codes_from: `"data"`: the model's `code_prior`, which follows the codes
            of real samples, by itself in training or by `fit_prior`;
            `"prior"`: the distribution that the model was given, N(0, I) by
            default. `None` is the former once it has seen codes.

    Returns:
        Array `(num_samples, latent_dim)`.

    Raises:
        ValueError: as in `generate`.
    """
    self.require_parts("sample_codes", "prior")
    seed = random.seed_or_default(seed)
    count, labels = labels_to_generate(self, num_samples, labels, seed)
    prior = _chosen_prior(self, codes_from)
    # The prior's own random stream stays where it is.
    states = random.seeded_states(backend.sublayers(prior), seed)
    with self.at_inference(states), condition_scope(labels):
        z = ops.convert_to_numpy(prior.sample(count))
    if prior is self.prior and hasattr(self, "mapping"):
        with trusted():
            z = self.run_network(self.mapping, z, batch_size, verbose, labels)
    return z


def fit_prior(
    self,
    x,
    labels=None,
    components: int | None = None,
    bandwidth: float | None = None,
    batch_size: int | None = None,
    verbose=0,
) -> None:
    """Fit the distribution of codes to generate from, after training.

    The codes that real samples have are rarely spread as the prior, which the
    generator was trained with or shall be matched by an encoder. So samples
    get better, often by far, when their codes come from where those of data
    lie. The result, `code_prior`, is saved with the model; a kernel density
    are 4096 of the codes themselves, from which `decode` gives something close
    to their samples, a mixture are moments. `prior` stays what it is. A model
    that keeps codes while it trains replaces those of a kernel density as it
    goes on; a mixture is fitted once.

    Args:
        x: Array of samples, `(samples, ...)`, such as the training data.
        labels: Array of integers `(samples,)`. `generate(labels=...)` then
            draws codes of these classes, also of a model without condition.
        components: `None` for a kernel density, `KernelPrior`; a positive
            integer for so many normal distributions a class, `FittedPrior`,
            which above 1 needs scikit-learn.
        bandwidth: Non-negative float, that of `KernelPrior`; `None` for its
            default, which depends on the size of codes and their number.
        batch_size: As in `encode`.
        verbose: As in `keras.Model.predict`.

    Raises:
        ValueError: if the model has no encoder or no prior, or an argument is
            not as above.

    Reference: Ghosh et al. 2020, From Variational to Deterministic
    Autoencoders, arXiv:1903.12436, section 4 (ex-post density estimation).
    """
    self.require_parts("fit_prior", "encoder", "generator", "prior")
    x = self.checked_samples(x)
    own = condition_of(self)
    num_classes = getattr(own, "num_classes", None)
    codes = self.encode(x, batch_size, verbose, None if own is None else labels)
    if codes.ndim != 2:
        raise ValueError(
            "`fit_prior` is for codes that are vectors. "
            f"Received: codes of shape {codes.shape}"
        )
    if own is not None and num_classes is None:
        labels = None
    if labels is not None:
        labels = real_numbers("labels", labels).reshape(-1)
        num_classes = num_classes or int(labels.max()) + 1
        labels = check_classes("labels", labels, len(codes), num_classes)
    classes = max(1, num_classes or 1)
    if components is None:
        prior = _kernel_prior(codes, labels, classes, bandwidth)
    else:
        prior = _mixture(codes, labels, classes, components)
    _replace_code_prior(self, prior)


def _kernel_prior(codes, labels, num_classes, bandwidth):
    prior = KernelPrior(codes.shape[1], bandwidth, num_classes)
    # Of more codes than there is room for, an even selection.
    count = min(prior.capacity, len(codes))
    rows = np.linspace(0, len(codes) - 1, count).round().astype("int64")
    prior.collect(codes[rows], None if labels is None else labels[rows])
    return prior


def _mixture(codes, labels, num_classes, components):
    prior = FittedPrior(codes.shape[1], components, num_classes, capacity=1)
    if labels is None:
        labels = np.zeros(len(codes), "int32")
    prior.fit_to(codes, labels)
    # Only the mean stays, and counts: there were codes.
    prior.collect(codes.mean(axis=0, keepdims=True), labels[:1])
    return prior


def _replace_code_prior(model, prior):
    old = model.code_prior
    if old is not None and _settings(old) == _settings(prior):
        # The same variables: what is compiled stays as it is.
        for variable, value in zip(old.variables, prior.variables):
            if variable is not old.generator.state:
                variable.assign(value)
        return
    # Not an attribute: what Keras once tracked there it would count for ever.
    model.code_priors.clear()
    model.code_priors.append(prior)
    if model.compiled:
        # The state of a game and of its programs is settled by `compile`.
        model.compile_again()


def _settings(prior):
    config = prior.get_config()
    return type(prior), {**config, "name": None, "seed": None}


def new_code_priors(model) -> list:
    """The `code_prior` of a model that keeps codes while it trains, or none.

    With a vector as condition there is none: to a condition that nobody has
    seen before belong no codes.
    """
    if not model.follows_codes or not hasattr(model, "prior"):
        return []
    kind = label_kind_of_parts(model)
    if kind is None:
        return [KernelPrior(model.prior.latent_dim, TRAINING_BANDWIDTH)]
    if kind.num_classes is None:
        return []
    classes = kind.num_classes
    return [KernelPrior(model.prior.latent_dim, TRAINING_BANDWIDTH, classes)]


def _chosen_prior(model, codes_from):
    if codes_from is not None:
        validation.check_in("codes_from", codes_from, SOURCES)
    if codes_from == "prior":
        return model.prior
    follower = model.code_prior
    has_codes = follower is not None and _count(model, follower) > 0
    if codes_from == "data" and not has_codes:
        raise ValueError(
            "There are no codes of data yet: `fit` of a model that follows "
            "them, or `fit_prior(x)`, comes first. "
            f"Received: codes_from={codes_from!r}"
        )
    return follower if has_codes else model.prior


def _count(model, prior):
    """How many codes a prior has, also while another thread trains."""
    with model.live_state.reading():
        (count,) = backend.current_values(model, [prior.count])
    return int(ops.convert_to_numpy(count))
