"""Recording a training step of PyTorch as a graph of functions.

Keras spends about 0.15 ms of Python on every call of a layer. A step that is
a function of its state need not be worked out anew each time: written down
once, operation by operation, down to gradients and optimizers, it is replayed
at the cost of the calls of the operations.
"""

import contextlib
import warnings

import keras
import torch

from keras_aegan.backend.torch_compiling import compile_graph
from keras_aegan.backend.torch_draws import fused_draws
from keras_aegan.backend.torch_tape import record
from keras_aegan.backend.torch_zeros import drop_zeros

_aten = torch.ops.aten
# Operations that mean nothing in a graph in which nothing changes in place.
_NO_OPERATION = {
    _aten.alias.default,
    _aten.detach.default,
    _aten.lift_fresh_copy.default,
}


class Recording:
    """A step as a graph, and the variables that it changes."""

    def __init__(self, step, variables, data, compiled):
        self._variables = variables
        count = len(variables)
        leaves = keras.tree.flatten(data)
        names = []

        def pure(*tensors):
            state, inputs = tensors[:count], iter(tensors[count:])
            filled = [x if x is None else next(inputs) for x in leaves]
            batch = keras.tree.pack_sequence_as(data, filled)
            with keras.StatelessScope(zip(variables, state)) as scope:
                logs = step(batch)
                new_state = [scope.get_current_value(v) for v in variables]
            names[:] = logs
            return [*new_state, *logs.values()]

        # The first pass writes down what happens, gradients and changes in
        # place included; the second turns changes into new tensors.
        inputs = [x.clone() for x in self._inputs(data)]
        with fused_draws() if compiled else contextlib.nullcontext():
            graph = record(pure, inputs)
        graph = record(
            torch.func.functionalize(graph, remove="mutations"), inputs
        )
        self._names = list(names)
        self._changed = _keep_changes(graph, count)
        _tidy(graph)
        self._graph = compile_graph(graph) if compiled else graph

    def _inputs(self, data):
        state = [v.value.detach() for v in self._variables]
        return state + [x for x in keras.tree.flatten(data) if x is not None]

    def __call__(self, data):
        inputs = self._inputs(data)
        outputs = self._graph(*inputs)
        split = len(self._changed)
        torch._foreach_copy_(
            [inputs[i] for i in self._changed], outputs[:split]
        )
        return dict(zip(self._names, outputs[split:]))


def _keep_changes(graph, count):
    """Drop outputs that are inputs; return the positions of the others."""
    nodes = list(graph.graph.nodes)
    for node in nodes:
        # What is left of changes in place: copies back into the inputs.
        if node.target is _aten.copy_.default:
            node.replace_all_uses_with(node.args[1])
            graph.graph.erase_node(node)
    output = nodes[-1]
    results = output.args[0]
    changed = [i for i in range(count) if results[i] is not nodes[i]]
    output.args = ([*(results[i] for i in changed), *results[count:]],)
    return changed


def _tidy(graph):
    """Remove what a pure graph does not need, and what it does twice."""
    constants = {}
    for node in list(graph.graph.nodes):
        if node.op == "get_attr":
            key = _content(getattr(graph, node.target))
            node.replace_all_uses_with(constants.setdefault(key, node))
        elif node.target in _NO_OPERATION or _copies_nothing(node):
            node.replace_all_uses_with(node.args[0])
            graph.graph.erase_node(node)
    drop_zeros(graph.graph)
    graph.graph.eliminate_dead_code()
    _merge_equals(graph.graph)
    _copy_inputs(graph.graph)
    graph.recompile()


def _content(constant):
    """What tells a constant from others: each turn makes its own."""
    numbers = constant.contiguous().reshape(-1).view(torch.uint8)
    layout = constant.dtype, constant.shape, constant.stride()
    return *layout, numbers.cpu().numpy().tobytes()


def _copy_inputs(graph):
    """Let no output lie in an input, which is overwritten by another one."""
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


def _merge_equals(graph):
    """Compute once what is computed of the same arguments in the same way.

    Without side effects; numbers from PyTorch's generator would be one.
    """
    first = {}
    for node in list(graph.nodes):
        random = torch.Tag.nondeterministic_seeded
        if node.op != "call_function" or random in _tags(node):
            continue
        # 1 and 1.0 are equal keys, but not equal arguments.
        key = node.target, repr((node.args, node.kwargs))
        if first.setdefault(key, node) is not node:
            node.replace_all_uses_with(first[key])
            graph.erase_node(node)


def _tags(node):
    return getattr(node.target, "tags", ())


def _copies_nothing(node):
    """Whether a copy lies in memory like its original.

    Keras asks for one layout and then for another, so the original of a copy
    is first looked for behind other copies.
    """
    if node.target is not _aten.clone.default:
        return False
    while node.args[0].target is _aten.clone.default:
        node.args = node.args[0].args
    before, after = (n.meta["layout"] for n in (node.args[0], node))
    return before.stride == after.stride


class Recordings:
    """The recordings of one model, one for each step and shape of batch."""

    def __init__(self, compile_graphs):
        self.compile_graphs = compile_graphs
        self._recordings = {}

    def run(self, step, variables, data):
        """Run `step(data)` from its recording, or as it stands without one."""
        data = keras.tree.map_structure(
            lambda x: x if x is None else keras.ops.convert_to_tensor(x), data
        )
        key = (
            step,
            *(
                x if x is None else (x.shape, x.dtype)
                for x in keras.tree.flatten(data)
            ),
        )
        with torch.no_grad():
            if key not in self._recordings:
                self._recordings[key] = self._record(step, variables, data)
            recording = self._recordings[key]
            return step(data) if recording is None else recording(data)

    def _record(self, step, variables, data):
        try:
            return Recording(step, variables, data, self.compile_graphs)
        except ValueError:
            raise
        except Exception as error:
            warnings.warn(
                "This step cannot be recorded and runs operation by "
                "operation, which is slower. Usual causes: layers whose "
                "randomness comes from Keras' generators (take those of "
                "`keras_aegan.layers`), values that decide the flow of "
                "Python, accumulated gradients, float16 with its varying "
                "loss scale, and Keras' SGD and Adadelta, which want their "
                "rate as a number. "
                f"PyTorch says: {error}",
                stacklevel=2,
            )
            return None
