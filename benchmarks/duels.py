"""`fit` against a loop written by hand, in turn; for `accelerator.py`.

The loops are in a folder that is given: `networks.py`, whose `build(kind)`
makes Keras models, and `native_jax.py`, `native_tf.py` and `native_torch.py`,
whose `Native` trains the same networks on 28x28 images (`"conv"`) or 64 numbers
(`"dense"`).
"""

import sys
import time

import devices
import keras
import numpy as np
from accelerator import images

import keras_aegan


def duel(folder, kind, steps, rounds):
    """Seconds of a step of `fit` and of a loop by hand, and their ratio."""
    sys.path.insert(0, folder)
    import networks

    batch = 64
    shape = (28, 28, 1) if kind == "conv" else (64,)
    x = images(shape, batch * steps)
    keras.utils.set_random_seed(0)
    model = keras_aegan.models.AEGAN(**networks.build(kind))
    weights = {"reconstruction": 10.0, "latent_reconstruction": 5.0}
    weights |= {"adversarial": 1.0, "latent_adversarial": 1.0}
    model.compile(
        optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
        loss_weights=weights,
        update="simultaneous",
    )
    loop = loop_by_hand(kind)
    contestants = (
        lambda: model.fit(x, batch_size=batch, verbose=0),
        lambda: loop(x, steps),
    )
    found = []
    for round_ in range(rounds + 1):
        seconds = []
        for run in contestants:
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
        if round_:  # The first one compiles.
            found.append(seconds)
    fit, hand = np.array(found).T
    return {
        "fit": float(np.median(fit)) / steps,
        "by hand": float(np.median(hand)) / steps,
        "ratio": float(np.median(fit / hand)),
    }


def loop_by_hand(kind):
    """A function of samples and a number of steps, from the given folder."""
    if devices.BACKEND == "jax":
        import native_jax

        return native_jax.Native(kind=kind, scheme="sim").run
    if devices.BACKEND == "tensorflow":
        import native_tf

        return native_tf.Native(kind=kind, scheme="sim").run
    import native_torch
    import torch

    device = keras.src.backend.torch.core.get_device()
    with torch.device(device):
        native = native_torch.Native(kind, scheme="sim")

    def run(x, steps, batch=64):
        with torch.device(device):
            for i in range(steps):
                rows = torch.from_numpy(x[i * batch : (i + 1) * batch])
                rows = rows.to(device)
                native.step(
                    rows.permute(0, 3, 1, 2) if kind == "conv" else rows
                )
            if devices.is_cuda():
                torch.cuda.synchronize()

    return run
