"""What PyTorch does in its own way. `backend/README.md` lists the functions."""

import contextlib
from collections.abc import Callable

import keras
import torch

from keras_aegan.backend.evaluation import evaluate
from keras_aegan.backend.keras_private import array_adapter_methods
from keras_aegan.backend.keras_private import numpy_batches
from keras_aegan.backend.torch.kernels import native_kernels
from keras_aegan.backend.torch.random_op import random_numbers as random_numbers
from keras_aegan.backend.torch.recording import Recordings


def train_step(model, step: Callable, data):
    """Replay the recorded step; record it for a new shape of batch."""
    variables = [*model.variables, *model.optimizer.variables]
    return _run(model, step, variables, data)


def test_step(model, step: Callable, data):
    """The same without an optimizer."""
    return _run(model, step, list(model.variables), data)


def _run(model, step, variables, data):
    variables += model.metrics_variables
    with torch.no_grad(), native_kernels():
        if model.run_eagerly:
            return step(data)
        return model.recordings.run(step, variables, data)


def step_function(model, step: Callable, keras_function: Callable) -> Callable:
    """Keras' own function: it only fetches a batch and calls the step."""
    return keras_function


def compile_function(model, function: Callable) -> Callable:
    """The function as it stands: it runs rarely, and recording takes long."""
    return function


def gradients(function: Callable, owners: dict, values: list, state: list):
    """One forward pass, and one backward pass for each owner."""
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
        name: _gradient(losses[name], leaves[name], name != names[-1])
        for name in names
    }
    terms = {name: term.detach() for name, term in terms.items()}
    new_state = [value.detach() for value in new_state]
    return terms, result, _without_shared_memory(state, new_state)


def _gradient(loss, leaves, retain_graph):
    """Zeros where a loss depends on no leaf, as of a player that is frozen."""
    if not leaves or not loss.requires_grad:
        return [torch.zeros_like(leaf) for leaf in leaves]
    return torch.autograd.grad(
        loss,
        leaves,
        retain_graph=retain_graph,
        allow_unused=True,
        materialize_grads=True,
    )


def _without_shared_memory(variables, values):
    """New values, copied if they lie in the memory of another variable.

    That variable changes in place, perhaps before the value is assigned.
    """
    owners = {v.value.data_ptr(): v for v in variables}
    return [
        value.clone() if owners.get(value.data_ptr(), v) is not v else value
        for v, value in zip(variables, values)
    ]


def apply_gradients(optimizer, gradients: list, variables: list) -> None:
    """In place; while a step is recorded, on the tensors of the recording."""
    optimizer.apply(list(gradients), variables)


def read(variable) -> torch.Tensor:
    """The value of a variable, a tensor."""
    return variable.value


def input_gradient(function: Callable, x):
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


def attach_state(model) -> None:
    """Nothing to do: variables are always up to date."""


def plain_batches(model) -> contextlib.AbstractContextManager:
    """Slice arrays without a `DataLoader`.

    It shuffles by PyTorch's global generator, in an order of its own.
    """
    return array_adapter_methods(get_torch_dataloader=numpy_batches)


def restore_weights_on_failure(model) -> contextlib.AbstractContextManager:
    """Nothing to do: a step that fails leaves variables as they are."""
    return contextlib.nullcontext()


def prepare_steps(model, jit_compile):
    """Forget old recordings; Inductor compiles them, so Keras must not."""
    model.recordings = Recordings(compile_graphs=jit_compile is True)
    return False
