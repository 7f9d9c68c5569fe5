"""Generate sounds like those of a folder.

    python examples/generate_sounds.py
    python examples/generate_sounds.py --data path/to/recordings --seconds 1

Install `keras_aegan[data,plot]` and a backend. Recordings in several subfolders
are of as many kinds, as are those of one folder whose names begin with a kind
and `_`, such as `7_theo_3.wav`; others are of one. The program writes `.wav`
files, a picture of their spectrograms and the model to the folder
`generate_sounds`.
"""

import argparse
import pathlib
import tempfile

import command_line
import numpy as np
from command_line import positive

STEPS = 1500
SHOWN = 4


def main(argv=None):
    """Run with a list of arguments; by default, those of the command line."""
    parser = command_line.new_parser(__doc__, "generate_sounds")
    add = parser.add_argument
    add(
        "--data",
        type=command_line.existing,
        metavar="FOLDER",
        help="by default strings, birds and drums that are made up",
    )
    add("--count", type=positive, default=5, help="sounds of each kind")
    add("--seconds", type=seconds, help="by default those of the longest")
    add("--steps", type=positive, default=STEPS)
    args = command_line.parse(parser, argv)
    with command_line.one_sentence(parser):
        with tempfile.TemporaryDirectory() as made_up:
            folder = args.data or recordings(pathlib.Path(made_up))
            kinds, labels, spectrograms, x = read(folder, args)
        model = make_model(spectrograms, len(kinds), args.seed)
        args.output.mkdir(parents=True, exist_ok=True)
    count = max(SHOWN, len(x) // 10)  # Those are held out.
    command_line.fit(model, x[count:], args.steps, labels[count:])
    rebuilt = model.reconstruct(x[:count], labels=labels[:count])
    wanted = np.repeat(np.arange(len(kinds)), args.count)
    generated = model.generate(labels=wanted, seed=args.seed)
    for name, sounds in (("original", x), ("reconstructed", rebuilt)):
        spectrograms.write(args.output / name, sounds[: args.count])
    for i, kind in enumerate(kinds):
        folder = args.output / "generated" / kind
        spectrograms.write(folder, generated[wanted == i])
    order = np.random.default_rng(args.seed).permutation(len(generated))
    rows = [x[:SHOWN], rebuilt[:SHOWN], generated[order[:SHOWN]]]
    draw(spectrograms, rows, args.output / "spectrograms.png")
    command_line.save(model, spectrograms, args.output)
    print(f"Sounds: {args.output}, in original, reconstructed and generated")


def seconds(text):
    if not 0 < float(text) < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return float(text)


def recordings(folder, count=100, rate=8000):
    """A folder of half a second of strings, birds and drums."""
    from keras_aegan.data import Waves

    draw = np.random.default_rng(0)
    time = np.arange(rate // 2) / rate
    sounds = {"string": [], "bird": [], "drum": []}
    for pitch in draw.uniform(150, 500, count):
        tones = [np.sin(2 * np.pi * k * pitch * time) / k for k in (1, 2, 3)]
        sounds["string"].append(sum(tones) * np.exp(-10 * time))
        chirp = np.sin(2 * np.pi * (5 * pitch * time + 900 * time**2))
        sounds["bird"].append(chirp * np.sin(2 * np.pi * 4 * time) ** 2)
        noise = draw.normal(size=len(time)) * np.exp(-30 * time)
        low = np.sin(2 * np.pi * pitch / 4 * time) * np.exp(-10 * time)
        sounds["drum"].append(noise + low)
    for kind, some in sounds.items():
        waves = Waves(rate)
        waves.write(folder / kind, waves.fit_transform(np.array(some), rate))
    return folder


def read(folder, args):
    """Kinds, and spectrograms with their labels in random order."""
    from keras_aegan.data import Spectrograms

    # Names that begin with a dot are notes of file systems.
    found = sorted(folder.rglob("[!.]*.[wW][aA][vV]"))
    if len(found) < 2 * SHOWN:
        raise ValueError(
            f"The data must be a folder of at least {2 * SHOWN} WAV files. "
            f"Received: {str(folder)!r} with {len(found)}"
        )
    order = np.random.default_rng(args.seed).permutation(len(found))
    found = [found[i] for i in order]
    kinds, labels = np.unique(kinds_of(found), return_inverse=True)
    print(f"{len(found)} recordings of {len(kinds)} kinds:", ", ".join(kinds))
    spectrograms = Spectrograms(seconds=args.seconds, bands=32, frames=32)
    return kinds, labels, spectrograms, spectrograms.fit_transform(found)


def kinds_of(found):
    """The kind of each file: its folder, or the beginning of its name."""
    folders = [path.parent.name for path in found]
    prefixes = [path.stem.split("_")[0] for path in found]
    for kinds in (folders, prefixes):
        # Where hardly two are alike they are no kinds.
        if 1 < len(set(kinds)) <= len(found) / 3:
            return kinds
    return ["sound"] * len(found)


def make_model(spectrograms, kinds, seed):
    """An AEGAN that is conditioned on the kind."""
    import keras

    from keras_aegan.models import AEGAN

    keras.utils.set_random_seed(seed)
    # Labels need two classes; of one kind all have the first.
    classes = max(2, kinds)
    model = AEGAN.for_shape(**spectrograms.network_options, num_classes=classes)
    model.compile()
    return model


def draw(spectrograms, rows, path):
    """A picture with a row for each array of spectrograms."""
    from keras_aegan import pictures

    waves = spectrograms.inverse_transform(np.concatenate(rows))[..., None]
    rate = spectrograms.get_config()["fitted"]["rate"]
    pictures.save(pictures.spectrograms(waves, rate), path)
    print(f"Originals, their reconstructions and generated ones: {path}")


if __name__ == "__main__":
    main()
