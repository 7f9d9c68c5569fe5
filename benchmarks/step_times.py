"""Time a step of every model, in ratio to a step of AEGAN.

    KERAS_BACKEND=jax python benchmarks/step_times.py --output times.md

The models are those of `costs.py`, but wider, so that matrix products take most
of the time. `least.py` computes the fewest operations of a step. Each round
times all models once. The first table compares the time of a step, divided by
that of AEGAN, with the same ratio of operations; the second one with the ratio
of operations in the cheapest order of updates. The third table fits the times
by least squares as `a * operations + b`, with the same `a` and `b` for all
models.
"""

import argparse
import statistics
import time

import numpy as np
from costs import built
from costs import write
from least import FEWEST
from least import LARGE
from least import LEAST
from least import least


def timed(named, rounds, steps=6):
    """Seconds of a step of each model in each round."""
    shape = (steps * LARGE.batch, LARGE.data)
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    seconds = {name: [] for name in named}
    for round_ in range(rounds + 1):
        for name, model in named.items():
            start = time.perf_counter()
            model.fit(x, batch_size=LARGE.batch, shuffle=False, verbose=0)
            if round_:  # The first one compiles.
                passed = time.perf_counter() - start
                seconds[name].append(passed / steps)
    return seconds


def compared(named, seconds, table=LEAST):
    """Rows of times and operations, both divided by those of AEGAN's step."""
    whole = least(named["AEGAN"], "AEGAN", LARGE)
    yield "| model | least / AEGAN's | time / AEGAN's | ratio |"
    yield "|---|---|---|---|"
    for name in filter(table.__contains__, named):
        paper = least(named[name], name, LARGE, table) / whole
        pairs = zip(seconds[name], seconds["AEGAN"])
        measured = statistics.median(a / b for a, b in pairs)
        cells = f"{paper:.3f} | {measured:.3f} | {measured / paper:.2f}"
        yield f"| {name} | {cells} |"


def explained(named, seconds):
    """Rows of the fit `a * operations + b` to the times, and its errors."""
    times = 1e3 * np.array([statistics.median(x) for x in seconds.values()])
    factors = np.array(
        [
            (least(model, name, LARGE) / 1e9, 1.0)
            for name, model in named.items()
        ]
    )
    # Relative errors, or the longest steps would determine the fit alone.
    scaled = factors / times[:, None]
    fitted = np.linalg.lstsq(scaled, np.ones(len(times)), rcond=None)[0]
    yield (
        f"{fitted[0]:.2f} ms for 10^9 operations, and {fitted[1]:.2f} ms for a "
        "step:"
    )
    yield ""
    yield "| model | products | step | measured, ms | measured / sum |"
    yield "|---|---|---|---|---|"
    for name, part, time_ in zip(named, factors * fitted, times):
        cells = " | ".join(f"{x:.2f}" for x in (*part, time_))
        yield f"| {name} | {cells} | {time_ / part.sum():.2f} |"


def tables(names, rounds):
    named = {
        name: built(name, LARGE) for name in dict.fromkeys(["AEGAN", *names])
    }
    seconds = timed(named, rounds)
    yield from compared(named, seconds)
    yield ""
    yield "With the order of updates and the loss that need fewest operations:"
    yield ""
    yield from compared(named, seconds, FEWEST)
    yield ""
    yield from explained(named, seconds)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True)
    parser.add_argument("--only", nargs="*", default=sorted(LEAST))
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args(arguments)
    write(tables(options.only, options.rounds), options.output)


if __name__ == "__main__":
    main()
