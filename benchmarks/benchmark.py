"""Train models from several seeds, measure them, and write a table.

    nox -s benchmark
    nox -s benchmark -- --quick
    nox -s benchmark -- --data FOLDER --steps 3748

trains on each backend in an environment of its own. In your environment, train
on one backend:

    KERAS_BACKEND=torch python benchmarks/benchmark.py --models AEGAN GAN

The data are scikit-learn's digits, a folder with the four IDX files of MNIST or
Fashion-MNIST, or an `.npz` file of images. Samples are judged by the features
of a small classifier, which is trained once into `OUTPUT/features.keras`, or of
another network, `--features FILE.keras`. `OUTPUT/runs` gets one JSON file for
each run, and a run that has its file is not repeated. `OUTPUT/table.md`,
`table.json` and `table.png` show all runs. `--save FOLDER` keeps models,
samples and reconstructions of test images.
"""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys

from tables import write_tables

HERE = pathlib.Path(__file__).parent
MODELS = (
    "AEGAN",
    "VAE",
    "GAN",
    "R3GAN",
    "VAEGAN",
    "AdversarialAutoencoder",
    "WAE",
    "ALI",
    "AlphaGAN",
    "SoftIntroVAE",
    "FusedAEGAN",
)
QUICK = {"models": ["AEGAN", "GAN"], "seeds": 1, "steps": 40, "samples": 300}


def run_once(name, seed, options):
    """Measurements of one run, which `measure.py` makes in its own process."""
    request = json.dumps({"model": name, "seed": seed, "options": options})
    done = subprocess.run(
        [sys.executable, HERE / "measure.py", request],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def train_features(options):
    """Path of the classifier's features, trained here unless they are there."""
    path = options.output / "features.keras"
    if not path.exists():
        from data import load_data

        from keras_aegan import metrics

        data = load_data(options.data, options.enlarge)
        metrics.features.train_classifier(data.x_train, data.y_train).save(path)
    return path


def main(arguments=None):
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    add = parser.add_argument
    add("--data", default="digits")
    add("--models", nargs="+", default=list(MODELS))
    add("--seeds", type=int, default=3)
    add("--steps", type=int, default=1000)
    add("--samples", type=int, default=10_000)
    add("--width", type=int, default=32)
    add("--batch-size", type=int, default=64)
    add("--enlarge", type=int, default=1, help="times a pixel is repeated")
    add("--features", help="a `.keras` file of a network from images")
    add("--save", help="a folder for models and samples")
    add("--output", type=pathlib.Path, default=HERE / "results")
    add("--quick", action="store_true", help=f"the same as {QUICK}")
    options = parser.parse_args(arguments)
    if options.quick:
        vars(options).update(QUICK)
    if options.steps < 10:
        parser.error(f"--steps must be at least 10. Received: {options.steps}")
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    runs = options.output / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    names = ("steps", "samples", "width", "batch_size")
    requested = {key: getattr(options, key) for key in names}
    requested |= {"data": options.data, "enlarge": options.enlarge}
    requested |= {"features": options.features, "save": options.save}
    if not options.features:
        requested["features"] = str(train_features(options))
    for name in options.models:
        for seed in range(options.seeds):
            path = runs / f"{name}_{backend}_{seed}.json"
            earlier = json.loads(path.read_text()) if path.exists() else {}
            if earlier.get("options") != requested:
                print(f"{name} on {backend}, seed {seed}", flush=True)
                run = run_once(name, seed, requested)
                run["options"] = requested
                run["date"] = datetime.date.today().isoformat()
                part = path.with_suffix(".part")
                part.write_text(json.dumps(run, indent=2))
                part.replace(path)
    write_tables(options.output, requested)
    print((options.output / "table.md").read_text())


if __name__ == "__main__":
    main()
