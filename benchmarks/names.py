"""Invented words: are they new, different, and spelled like real ones?

    python benchmarks/names.py --data names.txt --output names.md

The file has a word a line. A tenth of the different words, drawn by the seed,
is held out. `ARAE` is measured beside what it has to do better than: a trigram
model of the training words that draws letter by letter, which cannot encode
anything, and training words whose letters are shuffled.

Bits a character are those of a trigram model of the *held-out* words, which
knows neither what was trained on nor what was invented: fewer is more like
them, and the training words say how many to expect.
"""

import collections
import math
import time

import keras
import numpy as np
from seeded_runs import read_options
from seeded_runs import repeated
from seeded_runs import write_table

from keras_aegan import models
from keras_aegan.data import Text

COUNT = 2000
NAMES = ("training words", "ARAE", "trigrams", "shuffled")
COLUMNS = {
    "bits": ("bits a character", ".2f"),
    "distinct": ("distinct", ".1%"),
    "new": ("new", ".1%"),
    "exact": ("held-out words spelled again", ".1%"),
    "letters": ("letters right", ".1%"),
    "cpu_seconds": ("CPU s", ".0f"),
}


class Trigrams:
    """How probable a letter is after two others.

    Counts are smoothed by the probabilities after one letter less, as `PRIOR`
    further observations of them (MacKay and Peto 1995, a hierarchical Dirichlet
    language model); those of no letter at all by equal ones.
    """

    PRIOR = 5

    def __init__(self, words):
        self.counts = collections.defaultdict(collections.Counter)
        for word in words:
            for before, letter in steps(word):
                for start in range(3):
                    self.counts[before[start:]][letter] += 1
        self.letters = sorted(self.counts[""])

    def probability(self, before, letter):
        # One more than the letters: what was never seen is possible.
        rest = 1 / (len(self.letters) + 1)
        for start in (2, 1, 0):
            seen = self.counts.get(before[start:], {})
            total = sum(seen.values())
            rest = (seen.get(letter, 0) + self.PRIOR * rest) / (
                total + self.PRIOR
            )
        return rest

    def bits(self, words):
        """Mean surprise of a letter, the end of the word among them."""
        surprises = [
            -math.log2(self.probability(before, letter))
            for word in words
            for before, letter in steps(word)
        ]
        return float(np.mean(surprises))

    def draw(self, count, longest, seed):
        """Words of at most so many letters."""
        random = np.random.default_rng(seed)
        words = []
        for _ in range(count):
            word = ""
            while len(word) < longest:
                before = f"^^{word}"[-2:]
                chances = [self.probability(before, x) for x in self.letters]
                chances = np.array(chances) / sum(chances)
                letter = random.choice(self.letters, p=chances)
                if letter == "$":
                    break
                word += letter
            words.append(word)
        return words


def steps(word):
    """Each letter of a word and its end, after the two before it."""
    text = f"^^{word}$"
    return [(text[i - 2 : i], text[i]) for i in range(2, len(text))]


def read_words(path, seed):
    """Training words and held-out ones, all different."""
    words = sorted({*path.read_text(encoding="utf-8").split()})
    order = np.random.default_rng(seed).permutation(len(words))
    words, count = [words[i] for i in order], len(words) // 10
    return words[count:], words[:count]


def trained(training, steps, seed):
    """The transformation of words, and an ARAE."""
    keras.utils.set_random_seed(seed)
    text = Text()
    x = text.fit_transform(training)
    model = models.ARAE.for_shape(**text.network_options)
    model.compile()
    rows = np.random.default_rng(seed).integers(len(x), size=64 * steps)
    model.fit(x[rows], batch_size=64, verbose=0)
    return text, model


def spelled_again(text, model, held_out):
    """Shares of words and of letters that come back."""
    x = text.transform(held_out)
    again = model.reconstruct(x)
    words = text.inverse_transform(again)
    exact = np.mean([a == b for a, b in zip(words, held_out)])
    pairs = [
        pair
        for a, b in zip(words, held_out)
        for pair in zip(a.ljust(len(b)), b)
    ]
    letters = np.mean([a == b for a, b in pairs])
    return {"exact": float(exact), "letters": float(letters)}


def main():
    options = read_options(__doc__.splitlines()[0], NAMES, 4000)

    def measure(words, steps, seed):
        training, held_out = read_words(options.data, seed)
        judge, random = Trigrams(held_out), np.random.default_rng(seed)
        results, start = {}, time.process_time()
        if words == "ARAE":
            text, model = trained(training, steps, seed)
            results["cpu_seconds"] = time.process_time() - start
            made = text.inverse_transform(model.generate(COUNT, seed=seed))
            results |= spelled_again(text, model, held_out)
            ends = [text.transform([word]) for word in held_out[:2]]
            way = model.interpolate(*ends, steps=7)[0]
            print(" - ".join(text.inverse_transform(way)))
            print(", ".join(word for word in made[:20]))
        elif words == "trigrams":
            longest = max(map(len, training))
            made = Trigrams(training).draw(COUNT, longest, seed)
        else:
            made = [
                str(w) for w in random.choice(training, COUNT, replace=False)
            ]
            if words == "shuffled":
                made = ["".join(random.permutation([*word])) for word in made]
        known = {*training}
        results["bits"] = judge.bits(made)
        results["distinct"] = len(set(made)) / COUNT
        results["new"] = float(np.mean([word not in known for word in made]))
        return results

    keys = [
        {"words": name, "steps": options.steps, "seed": seed}
        for name in options.models
        for seed in options.seeds
    ]
    runs = repeated(options.output.with_suffix(".json"), keys, measure)
    write_table(options.output, runs, ["words", "steps"], COLUMNS)


if __name__ == "__main__":
    main()
