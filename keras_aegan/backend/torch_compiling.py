"""Compiling a recorded graph by PyTorch's inductor."""

import torch

_aten = torch.ops.aten
# Where a convolution and its gradient have the images among their arguments.
_IMAGES = {_aten.convolution.default: 0, _aten.convolution_backward.default: 1}


def compile_graph(graph):
    """A `torch.fx.GraphModule` of `record`, compiled when first called."""
    _state_layouts(graph.graph)
    graph.recompile()
    return torch.compile(graph)


def _state_layouts(graph):
    """Say of images with one channel that their channels come last.

    With one channel, several strides mean the same memory. Inductor chooses
    those that PyTorch's convolutions do not take for channels that come last,
    and a gradient then costs up to seven times as much.
    """
    for node in list(graph.nodes):
        if node.target not in _IMAGES:
            continue
        place = _IMAGES[node.target]
        images = node.args[place]
        layout = images.meta["layout"]
        last = layout.shape[1] == layout.stride[1] == 1
        # Past a view into the midst of something, versions of inductor differ.
        if last and layout.offset == 0:
            with graph.inserting_before(node):
                stated = graph.call_function(
                    _aten.as_strided.default,
                    (images, layout.shape, layout.stride),
                )
            node.update_arg(place, stated)
