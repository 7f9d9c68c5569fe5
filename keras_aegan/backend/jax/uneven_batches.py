"""Batches that cannot be divided evenly among devices.

JAX refuses them, and the last batch of an epoch often is one. Here each device
computes such a batch whole. The function that is replaced is private to
Keras' JAX trainer.
"""

import jax
import keras
from keras.src.backend.jax import trainer

from keras_aegan.backend.patches import Patches

_distribute_data = trainer._distribute_data


def whole_if_uneven():
    """A context in which Keras' trainer leaves such batches undivided."""
    return _patches.applied()


def _divide(data, layouts=None):
    distribution = keras.distribution.distribution()
    if distribution is None or jax.process_count() > 1:
        return _distribute_data(data, layouts)
    mesh = distribution.device_mesh.backend_mesh
    count = mesh.shape[distribution.batch_dim_name]
    arrays = [x for x in keras.tree.flatten(data) if x is not None]
    if all(len(x) % count == 0 for x in arrays):
        # Not by the layouts of the first batch: it may have been uneven.
        return _distribute_data(data)
    whole = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())
    return keras.tree.map_structure(
        lambda x: x if x is None else jax.device_put(x, whole), data
    )


_patches = Patches((trainer, "_distribute_data", _divide))
