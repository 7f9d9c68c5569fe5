"""Writing down, operation by operation, what PyTorch does.

`make_fx` does this, too, but describes every result by a fake tensor, for
which it takes about a millisecond an operation; a step has thousands.
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
    """How a result lies in memory: `node.meta["layout"]`."""

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
    tape = _Tape(inputs)
    with tape, _Closed(tape):
        outputs = function(*inputs)
    tape.graph.output([tape.node_of(x) for x in outputs])
    return torch.fx.GraphModule(tape.root, tape.graph)


class _Tape(TorchDispatchMode):
    """Sees each operation after autograd has had its say."""

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
            return function(*args, **kwargs)  # Of constants: a constant.
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
        """Whether it is an input or comes of one."""
        node = self._nodes.get(tensor)
        return node is not None and node.op != "get_attr"

    def node_of(self, x):
        """The node of a tensor; of another one's, a constant."""
        if not isinstance(x, torch.Tensor):
            if isinstance(x, torch.Generator):
                raise RuntimeError("the step draws from a generator")
            return x
        if x not in self._nodes:
            name = f"constant_{next(self._numbers)}"
            self.root.register_buffer(name, x)
            self._keep(x, self.graph.get_attr(name))
        return self._nodes[x]


class _Closed(TorchFunctionMode):
    """Lets nobody read a value past the tape.

    To NumPy and to lists PyTorch hands memory, not operations: what is made
    of it would be a constant of the recording.
    """

    _READING = (
        torch.Tensor.__array__,
        torch.Tensor.numpy,
        torch.Tensor.tolist,
    )

    def __init__(self, tape):
        super().__init__()
        self._tape = tape

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function in self._READING and self._tape.knows(args[0]):
            raise RuntimeError(f"a value is read: {function.__name__}")
        return function(*args, **(kwargs or {}))


def _memory_of(tensor):
    return tensor.untyped_storage().data_ptr()


def _tensors_in(arguments):
    found = []
    map_aggregate(
        arguments,
        lambda x: found.append(x) if isinstance(x, torch.Tensor) else None,
    )
    return found


def _refuse_changes(function, args, kwargs, unknown):
    """Replayed, a constant that is changed in place would go on changing."""
    names = [argument.name for argument in function._schema.arguments]
    given = {**dict(zip(names, args)), **kwargs}
    for argument in function._schema.arguments:
        if argument.alias_info is not None and argument.alias_info.is_write:
            changed = _tensors_in((given.get(argument.name),))
            if any(x is y for x in changed for y in unknown):
                raise RuntimeError(f"{function} changes a constant in place")
