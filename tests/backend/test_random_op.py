"""On PyTorch a draw is one operation, unless a compiler fuses it."""

import keras
import numpy as np
import pytest

from keras_aegan import random

if keras.backend.backend() == "torch":
    import torch

    from keras_aegan.backend.torch.random_op import inline_random_numbers
    from keras_aegan.backend.torch.tracing import record

    def recorded(function, shape):
        state = torch.tensor(random.initial_state(1))
        return record(lambda s: [function(s, shape)], [state])

    def calls(graph):
        return [n for n in graph.graph.nodes if n.op == "call_function"]

    @pytest.mark.parametrize("shape", [(3, 5), (4,), ()], ids=str)
    @pytest.mark.parametrize("name", ["uniform", "normal"])
    def test_a_replayed_draw_follows_its_state(name, shape):
        function = getattr(random, name)
        graph = recorded(function, shape)
        assert len(calls(graph)) == 1
        with inline_random_numbers():
            operations = recorded(function, shape)
        assert len(calls(operations)) > 50
        seen = []
        for seed in (2, 3):
            state = torch.tensor(random.initial_state(seed))
            ((one,), (many,)) = graph(state), operations(state)
            assert one.dtype == many.dtype == torch.float32
            assert one.shape == many.shape == shape
            # A logarithm and a cosine may differ in the last bit.
            atol = 0.0 if name == "uniform" else 1e-6
            np.testing.assert_allclose(one, many, rtol=0, atol=atol)
            seen.append(one)
        assert not torch.equal(*seen)

    def test_a_draw_can_be_traced_without_values():
        state = torch.tensor(random.initial_state(1), device="meta")
        numbers = torch.ops.keras_aegan.draw("_normal", state, (2, 3))
        assert numbers.shape == (2, 3) and numbers.dtype == torch.float32
