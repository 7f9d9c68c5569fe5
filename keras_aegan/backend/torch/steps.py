"""What PyTorch does in its own way. `backend/README.md` lists the functions."""

import contextlib
from collections.abc import Callable

import keras
import torch

from keras_aegan.backend import replicas
from keras_aegan.backend.evaluation import evaluate
from keras_aegan.backend.live_state import undo_on_failure
from keras_aegan.backend.torch.kernels import native_kernels
from keras_aegan.backend.torch.processes import check_initialized
from keras_aegan.backend.torch.processes import processes as processes
from keras_aegan.backend.torch.processes import share as share
from keras_aegan.backend.torch.processes import share_numbers as share_numbers
from keras_aegan.backend.torch.processes import (
    sum_over_replicas as sum_over_replicas,
)
from keras_aegan.backend.torch.random_op import random_numbers as random_numbers
from keras_aegan.backend.torch.recording import Recordings


def train_step(model, step: Callable, data):
    """Replay the recorded step; record it for a new shape of batch."""
    variables = replicas.state_of(model)
    return _run(model, step, variables, data, model.parts_of_batch)


def test_step(model, step: Callable, data):
    """The same without an optimizer."""
    variables = [*model.variables, *model.metrics_variables]
    return _run(model, step, variables, data)


def _run(model, step, variables, data, turns=1):
    data, division = _own_part(data, turns)
    with (
        torch.no_grad(),
        native_kernels(),
        replicas.divided(division),
        replicas.rows_of(data),
    ):
        if model.run_eagerly:
            return _run_eagerly(step, variables, data)
        return model.recordings.run(step, variables, data, _run_eagerly)


def _own_part(data, turns):
    """This process' rows of a batch, and how the batch is divided.

    A batch that cannot be divided evenly is computed whole by every process:
    each then moves as the one process would.
    """
    division = replicas.Division(*processes())
    if division.count == 1:
        return data, None
    own = replicas.own_slice(data, division, turns)
    return (data, None) if own is None else (own, division)


def _run_eagerly(step, variables, data):
    """A step that changes variables as it goes, or none at all."""
    values = [v.value for v in variables]
    with undo_on_failure(values, torch.clone, torch.Tensor.copy_):
        return step(data)


def step_function(model, step: Callable, keras_function: Callable) -> Callable:
    """A function that runs a step on each batch of a list; Keras' takes one.

    The list may end with `None`, see `fill_up`.
    """

    def run(batches):
        for data in batches:
            if data is not None:
                with model.live_state.lock:
                    logs = step(data)
        return logs

    return run


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
    changed = [
        i
        for i, (v, new) in enumerate(zip(state, new_state))
        if new is not by_id.get(id(v))
    ]
    names = list(owners)
    result = {
        name: _gradient(losses[name], leaves[name], name != names[-1])
        for name in names
    }
    terms = {name: term.detach() for name, term in terms.items()}
    new_state = [value.detach() for value in new_state]
    # Also the state, such as of layers that know nothing of replicas.
    terms, result, means = replicas.averaged(
        (terms, result, [new_state[i] for i in changed])
    )
    for i, mean in zip(changed, means):
        new_state[i] = mean
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


def current_values(model, variables: list) -> list:
    """Values after the last whole step; copies, if a step may change them."""
    live = model.live_state
    with live.lock:
        values = [v.value.detach() for v in variables]
        if live.is_used_elsewhere():
            values = [value.clone() for value in values]
        return values


def compile_inference(function: Callable) -> Callable:
    """The function as it stands, without gradients."""
    return torch.no_grad()(function)


def attach_state(model) -> None:
    """Nothing to do: variables are always up to date."""


def whole_steps(model) -> contextlib.AbstractContextManager:
    """A step that fails leaves variables as they are: nothing to restore.

    Processes that train together begin with the same values.
    """
    if processes()[1] > 1 and not model.recordings.is_shared:
        share(replicas.state_of(model))
        model.recordings.is_shared = True
    return model.live_state.in_use()


def prepare_steps(model, jit_compile):
    """Forget old recordings; Inductor compiles them, so Keras must not.

    Raises:
        ValueError: in one of several processes that do not know each other.
    """
    check_initialized()
    model.recordings = Recordings(compile_graphs=jit_compile is True)
    return False
