"""A made-up table with a column of every kind."""

import numpy as np


def mixed_columns(rows=300, seed=0):
    """Dict of columns; numbers go with the city, so there is what to learn."""
    rng = np.random.default_rng(seed)
    city = rng.choice(["Bern", "Genf", "Zug"], rows, p=[0.6, 0.3, 0.1])
    base = np.array([{"Bern": 0.0, "Genf": 3.0, "Zug": 6.0}[c] for c in city])
    height = base + rng.normal(size=rows)
    height[rng.random(rows) < 0.1] = np.nan
    job = rng.choice(["cook", "smith"], rows).astype(object)
    job[rng.random(rows) < 0.2] = None
    return {
        "income": np.exp(8 + base / 3 + 0.3 * rng.normal(size=rows)),
        "age": rng.integers(18, 91, rows),
        "gain": rng.integers(1, 5000, rows) * (rng.random(rows) < 0.3),
        "height": height,
        "city": city.astype(object),
        "job": job,
        "married": rng.random(rows) < 0.4,
        "zone": rng.choice([3, 7, 40], rows),
        "country": np.full(rows, "CH", object),
        "year": np.full(rows, 2026),
    }


def mixed_frame(rows=300, seed=0):
    """The same as a frame of pandas, with types of its own."""
    import pandas

    frame = pandas.DataFrame(mixed_columns(rows, seed))
    frame["job"] = frame["job"].astype("category")
    frame["income"] = frame["income"].astype("float32")
    frame["age"] = frame["age"].astype("uint8")
    size = pandas.Categorical.from_codes(
        np.arange(rows) % 2, ["small", "tall", "huge"], ordered=True
    )
    children = pandas.array(np.arange(rows) % 5, "Int64")
    children[::7] = pandas.NA
    return frame.assign(size=size, children=children)
