"""What a device makes of AEGAN: one script, on whatever the backend sees.

    KERAS_BACKEND=jax python benchmarks/accelerator.py
    KERAS_BACKEND=torch python benchmarks/accelerator.py --bench FOLDER
    KERAS_BACKEND=torch python benchmarks/accelerator.py --quick

Checks that the losses of 20 steps are those of the CPU (float32, relative
difference 1e-3 at most) and that a step does nothing by way of the host; trains
AEGAN of `for_shape` at 28x28x1, 64x64x3 and 128x128x3 in float32, bfloat16 and
float16; and, with a folder of loops written by hand, times `fit` against them
in turn. It needs no network, and whatever eight minutes have no time for is
left out and said to be. Each row is measured in a process of its own. A file
beside the output has all numbers as JSON.

*First step* is the time from `fit` to the end of the first step, compilation
included. *MB* is the most that the device had allocated, on a CPU the most that
the process held. *Share* is the number of operations of a step, counted from
its program (on TensorFlow by formula), over what the device could do in that
time, where that is known; for float32 that is its rate with TensorFloat-32, if
it has it.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

POLICIES = ("float32", "mixed_bfloat16", "mixed_float16")
FULL = {
    "shapes": [(28, 28, 1), (64, 64, 3), (128, 128, 3)],
    **{"batch": 64, "steps": 30, "width": 32, "rounds": 7},
}
QUICK = {
    "shapes": [(12, 12, 1), (16, 16, 3), (32, 32, 3)],
    **{"batch": 8, "steps": 6, "width": 4, "rounds": 2},
}
TOLERANCE = 1e-3
ONLY_CPU = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "JAX_PLATFORMS": "cpu",
    "KERAS_TORCH_DEVICE": "cpu",
}


# === What is measured, each in a process of its own ===


def new_model(shape, sizes):
    import keras

    import keras_aegan

    keras.utils.set_random_seed(0)
    model = keras_aegan.models.AEGAN.for_shape(
        tuple(shape), latent_dim=16, width=sizes["width"]
    )
    model.compile()
    return model


def images(shape, count):
    import numpy as np

    draw = np.random.default_rng(0)
    return draw.uniform(-1, 1, (count, *shape)).astype("float32")


def losses(shape, sizes):
    """The losses of 20 steps, one by one, in full float32."""
    import devices

    devices.use_full_float32()
    model = new_model(shape, sizes)
    x = images(shape, 20 * sizes["batch"])
    found = []
    for i in range(20):
        rows = x[i * sizes["batch"] : (i + 1) * sizes["batch"]]
        logs = model.train_on_batch(rows, return_dict=True)
        found.append({key: float(value) for key, value in logs.items()})
    return {"device": devices.name(), "losses": found}


def training(shape, policy, sizes):
    """Speed, memory and operations of training."""
    import devices
    import keras

    keras.config.set_dtype_policy(policy)
    model = new_model(shape, sizes)
    batch, steps = sizes["batch"], sizes["steps"]
    x = images(shape, batch * steps)

    def seconds(count):
        start = time.perf_counter()
        model.fit(x[: count * batch], batch_size=batch, verbose=0)
        return time.perf_counter() - start

    first = seconds(1)
    seconds(steps)
    step = min(seconds(steps) for _ in range(3)) / steps
    result = {
        "device": devices.name(),
        "first": first,
        "step": step,
        "images": batch / step,
        "memory": devices.peak_megabytes(),
        "finite": all(map(bool, devices.finite(model))),
    }
    operations = devices.operations(model, x[:batch])
    peak = devices.peak_rate(policy)
    result["operations"] = operations
    result["share"] = operations / step / peak if peak else None
    return result


def by_way_of_host(shape, sizes):
    """What a step does by way of the host, a list of names."""
    import devices

    model = new_model(shape, sizes)
    x = images(shape, 4 * sizes["batch"])
    model.fit(x, batch_size=sizes["batch"], verbose=0)
    return devices.host_operations(model, x, sizes["batch"])


def duel(folder, kind, sizes):
    """Seconds of a step of `fit` and of a loop by hand, and their ratio."""
    import duels

    # What a `fit` takes beside its steps must not be most of it.
    steps = sizes["steps"] * (10 if kind == "dense" else 1)
    return duels.duel(folder, kind, steps, sizes["rounds"])


TASKS = {f.__name__: f for f in (losses, training, by_way_of_host, duel)}


# === The report ===


class Report:
    """Runs tasks one after the other while there is time, and writes it down.

    Args:
        minutes: How long it may take.
    """

    def __init__(self, minutes):
        self.end = time.monotonic() + 60 * minutes
        self.results = []
        self.lines = []

    def say(self, line=""):
        print(line, flush=True)
        self.lines.append(line)

    def run(self, task, environment=None, **arguments):
        """What a task returns; a text that says why, if it returns nothing."""
        left = self.end - time.monotonic()
        if left < 10:
            return "no time left"
        request = json.dumps({"task": task, "arguments": arguments})
        try:
            done = subprocess.run(
                [sys.executable, __file__, "--one", request],
                env={**os.environ, **(environment or {})},
                stdout=subprocess.PIPE,
                text=True,
                timeout=left,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "no time left"
        if done.returncode:
            return "failed"
        result = json.loads(done.stdout.splitlines()[-1])
        self.results.append(
            {"task": task, "arguments": arguments, "result": result}
        )
        return result

    def parity(self, sizes):
        """Whether losses are those of the CPU."""
        arguments = {"shape": sizes["shapes"][0], "sizes": sizes}
        here = self.run("losses", **arguments)
        there = self.run("losses", ONLY_CPU, **arguments)
        for one in (here, there):
            if isinstance(one, str):
                self.say(f"Parity with the CPU: {one}.")
                return
        worst = largest_difference(here["losses"], there["losses"])
        verdict = "as on" if worst <= TOLERANCE else "NOT as on"
        self.say(
            f"Losses of 20 steps on {here['device']} are {verdict} "
            f"{there['device']}: largest relative difference {worst:.1e}."
        )

    def host(self, sizes):
        shape = sizes["shapes"][0]
        found = self.run("by_way_of_host", shape=shape, sizes=sizes)
        if isinstance(found, str):
            self.say(f"By way of the host: {found}.")
            return
        words = ", ".join(found["operations"]) or "nothing"
        self.say(f"By way of the host in a step: {words} ({found['means']}).")

    def table(self, sizes):
        self.say(
            "| images | numbers | images/s | ms | first step, s | MB | share |"
        )
        self.say("|---|---|---|---|---|---|---|")
        for shape in sizes["shapes"]:
            for policy in POLICIES:
                run = self.run(
                    "training", shape=shape, policy=policy, sizes=sizes
                )
                self.say(row(shape, policy, run))

    def duels(self, folder, sizes):
        self.say("| networks | `fit`, ms | by hand, ms | ratio |")
        self.say("|---|---|---|---|")
        for kind in ("conv", "dense"):
            run = self.run("duel", folder=folder, kind=kind, sizes=sizes)
            if isinstance(run, str):
                self.say(f"| {kind} | {run} | | |")
                continue
            cells = f"{1e3 * run['fit']:.2f} | {1e3 * run['by hand']:.2f}"
            self.say(f"| {kind} | {cells} | {run['ratio']:.2f} |")


def largest_difference(first, second):
    """The largest relative difference between two lists of logs."""
    return max(
        abs(a[key] - b[key]) / max(abs(b[key]), 1e-6)
        for a, b in zip(first, second)
        for key in b
    )


def row(shape, policy, run):
    name = f"{'x'.join(map(str, shape))} | {policy.removeprefix('mixed_')}"
    if isinstance(run, str):
        return f"| {name} | {run} | | | | |"
    share = "–" if run["share"] is None else f"{run['share']:.1%}"
    diverged = "" if run["finite"] else " (not finite)"
    return (
        f"| {name} | {run['images']:.0f}{diverged} | {1e3 * run['step']:.1f} "
        f"| {run['first']:.1f} | {run['memory']:.0f} | {share} |"
    )


def main(arguments=None):
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--bench", help="a folder of loops written by hand")
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        request = json.loads(options.one)
        print(json.dumps(TASKS[request["task"]](**request["arguments"])))
        return
    sizes = QUICK if options.quick else FULL
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    report = Report(options.minutes)
    report.say(f"{backend}, {datetime.date.today()}, {platform.machine()}.\n")
    report.parity(sizes)
    report.host(sizes)
    report.say()
    if options.bench:
        report.duels(os.path.abspath(options.bench), sizes)
        report.say()
    report.table(sizes)
    if options.output:
        options.output.write_text("\n".join([*report.lines, ""]))
        text = json.dumps(report.results, indent=1)
        options.output.with_suffix(".json").write_text(text)


if __name__ == "__main__":
    main()
