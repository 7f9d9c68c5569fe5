"""No model computes a product of matrices that it need not."""

import pathlib
import re
import sys

import keras
import pytest

FOLDER = pathlib.Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))

import costs  # noqa: E402
import least  # noqa: E402
import step_times  # noqa: E402

# PyTorch counts exactly the products, and fast. What merges them on JAX is
# tested with the backends.
if keras.backend.backend() == "torch":

    @pytest.mark.parametrize("name", sorted(least.LEAST))
    def test_no_model_computes_more_than_on_paper(name):
        """Of two inputs one may need no gradient: that much below is right."""
        model = costs.built(name)
        ratio = costs.counted(model) / least.least(model, name)
        assert 0.9 <= ratio <= 1.02


def test_times_are_compared_with_the_same_ratio_on_paper():
    """Two rounds of a half and of a tenth of AEGAN's time."""
    named = {name: costs.built(name, least.LARGE) for name in ("AEGAN", "GAN")}
    paper = [least.least(named[name], name, least.LARGE) for name in named]
    seconds = {"AEGAN": [2.0, 4.0], "GAN": [1.0, 0.4]}
    *_, row = step_times.compared(named, seconds)
    ratio = 0.3 * paper[0] / paper[1]
    assert row.split(" | ")[1:] == [
        f"{paper[1] / paper[0]:.3f}",
        "0.300",
        f"{ratio:.2f} |",
    ]


def test_no_order_of_play_takes_more_than_the_fewest_operations():
    """AEGAN's relativistic loss judges real samples and codes once more."""
    model = costs.built("AEGAN")
    more = least.least(model, "AEGAN") - least.least(
        model, "AEGAN", table=least.FEWEST
    )
    networks = (model.discriminator, model.latent_discriminator)
    judged = sum(sum(least.chain(x, 512)) for x in networks)
    assert more == judged


def test_times_are_split_into_what_causes_them():
    """Times made of 6 ms for 10^9 operations and 2.5 ms are taken apart."""
    names = ("AEGAN", "GAN", "ALI", "VAE", "AGE")
    named = {name: costs.built(name, least.LARGE) for name in names}
    seconds = {
        name: [6e-12 * least.least(model, name, least.LARGE) + 2.5e-3]
        for name, model in named.items()
    }
    first, *_, row = step_times.explained(named, seconds)
    assert re.findall(r"([\d.]+)\s+ms", first) == ["6.00", "2.50"]
    assert row.endswith(" | 1.00 |")
