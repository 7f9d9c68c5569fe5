"""Common subexpression elimination on a traced JAX function.

Two turns of a step evaluate the same networks on the same tensors, and each
loss is differentiated by an evaluation of its own. XLA eliminates common
subexpressions, too, but only after it has simplified each operation according
to its users. These differ between a forward pass that is differentiated and
one that is not: with batch normalisation in a network, XLA computed both. So
equal operations are merged here, before XLA sees them.
"""

import jax
import numpy as np
from jax import numpy as jnp
from jax.extend import core

# Operations that call a function, and the parameter that holds its body. The
# body is inlined, since two calls may differ while most of their bodies agree.
_CALLS = {
    "jit": "jaxpr",
    "pjit": "jaxpr",
    "closed_call": "call_jaxpr",
    "custom_jvp_call": "call_jaxpr",
}


def compute_once(function, operations):
    """A function that computes the same, but no operation twice.

    Args:
        function: Traceable function of arrays and containers of arrays.
        operations: Set that gets the names of all its operations.
    """

    def run(*args):
        jaxpr, shapes = jax.make_jaxpr(function, return_shape=True)(*args)
        known = {}
        outputs = _evaluate(
            jaxpr.jaxpr, jaxpr.consts, jax.tree.leaves(args), known
        )
        operations.update(getattr(key[0], "name", None) for key in known)
        return jax.tree.unflatten(jax.tree.structure(shapes), outputs)

    return run


def _evaluate(jaxpr, consts, args, known):
    """Run the equations of a jaxpr; one that is known gives its old results.

    It runs under JAX's trace, so "running" an operation adds it to the new
    program, and looking its results up leaves it out.
    """
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
    """The body of a call, or `None` if the operation stays whole.

    A call on integers alone, such as a draw of random numbers, stays whole:
    differentiation does not change it, so an equal one is the same call and
    need not be compared operation by operation.
    """
    body = equation.params.get(_CALLS.get(equation.primitive.name))
    is_float = (
        jnp.issubdtype(x.aval.dtype, jnp.inexact) for x in equation.invars
    )
    return body if any(is_float) else None


def _constant(value, known):
    """One object for all small constants of one value.

    Operands are compared by identity, and each trace makes its own arrays of
    the same Python numbers.
    """
    if isinstance(value, jax.core.Tracer) or not 0 < value.size <= 16:
        return value
    key = value.dtype, value.shape, np.asarray(value).tobytes()
    return known.setdefault(key, (value,))[0]


def _bind(equation, inputs, known):
    key = _key(equation, inputs)
    if key in known:
        return known[key][0]
    bound = equation.primitive.get_bind_params(equation.params)
    # JAX before 0.10 returns functions and parameters separately.
    functions, params = bound if isinstance(bound, tuple) else ((), bound)
    outputs = equation.primitive.bind(*functions, *inputs, **params)
    if not equation.primitive.multiple_results:
        outputs = [outputs]
    if key is not None:
        # The inputs are kept, too: the key holds their ids, and an id may be
        # given to another object once its own is freed.
        known[key] = outputs, inputs
    return outputs


def _key(equation, inputs):
    """What equal operations share; `None` if it must not be merged."""
    # An operation with effects, such as a callback, must run each time.
    if equation.effects:
        return None
    operands = tuple(map(id, inputs))
    params = tuple((k, _same(v)) for k, v in equation.params.items())
    key = equation.primitive, params, operands
    try:
        hash(key)
    except TypeError:
        # A parameter that cannot be compared.
        return None
    return key


def _same(parameter):
    """Something that is equal for equal parameters.

    Each trace makes its own object of the same function, such as that by which
    a scatter puts numbers in place of others, or a call on integers.
    """
    is_closed = isinstance(parameter, core.ClosedJaxpr) and not parameter.consts
    if is_closed or isinstance(parameter, core.Jaxpr):
        return str(parameter)
    return parameter
