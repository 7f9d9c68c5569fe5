"""What each backend says of the device that it computes on.

For `accelerator.py`. All functions are about the backend of Keras.
"""

import platform
import resource

import keras
import numpy as np

BACKEND = keras.backend.backend()
# 10^12 operations a second, dense, as the makers say, by a part of the name:
# for float32 (with TensorFloat-32, where there is it), and for 16 bits.
RATES = {
    "H200": (495, 989),
    "H100": (495, 989),
    "A100": (156, 312),
    "L40": (91, 181),
    "L4": (60, 121),
    "A10": (62, 125),
    "V100": (15.7, 125),
    "T4": (8.1, 65),
    "RTX 4090": (83, 165),
    "RTX 3090": (36, 71),
    "v5 lite": (None, 197),
    "v5p": (None, 459),
    "v4": (None, 275),
}


def name():
    """The name of the device; "CPU" if it is none but that."""
    if BACKEND == "jax":
        import jax

        device = jax.devices()[0]
        return "CPU" if device.platform == "cpu" else device.device_kind
    if BACKEND == "torch":
        import torch

        if is_cuda():
            return torch.cuda.get_device_name()
        kind = str(keras.src.backend.torch.core.get_device())
        return "CPU" if kind == "cpu" else kind
    import tensorflow as tf

    found = tf.config.list_physical_devices("GPU")
    if not found:
        return "CPU"
    details = tf.config.experimental.get_device_details(found[0])
    return details.get("device_name", "GPU")


def is_cuda():
    import torch

    device = str(keras.src.backend.torch.core.get_device())
    return device.startswith("cuda") and torch.cuda.is_available()


def use_full_float32():
    """No TensorFloat-32, which has ten bits where float32 has 23."""
    if BACKEND == "jax":
        import jax

        jax.config.update("jax_default_matmul_precision", "highest")
    elif BACKEND == "torch":
        import torch

        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False
    else:
        import tensorflow as tf

        tf.config.experimental.enable_tensor_float_32_execution(False)


def peak_megabytes():
    """The most memory that the device had allocated; on a CPU, the process."""
    if name() == "CPU":
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1e6 if platform.system() == "Darwin" else 1e3)
    if BACKEND == "jax":
        import jax

        found = jax.devices()[0].memory_stats() or {}
        return found.get("peak_bytes_in_use", 0) / 1e6
    if BACKEND == "torch":
        import torch

        return torch.cuda.max_memory_allocated() / 1e6 if is_cuda() else 0.0
    import tensorflow as tf

    return tf.config.experimental.get_memory_info("GPU:0")["peak"] / 1e6


def peak_rate(policy):
    """Operations in a second, or `None` where nobody says."""
    for part, rates in RATES.items():
        if part in name():
            rate = rates[policy != "float32"]
            return rate and rate * 1e12
    return None


def finite(model):
    """For each weight, whether all of its numbers are finite."""
    return [
        bool(np.isfinite(w).all())
        for w in model.get_weights()
        if w.dtype.kind == "f"
    ]


# === Operations of a step ===


def operations(model, x):
    """Floating-point operations of a step on a batch."""
    if BACKEND == "jax":
        return program(model, x).cost_analysis()["flops"]
    if BACKEND == "torch":
        from torch.utils.flop_counter import FlopCounterMode

        with FlopCounterMode(display=False) as counter:
            model.fit(x, batch_size=len(x), verbose=0)
        return counter.get_total_flops()
    return by_formula(model, len(x))


def program(model, x):
    """JAX's program of a step, before XLA has optimized it."""
    import jax

    state = model._get_jax_state(True, True, True, True)
    return jax.jit(model.train_step).lower(state, (x,))


def by_formula(model, batch):
    """Products of dense and convolutional layers in a step of AEGAN.

    Encoder and generator run twice, and each backward pass costs twice the
    forward pass. A discriminator judges three batches for its own gradient,
    which costs the same, and two for the generator's, for which the gradient
    with respect to its input is enough.
    """
    passes = {
        "encoder": 6,
        "generator": 6,
        "discriminator": 13,
        "latent_discriminator": 13,
    }
    return batch * sum(
        count * forward_operations(getattr(model, part))
        for part, count in passes.items()
    )


def forward_operations(network):
    """Of one sample."""
    total = 0
    for layer in network._flatten_layers(include_self=False):
        kernel = getattr(layer, "kernel", None)
        if kernel is None:
            continue
        transposed = "Transpose" in type(layer).__name__
        shape = (layer.input if transposed else layer.output).shape
        places = int(np.prod(shape[1:-1])) if len(shape) > 2 else 1
        total += 2 * int(np.prod(kernel.shape)) * places
    return total


# === What goes by way of the host ===


def host_operations(model, x, batch):
    """What of a step goes by way of the host, and how that was found.

    Returns:
        Dict of a list of names, and a text.
    """
    if BACKEND == "jax":
        return _host_operations_jax(model, x, batch)
    if BACKEND == "torch":
        return _host_operations_torch(model, x, batch)
    import tensorflow as tf

    step = tf.function(lambda x: model.train_step((x,)), autograph=False)
    graph = step.get_concrete_function(tf.constant(x[:batch])).graph
    functions = [*graph.get_operations()]
    for function in graph._functions.values():
        functions += function.graph.get_operations()
    found = {op.type for op in functions if "PyFunc" in op.type}
    return {"operations": sorted(found), "means": "the graph of the step"}


def _host_operations_jax(model, x, batch):
    import jax

    text = program(model, x[:batch]).as_text()
    words = ("callback", "infeed", "outfeed")
    found = [word for word in words if word in text]
    means = "the program of the step"
    if name() != "CPU":
        # A generator runs in the thread that dispatches steps.
        def batches(count=8):
            for i in range(count):
                mode = "disallow" if 2 <= i < count - 1 else "allow"
                jax.config.update("jax_transfer_guard_device_to_host", mode)
                yield (x[:batch],)

        try:
            model.fit(batches(), steps_per_epoch=8, shuffle=False, verbose=0)
        except Exception as error:  # noqa: BLE001, the guard has many
            found.append(str(error).splitlines()[0])
        jax.config.update("jax_transfer_guard_device_to_host", "allow")
        means += ", and a guard in and between steps"
    return {"operations": found, "means": means}


def _host_operations_torch(model, x, batch):
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    found = set()

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            result = function(*args, **(kwargs or {}))
            if function is torch.ops.aten._local_scalar_dense.default:
                found.add(str(function))
            to_host = getattr(result, "device", None) == torch.device("cpu")
            from_device = [
                a for a in args if isinstance(a, torch.Tensor) and a.is_cuda
            ]
            if to_host and from_device:
                found.add(str(function))
            return result

    step = model.train_function

    def watched(data):
        if is_cuda():
            torch.cuda.set_sync_debug_mode("error")
        try:
            with Watch():
                return step(data)
        except RuntimeError as error:
            found.add(str(error).splitlines()[0])
            raise
        finally:
            if is_cuda():
                torch.cuda.set_sync_debug_mode("default")

    model.train_function = watched
    try:
        model.fit(x, batch_size=batch, verbose=0)
    except RuntimeError:
        pass
    model.train_function = step
    means = "every operation of the step"
    means += ", and CUDA's mode that refuses to wait" if is_cuda() else ""
    return {"operations": sorted(found), "means": means}
