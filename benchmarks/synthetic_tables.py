"""Synthetic rows of a table: do they teach what the real ones teach?

    python benchmarks/synthetic_tables.py --data adult.csv.gz --output FOLDER

Four fifths of the rows, drawn by the seed, train a model, which makes as many
new ones. Classifiers of scikit-learn learn from these and are tested on the
last fifth; "real rows" are those that learn from the real four fifths. Rows of
other programs, such as `synthetic_tables_peers.py`, are scored by the same
code, in the run of the seed that they were trained with:

    python benchmarks/synthetic_tables.py --data adult.csv.gz --output FOLDER \
        --models --seeds 0 --synthetic "TVAE, 30 epochs=tvae-0.csv"

Each run is a file in `FOLDER/runs` and is not repeated; `FOLDER/table.md` is
made from all of them.
"""

import argparse
import datetime
import json
import pathlib

import keras
import numpy as np
import sklearn
from synthetic_tables_data import Stopwatch
from synthetic_tables_data import read_table
from synthetic_tables_data import split
from synthetic_tables_scores import scores

from keras_aegan import models
from keras_aegan.data import Table

BATCH_SIZE = 64
REAL = "real rows"
LABELS = ", labels given"
NAMES = (
    REAL,
    "AEGAN",
    f"AEGAN{LABELS}",
    "VAE",
    "VAEGAN",
    "MDGAN",
    "AlphaGAN",
)
COLUMNS = {
    "f1_boosting": ("F1, boosting", "{:.3f}"),
    "auroc_boosting": ("AUROC, boosting", "{:.3f}"),
    "f1_logistic": ("F1, logistic", "{:.3f}"),
    "auroc_logistic": ("AUROC, logistic", "{:.3f}"),
    "marginals": ("variation of columns", "{:.3f}"),
    "worst_marginal": ("of the worst", "{:.3f}"),
    "pairs": ("of pairs", "{:.3f}"),
    "invalid": ("invalid", "{:.2%}"),
    "nearest": ("nearest / test's", "{:.2f}"),
    "nearer_training": ("nearer training", "{:.1%}"),
    "repeated": ("repeated", "{:.2%}"),
    "repeated_without_key": ("without key", "{:.1%}"),
    "cpu_seconds": ("CPU s", "{:.0f}"),
    "wall_seconds": ("wall s", "{:.0f}"),
}


def synthesise(name, training, target, seed, steps):
    """Rows as many as in training, and the seconds that learning took."""
    conditional = name.endswith(LABELS)
    keras.utils.set_random_seed(seed)
    draw = np.random.default_rng(seed)
    stopwatch = Stopwatch()
    table = Table(label=target if conditional else None).fit(training)
    x = table.transform(training)
    cls = getattr(models, name.removesuffix(LABELS))
    model = cls.for_shape(**table.network_options)
    model.compile()
    rows = draw.integers(len(x), size=BATCH_SIZE * steps)
    own = [table.labels(training)] if conditional else []
    model.fit(
        x[rows],
        *(labels[rows] for labels in own),
        batch_size=BATCH_SIZE,
        verbose=0,
    )
    seconds = stopwatch.seconds()
    # As frequent as in training.
    asked = [draw.choice(labels, len(x)) for labels in own]
    new = model.generate(len(x), seed=seed, labels=asked[0] if asked else None)
    return table.inverse_transform(new, *asked), seconds


def read_synthetic(argument, seed):
    """The name and the rows of `NAME=FILE.csv`, and what is known of them."""
    name, _, path = argument.rpartition("=")
    facts = pathlib.Path(path).with_suffix(".json")
    facts = json.loads(facts.read_text()) if facts.exists() else {}
    if facts.get("seed", seed) != seed:
        raise ValueError(
            "Rows must be scored with the seed that they were trained with, "
            f"{facts['seed']} for {path}. Received: --seeds {seed}"
        )
    return name, read_table(path), facts


def table(runs):
    """A Markdown table: means over seeds and standard deviations."""
    heads = ["rows from", "backend", "seeds", *(h for h, _ in COLUMNS.values())]
    lines = [heads, ["---"] * len(heads)]
    keys = ("name", "backend", "steps")
    groups = {}
    for run in runs:
        groups.setdefault(tuple(run[key] for key in keys), []).append(run)
    for (name, backend, steps), own in groups.items():
        cells = [f"{name}, {steps} steps" if steps else name, backend]
        cells.append(str(len(own)))
        for key, (_, form) in COLUMNS.items():
            values = [run[key] for run in own if key in run]
            cell = form.format(np.mean(values)) if values else "–"
            if len(values) > 1:
                cell += f" ± {form.format(np.std(values))}"
            cells.append(cell)
        lines.append(cells)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def jobs(options):
    """For each run its key and a function from rows to rows and facts."""
    backend = keras.backend.backend()
    for seed in options.seeds:
        for name in options.models:
            is_real = name == REAL
            key = {
                "name": name,
                "backend": "–" if is_real else backend,
                "steps": None if is_real else options.steps,
                "seed": seed,
            }
            yield (
                key,
                lambda rows, name=name, seed=seed: (
                    (rows, {})
                    if name == REAL
                    else synthesise(
                        name, rows, options.target, seed, options.steps
                    )
                ),
            )
        for argument in options.synthetic:
            name, found, facts = read_synthetic(argument, seed)
            key = {"name": name, "backend": "–", "steps": None, "seed": seed}
            yield key, lambda rows, found=found, facts=facts: (found, facts)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", required=True, help="a CSV file, or a folder with one")
    add("--target", default="income", help="column to predict, of two values")
    add("--output", type=pathlib.Path, default="synthetic_tables")
    add("--models", nargs="*", choices=NAMES, default=list(NAMES))
    add("--seeds", nargs="*", type=int, default=[0, 1, 2])
    add("--steps", type=int, default=2000)
    add("--synthetic", nargs="*", default=[], metavar="NAME=FILE.csv")
    options = parser.parse_args(arguments)
    frame = read_table(options.data)
    shares = frame[options.target].value_counts()
    if len(shares) != 2:
        parser.error(
            "--target must be a column of two values. "
            f"Received: {options.target} with {len(shares)}"
        )
    folder = options.output / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    # Files are read before anything trains.
    for key, make in list(jobs(options)):
        path = folder / ("-".join(str(v) for v in key.values()) + ".json")
        if path.exists():
            continue
        training, test = split(frame, key["seed"])
        rows, facts = make(training)
        # The rarer value is the positive one.
        run = scores(
            rows, training, test, options.target, shares.index[-1], key["seed"]
        )
        versions = {
            "keras": keras.__version__,
            "scikit-learn": sklearn.__version__,
            **facts.pop("versions", {}),
        }
        date = datetime.date.today().isoformat()
        run = {**facts, **key, **run, "versions": versions, "date": date}
        part = path.with_suffix(".part")
        part.write_text(json.dumps(run, indent=1))
        part.replace(path)
        print(*key.values(), f"{run['f1_boosting']:.3f}", flush=True)
    runs = [json.loads(p.read_text()) for p in sorted(folder.glob("*.json"))]
    (options.output / "table.md").write_text(table(runs))


if __name__ == "__main__":
    main()
