"""A replay calls PyTorch's functions, and computes what its dispatcher does."""

import keras
import pytest
from catalogue import samples

from keras_aegan import models

if keras.backend.backend() == "torch":
    import torch

    from keras_aegan.backend.torch import recording
    from keras_aegan.backend.torch.graph_passes import call_directly

    # They have no function in Python, or none that takes these arguments.
    WITHOUT = {
        "_to_copy",
        "_unsafe_view",
        "convolution_backward",
        "leaky_relu_backward",
        "native_batch_norm_backward",
        "slice",
        "softplus_backward",
        "split",
        "tanh_backward",
        "threshold_backward",
    }

    @pytest.mark.parametrize("shape", [(6,), (8, 8, 1)], ids=str)
    def test_it_calls_other_functions_with_the_same_results(shape, monkeypatch):
        """To the last bit, of a whole step: losses, gradients, new weights."""
        graphs = []
        monkeypatch.setattr(recording, "call_directly", graphs.append)
        model = models.AEGAN.for_shape(shape, latent_dim=2, width=4)
        model.compile()
        model.fit(samples(model, 16), batch_size=16, verbose=0)
        [graph], [recorded] = graphs, model.recordings._recordings.values()
        data = torch.tensor(samples(model, 16)[::-1].copy())
        with torch.no_grad():
            inputs = recorded._inputs(data)
            expected = graph(*inputs)
            call_directly(graph)
            actual = graph(*inputs)
        assert len(actual) == len(expected) > 20
        assert all(map(torch.equal, actual, expected))
        left = {
            node.target.overloadpacket.__name__
            for node in graph.graph.nodes
            if getattr(node.target, "namespace", "") == "aten"
        }
        assert left <= WITHOUT

    def test_functions_by_hand():
        graph = recording.record(
            lambda x: [
                torch.sum(x.view(3, 2).expand(2, 3, 2), (0, 1), keepdim=True),
                torch.nn.functional.leaky_relu(x - 2.5, 0.5),
                torch.cat([x, x * 2.0], -1).split(2, -1)[2],
            ],
            [torch.zeros(6)],
        )
        call_directly(graph)
        total, bent, last = (y.tolist() for y in graph(torch.arange(6.0)))
        assert total == [[[12.0, 18.0]]]
        assert bent == [-1.25, -0.75, -0.25, 0.5, 1.5, 2.5]
        assert last == [4.0, 5.0]
