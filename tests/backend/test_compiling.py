"""What is compiled of a recorded graph computes what the function does."""

import keras
import numpy as np

if keras.backend.backend() == "torch":
    import torch

    from keras_aegan.backend.torch.graph_passes import state_image_layouts
    from keras_aegan.backend.torch.tracing import record

    def gradients(images, kernel):
        """Of convolutions of images that lie in memory in three ways."""
        twice = torch.cat([images, images.flip(1)])
        with torch.enable_grad():
            kernel = kernel.detach().requires_grad_()
            results = [
                torch.nn.functional.conv2d(
                    x.movedim(-1, 1), kernel.permute(3, 2, 0, 1), stride=2
                )
                for x in (images, twice, twice[3:])
            ]
            total = sum(x.tanh().sum() for x in results)
            return [*results, *torch.autograd.grad(total, kernel)]

    def test_images_of_one_channel_keep_their_layout_and_values():
        generator = np.random.default_rng(0)
        inputs = [
            torch.tensor(generator.normal(size=shape), dtype=torch.float32)
            for shape in [(4, 8, 8, 1), (3, 3, 1, 5)]
        ]
        graph = record(gradients, inputs)
        state_image_layouts(graph)
        compiled = torch.compile(graph)
        for actual, expected in zip(compiled(*inputs), gradients(*inputs)):
            torch.testing.assert_close(actual, expected)
        # Forward and backward; nothing is said of the view into a batch.
        stated = [
            node.args[2]
            for node in graph.graph.nodes
            if node.target is torch.ops.aten.as_strided.default
        ]
        assert stated == [(64, 1, 8, 1)] * 4
