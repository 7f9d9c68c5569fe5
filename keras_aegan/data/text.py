"""Short texts as integers."""

import warnings
from collections.abc import Callable
from collections.abc import Iterable

import keras
import numpy as np

from keras_aegan import validation
from keras_aegan.arrays import check_samples
from keras_aegan.data.transformation import Transformation

PADDING, END, UNKNOWN = range(3)
_FIRST = 3  # The number of the first token of the vocabulary.
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@keras.saving.register_keras_serializable(package="keras_aegan")
class Text(Transformation):
    """Texts as rows of integers, for `keras_aegan.models.ARAE`.

    A row has a number for each token, then 1, the end, where there is room,
    then 0 for padding. 2 stands for tokens that `fit` did not see; the others
    are numbered from 3. Texts with more tokens than a row are cut, with a
    warning. Back from integers, a text ends at the first end or padding;
    unknown characters become U+FFFD.

    Args:
        length: Positive integer, the steps of a row. Defaults to one more than
            the longest text of `fit` has tokens.
        tokenizer: `"character"` for the characters (code points) of a text; or
            an object with methods `encode`, from a text to a list of integers,
            and `decode`, from such a list to a text; or a pair of functions
            that do. Integers may be any: they are numbered again. A tokenizer
            of one's own is not saved: hand it to `Text.load(path, tokenizer=)`
            again.

    Raises:
        ValueError: if an argument is not as above; in methods, if something is
            not a text.

    Example:

    >>> text = Text()
    >>> x = text.fit_transform(["abba", "ab", ""])
    >>> x.tolist()
    [[3, 4, 4, 3, 1], [3, 4, 1, 0, 0], [1, 0, 0, 0, 0]]
    >>> text.inverse_transform(x)
    ['abba', 'ab', '']
    >>> text.network_options
    {'shape': (5,), 'vocabulary_size': 5}
    """

    def __init__(
        self,
        length: int | None = None,
        tokenizer: str | tuple[Callable, Callable] | object = "character",
    ):
        super().__init__()
        if length is not None:
            length = validation.check_integer("length", length)
        self.length = length
        self.tokenizer = tokenizer
        self._encode, self._decode = _functions(tokenizer)

    def fit(self, x: Iterable[str]) -> "Text":
        """Find the vocabulary and, by default, the length.

        Args:
            x: List, array or column of texts.

        Returns:
            The transformation itself.
        """
        texts = self._tokens(x)
        if not texts:
            raise ValueError("`x` must be a list of texts. Received: none")
        longest = max(map(len, texts))
        self._fitted = {
            "length": self.length or longest + 1,
            "vocabulary": sorted(set().union(*texts)),
        }
        return self

    def transform(self, x: Iterable[str]) -> np.ndarray:
        """Rows of integers.

        Args:
            x: As in `fit`.

        Returns:
            Array of int32, `(samples, length)`.
        """
        fitted = self._require_fitted()
        length = fitted["length"]
        numbers = {t: _FIRST + i for i, t in enumerate(fitted["vocabulary"])}
        texts = self._tokens(x)
        too_long = [i for i, text in enumerate(texts) if len(text) > length]
        if too_long:
            warnings.warn(
                f"{len(too_long)} of {len(texts)} texts have more than "
                f"{length} tokens and are cut, the first in row {too_long[0]} "
                f"with {len(texts[too_long[0]])}.",
                stacklevel=2,
            )
        rows = np.full((len(texts), length), PADDING, "int32")
        for row, text in zip(rows, texts):
            tokens = [numbers.get(token, UNKNOWN) for token in text] + [END]
            row[: len(tokens)] = tokens[:length]
        return rows

    def inverse_transform(self, x: np.ndarray) -> list[str]:
        """Texts of rows of integers.

        Args:
            x: Array of integers in [0, vocabulary_size), `(samples, length)`.

        Returns:
            List of texts.
        """
        vocabulary = self._require_fitted()["vocabulary"]
        options = self.network_options
        x = check_samples("x", x, options["shape"])
        size = options["vocabulary_size"]
        is_integer = x.dtype.kind in "iu"
        if not is_integer or x.min() < 0 or x.max() >= size:
            raise ValueError(
                f"`x` must be integers in [0, {size}), the numbers of tokens. "
                f"Received: {x.dtype} from {x.min()} to {x.max()}"
            )
        unknown = [_REPLACEMENT] if self.tokenizer == "character" else []
        texts = []
        for row in x.tolist():
            tokens = []
            for number in row:
                if number in (PADDING, END):
                    break
                is_known = number >= _FIRST
                tokens += [vocabulary[number - _FIRST]] if is_known else unknown
            texts.append(self._decode(tokens))
        return texts

    def _tokens(self, x):
        """Tokens of each text: characters, or integers of a tokenizer."""
        tokens = map(self._encode, _checked_texts(x))
        is_character = self.tokenizer == "character"
        return list(tokens if is_character else map(_integers, tokens))

    @property
    def network_options(self) -> dict:
        fitted = self._require_fitted()
        size = _FIRST + len(fitted["vocabulary"])
        return {"shape": (fitted["length"],), "vocabulary_size": size}

    def get_config(self) -> dict:
        is_named = isinstance(self.tokenizer, str)
        return {
            "length": self.length,
            "tokenizer": self.tokenizer if is_named else None,
            **super().get_config(),
        }


def _functions(tokenizer):
    """From a text to tokens and from tokens to a text."""
    if isinstance(tokenizer, str) and tokenizer == "character":
        return list, "".join
    is_pair = isinstance(tokenizer, (tuple, list)) and len(tokenizer) == 2
    functions = (
        tokenizer
        if is_pair
        else [getattr(tokenizer, name, None) for name in ("encode", "decode")]
    )
    if not all(map(callable, functions)):
        raise ValueError(
            "`tokenizer` must be 'character', an object with `encode` and "
            "`decode`, or a pair of functions; one of your own is not saved, "
            "`Text.load(path, tokenizer=...)`. Received: "
            f"tokenizer={tokenizer!r}"
        )
    return tuple(functions)


def _integers(tokens):
    """Tokens of a user's tokenizer, as a list of integers of Python."""
    array = np.asarray(tokens)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise ValueError(
            "`encode` of the tokenizer must give a list of integers. "
            f"Received: {tokens!r}"
        )
    return array.astype("int64").tolist()


def _checked_texts(x):
    if isinstance(x, (str, bytes)) or not hasattr(x, "__iter__"):
        raise ValueError(
            "`x` must be a list of texts, of one if there is just one. "
            f"Received: a {type(x).__name__}"
        )
    texts = list(x)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            hint = " (`text.decode()`)" if isinstance(text, bytes) else ""
            raise ValueError(
                f"`x` must be texts, each a `str`{hint}. Received: {text!r} "
                f"in row {i}"
            )
    return [str(text) for text in texts]
