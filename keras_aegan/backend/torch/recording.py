"""Recording a step of PyTorch as a graph of operations, and replaying it.

Keras spends about 0.15 ms of Python on every call of a layer. A step that is a
pure function of its state need not run this Python each time: it is recorded
once, operation by operation, down to gradients and optimizers, and replayed at
the cost of calling the operations.
"""

import contextlib
import warnings

import keras
import torch

from keras_aegan.backend import replicas
from keras_aegan.backend.keras_private import stored_value
from keras_aegan.backend.torch.graph_passes import call_directly
from keras_aegan.backend.torch.graph_passes import simplify
from keras_aegan.backend.torch.graph_passes import state_image_layouts
from keras_aegan.backend.torch.random_op import inline_random_numbers
from keras_aegan.backend.torch.tracing import record


class Recording:
    """A step as a graph, and the variables that it changes.

    Args:
        step: Function of a batch that returns a dict of logs.
        variables: List of all variables that the step may read or assign.
        data: Batch, a nest of tensors and `None`.
        is_compiled: Boolean, whether Inductor compiles the graph.

    Raises:
        RuntimeError: if the step cannot be recorded, see `tracing.record`.
    """

    def __init__(self, step, variables, data, is_compiled):
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

        # On copies: recording runs the step once, and the state must not move.
        inputs = [x.clone() for x in self._inputs(data)]
        inline = (
            inline_random_numbers if is_compiled else contextlib.nullcontext
        )
        # The first trace records what happens, changes in place included. The
        # second turns each change into a new tensor, since the graph passes
        # need a graph without side effects.
        with inline():
            graph = record(pure, inputs)
        graph = record(
            torch.func.functionalize(graph, remove="mutations"), inputs
        )
        self._names = list(names)
        self._changed = _return_changed_only(graph, count)
        simplify(graph)
        if is_compiled:
            state_image_layouts(graph)
            graph = torch.compile(graph)
        else:
            call_directly(graph)
        self._graph = graph

    def _inputs(self, data):
        # A variable's `value` asks for scopes and policies, none of them open
        # here, a hundred times in each step.
        state = [stored_value(v).detach() for v in self._variables]
        return state + [x for x in keras.tree.flatten(data) if x is not None]

    def __call__(self, data):
        inputs = self._inputs(data)
        outputs = self._graph(*inputs)
        split = len(self._changed)
        # One call for all variables; one each would cost as much Python as
        # the recording saves.
        torch._foreach_copy_(
            [inputs[i] for i in self._changed], outputs[:split]
        )
        return dict(zip(self._names, outputs[split:]))


def _return_changed_only(module, count):
    """Drop outputs that are just inputs; return the others' positions.

    Args:
        module: A graph of a new state and logs, changed in place.
        count: Integer, how many inputs and outputs are state.
    """
    nodes = list(module.graph.nodes)
    for node in nodes:
        # `functionalize` copies each new value back into its input. The new
        # values are outputs, so these copies are not needed.
        if node.target is torch.ops.aten.copy_.default:
            node.replace_all_uses_with(node.args[1])
            module.graph.erase_node(node)
    output = nodes[-1]
    results = output.args[0]
    changed = [i for i in range(count) if results[i] is not nodes[i]]
    output.args = ([*(results[i] for i in changed), *results[count:]],)
    return changed


class Recordings:
    """The recordings of one model, one for each step and shape of batch.

    Args:
        compile_graphs: Boolean, whether Inductor compiles them.

    Attributes:
        is_shared: Boolean, whether all processes that train the model have
            begun with the same values.
    """

    def __init__(self, compile_graphs):
        self.compile_graphs = compile_graphs
        self.is_shared = False
        self._recordings = {}

    def run(self, step, variables, data, run_eagerly):
        """Run `step(data)` from its recording.

        Without one, `run_eagerly(step, variables, data)` runs it.
        """
        data = keras.tree.map_structure(
            lambda x: x if x is None else keras.ops.convert_to_tensor(x), data
        )
        key = (
            step,
            # A batch of the same shape may be all of it or a part.
            replicas.division(),
            *(
                x if x is None else (x.shape, x.dtype)
                for x in keras.tree.flatten(data)
            ),
        )
        with torch.no_grad():
            if key not in self._recordings:
                self._recordings[key] = self._record(step, variables, data)
            recording = self._recordings[key]
            if recording is None:
                return run_eagerly(step, variables, data)
            return recording(data)

    def _record(self, step, variables, data):
        """The recording, or `None` (and a warning) if there can be none."""
        try:
            return Recording(step, variables, data, self.compile_graphs)
        except (ValueError, replicas.ReplicaError):
            # Running the step would cure neither a wrong argument nor this.
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
