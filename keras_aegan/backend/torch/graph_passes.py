"""Passes over the graph of a recorded step: what it need not compute.

All of them rely on a graph without side effects: no operation changes a
tensor in place, so equal operations have equal results, at any time.
"""

import operator
import types

import torch

_aten = torch.ops.aten

# Operations that mean nothing in a graph in which nothing changes in place.
_NO_OPERATION = {
    _aten.alias.default,
    _aten.detach.default,
    _aten.lift_fresh_copy.default,
}
_ZEROS = {_aten.zeros_like.default, _aten.zeros.default}
# Zero if their first argument is.
_ZERO_OF_ZERO = {
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
# Operations that are methods only.
_METHODS = {"expand", "view"}
# Where a convolution and its gradient have the images among their arguments.
_IMAGES = {_aten.convolution.default: 0, _aten.convolution_backward.default: 1}


def simplify(module: torch.fx.GraphModule) -> None:
    """Remove operations that a pure graph does not need, in place.

    Args:
        module: A graph of `tracing.record`, made functional.
    """
    graph = module.graph
    _merge_constants(module)
    _remove_copies(graph)
    drop_zeros(graph)
    graph.eliminate_dead_code()
    # Last, when fewer operations are left to compare.
    _eliminate_common_subexpressions(graph)
    _copy_returned_inputs(graph)
    module.recompile()


def _merge_constants(module):
    """Keep one of several equal constants: each turn makes its own."""
    first = {}
    for node in list(module.graph.nodes):
        if node.op == "get_attr":
            key = _content(getattr(module, node.target))
            node.replace_all_uses_with(first.setdefault(key, node))


def _content(constant):
    """What equal constants share: type, layout and bytes."""
    numbers = constant.contiguous().reshape(-1).view(torch.uint8)
    layout = constant.dtype, constant.shape, constant.stride()
    return *layout, numbers.cpu().numpy().tobytes()


def _remove_copies(graph):
    for node in list(graph.nodes):
        if node.target in _NO_OPERATION or _keeps_layout(node):
            node.replace_all_uses_with(node.args[0])
            graph.erase_node(node)


def _keeps_layout(node):
    """Whether a node copies a tensor and does not change its strides.

    Keras often asks for one layout and then for another, so the original is
    looked for behind a chain of copies.
    """
    if node.target is not _aten.clone.default:
        return False
    while node.args[0].target is _aten.clone.default:
        node.args = node.args[0].args
    before, after = (n.meta["layout"] for n in (node.args[0], node))
    return before.stride == after.stride


def drop_zeros(graph: torch.fx.Graph) -> None:
    """Replace `0 + a` by `a`, so that the 0 becomes dead code.

    PyTorch gives activations that are piecewise linear a second derivative of
    zeros, and propagates these zeros backward through the whole network: in
    the gradient of a gradient penalty, a fifth of the step's arithmetic.

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
                if zero in zeros and _may_replace(other, node):
                    node.replace_all_uses_with(other)
                    break


def _is_zero(node, zeros):
    if node.target in _ZEROS:
        return True
    if node.target in _PRODUCTS:
        return any(argument in zeros for argument in node.args[:2])
    if node.target is _aten.add.Tensor:
        return all(argument in zeros for argument in node.args)
    if node.target is _aten.constant_pad_nd.default:
        return node.args[0] in zeros and not any(node.args[2:])
    passes = node.target in _ZERO_OF_ZERO or node.target is operator.getitem
    return passes and node.args[0] in zeros


def _may_replace(other, node):
    """Whether a summand has the shape and type of the sum.

    It has not if the sum broadcasts it or promotes its type.
    """
    if not isinstance(other, torch.fx.Node):
        return False
    new, old = (n.meta.get("layout") for n in (other, node))
    return (
        new is not None
        and old is not None
        and new.shape == old.shape
        and new.dtype == old.dtype
    )


def _eliminate_common_subexpressions(graph):
    """Compute once what has the same operation and the same arguments."""
    first = {}
    for node in list(graph.nodes):
        # PyTorch's own generator gives other numbers at each call.
        random = torch.Tag.nondeterministic_seeded
        tags = getattr(node.target, "tags", ())
        if node.op != "call_function" or random in tags:
            continue
        # As text, since 1 and 1.0 are equal keys but not equal arguments.
        key = node.target, repr((node.args, node.kwargs))
        if first.setdefault(key, node) is not node:
            node.replace_all_uses_with(first[key])
            graph.erase_node(node)


def _copy_returned_inputs(graph):
    """Copy outputs that lie in an input's memory.

    Outputs are written into the inputs afterwards, one by one; an output that
    is a view of an input would change while that happens.
    """
    output = next(reversed(graph.nodes))
    with graph.inserting_before(output):
        output.args = (
            [
                graph.call_function(_aten.clone.default, (node,))
                if node.meta["layout"].is_inputs
                else node
                for node in output.args[0]
            ],
        )


def state_image_layouts(module: torch.fx.GraphModule) -> None:
    """Say of images with one channel that their channels come last, in place.

    With one channel, several strides describe the same memory. Inductor
    chooses strides that PyTorch's convolutions do not recognise as channels
    last, and a gradient then costs up to seven times as much.
    """
    graph = module.graph
    for node in list(graph.nodes):
        if node.target not in _IMAGES:
            continue
        place = _IMAGES[node.target]
        images = node.args[place]
        layout = images.meta["layout"]
        is_last = layout.shape[1] == layout.stride[1] == 1
        # Versions of Inductor disagree about the offset of a view's view.
        if is_last and layout.offset == 0:
            with graph.inserting_before(node):
                stated = graph.call_function(
                    _aten.as_strided.default,
                    (images, layout.shape, layout.stride),
                )
            node.update_arg(place, stated)
    module.recompile()


def call_directly(module: torch.fx.GraphModule) -> None:
    """Call operations by PyTorch's functions for Python, in place.

    What is recorded are entries of PyTorch's dispatcher. To call one from
    Python takes about twice as long as the function of that name, `torch.add`
    in place of `torch.ops.aten.add.Tensor`: PyTorch generates both from one
    list, with the same arguments, but reads those of the latter one by one, by
    its schema. In a step of small networks that is a fifth of the time.
    """
    for node in module.graph.nodes:
        node.target = _python_function(node.target)
    module.recompile()


def _python_function(target):
    """The function of an operation, or what was given if it has none."""
    if getattr(target, "namespace", None) != "aten":
        return target
    name = target.overloadpacket.__name__
    if name in _METHODS:
        return getattr(torch.Tensor, name)
    for place in (torch, torch._C._nn):
        function = getattr(place, name, None)
        # What is written in Python has arguments of its own.
        if isinstance(function, types.BuiltinFunctionType):
            return function
    return target
