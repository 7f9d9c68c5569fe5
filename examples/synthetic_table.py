"""Make rows of a table that nobody has seen.

    python examples/synthetic_table.py
    python examples/synthetic_table.py --data people.csv --label income

Install `keras_aegan[data]` and a backend. Numbers, categories and gaps are
learnt as they are found. The program writes `synthetic.csv`, the model and the
table's transformation to the folder `synthetic_table`.
"""

import command_line
import numpy as np
from command_line import positive

STEPS = 2000


def main(argv=None):
    """Run with a list of arguments; by default, those of the command line."""
    parser = command_line.new_parser(__doc__, "synthetic_table")
    add = parser.add_argument
    add(
        "--data",
        type=command_line.existing,
        metavar="FILE",
        help="CSV or parquet; by default scikit-learn's table of wines",
    )
    add("--rows", type=positive, help="by default as many as in the file")
    add("--label", metavar="COLUMN", help="generate rows for each value of it")
    add(
        "--categories",
        nargs="+",
        default=[],
        metavar="COLUMN",
        help="columns whose numbers are names, such as codes of districts",
    )
    add("--steps", type=positive, default=STEPS)
    args = command_line.parse(parser, argv)
    with command_line.one_sentence(parser):
        frame = command_line.read_frame(args.data) if args.data else wines()
        table, model = make_model(frame, args)
        args.output.mkdir(parents=True, exist_ok=True)
    labels = table.labels(frame) if args.label else None
    command_line.fit(model, table.transform(frame), args.steps, labels)
    rows = generate(table, model, labels, args.rows or len(frame), args.seed)
    names = {*args.categories, args.label}
    print(comparison(frame, rows, names).to_string())
    print(f"Invalid rows: {invalid(frame, rows, names).mean():.2%}")
    command_line.save(model, table, args.output)
    rows.to_csv(args.output / "synthetic.csv", index=False)
    print(f"{len(rows)} rows: {args.output / 'synthetic.csv'}")


def wines():
    from sklearn.datasets import load_wine

    found = load_wine(as_frame=True)
    frame = found.frame.drop(columns="target")
    return frame.assign(cultivar=found.target_names[found.target])


def make_model(frame, args):
    """The table's transformation and an AEGAN that fits it."""
    import keras

    from keras_aegan.data import Table
    from keras_aegan.models import AEGAN

    table = Table(categories=args.categories, label=args.label).fit(frame)
    keras.utils.set_random_seed(args.seed)
    model = AEGAN.for_shape(**table.network_options)
    model.compile()
    return table, model


def generate(table, model, labels, count, seed):
    """Rows, in which the label has its values as often as in the file."""
    if labels is not None:
        labels = np.random.default_rng(seed).choice(labels, count)
    x = model.generate(count, seed=seed, labels=labels)
    return table.inverse_transform(x, labels)


def comparison(real, synthetic, categories):
    """A frame with a row for each column: what is in it, and a distance.

    Of numbers the mean and the statistic of Kolmogorov and Smirnov, of
    categories the share of the most common value and the total variation; both
    distances are 0 for columns that are distributed alike, and at most 1.
    """
    import pandas

    lines = {}
    for name in real:
        pair = [real[name], synthetic[name]]
        if is_number(real, name, categories):
            shown = [f"{column.mean():.4g}" for column in pair]
            known = [np.sort(c.dropna().astype(float)) for c in pair]
            at = np.concatenate(known)
            shares = [np.searchsorted(c, at, "right") / len(c) for c in known]
            distance = np.abs(shares[0] - shares[1]).max(initial=0)
        else:
            shares = [c.astype(object).fillna("missing") for c in pair]
            shares = [c.value_counts(normalize=True) for c in shares]
            most = shares[0].index[0]
            shown = [f"{most} {share.get(most, 0):.0%}" for share in shares]
            gaps = shares[0].subtract(shares[1], fill_value=0)
            distance = gaps.abs().sum() / 2
        lines[name] = [*shown, round(distance, 3)]
    columns = ["real", "synthetic", "distance"]
    return pandas.DataFrame.from_dict(lines, "index", columns=columns)


def invalid(real, synthetic, categories):
    """Whether a row has a value that its column cannot have, an array."""
    found = np.zeros(len(synthetic), bool)
    for name in real:
        known, new = real[name].dropna(), synthetic[name]
        is_missing = new.isna().to_numpy()
        if is_number(real, name, categories):
            known = known.to_numpy(float)
            new = new.to_numpy(float, na_value=np.nan)
            fits = (new >= known.min()) & (new <= known.max())
            if np.all(known % 1 == 0):
                fits &= new % 1 == 0
        else:
            fits = new.isin(known).to_numpy()
        may_be_missing = len(known) < len(real)
        found |= np.where(is_missing, not may_be_missing, ~fits)
    return found


def is_number(frame, name, categories):
    from pandas.api import types

    column = frame[name]
    is_numeric = types.is_numeric_dtype(column) and column.notna().any()
    is_boolean = types.is_bool_dtype(column)
    return is_numeric and not is_boolean and name not in categories


if __name__ == "__main__":
    main()
