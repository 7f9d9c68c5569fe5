"""Invent words, or other short texts.

    python examples/invent_words.py
    python examples/invent_words.py --data names.txt --between anna robert

Install `keras_aegan` and a backend. The program writes words that are not in
the file to `invented.txt` in the folder `invent_words`, beside the model and
the transformation of texts.
"""

import re

import command_line
import numpy as np
from command_line import positive

STEPS = 4000
SHOWN = 20


def main(argv=None):
    """Run with a list of arguments; by default, those of the command line."""
    parser = command_line.new_parser(__doc__, "invent_words")
    add = parser.add_argument
    add(
        "--data",
        type=command_line.existing,
        metavar="FILE",
        help="a text a line; by default words of Python's help",
    )
    add("--count", type=positive, default=1000, help="how many to generate")
    add("--longest", type=positive, default=16, help="leave out longer texts")
    add("--between", nargs=2, metavar="TEXT", help="interpolate between two")
    add("--steps", type=positive, default=STEPS)
    args = command_line.parse(parser, argv)
    with command_line.one_sentence(parser):
        words = read_lines(args.data) if args.data else words_of_python()
        training, held_out = split(words, args)
        ends = args.between or held_out[:2]
        check_spelled(ends, training, args.longest)
        text, model = make_model(training, args.seed)
        args.output.mkdir(parents=True, exist_ok=True)
    command_line.fit(model, text.transform(training), args.steps)
    show_reconstructions(text, model, held_out)
    way = model.interpolate(*(text.transform([end]) for end in ends), steps=7)
    print("Between:", " - ".join(text.inverse_transform(way[0])))
    generated = model.generate(args.count, seed=args.seed)
    known = {*training, *held_out, ""}
    invented = text.inverse_transform(generated)
    invented = [w for w in dict.fromkeys(invented) if w not in known]
    print("Invented:", ", ".join(invented[:SHOWN]))
    command_line.save(model, text, args.output)
    path = args.output / "invented.txt"
    path.write_text("".join(f"{w}\n" for w in invented), encoding="utf-8")
    print(f"{len(invented)} new ones of {args.count}: {path}")


def read_lines(path):
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except ValueError as error:
        raise ValueError(
            f"The data must be text in UTF-8. Received: {path} ({error})"
        ) from error


def words_of_python():
    from pydoc_data.topics import topics

    words = re.findall(r"\b[a-z]{4,}\b", " ".join(topics.values()))
    return sorted(set(words))


def split(lines, args):
    """Different texts to train on, and a tenth to reconstruct."""
    texts = dict.fromkeys(" ".join(line.split()) for line in lines)
    texts = [text for text in texts if 0 < len(text) <= args.longest]
    if len(texts) < 20:
        raise ValueError(
            "The data must have 20 different texts, each in a line, of at most "
            f"{args.longest} characters (--longest). Received: {len(texts)} in "
            f"{str(args.data)!r}"
        )
    print(f"{len(texts)} different texts of at most {args.longest} characters")
    order = np.random.default_rng(args.seed).permutation(len(texts))
    texts, count = [texts[i] for i in order], len(texts) // 10
    return texts[count:], texts[:count]


def check_spelled(ends, training, longest):
    """Raise if the model could not spell a text."""
    alphabet = set("".join(training))
    for text in ends:
        unknown = set(text) - alphabet
        if unknown or not 0 < len(text) <= longest:
            raise ValueError(
                f"Both ends must have 1 to {longest} characters, all of them "
                f"in the data. Received: {text!r}"
            )


def make_model(training, seed):
    """The transformation of texts and an ARAE that fits it."""
    import keras

    from keras_aegan.data import Text
    from keras_aegan.models import ARAE

    text = Text().fit(training)
    keras.utils.set_random_seed(seed)
    model = ARAE.for_shape(**text.network_options)
    model.compile()
    return text, model


def show_reconstructions(text, model, held_out):
    rebuilt = model.reconstruct(text.transform(held_out))
    rebuilt = text.inverse_transform(rebuilt)
    right = np.mean([a == b for a, b in zip(held_out, rebuilt)])
    print(f"{right:.0%} of {len(held_out)} held-out texts are spelled again:")
    pairs = zip(held_out[:SHOWN], rebuilt)
    print(", ".join(f"{a} -> {b}" for a, b in pairs))


if __name__ == "__main__":
    main()
