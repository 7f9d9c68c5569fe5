"""Sums in a recorded graph without the parts that are always zero."""

import operator

import torch

_aten = torch.ops.aten
_SOURCES = {_aten.zeros_like.default, _aten.zeros.default}
# Zero if their first argument is.
_KEEP = {
    _aten.convolution_backward.default,
    _aten.expand.default,
    _aten.leaky_relu_backward.default,
    _aten.neg.default,
    _aten.permute.default,
    _aten.sum.dim_IntList,
    _aten.t.default,
    _aten.threshold_backward.default,
    _aten.transpose.int,
    _aten.view.default,
}
# Zero if one of their first two arguments is.
_PRODUCTS = {_aten.bmm.default, _aten.mm.default, _aten.mul.Tensor}


def drop_zeros(graph):
    """Replace `0 + a` by `a`, so that nobody works out the 0.

    PyTorch gives activations that are linear in pieces a second derivative
    of zeros, and pulls them back through the whole network: on the way back
    from a penalty on slopes, a fifth of the step's arithmetic.

    Args:
        graph: `torch.fx.Graph` of operations without side effects.
    """
    zeros = set()
    for node in list(graph.nodes):
        if node.op != "call_function":
            continue
        if _is_zero(node, zeros):
            zeros.add(node)
        elif node.target is _aten.add.Tensor and not node.kwargs:
            for zero, other in (node.args, node.args[::-1]):
                if zero in zeros and _alike(node, other):
                    node.replace_all_uses_with(other)
                    break


def _is_zero(node, zeros):
    if node.target in _SOURCES:
        return True
    if node.target in _PRODUCTS:
        return any(argument in zeros for argument in node.args[:2])
    if node.target is _aten.add.Tensor:
        return all(argument in zeros for argument in node.args)
    if node.target is _aten.constant_pad_nd.default:
        return node.args[0] in zeros and not any(node.args[2:])
    keeps = node.target in _KEEP or node.target is operator.getitem
    return keeps and node.args[0] in zeros


def _alike(node, other):
    """Whether a node may stand for a sum: no broadcast, no other type."""
    if not isinstance(other, torch.fx.Node):
        return False
    new, old = (n.meta.get("layout") for n in (other, node))
    return (
        new is not None
        and old is not None
        and new.shape == old.shape
        and new.dtype == old.dtype
    )
