"""Find the odd rows of a table, or the odd stretches of a series.

    python examples/find_anomalies.py
    python examples/find_anomalies.py --data people.csv --ignore id name
    python examples/find_anomalies.py --data nab.csv --time timestamp

Install `keras_aegan[anomaly,data]` and a backend. The program writes the file
with two more columns, `score` and `is_anomaly`, as `anomalies.csv` to the
folder `find_anomalies`, beside the detector and the transformation of the data.
"""

import argparse

import command_line
import numpy as np
from command_line import positive

STEPS = 150
SHOWN = 10


def main(argv=None):
    """Run with a list of arguments; by default, those of the command line."""
    parser = command_line.new_parser(__doc__, "find_anomalies")
    add = parser.add_argument
    add(
        "--data",
        type=command_line.existing,
        metavar="FILE",
        help="CSV or parquet; by default measurements of 357 benign samples "
        "of tissue and 40 malignant ones, from scikit-learn",
    )
    add("--contamination", type=share, default=0.1, help="share of odd rows")
    add("--ignore", nargs="+", default=[], metavar="COLUMN")
    add("--time", metavar="COLUMN", help="the file is a series, in its order")
    add("--window", type=positive, default=24, help="rows seen at once")
    add("--steps", type=positive, default=STEPS)
    args = command_line.parse(parser, argv)
    with command_line.one_sentence(parser):
        frame = command_line.read_frame(args.data) if args.data else tissue()
        used = columns_to_use(frame, args)
        score_all = series_scores if args.time else row_scores
        scores, reasons = score_all(frame, used, args)
    threshold = np.quantile(scores, 1 - args.contamination)
    frame = frame.assign(score=scores, is_anomaly=scores > threshold)
    frame.to_csv(args.output / "anomalies.csv", index=False)
    order = np.argsort(-scores, kind="stable")[:SHOWN]
    top = frame.iloc[order]
    top = top[[args.time, *used, "score"] if args.time else ["score"]]
    if reasons:
        top = top.assign(because=[reasons(i) for i in order])
    print(top.to_string())
    print(f"{frame['is_anomaly'].sum()} of {len(frame)} rows are anomalies.")
    print(f"All rows: {args.output / 'anomalies.csv'}")


def share(text):
    if not 0 < float(text) <= 0.5:
        raise argparse.ArgumentTypeError(f"{text} is not in (0, 0.5]")
    return float(text)


def tissue():
    from sklearn.datasets import load_breast_cancer

    found = load_breast_cancer(as_frame=True)
    benign, malignant = (np.flatnonzero(found.target == i) for i in (1, 0))
    rows = np.concatenate([benign, malignant[:40]])
    return found.data.iloc[rows].reset_index(drop=True)


def columns_to_use(frame, args):
    """Names of the columns that are looked at."""
    named = [*args.ignore, *([args.time] if args.time else [])]
    unknown = [name for name in named if name not in frame]
    taken = [name for name in ("score", "is_anomaly") if name in frame]
    if unknown:
        raise ValueError(f"There are no columns {unknown} in {list(frame)}")
    if taken:
        raise ValueError(f"Columns {taken} are there already: rename them")
    used = [name for name in frame if name not in named]
    if args.time:
        used = [*frame[used].select_dtypes("number")]
    if not used:
        raise ValueError(f"No column is left to look at. Received: {named}")
    return used


def row_scores(frame, used, args):
    """Scores of the rows of a table, and what tells why a row is odd."""
    from keras_aegan.data import Table

    # Not by quantiles, which would draw what lies outside to the others.
    table = Table(numbers="standard")
    x = table.fit_transform(frame[used])
    detector = fitted_detector(x, table, args)

    def reasons(row):
        errors = detector.decision_map(x[row : row + 1])[0]
        odd = np.argsort(-errors)[:3]
        return ", ".join(table.feature_names[i] for i in odd)

    return detector.decision_scores_, reasons


def series_scores(frame, used, args):
    """Scores of the rows of a series; each is in several windows."""
    import pandas

    from keras_aegan.data import Windows

    times = frame[args.time]
    if not pandas.api.types.is_numeric_dtype(times):
        times = pandas.to_datetime(times)
    order = times.argsort(kind="stable").to_numpy()
    values = frame[used].to_numpy("float64")[order]
    step = max(1, args.window // 6)
    windows = Windows(args.window, step=step, scale="robust")
    x = windows.fit_transform(values, timestamps=times.to_numpy()[order])
    detector = fitted_detector(x, windows, args)
    scores = np.empty(len(frame))
    scores[order] = windows.spread(detector.decision_scores_, values)
    return scores, None


def fitted_detector(x, transformation, args):
    """A detector trained on all samples, written to the folder."""
    from keras_aegan.anomaly import AnomalyDetector

    detector = AnomalyDetector(
        contamination=args.contamination,
        steps=args.steps,
        random_state=args.seed,
    )
    print(f"{len(x)} samples of shape {x.shape[1:]}")
    detector.fit(x)
    args.output.mkdir(parents=True, exist_ok=True)
    detector.save(args.output / "detector.zip")
    transformation.save(args.output / "data.json")
    print(f"Detector: {args.output / 'detector.zip'}, with data.json beside it")
    return detector


if __name__ == "__main__":
    main()
