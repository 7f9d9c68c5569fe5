"""Search the hyperparameters of an AEGAN for images.

    python examples/tune.py
    python examples/tune.py --data path/to/a/folder --backend torch --trials 30

Install `keras_aegan[tuner]` and a backend. The script writes the search, a page
`search.html` about it and the best model `best.keras` to the folder `tune`. A
search that was stopped is continued when the script is started again.
"""

import command_line
import load_data

# Few hyperparameters vary, so that few trials are enough. `HyperAEGAN(shape)`
# without a `space` varies all of them.
FIXED = {
    "residual_blocks": 0,
    "normalization": "batch",
    "noise": 0.0,
    "dropout": 0.0,
    "latent_depth": 2,
    "augmentation": "none",
    "latent_adversarial": "relativistic",
    "latent_adversarial_factor": 1.0,
    "latent_reconstruction_factor": 1.0,
    "discriminator_penalty": "none",
    "update": "alternating",
    "discriminator_turns": 1,
    "learning_rate_ratio": 2.0,
    "average": 0.0,
    "batch_size": 32,
}
SPACE = {
    "latent_dim": [8, 16, 32],
    "width": [8, 16, 32],
    "adversarial": ["relativistic", "non_saturating", "hinge"],
    "reconstruction_factor": [0.25, 0.5, 1.0, 2.0],
    "learning_rate": {
        "min_value": 5e-4,
        "max_value": 4e-3,
        "sampling": "log",
    },
}


def main(argv=None):
    """Run with a list of arguments; by default, those of the command line."""
    parser = command_line.new_parser(__doc__, "tune")
    names = ", ".join(load_data.NAMES)
    add = parser.add_argument
    add("--data", default="digits", help=f"one of {names}, or a path")
    add("--trials", type=command_line.positive, default=6)
    add("--epochs", type=command_line.positive, default=10)
    args = command_line.parse(parser, argv)
    try:
        x_train, x_test = load_data.load(args.data)
        args.output.mkdir(parents=True, exist_ok=True)
        tuner = make_tuner(x_train.shape[1:], args)
        search(tuner, x_train, x_test, args.epochs)
    except (ValueError, OSError, ImportError, RuntimeError) as error:
        parser.error(str(error))
    show(tuner)
    save(tuner, args.output)


def make_tuner(shape, args):
    """Bayesian search of the space above."""
    import keras
    import keras_tuner

    from keras_aegan.tuners import HyperAEGAN

    keras.utils.set_random_seed(args.seed)
    return keras_tuner.BayesianOptimization(
        HyperAEGAN(shape, space={**FIXED, **SPACE}, max_parameters=2_000_000),
        objective=keras_tuner.Objective("val_kernel_distance", "min"),
        max_trials=args.trials,
        num_initial_points=max(3, args.trials // 2),
        # A few failed trials in a row are no reason to stop.
        max_consecutive_failed_trials=args.trials,
        seed=args.seed,
        directory=args.output,
        project_name="search",
    )


def search(tuner, x_train, x_test, epochs):
    """Train every trial, and compare its samples with test images."""
    from keras_aegan.callbacks import GenerationMetrics
    from keras_aegan.metrics import PSNR
    from keras_aegan.metrics import KernelDistance

    measures = GenerationMetrics(x_test, [KernelDistance(), PSNR()])
    tuner.search(
        x_train,
        epochs=epochs,
        validation_data=x_test,
        callbacks=[measures],
        verbose=2,
    )


def show(tuner):
    """Print a table of the trials, best first."""
    trials = tuner.oracle.trials.values()
    done = [t for t in trials if t.status == "COMPLETED"]
    names = [*SPACE]
    rows = [["trial", "distance", "PSNR", *names]]
    for trial in sorted(done, key=lambda trial: trial.score):
        values = trial.hyperparameters.values
        psnr = trial.metrics.get_best_value("val_psnr")
        # `max_parameters` turns `width` into `width_up_to_16` and the like.
        values = {k.split("_up_to_")[0]: v for k, v in values.items()}
        sampled = [values[name] for name in names]
        rows.append([trial.trial_id, trial.score, psnr, *sampled])
    cells = [
        [f"{x:.4g}" if isinstance(x, float) else str(x) for x in row]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells)]
    print()
    for row in cells:
        print("  ".join(cell.rjust(n) for cell, n in zip(row, widths)))
    print(f"{len(tuner.oracle.trials) - len(done)} trials failed.\n")


def save(tuner, output):
    """Write the page and the best model."""
    from keras_aegan.tuners import report

    page = report(tuner, output / "search.html")
    model = tuner.get_best_models()[0]
    path = output / "best.keras"
    model.save(path)
    print(f"Page: {page}\nBest model: {path}")


if __name__ == "__main__":
    main()
