"""What can be wrong with a training run, how one sees it, and what helps.

Each function takes what was measured of the run now, at first and the last
time (dicts of floats), and returns a sentence, or `None` if all is well.
"""

import math

from keras_aegan.engine import log_names

# The least that a run must show for a failure mode to be found.
_DIVERSITY = 0.25
_COVERAGE = 0.3
_DENSITY = 0.3
_ACTIVE = 0.1
_SATURATED = 0.5
_SURE = 0.99
_DONE = 0.01
_GROWTH = 30.0
_VANISHED = 1e-4
_GROWING = 0.01
_SPREAD = ("sample_diversity", "sample_coverage")
_SCALE = 20.0


def not_finite(measurements, first, previous):
    """Losses or gradients that are NaN or infinite."""
    broken = [k for k, v in measurements.items() if not math.isfinite(v)]
    if broken:
        return (
            f"the run has diverged ({', '.join(broken[:3])} not finite); "
            "people lower the learning rates, clip gradients "
            "(`clipnorm=1.0`) and, if the discriminator has no bound, add a "
            "gradient penalty"
        )


def range_mismatch(measurements, first, previous):
    """Data that the generator's output cannot reach, or is far from."""
    low, high = measurements["data_min"], measurements["data_max"]
    data = f"the data lie in [{low:.3g}, {high:.3g}]"
    reach = (
        measurements.get("output_low", -math.inf),
        measurements.get("output_high", math.inf),
    )
    if low < reach[0] - 1e-3 or high > reach[1] + 1e-3:
        return (
            f"{data}, but the generator's output in [{reach[0]:g}, "
            f"{reach[1]:g}], so what is outside is never generated; people "
            "scale the data to that range, or give the generator another "
            "output activation"
        )
    ends = ("samples_min", "samples_max")
    made = max(abs(measurements.get(k, math.nan)) for k in ends)
    size = max(abs(low), abs(high))
    if size > _SCALE * made and size > _SCALE:
        return (
            f"{data}, but the samples within {made:.3g} of 0, which takes "
            "very long to grow; people scale the data to about [-1, 1]"
        )


def exploding_gradient(measurements, first, previous):
    """A gradient that has grown thirtyfold."""
    for name, value in _gradients(measurements):
        start = max(first.get(name, value), 1.0)
        if value > _GROWTH * start:
            return (
                f"the gradient of the {_player(name)} explodes (norm "
                f"{value:.3g}, at first {start:.3g}); people clip gradients "
                "(`clipnorm=1.0`), lower the learning rate, or bound the "
                "discriminator by a gradient penalty or spectral "
                "normalisation"
            )


def vanishing_gradient(measurements, first, previous):
    """A generator without gradient; of a discriminator, see saturation."""
    for name, value in _gradients(measurements):
        loss = log_names.measurement_name(
            log_names.measured_player(name, log_names.GRADIENT_NORM),
            log_names.DISCRIMINATION_LOSS,
        )
        if value < _VANISHED and loss not in measurements:
            return (
                f"the gradient of the {_player(name)} has vanished (norm "
                f"{value:.3g}), so it learns nothing; people take the "
                "non-saturating loss instead of minimax, slow the other "
                "players down, and look for dead or saturated units"
            )


def discriminator_saturation(measurements, first, previous):
    """A discriminator that makes no mistake and learns nothing more."""
    for name, loss in measurements.items():
        if not log_names.is_measurement(name, log_names.DISCRIMINATION_LOSS):
            continue
        player = log_names.measured_player(name, log_names.DISCRIMINATION_LOSS)
        accuracy = min(
            measurements[log_names.measurement_name(player, kind)]
            for kind in (log_names.REAL_ACCURACY, log_names.FAKE_ACCURACY)
        )
        if accuracy >= _SURE and 0.0 <= loss < _DONE:
            return (
                f"the {player.replace('_', ' ')} is saturated (it recognises "
                f"{accuracy:.0%} of real and fake samples, with a loss of "
                f"{loss:.2g}), so the generator learns little from it; people "
                "lower its learning rate or turns, smooth its labels, add "
                "noise to its input, or a gradient penalty such as R1"
            )


def mode_collapse(measurements, first, previous):
    """Samples of few kinds."""
    if any(_grows(name, measurements, previous) for name in _SPREAD):
        return None
    diversity = measurements.get("sample_diversity", 1.0)
    if diversity < _DIVERSITY:
        return (
            f"the generator has collapsed (samples differ {diversity:.2g} "
            "times as much from each other as the data do); people let the "
            "discriminator compare samples (`MinibatchStandardDeviation`), "
            "take another loss (hinge, relativistic) with a gradient penalty, "
            "lower the generator's learning rate, or add reconstruction"
        )
    coverage = measurements.get("sample_coverage", 1.0)
    if coverage < _COVERAGE and measurements["sample_density"] > _DENSITY:
        return (
            "the generator has dropped modes (its samples look like data, but "
            f"reach only {coverage:.0%} of them); people let the "
            "discriminator compare samples (`MinibatchStandardDeviation`), "
            "take another loss (hinge, relativistic) with a gradient penalty, "
            "or add reconstruction, which has to cover all data"
        )


def posterior_collapse(measurements, first, previous):
    """Codes that say nothing about the sample."""
    active = measurements.get("active_units_share", 1.0)
    if active <= _ACTIVE:
        return (
            f"the codes have collapsed ({active:.0%} of their numbers vary "
            "from sample to sample), so reconstructions ignore the input; "
            "people lower the weight of the divergence (`beta`), raise it "
            "slowly from 0, give each number free bits or a `capacity`, or "
            "weigh reconstruction more"
        )


def output_saturation(measurements, first, previous):
    """A generator stuck at the ends of its output's range."""
    share = measurements.get("output_saturation", 0.0)
    if share > _SATURATED and share > 2.0 * measurements["data_saturation"]:
        return (
            f"the generator's output is saturated ({share:.0%} of its values "
            "lie at the ends of their range, "
            f"{measurements['data_saturation']:.0%} of the data's), where it "
            "has no gradient; people lower the generator's learning rate, "
            "normalise its layers, and start again"
        )


def _grows(name, measurements, previous):
    """Whether a young generator still improves."""
    return measurements.get(name, 0.0) > previous.get(name, 0.0) + _GROWING


def _gradients(measurements):
    return [
        (name, value)
        for name, value in measurements.items()
        if log_names.is_measurement(name, log_names.GRADIENT_NORM)
    ]


def _player(name):
    player = log_names.measured_player(name, log_names.GRADIENT_NORM)
    return player.replace("_", " ")


# In this order: what comes first is often the cause of what follows. The first
# two are certain when they are seen once.
IMMEDIATE = (not_finite, range_mismatch)
LASTING = (
    exploding_gradient,
    vanishing_gradient,
    discriminator_saturation,
    output_saturation,
    posterior_collapse,
    mode_collapse,
)
