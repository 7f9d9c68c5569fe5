"""Train an AEGAN on images, look at its pictures, save it and load it again.

    python examples/quickstart.py
    python examples/quickstart.py --data path/to/a/folder --backend torch

Install `keras_aegan[plot]`, a backend and, for the digits, scikit-learn. The
script writes pictures and the model to the folder `quickstart`.
"""

import math

import command_line
import load_data
import numpy as np

BATCH_SIZE = 32
STEPS = 4000
PICTURES = 10


def main(argv=None):
    """Run with a list of arguments; by default, those of the command line."""
    parser = command_line.new_parser(__doc__, "quickstart")
    names = ", ".join(load_data.NAMES)
    add = parser.add_argument
    add("--data", default="digits", help=f"one of {names}, or a path")
    add(
        "--epochs",
        type=command_line.positive,
        help=f"by default about {STEPS} steps",
    )
    args = command_line.parse(parser, argv)
    with command_line.one_sentence(parser):
        x_train, x_test = load_data.load(args.data)
        model = make_model(x_train.shape[1:], args.seed)
        args.output.mkdir(parents=True, exist_ok=True)
    train(model, x_train, x_test, args.epochs, args.output)
    show_error(model, x_test)
    save_and_load(model, x_test, args.output / "aegan.keras")


def make_model(shape, seed):
    """The default AEGAN; for tiny images, a wider one with a smaller code."""
    import keras

    from keras_aegan.models import AEGAN

    keras.utils.set_random_seed(seed)
    is_tiny = min(shape[:2]) < 16
    options = {"latent_dim": 10, "width": 64, "noise": 0.3} if is_tiny else {}
    model = AEGAN.for_shape(shape, **options)
    model.compile()
    return model


def train(model, x_train, x_test, epochs, output):
    """Fit, and write some pictures during training."""
    import keras

    from keras_aegan.callbacks import SampleGrid

    enough = STEPS * BATCH_SIZE / len(x_train)
    every = math.ceil((epochs or enough) / PICTURES)
    epochs = epochs or every * math.ceil(enough / every)
    print(f"{len(x_train)} images, {epochs} epochs, {keras.config.backend()}")
    model.fit(
        x_train,
        batch_size=BATCH_SIZE,
        epochs=epochs,
        validation_data=x_test,
        validation_freq=every,
        callbacks=[SampleGrid(output, x=x_test[:8], every=every)],
        verbose=2,
    )
    print(f"Last picture: {output / f'epoch_{epochs:04d}.png'}")


def show_error(model, x_test):
    """Print the error of reconstructions of images that were not trained on."""
    difference = model.reconstruct(x_test) - x_test
    psnr = 10 * np.log10(2**2 / np.mean(difference**2))
    error = np.abs(difference).mean()
    print(f"Test error: {error:.4f} in [-1, 1] (mean absolute), {psnr:.2f} dB")


def save_and_load(model, x_test, path):
    """Save the model, and show that the loaded one computes the same."""
    import keras

    model.save(path)
    loaded = keras.saving.load_model(path)
    difference = loaded.reconstruct(x_test) - model.reconstruct(x_test)
    error = np.abs(difference).max()
    print(f"Model: {path}; loaded, its results differ by at most {error:.1g}")


if __name__ == "__main__":
    main()
