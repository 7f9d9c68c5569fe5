"""Merging equal operations of a traced JAX function.

Two turns of a step evaluate the same networks on the same tensors. XLA merges
equal operations, but only after simplifying each according to its users, which
differ between a pass that is differentiated and one that is not: with batch
normalisation in a network, both passes were computed. So equal operations are
merged before XLA sees them.
"""

import jax
from jax import numpy as jnp
from jax.extend import core

# Calls of functions, whose bodies are looked into. The parameter is the body.
_CALLS = {
    "jit": "jaxpr",
    "pjit": "jaxpr",
    "closed_call": "call_jaxpr",
    "custom_jvp_call": "call_jaxpr",
}


def merged(function):
    """A function that computes the same, and nothing twice.

    Args:
        function: Traceable function of arrays and containers of arrays.
    """

    def run(*args):
        jaxpr, shapes = jax.make_jaxpr(function, return_shape=True)(*args)
        outputs = _evaluate(
            jaxpr.jaxpr, jaxpr.consts, jax.tree.leaves(args), {}
        )
        return jax.tree.unflatten(jax.tree.structure(shapes), outputs)

    return run


def _evaluate(jaxpr, consts, args, known):
    """Run the equations of a jaxpr, looking each up among the known ones."""
    consts = [_constant(value, known) for value in consts]
    values = dict(zip((*jaxpr.constvars, *jaxpr.invars), (*consts, *args)))

    def read(atom):
        if isinstance(atom, core.Literal):
            key = "literal", atom.aval, str(atom.val)
            return known.setdefault(key, (atom.val,))[0]
        return values[atom]

    for equation in jaxpr.eqns:
        inputs = [read(atom) for atom in equation.invars]
        body = _body(equation)
        if body is not None:
            outputs = _evaluate(body.jaxpr, body.consts, inputs, known)
        else:
            outputs = _bind(equation, inputs, known)
        values.update(zip(equation.outvars, outputs))
    return [read(atom) for atom in jaxpr.outvars]


def _body(equation):
    """The operations of a call; `None` of what stays whole.

    So does a call on integers, as a draw of random numbers: gradients leave it
    as it is, so what equals it is the same call.
    """
    body = equation.params.get(_CALLS.get(equation.primitive.name))
    numbers = (
        jnp.issubdtype(x.aval.dtype, jnp.inexact) for x in equation.invars
    )
    return body if any(numbers) else None


def _constant(value, known):
    """One object for all equal numbers that became arrays on the way."""
    if isinstance(value, jax.core.Tracer) or value.size != 1:
        return value
    key = value.dtype, value.shape, value.item()
    return known.setdefault(key, (value,))[0]


def _bind(equation, inputs, known):
    key = _key(equation, inputs)
    if key in known:
        return known[key][0]
    bound = equation.primitive.get_bind_params(equation.params)
    # JAX before 0.10 gives functions apart from parameters.
    functions, params = bound if isinstance(bound, tuple) else ((), bound)
    outputs = equation.primitive.bind(*functions, *inputs, **params)
    if not equation.primitive.multiple_results:
        outputs = [outputs]
    if key is not None:
        # The inputs are kept, too, so that no other object takes their ids.
        known[key] = outputs, inputs
    return outputs


def _key(equation, inputs):
    """What tells an operation from others; `None` if it stands alone."""
    if equation.effects:
        return None
    operands = tuple(map(id, inputs))
    key = equation.primitive, tuple(equation.params.items()), operands
    try:
        hash(key)
    except TypeError:
        return None
    return key
