"""PyTorch: the step is recorded once as a graph of functions and replayed."""

import contextlib

import keras
import torch

from keras_aegan.backend.evaluation import evaluate
from keras_aegan.backend.keras_private import arrays_cut_by
from keras_aegan.backend.keras_private import numpy_batches
from keras_aegan.backend.torch_draws import drawn
from keras_aegan.backend.torch_kernels import native_kernels
from keras_aegan.backend.torch_recording import Recordings

__all__ = [
    "apply_gradients",
    "attach_state",
    "compiled",
    "drawn",
    "gradients",
    "input_gradient",
    "native_kernels",
    "plain_batches",
    "prepare_steps",
    "read",
    "step_function",
    "test_step",
    "train_step",
    "weights_kept",
]


def train_step(model, step, data):
    """Replays the recorded step; records it for a new shape of batch."""
    variables = [*model.variables, *model.optimizer.variables]
    return _run(model, step, variables, data)


def test_step(model, step, data):
    """The same without an optimizer."""
    return _run(model, step, list(model.variables), data)


def _run(model, step, variables, data):
    variables += model.metrics_variables
    with torch.no_grad(), native_kernels():
        if model.run_eagerly:
            return step(data)
        return model.recordings.run(step, variables, data)


def step_function(model, step, keras_function):
    """What Keras makes is fast."""
    return keras_function


def compiled(model, function):
    """Operation by operation, which starts at once."""
    return function


def gradients(function, owners, values, state):
    """One forward pass, pulled back once for each owner."""
    by_id = {id(v): value.detach() for v, value in values}
    leaves = {
        name: [by_id[id(v)].requires_grad_() for v in variables]
        for name, variables in owners.items()
    }
    values = [(v, by_id[id(v)]) for v, _ in values]
    with torch.enable_grad():
        losses, (terms, new_state) = evaluate(function, values, state)
    names = list(owners)
    result = {
        name: torch.autograd.grad(
            losses[name],
            leaves[name],
            retain_graph=name != names[-1],
            allow_unused=True,
            materialize_grads=True,
        )
        for name in names
    }
    terms = {name: term.detach() for name, term in terms.items()}
    new_state = [value.detach() for value in new_state]
    return terms, result, _copied_of_others(state, new_state)


def _copied_of_others(variables, values):
    """Values, copied where they lie in a variable that will change itself."""
    owners = {v.value.data_ptr(): v for v in variables}
    return [
        value.clone() if owners.get(value.data_ptr(), v) is not v else value
        for v, value in zip(variables, values)
    ]


def apply_gradients(optimizer, gradients, variables):
    """In place, also on the tensors of a recording."""
    optimizer.apply(list(gradients), variables)


def read(variable):
    """The value of a variable, a tensor."""
    return variable.value


def input_gradient(function, x):
    """Gradients of the sum of `function(x)` with respect to all of `x`."""

    def leaf(u):
        return u if u.requires_grad else u.detach().requires_grad_()

    with torch.enable_grad():
        x = keras.tree.map_structure(leaf, x)
        leaves = keras.tree.flatten(x)
        gradients = torch.autograd.grad(
            function(x).sum(), leaves, create_graph=True
        )
        return keras.tree.pack_sequence_as(x, gradients)


def attach_state(model):
    """Variables are always up to date."""


def plain_batches(model):
    """Without a loader, which draws from PyTorch's global generator."""
    return arrays_cut_by(get_torch_dataloader=numpy_batches)


def weights_kept(model):
    """Variables keep their values when a step fails."""
    return contextlib.nullcontext()


def prepare_steps(model, jit_compile):
    """The recording is what gets compiled, so Keras shall not do it, too."""
    model.recordings = Recordings(compile_graphs=jit_compile is True)
    return False
