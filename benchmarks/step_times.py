"""Time a step of every model, against what AEGAN's leads one to expect.

    KERAS_BACKEND=jax python benchmarks/step_times.py --output times.md

Models are those of `costs.py`, but wider, so that products take the time. The
least arithmetic of a step is that of `least.py`. All models take turns in each
round. The first table has the time of a step over that of AEGAN, against the
same ratio on paper; the second, against the fewest operations of any order of
play. The third tells products of matrices from the rest, by least squares over
all models: so much for an operation on paper, and so much for a step.
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
    """Rows of a table, AEGAN's step as it is being the measure of all."""
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
    """Rows that split the times, and say how well that succeeds."""
    times = 1e3 * np.array([statistics.median(x) for x in seconds.values()])
    causes = np.array(
        [
            (least(model, name, LARGE) / 1e9, 1.0)
            for name, model in named.items()
        ]
    )
    # Relative errors count, or the longest steps would decide alone.
    scaled = causes / times[:, None]
    prices = np.linalg.lstsq(scaled, np.ones(len(times)), rcond=None)[0]
    yield (
        f"{prices[0]:.2f} ms for 10^9 operations on paper, and {prices[1]:.2f} "
        "ms for a step:"
    )
    yield ""
    yield "| model | products | step | measured, ms | over the sum |"
    yield "|---|---|---|---|---|"
    for name, part, time_ in zip(named, causes * prices, times):
        cells = " | ".join(f"{x:.2f}" for x in (*part, time_))
        yield f"| {name} | {cells} | {time_ / part.sum():.2f} |"


def tables(names, rounds):
    named = {
        name: built(name, LARGE) for name in dict.fromkeys(["AEGAN", *names])
    }
    seconds = timed(named, rounds)
    yield from compared(named, seconds)
    yield ""
    yield "Where another order of play or another loss would ask for less:"
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
