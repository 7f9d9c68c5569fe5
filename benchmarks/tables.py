"""Tables and charts of what `benchmark.py` measured."""

import io
import json
import pathlib

import numpy as np

COLUMNS = {
    "frechet_distance": ("Fréchet distance", "{:.2f}"),
    "kernel_distance": ("kernel distance", "{:.3f}"),
    "precision": ("precision", "{:.2f}"),
    "recall": ("recall", "{:.2f}"),
    "density": ("density", "{:.2f}"),
    "coverage": ("coverage", "{:.2f}"),
    "psnr": ("PSNR, dB", "{:.1f}"),
    "nearness_features": ("nearness, features", "{:.2f}"),
    "nearness_pixels": ("nearness, pixels", "{:.2f}"),
    "step_milliseconds": ("ms a step", "{:.1f}"),
    "training_seconds": ("training, s", "{:.0f}"),
    "peak_megabytes": ("peak memory, MB", "{:.0f}"),
}


def write_tables(output, options):
    """Write `table.json`, `table.md` and `table.png` from the runs in a folder.

    Args:
        output: Path of a folder with a folder `runs`.
        options: Dict of options. Only runs with these options are shown.
    """
    found = [json.loads(p.read_text()) for p in output.glob("runs/*.json")]
    runs = [run for run in found if run["options"] == options]
    rows = summary(runs)
    _write(output / "table.json", json.dumps(rows, indent=2).encode())
    _write(output / "table.md", markdown(rows, runs).encode())
    try:
        _write(output / "table.png", chart(rows))
    except ImportError:
        print("No chart without Matplotlib.")


def summary(runs):
    """Rows of mean and standard deviation over seeds, by model and backend."""
    keys = sorted({(run["model"], run["backend"]) for run in runs})
    rows = []
    for model, backend in keys:
        own = [
            r for r in runs if (r["model"], r["backend"]) == (model, backend)
        ]
        row = {"model": model, "backend": backend, "seeds": len(own)}
        row["parameters"] = own[0]["parameters"]
        row["finite"] = all(run["finite"] for run in own)
        for name in COLUMNS:
            values = [run[name] for run in own if name in run]
            if values:
                row[name] = {
                    "mean": float(np.mean(values)),
                    "spread": float(np.std(values)),
                }
        rows.append(row)
    return rows


def markdown(rows, runs):
    """The rows as a table, under a line with data, options and versions."""
    options = runs[0]["options"]
    data = pathlib.Path(options["data"]).name
    versions = {}
    for run in runs:
        versions |= run["versions"]
    lines = [
        f"{data}, {options['steps']} steps of batch {options['batch_size']}, "
        f"width {options['width']}; {max(r['date'] for r in runs)}; "
        + ", ".join(f"{name} {v}" for name, v in sorted(versions.items()))
        + ". Mean ± standard deviation over seeds.",
        "",
    ]
    heads = ["model", "backend", "seeds", *(h for h, _ in COLUMNS.values())]
    lines += [_line(heads), _line(["---"] * len(heads))]
    for row in rows:
        cells = [row["model"], row["backend"], str(row["seeds"])]
        for name, (_, form) in COLUMNS.items():
            value = row.get(name)
            cells.append(_cell(form, value, row["seeds"]) if value else "–")
        lines.append(_line(cells))
    return "\n".join([*lines, ""])


def _cell(form, value, seeds):
    mean = form.format(value["mean"])
    return mean if seeds < 2 else f"{mean} ± {form.format(value['spread'])}"


def _line(cells):
    return f"| {' | '.join(cells)} |"


def chart(rows):
    """A PNG: samples against reconstructions, and the time of a step."""
    from matplotlib.figure import Figure

    figure = Figure((11, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    names = list(dict.fromkeys(row["model"] for row in rows))
    backends = list(dict.fromkeys(row["backend"] for row in rows))
    thickness = 0.8 / len(backends)
    for i, backend in enumerate(backends):
        own = [row for row in rows if row["backend"] == backend]
        both = [row for row in own if "psnr" in row]
        x, y = (
            {
                key: [row[name][key] for row in both]
                for key in ("mean", "spread")
            }
            for name in ("psnr", "frechet_distance")
        )
        left.errorbar(
            x["mean"],
            y["mean"],
            y["spread"],
            x["spread"],
            fmt="o",
            label=backend,
        )
        shift = (i - (len(backends) - 1) / 2) * thickness
        right.barh(
            [names.index(row["model"]) + shift for row in own],
            [row["step_milliseconds"]["mean"] for row in own],
            thickness,
        )
    for name in names:
        # One label for all backends, whose points lie close together.
        both = [r for r in rows if r["model"] == name and "psnr" in r]
        if both:
            place = [
                np.mean([row[key]["mean"] for row in both])
                for key in ("psnr", "frechet_distance")
            ]
            left.annotate(
                name, place, xytext=(6, 5), textcoords="offset points"
            )
    left.set_xlabel("PSNR of reconstructions, dB (higher is better)")
    left.set_ylabel("Fréchet distance of samples (lower is better)")
    left.margins(x=0.15)
    left.legend()
    right.set_yticks(range(len(names)), names)
    right.invert_yaxis()
    right.set_xlabel("milliseconds a step")
    figure.savefig(file := io.BytesIO(), dpi=120)
    return file.getvalue()


def _write(path, content):
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
