"""Train an AEGAN on images, look at its pictures, save it and load it again.

    python examples/quickstart.py
    python examples/quickstart.py --data path/to/a/folder --backend torch

Install `keras_aegan[plot]`, a backend and, for the digits, scikit-learn. The
script writes pictures and the model to the folder `quickstart`.
"""

import command_line
import load_data
import numpy as np

STEPS = 1500
# As many images are compared at most, pixel by pixel.
COMPARED = 1000
NEXT = """Next:
  {python} examples/quickstart.py --data FOLDER   images of your own
  {python} guides/first_steps.py                  the same, step by step
  {python} guides/which_model.py                  other models, the same images
"""


def main(argv=None):
    """Run with a list of arguments; by default, those of the command line."""
    parser = command_line.new_parser(__doc__, "quickstart")
    names = ", ".join(load_data.NAMES)
    add = parser.add_argument
    add("--data", default="digits", help=f"one of {names}, or a path")
    add("--steps", type=command_line.positive, default=STEPS)
    args = command_line.parse(parser, argv)
    with command_line.one_sentence(parser):
        x_train, x_test = load_data.load(args.data)
        model = make_model(x_train.shape[1:], args.seed)
        args.output.mkdir(parents=True, exist_ok=True)
    pictures = train(model, x_train, x_test, args.steps, args.output)
    tell_what_was_learnt(model, x_train, x_test)
    save_and_load(model, x_test, args.output / "aegan.keras")
    print(f"Look at {pictures[-1]}, and at {pictures[0]} for the beginning.")
    print(NEXT.format(python=command_line.python()), end="")


def make_model(shape, seed):
    """The default AEGAN for images of a shape."""
    import keras

    from keras_aegan.models import AEGAN

    keras.utils.set_random_seed(seed)
    model = AEGAN.for_shape(shape)
    model.compile()
    return model


def train(model, x_train, x_test, steps, output):
    """Fit, and write some pictures during training; their paths."""
    from keras_aegan.callbacks import SampleGrid

    print(
        "`loss` is what its reconstructions lose, and falls. The players' "
        "losses balance each other: none should go to 0."
    )
    command_line.fit(
        model,
        x_train,
        steps,
        validation_data=x_test,
        callbacks=[SampleGrid(output, x=x_test[:8])],
    )
    return sorted(output.glob("epoch_*.png"))


def tell_what_was_learnt(model, x_train, x_test):
    """Compare reconstructions and samples with images that were held out."""
    from keras_aegan import metrics

    def decibels(guess):
        psnr = metrics.PSNR()
        psnr.update_state(x_test, guess)
        return float(psnr.result())

    mean = np.broadcast_to(x_train.mean(0), x_test.shape)
    print(
        f"Reconstructions of {len(x_test)} images that it was not trained on: "
        f"{decibels(model.reconstruct(x_test)):.1f} dB "
        "(at 20 dB an error is typically a tenth of the range of values, at 40 "
        f"a hundredth); their mean image has {decibels(mean):.1f} dB."
    )
    held_out = x_test[:COMPARED]

    def shares(images):
        """Of images that look like those held out, and of these found."""
        precision = metrics.PrecisionRecall()
        coverage = metrics.DensityCoverage()
        for metric in (precision, coverage):
            metric.update_state(held_out, images)
        found = {**precision.result(), **coverage.result()}
        return [f"{float(found[k]):.0%}" for k in ("precision", "coverage")]

    like, covered = shares(model.generate(len(held_out), seed=1))
    best_like, best_covered = shares(x_train[: len(held_out)])
    print(
        f"Samples: {like} lie among held-out images (of training images "
        f"{best_like}); {covered} of these have a sample nearby "
        f"(a training image: {best_covered})."
    )


def save_and_load(model, x_test, path):
    """Save the model, and show that the loaded one computes the same."""
    import keras

    model.save(path)
    loaded = keras.saving.load_model(path)
    difference = loaded.reconstruct(x_test) - model.reconstruct(x_test)
    error = np.abs(difference).max()
    print(f"Model: {path}; loaded, its results differ by at most {error:.1g}.")


if __name__ == "__main__":
    main()
