"""What synthetic rows of a table are worth, whoever made them."""

import itertools

import numpy as np
import pandas
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import OneHotEncoder
from sklearn.preprocessing import OrdinalEncoder
from sklearn.preprocessing import StandardScaler
from synthetic_tables_data import categories

BINS = 20
NEAREST = 2000


def scores(rows, training, test, target, positive, seed):
    """All of them, as a dict of floats.

    `rows` are compared with `training`. Where a figure depends on how many
    rows there are, as many are taken as in `test`. With the training rows
    themselves as `rows` the classifiers learn from them, and elsewhere the
    test rows stand for them: theirs is what a perfect synthesiser would get.
    """
    rows = rows[training.columns]
    found = classifier_scores(rows, training, test, target, positive)
    is_real = rows.equals(training)
    if is_real:
        rows = test
    single, pairs = variations(rows[: len(test)], training)
    names = list(training.columns)
    key = training.nunique().idxmax()
    found |= {
        "marginals": float(np.mean(list(single.values()))),
        "worst_marginal": float(max(single.values())),
        "pairs": float(np.mean(list(pairs.values()))),
        "invalid": invalid(rows, training),
        "repeated": repeated(rows, training, names),
        "repeated_without_key": repeated(
            rows, training, [name for name in names if name != key]
        ),
        **closeness(rows, training, test, seed),
    }
    if is_real:
        # Test rows are nearest to themselves.
        del found["nearer_training"]
    return found


def classifier_scores(rows, training, test, target, positive):
    """F1 and AUROC, on test rows, of two classifiers that learn from rows."""
    names = [name for name in training.columns if name != target]
    text = [name for name in categories(training) if name != target]
    numbers = [name for name in names if name not in text]
    ordinal = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1
    )
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    # Encoders see real rows: what the classifiers get depends on nothing else.
    for_trees = make_column_transformer(
        (ordinal, text), ("passthrough", numbers)
    )
    for_lines = make_column_transformer(
        (one_hot, text), (StandardScaler(), numbers)
    )
    found = {}
    for name, encoder, classifier in (
        ("boosting", for_trees, HistGradientBoostingClassifier(random_state=0)),
        ("logistic", for_lines, LogisticRegression(max_iter=500)),
    ):
        encoder.fit(training[names])
        learned = (rows[target] == positive).to_numpy()
        truth = (test[target] == positive).to_numpy()
        # Of one class nothing can be learned: it is always predicted.
        chance = np.full(len(test), learned.mean())
        if 0 < learned.mean() < 1:
            classifier.fit(encoder.transform(rows[names]), learned)
            x = encoder.transform(test[names])
            chance = classifier.predict_proba(x)[:, 1]
        found[f"f1_{name}"] = float(f1_score(truth, chance > 0.5))
        found[f"auroc_{name}"] = float(roc_auc_score(truth, chance))
    return found


def variations(rows, training):
    """Total variations from the training rows, of columns and of pairs.

    `sum |p - q| / 2`, between 0 and 1. Numbers are sorted into 20 quantiles of
    the training rows, fewer where many rows share a value, and the smallest
    value, which often is 0 in many rows, has a bin of its own.
    """
    bins = {}
    for name in training.columns:
        pair = training[name], rows[name]
        if name in categories(training):
            values = pandas.concat(pair).astype(str)
            codes, known = pandas.factorize(values)
            codes = np.split(codes, [len(training)])
            count = len(known)
        else:
            edges = np.quantile(pair[0], np.linspace(0, 1, BINS + 1))
            edges = np.unique(edges)[:-1]
            # A number belongs to the first edge that is not below it.
            codes = [np.searchsorted(edges, values) for values in pair]
            count = len(edges) + 1
        bins[name] = (*codes, count)
    single = {
        name: _variation(p, q, count) for name, (p, q, count) in bins.items()
    }
    pairs = {}
    for a, b in itertools.combinations(bins, 2):
        count = bins[b][2]
        p, q = (bins[a][i] * count + bins[b][i] for i in range(2))
        pairs[a, b] = _variation(p, q, bins[a][2] * count)
    return single, pairs


def _variation(p, q, count):
    p, q = (
        np.bincount(codes, minlength=count) / len(codes) for codes in (p, q)
    )
    return float(np.abs(p - q).sum() / 2)


def invalid(rows, training):
    """The share of rows with a value that the column cannot have.

    A category that no training row has, a number outside their range or
    missing, a fraction where all are whole numbers.
    """
    wrong = np.zeros(len(rows), bool)
    for name in training.columns:
        known, values = training[name], rows[name]
        if name in categories(training):
            wrong |= ~values.isin(known.unique()).to_numpy()
            continue
        values = values.to_numpy("float64")
        wrong |= ~((values >= known.min()) & (values <= known.max()))
        if (known == known.round()).all():
            wrong |= values != np.round(values)
    return float(wrong.mean())


def closeness(rows, training, test, seed):
    """Distances from training rows: are synthetic ones nearer than others?

    Of 2000 rows, Euclidean, numbers standardised and categories one-hot.
    `nearest`: the mean distance from the nearest training row over that of
    test rows. It is also small where odd rows are missing. `nearer_training`:
    the share of rows that are nearer to one of some training rows than to one
    of as many test rows. Half are, unless training rows were learned by heart.
    """
    text = categories(training)
    numbers = [name for name in training.columns if name not in text]
    encoder = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), text),
        (StandardScaler(), numbers),
    )
    encoder.fit(training)
    draw = np.random.default_rng(seed)
    rows, some_test = (
        part.iloc[draw.permutation(len(part))[:NEAREST]]
        for part in (rows, test)
    )

    def distances(part, known):
        search = NearestNeighbors(n_neighbors=1, algorithm="brute")
        search.fit(encoder.transform(known))
        return search.kneighbors(encoder.transform(part))[0].reshape(-1)

    near, usual = (distances(part, training) for part in (rows, some_test))
    sides = distances(rows, test) - distances(rows, training[: len(test)])
    return {
        "nearest": float(near.mean() / usual.mean()),
        "nearer_training": float((1 + np.sign(sides).mean()) / 2),
    }


def repeated(rows, training, names):
    """The share of rows that are a training row again, in these columns."""
    known = set(training[names].itertuples(index=False, name=None))
    again = rows[names].itertuples(index=False, name=None)
    return float(np.mean([row in known for row in again]))
