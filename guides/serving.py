"""
# Serve a trained model

A trained model is seldom used whole: a search engine wants codes, a designer
wants samples, a monitor wants reconstructions. This guide trains a small model,
saves it, and hands out each part in the form that its user needs.

    pip install "keras_aegan[jax]" scikit-learn         # or tensorflow, or torch
    python guides/serving.py                            # a minute on two cores
"""

import guide_options

options = guide_options.read()

import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

import keras_aegan

EPOCHS = 1 if options.quick else 40

digits = load_digits()
x = digits.images[..., None].astype("float32") / 8 - 1
x_train, x_test = x[:1500], x[1500:]

keras.utils.set_random_seed(0)
model = keras_aegan.models.AEGAN.for_shape((8, 8, 1), latent_dim=16)
# Averaged weights make better samples. They are what inference uses.
model.compile(average=0.99)
model.fit(x_train, batch_size=64, epochs=EPOCHS, verbose=0)

"""
## All of it, to train on or to use from Python

A `.keras` file has the weights and their averages, the optimizers, the settings,
and the position of the random numbers: training goes on as if nothing had
happened, on any of the three backends. The process that loads it must have
imported this package, since the file names its classes; without, Keras says
`Could not locate class 'AEGAN'`.
"""

path = options.output / "model.keras"
model.save(path)

import keras_aegan  # noqa: E402, F811  (in the process that loads)

loaded = keras.saving.load_model(path)
difference = np.abs(loaded.encode(x_test) - model.encode(x_test)).max()
print(f"{path.stat().st_size / 1e6:.1f} MB; codes differ by {difference:.0e}")

"""
## The encoder alone, for codes

The parts of a model are Keras models: `model.encoder`, `model.generator`. They
hold the weights of the last step, from which training goes on; `encode`,
`generate` and `predict` compute from the averages. `model.averaged()` is a copy
whose parts hold the averages themselves, to be handed out.

Codes are features. A nearest-neighbour classifier on them needs no network.
"""

codes, labels = model.encode(x_train), digits.target[:1500]
classifier = KNeighborsClassifier().fit(codes, labels)
accuracy = classifier.score(model.encode(x_test), digits.target[1500:])
print(f"{accuracy:.0%} of test digits are recognised by their codes")

encoder_path = options.output / "encoder.keras"
averaged = model.averaged()
averaged.encoder.save(encoder_path)
encoder = keras.saving.load_model(encoder_path)
print("encoder:", encoder.input_shape, "to", encoder.output_shape)

"""
## The generator alone, for samples

A generator is a function of codes. Where do these come from? `sample_codes`
draws them as `generate` does, near codes of data. Ship some thousand of them
with the generator, or the moments of a mixture, from `fit_prior(x,
components=...)`, and no Python package is needed to draw new ones.

**Neither file asks for this package.** The encoders and generators that
`for_shape` builds consist of Keras' own layers, so that `keras` is all that the
process needs that loads them. Some cannot leave like this, and need
`import keras_aegan` as the whole model does:

| what | which layers | instead |
|---|---|---|
| networks with `noise=` or `dropout=`, the generator of `ARAE` | noise with equal numbers on all backends | `export`, below |
| networks with labels (`num_classes=`) or conditions | `Conditional` | `model.generator.network`, which takes one-hot labels as its second input |
| the generator of a `data.Table` | `CategorySoftmax` | `export`; `Table.inverse_transform` is part of this package anyway |
| networks of your own with a layer of `keras_aegan.layers` | that layer | `export` |
| the codebook of a `VQGAN`, and priors | `VectorQuantizer`, priors | codes as an array, as here |
"""

generator_path = options.output / "generator.keras"
averaged.generator.save(generator_path)
np.save(options.output / "codes.npy", model.sample_codes(1000, seed=1))

generator = keras.saving.load_model(generator_path)
z = np.load(options.output / "codes.npy")[:8]
print("samples:", generator.predict(z, verbose=0).shape)

"""
## Without Keras: SavedModel, ONNX and others

`export` writes reconstruction as a function from samples to samples, with
averaged weights; parts are exported alone. Neither this package nor Keras is
needed where the artifact runs, whatever layers it has. What can leave, with the
packages that write it:

| `format=` | TensorFlow | JAX | PyTorch |
|---|---|---|---|
| `"onnx"` | `tf2onnx` | `jax2onnx` | `onnxscript` |
| `"tf_saved_model"` | nothing more | `tensorflow` | TensorFlow and torch_xla, not tried |
| `"litert"`, `.tflite` | nothing more | no | `litert-torch`; one size of batch |
| `"openvino"`, `.xml` | `openvino` | no: export ONNX, which OpenVINO reads | `openvino` |
| `"torch"`, `.pt2` | no | no | nothing more; one size of batch, or `dynamic_shapes=` |

`nox -s exports` installs these packages and compares what ONNX Runtime and the
others compute with the model's own results, to 1e-4: encoders, generators and
models, with labels and without.

* Where one size of batch is said, it is 1, or that of `input_signature=`, such as
  `[keras.KerasTensor((64, 8, 8, 1), "float32")]`; PyTorch's own format takes any with
  `dynamic_shapes=[({0: torch.export.Dim("batch")},)]`.
* From PyTorch to ONNX, networks that are normalised by layers (those of `AGE`,
  `IntroVAE`, `SoftIntroVAE`, `MDGAN`, `VEEGAN`, `ARAE`) need an `input_signature` of
  one size.
* `VQGAN` and `ARAE`, each as a whole, cannot become ONNX on TensorFlow and JAX, since
  Keras finds the largest number by an operation that ONNX Runtime lacks; their
  encoders and generators can.
* OpenVINO computes in bfloat16 on processors that can, 3 digits; compiled with
  `{"INFERENCE_PRECISION_HINT": "f32"}` it computes in float32.
* A model with labels has them as its last input, integers. In LiteRT's files
  inputs are in any order.
"""

FORMATS = {"tensorflow": "tf_saved_model", "torch": "torch"}
form = FORMATS.get(keras.backend.backend())
if form:
    ending = ".pt2" if form == "torch" else ""
    model.export(options.output / f"whole{ending}", form, verbose=False)
    path = str(options.output / f"exported_generator{ending}")
    averaged.generator.export(path, form, verbose=False)
    print("exported:", sorted(p.name for p in options.output.iterdir()))

"""
## Several threads

`encode`, `decode`, `generate` and `reconstruct` may be called from several
threads at once, while another one trains: inference reads the weights of one
moment and writes none. A web server needs no lock around them. Give `generate` a
`seed` where the same request must have the same answer.
"""

print(f"Files: {options.output}")
