"""Train on streams: memory that does not grow, and loading beside the step.

    KERAS_BACKEND=jax python benchmarks/streams.py
    KERAS_BACKEND=jax python benchmarks/streams.py --quick --output times.md

For each kind of stream that can be read here a process of its own trains on one
batch again and again, which shows what the model itself needs, and then on 2 GB
of images of 64x64x3 that are made as they are asked for. *Memory* is by how
many MB that raises the most that the process has held, *workers* what processes
of the loader hold, libraries included, and *2nd half* by how much all this has
risen in the second half of the run. Then another model, convolutional on
16x16x3, trains on arrays in memory and on the stream in turn, with a loader
that waits half a step for each batch, as for a disk. *Step* is the time of a
step with the stream divided by that in memory: the median over rounds, and the
lowest and highest. Of a stream that loads nothing beside the step it is 1.5.

`streams.md` keeps a table for each backend; a run replaces its own.
"""

import argparse
import datetime
import importlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

from process_memory import Memory
from stream_kinds import STREAMS
from stream_kinds import backend
from stream_kinds import is_here
from stream_source import Source

HERE = pathlib.Path(__file__).parent
BATCH = 64
SIZES = {"megabytes": 2000, "steps": 40, "rounds": 5}
QUICK = {"megabytes": 120, "steps": 12, "rounds": 2}
# Large images for memory, and small ones for time: what making and copying
# them costs shall not be what is timed.
LARGE = (64, 64, 3)
SMALL = (16, 16, 3)
# Steps before the clock starts: queues fill.
FIRST = 5
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}


# === Measuring one of them ===


def clock_class():
    import keras

    class Clock(keras.callbacks.Callback):
        """Milliseconds of a step, from step `first` to the last one."""

        async_safe = True

        def __init__(self, first, last):
            super().__init__()
            self.first, self.last = first, last
            self.done = 0

        def on_train_batch_end(self, batch, logs=None):
            self.done += 1
            if self.done in (self.first, self.last):
                # On JAX the step may still run: its logs are there at its end.
                float(logs["loss"])
                now = time.perf_counter()
                if self.done == self.first:
                    self.start = now
                else:
                    steps = self.last - self.first
                    self.milliseconds = 1000 * (now - self.start) / steps

    return Clock


def new_model():
    """AEGAN of networks that see a corner of an image: data cost most."""
    import keras
    from keras import layers

    import keras_aegan

    keras.utils.set_random_seed(0)
    rest = LARGE[0] - 8

    def dense(inputs, outputs, *more):
        hidden = [layers.Dense(64), layers.LeakyReLU(), layers.Dense(outputs)]
        return keras.Sequential([inputs, *hidden, *more])

    def from_image(outputs):
        image = keras.Input(LARGE)
        corner = layers.Cropping2D(((0, rest), (0, rest)))(image)
        small = layers.Flatten()(corner)
        head = dense(keras.Input(small.shape[1:]), outputs)
        return keras.Model(image, head(small))

    to_image = (
        layers.Reshape((8, 8, 3)),
        layers.ZeroPadding2D(((0, rest), (0, rest))),
    )
    model = keras_aegan.models.AEGAN(
        encoder=from_image(8),
        generator=dense(keras.Input((8,)), 8 * 8 * 3, *to_image),
        discriminator=from_image(1),
        latent_discriminator=dense(keras.Input((8,)), 1),
    )
    model.compile()
    return model


def growth(make, sizes):
    """MB by which memory grows with a stream; those in its second half."""
    import keras

    count = int(sizes["megabytes"] * 1e6 / Source(LARGE, BATCH, 1).noise.nbytes)
    model = new_model()
    # One batch, again and again: nothing is made, and as many steps wait for
    # their turn as with a stream.
    batch = (Source(LARGE, BATCH, 1)[0],)
    own = {"steps_per_epoch": 100, "shuffle": False, "verbose": 0}
    model.fit((batch for _ in range(100)), **own)  # Compiles.
    with Memory() as before:
        model.fit((batch for _ in range(100)), **own)
    halves = []

    def note(batch, logs):
        if batch == count // 2:
            halves.append(after.own + after.children)

    half = keras.callbacks.LambdaCallback(on_train_batch_end=note)
    half.async_safe = True
    with Memory() as after:
        model.fit(
            make(Source(LARGE, BATCH, count)),
            shuffle=False,
            verbose=0,
            steps_per_epoch=count,
            callbacks=[half],
        )
    return {
        "grown": after.own - before.own,
        "workers": after.children,
        "late": after.own + after.children - halves[0],
    }


def in_memory(source):
    import numpy as np

    return np.concatenate([source[i] for i in range(len(source))])


def ratios(make, sizes):
    """Milliseconds of a step on arrays, and ratios to it, one a round."""
    import keras_aegan

    model = keras_aegan.models.AEGAN.for_shape(SMALL, latent_dim=8, width=8)
    model.compile()
    steps = sizes["steps"]
    x = in_memory(Source(SMALL, BATCH, steps))

    def timed(data, **options):
        clock = clock_class()(FIRST, steps)
        model.fit(
            data,
            shuffle=False,
            verbose=0,
            steps_per_epoch=steps,
            callbacks=[clock],
            **options,
        )
        return clock.milliseconds

    timed(x, batch_size=BATCH)
    step = timed(x, batch_size=BATCH)
    loader = Source(SMALL, BATCH, steps, step / 2000)
    found, alone = [], []
    for _ in range(sizes["rounds"]):
        # In memory before and after: machines drift.
        first = timed(x, batch_size=BATCH)
        by_stream = timed(make(loader))
        pair = (first, timed(x, batch_size=BATCH))
        alone += pair
        found.append(by_stream / statistics.mean(pair))
    return statistics.median(alone), found


def measure(name, sizes):
    """Everything about one stream, as a dict for JSON."""
    make = STREAMS[name][0]
    for package in STREAMS[name][1]:
        # A library is no batch that somebody keeps.
        importlib.import_module(package)
    grown = growth(make, sizes)
    step, found = ratios(make, sizes)
    return {"stream": name, **grown, "step": step, "ratios": sorted(found)}


# === The table ===


def rows(names, sizes):
    yield "| stream | memory | workers | 2nd half | step | lowest to highest |"
    yield "|---|---|---|---|---|---|"
    steps = []
    for name in names:
        request = json.dumps({"name": name, "sizes": sizes})
        done = subprocess.run(
            [sys.executable, __file__, "--one", request],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        run = json.loads(done.stdout.splitlines()[-1])
        steps.append(run["step"])
        found = run["ratios"]
        yield (
            f"| {name} | {run['grown']:.0f} | {run['workers']:.0f} | "
            f"{run['late']:.0f} | "
            f"{statistics.median(found):.2f} | "
            f"{found[0]:.2f} to {found[-1]:.2f} |"
        )
    yield ""
    yield f"A step in memory: {statistics.median(steps):.0f} ms."


def write_section(lines, path):
    """Put a table into a file, in place of an earlier one of this backend."""
    title = f"## {backend()}"
    text = path.read_text() if path.exists() else "# Streams\n"
    text, mark, words = text.partition("\nWhat the tables say:")
    before, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    kept = [x.strip() for x in sections if not x.startswith(f"{title}\n")]
    kept = sorted([*kept, "\n".join([title, "", *lines])])
    text = "\n\n".join([before.strip(), *kept]) + "\n" + mark + words
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text)
    unfinished.replace(path)


def main(arguments=None):
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument(
        "--output", type=pathlib.Path, default=HERE / "streams.md"
    )
    parser.add_argument("--only", nargs="*", choices=STREAMS)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK}")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(measure(**json.loads(options.one))))
        return
    # On few cores a loader that computes takes them from the step. One thread
    # computes here, so that times mean something beside other programs.
    os.environ |= ONE_THREAD
    sizes = QUICK if options.quick else SIZES
    names = options.only or filter(is_here, STREAMS)
    words = sys.argv[1:] if arguments is None else arguments
    command = ["python benchmarks/streams.py", *words]
    lines = [
        f"`KERAS_BACKEND={backend()} {' '.join(command)}`, "
        f"{datetime.date.today()}, {os.cpu_count()} cores.",
        "",
    ]
    for row in rows(names, sizes):
        print(row, flush=True)
        lines.append(row)
    write_section(lines, options.output)


if __name__ == "__main__":
    main()
