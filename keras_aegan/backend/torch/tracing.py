"""Tracing: recording, operation by operation, what PyTorch computes.

`make_fx` does this, too, but represents every result by a fake tensor, which
takes about a millisecond for each operation; a step has thousands.
"""

import itertools
import operator
from typing import NamedTuple

import torch
from torch.fx.node import map_aggregate
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.weak import WeakTensorKeyDictionary


class Layout(NamedTuple):
    """How a result lies in memory; kept as `node.meta["layout"]`."""

    shape: tuple
    dtype: torch.dtype
    stride: tuple
    offset: int
    is_inputs: bool
    """Whether its memory is that of an input."""


def record(function, inputs):
    """The operations of a function of tensors, as a module.

    Args:
        function: Callable, tensors to a list of tensors.
        inputs: List of tensors. What the function changes in place is
            changed here and in the module's inputs.

    Returns:
        `torch.fx.GraphModule` that computes the same of other inputs of the
        same shapes.

    Raises:
        RuntimeError: if a value of a tensor decides what is computed, or the
            function changes or trains something else than its inputs.
    """
    tracer = _Tracer(inputs)
    with tracer, _RefuseReading(tracer):
        outputs = function(*inputs)
    tracer.graph.output([tracer.node_of(x) for x in outputs])
    return torch.fx.GraphModule(tracer.root, tracer.graph)


class _Tracer(TorchDispatchMode):
    """Adds each operation below autograd to a graph, and runs it.

    Below autograd a gradient is a sequence of ordinary operations, so the
    graph holds forward and backward passes alike.
    """

    def __init__(self, inputs):
        super().__init__()
        self.graph = torch.fx.Graph()
        self.root = torch.nn.Module()
        self._nodes = WeakTensorKeyDictionary()
        self._numbers = itertools.count()
        self._memory = {_memory_of(x) for x in inputs}
        for i, x in enumerate(inputs):
            self._keep(x, self.graph.placeholder(f"input_{i}"))

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        tensors = _tensors_in((args, kwargs))
        unknown = [x for x in tensors if x not in self._nodes]
        if any(isinstance(x, torch.nn.Parameter) for x in unknown):
            raise RuntimeError(
                "the step uses weights that no Keras layer tracks"
            )
        if tensors and len(unknown) == len(tensors):
            # An operation on constants gives a constant; it is not recorded.
            return function(*args, **kwargs)
        if function._schema.is_mutable:
            _refuse_changes(function, args, kwargs, unknown)
        results = function(*args, **kwargs)
        arguments = map_aggregate((args, kwargs), self.node_of)
        node = self.graph.call_function(function, *arguments)
        if isinstance(results, torch.Tensor):
            self._keep(results, node)
        elif isinstance(results, list | tuple):
            for i, result in enumerate(results):
                if result is not None:
                    get = self.graph.call_function(operator.getitem, (node, i))
                    self._keep(result, get)
        elif results is not None:
            raise RuntimeError(f"a value decides what is done: {function}")
        return results

    def _keep(self, tensor, node):
        self._nodes[tensor] = node
        node.meta["layout"] = Layout(
            tuple(tensor.shape),
            tensor.dtype,
            tensor.stride(),
            tensor.storage_offset(),
            _memory_of(tensor) in self._memory,
        )

    def knows(self, tensor):
        """Whether a tensor is an input or computed from one."""
        node = self._nodes.get(tensor)
        return node is not None and node.op != "get_attr"

    def node_of(self, x):
        """The node of a tensor; an unknown one becomes a constant."""
        if not isinstance(x, torch.Tensor):
            if isinstance(x, torch.Generator):
                raise RuntimeError("the step draws from a generator")
            return x
        if x not in self._nodes:
            name = f"constant_{next(self._numbers)}"
            self.root.register_buffer(name, x)
            self._keep(x, self.graph.get_attr(name))
        return self._nodes[x]


class _RefuseReading(TorchFunctionMode):
    """Lets nobody read a value past the tracer.

    To NumPy and to lists PyTorch hands memory, not operations: what is made
    of it would be a constant of the recording.
    """

    _READING = (
        torch.Tensor.__array__,
        torch.Tensor.numpy,
        torch.Tensor.tolist,
    )

    def __init__(self, tracer):
        super().__init__()
        self._tracer = tracer

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function in self._READING and self._tracer.knows(args[0]):
            raise RuntimeError(f"a value is read: {function.__name__}")
        return function(*args, **(kwargs or {}))


def _memory_of(tensor):
    # Gradients of gradients have zeros that take no memory.
    if tensor._is_zerotensor():
        return None
    return tensor.untyped_storage().data_ptr()


def _tensors_in(arguments):
    found = []
    map_aggregate(
        arguments,
        lambda x: found.append(x) if isinstance(x, torch.Tensor) else None,
    )
    return found


def _refuse_changes(function, args, kwargs, unknown):
    """Raise if an operation changes a constant in place.

    Each replay would change the same constant further.
    """
    names = [argument.name for argument in function._schema.arguments]
    given = {**dict(zip(names, args)), **kwargs}
    for argument in function._schema.arguments:
        if argument.alias_info is not None and argument.alias_info.is_write:
            changed = _tensors_in((given.get(argument.name),))
            if any(x is y for x in changed for y in unknown):
                raise RuntimeError(f"{function} changes a constant in place")
