"""No model computes a product of matrices that it need not."""

import pathlib
import sys

import keras
import pytest

FOLDER = pathlib.Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))

import costs  # noqa: E402

# PyTorch counts exactly the products, and fast. What merges them on JAX is
# tested with the backends.
if keras.backend.backend() == "torch":

    @pytest.mark.parametrize("name", sorted(costs.LEAST))
    def test_no_model_computes_more_than_on_paper(name):
        """Of two inputs one may need no gradient: that much below is right."""
        model = costs.built(name)
        ratio = costs.counted(model) / costs.least(model, name)
        assert 0.9 <= ratio <= 1.02


def test_times_are_compared_with_the_same_ratio_on_paper(monkeypatch):
    """Two rounds of a half and of a tenth of AEGAN's time."""
    paper = [costs.least(costs.built(n), n) for n in ("AEGAN", "GAN")]
    seconds = {"AEGAN": [2.0, 4.0], "GAN": [1.0, 0.4]}
    monkeypatch.setattr(costs, "timed", lambda named, rounds: seconds)
    *_, row = costs.compared_times(["GAN"], 2)
    ratio = 0.3 * paper[0] / paper[1]
    assert row.split(" | ")[1:] == [
        f"{paper[1] / paper[0]:.3f}",
        "0.300",
        f"{ratio:.2f} |",
    ]
