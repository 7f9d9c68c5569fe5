"""JAX: a step is a pure function of its state, compiled by `jax.jit`."""
