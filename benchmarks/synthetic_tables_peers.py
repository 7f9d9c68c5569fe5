"""Synthetic rows of CTGAN and TVAE, for `synthetic_tables.py` to score.

    pip install ctgan
    python benchmarks/synthetic_tables_peers.py --data adult.csv.gz \
        --model TVAE --epochs 30 --seed 0 --output tvae-0.csv

Runs where keras_aegan is not installed. Trains on the four fifths of rows that
`synthetic_tables.py` trains on with this seed, and writes as many rows, and
beside them, as `.json`, what the training took. One thread.
"""

import argparse
import json
import pathlib

import ctgan
import torch
from synthetic_tables_data import Stopwatch
from synthetic_tables_data import categories
from synthetic_tables_data import read_table
from synthetic_tables_data import split


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--model", required=True, choices=["CTGAN", "TVAE"])
    parser.add_argument("--epochs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    training, _ = split(read_table(options.data), options.seed)
    torch.manual_seed(options.seed)
    stopwatch = Stopwatch()
    # What is not said here is their default.
    model = getattr(ctgan, options.model)(epochs=options.epochs)
    model.set_random_state(options.seed)
    model.fit(training, categories(training))
    facts = {
        "seed": options.seed,
        "epochs": options.epochs,
        **stopwatch.seconds(),
        "versions": {"ctgan": ctgan.__version__, "torch": torch.__version__},
    }
    model.sample(len(training)).to_csv(options.output, index=False)
    options.output.with_suffix(".json").write_text(json.dumps(facts, indent=1))
    print(facts)


if __name__ == "__main__":
    main()
