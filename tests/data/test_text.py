"""Texts as integers and back."""

import keras
import numpy as np
import pandas as pd
import pytest

from keras_aegan.data import Text
from keras_aegan.models import ARAE
from keras_aegan.models import VAE

NAMES = ["ann", "otto", "éva", "", "x y"]


def test_rows_by_hand():
    text = Text(length=4).fit(["ba", "abc"])
    # 3, 4, 5 are a, b, c; 1 is the end, 0 padding, 2 unknown.
    found = text.transform(["ba", "abc", "", "abca", "zb"])
    assert found.dtype == "int32"
    assert found.tolist() == [
        [4, 3, 1, 0],
        [3, 4, 5, 1],
        [1, 0, 0, 0],
        [3, 4, 5, 3],
        [2, 4, 1, 0],
    ]
    assert text.inverse_transform(found) == ["ba", "abc", "", "abca", "\ufffdb"]
    assert text.network_options == {"shape": (4,), "vocabulary_size": 6}


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series])
def test_texts_come_back(kind):
    text = Text()
    found = text.fit_transform(kind(NAMES))
    assert found.shape == (5, 5)
    assert text.inverse_transform(found) == NAMES


def test_a_text_ends_at_the_first_end():
    text = Text().fit(["abcd"])
    rows = [[3, 4, 1, 5, 6], [3, 0, 4, 4, 4], [0] * 5, [3, 4, 5, 6, 3]]
    assert text.inverse_transform(np.array(rows)) == ["ab", "a", "", "abcda"]


def test_too_long_texts_are_cut_with_a_warning():
    text = Text(length=3).fit(["ab"])
    with pytest.warns(UserWarning, match="2 of 3 .* in row 1 with 4"):
        found = text.transform(["ab", "abab", "aaaa"])
    assert text.inverse_transform(found) == ["ab", "aba", "aaa"]


class Words:
    """A tokenizer whose numbers have gaps."""

    words = ["the", "cat", "sat"]

    def encode(self, text):
        return [1000 + 10 * self.words.index(word) for word in text.split()]

    def decode(self, tokens):
        return " ".join(self.words[(token - 1000) // 10] for token in tokens)


@pytest.mark.parametrize(
    "tokenizer", [Words(), (Words().encode, Words().decode)]
)
def test_a_tokenizer_of_the_users(tokenizer, tmp_path):
    text = Text(tokenizer=tokenizer)
    texts = ["the cat", "cat the cat"]
    found = text.fit_transform(texts)
    assert found.tolist() == [[3, 4, 1, 0], [4, 3, 4, 1]]
    assert text.inverse_transform(found) == texts
    assert text.transform(["sat cat"]).tolist() == [[2, 4, 1, 0]]
    assert text.inverse_transform([[2, 4, 1, 0]]) == ["cat"]
    text.save(tmp_path / "text.json")
    with pytest.raises(ValueError, match=r"Text.load\(path, tokenizer="):
        Text.load(tmp_path / "text.json")
    loaded = Text.load(tmp_path / "text.json", tokenizer=Words())
    assert loaded.inverse_transform(found) == texts


@pytest.mark.parametrize(
    "x, message",
    [
        ("anna", "list of texts.*Received: a str"),
        (None, "Received: a NoneType"),
        ([], "Received: none"),
        (["a", None], "Received: None in row 1"),
        ([1, 2], "Received: 1 in row 0"),
        (["a", np.nan], "Received: nan in row 1"),
        ([b"a"], "decode"),
    ],
)
def test_what_is_no_text(x, message):
    with pytest.raises(ValueError, match=message):
        Text().fit(x)


def test_clear_errors():
    with pytest.raises(ValueError, match="length=0"):
        Text(length=0)
    for tokenizer in ("word", 3, (len,), None):
        with pytest.raises(ValueError, match="`encode` and `decode`"):
            Text(tokenizer=tokenizer)
    with pytest.raises(ValueError, match="list of integers"):
        Text(tokenizer=(str.split, " ".join)).fit(["a b"])
    with pytest.raises(ValueError, match="fit"):
        Text().transform(["a"])
    text = Text().fit(["ab"])
    for x in ([[0.0, 1, 2]], [[0, 1, 5]], [[-1, 0, 0]]):
        with pytest.raises(ValueError, match=r"integers in \[0, 5\)"):
            text.inverse_transform(np.array(x))
    with pytest.raises(ValueError, match="shape"):
        text.inverse_transform(np.zeros((2, 4), "int32"))


@pytest.mark.parametrize("kind", [list, np.array, pd.Series])
@pytest.mark.parametrize("model_class", [ARAE, VAE])
def test_a_model_says_what_makes_arrays_of_texts(kind, model_class):
    model = model_class.for_shape((8,), latent_dim=2, width=2)
    model.compile()
    for method in (model.fit, model.encode):
        with pytest.raises(ValueError, match="keras_aegan.data.Text"):
            method(kind(NAMES))


@pytest.mark.every_backend
def test_texts_through_arae():
    """After this few steps it has learnt at least how long the texts are."""
    names = ["ab", "ba"] * 32
    text = Text()
    x = text.fit_transform(names)
    model = ARAE.for_shape(**text.network_options, latent_dim=4, width=8)
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    model.fit(x, epochs=16, batch_size=16, verbose=0)
    found = text.inverse_transform(model.reconstruct(x[:8]))
    assert {len(name) for name in found} == {2}
    assert set().union(*text.inverse_transform(model.generate(8))) <= {*"ab"}
