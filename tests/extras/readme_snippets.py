"""Run the snippets of README with little data, for some extras in turn.

    python readme_snippets.py EXTRA ...

`nox -s extras` does so in environments that hold no more than README says.
"""

import os
import pathlib
import re
import sys
import tempfile

README = pathlib.Path(__file__).parents[2] / "README.md"
SECTIONS = {
    "plot": ["Use it", "See whether it works"],
    "anomaly": ["Losses, labels, codes"],
    "data": ["From a file to a result"],
    "report": ["Report"],
    "tuner": ["Search"],
}
SMALLER = {
    "28, 28, 1": "8, 8, 1",
    "epochs=20": "epochs=1",
    "epochs=30": "epochs=1",
    "epochs=5": "epochs=1",
    "max_trials=20": "max_trials=1",
    'os.environ["KERAS_BACKEND"] = "jax"': "",
}
BEFORE = """
import numpy as np
import keras, keras_aegan
x_train = x_test = np.random.default_rng(0).uniform(
    -1, 1, (64, 8, 8, 1)).astype("float32")
y_train = y_test = np.arange(64) % 10
model = keras_aegan.models.AEGAN.for_shape((8, 8, 1), width=4)
model.compile()
images = np.random.default_rng(0).integers(0, 256, (64, 8, 8))
keras.datasets.fashion_mnist.load_data = lambda: [(images, y_train)] * 2
with open("people.csv", "w") as file:
    file.write("age,school,income\\n" + "31,primary,low\\n52,,high\\n" * 32)
"""
FIT = "model.fit(x_train, callbacks=[report], verbose=0)\n"


def snippets(section):
    """The code of a section, a list with a text for each block."""
    if section == "Report":
        # The last block of a section that is about more.
        return snippets("See whether it works")[-1:]
    text = README.read_text(encoding="utf-8")
    body = re.search(rf"^## {section}\n(.*?)^## ", text, re.M | re.S)[1]
    blocks = re.findall(r"^```python\n(.*?)^```", body, re.M | re.S)
    for full, small in SMALLER.items():
        blocks = [block.replace(full, small) for block in blocks]
    return [b + FIT * ("TrainingReport" in b) for b in blocks]


def main(*extras):
    """Run the snippets of the extras that are named."""
    os.chdir(tempfile.mkdtemp())
    for extra in extras:
        for section in SECTIONS[extra]:
            names = {}
            for code in [BEFORE, *snippets(section)]:
                exec(code, names)
        print(f"The snippets ran with [{extra}].")


if __name__ == "__main__":
    main(*sys.argv[1:])
