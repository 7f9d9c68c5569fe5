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
