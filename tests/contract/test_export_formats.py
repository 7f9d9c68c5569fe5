"""What other programs compute from exported encoders, generators, models.

Converters are no part of `[test]`: `nox -s exports` installs them, and without
them their formats are skipped here.
"""

import importlib.util

import keras
import numpy as np
import pytest

from keras_aegan import models

BACKEND = keras.backend.backend()
# What each format needs beside the backend, as far as the backend has it.
NEEDED = {
    "tensorflow": {
        "tf_saved_model": [],
        "litert": [],
        "onnx": ["tf2onnx", "onnxruntime"],
        "openvino": ["openvino"],
    },
    "jax": {
        "tf_saved_model": ["tensorflow"],
        "onnx": ["jax2onnx", "onnxruntime"],
    },
    "torch": {
        "torch": [],
        "onnx": ["onnxscript", "onnxruntime"],
        "openvino": ["openvino"],
        "litert": ["litert_torch"],
    },
}[BACKEND]
ENDINGS = {"openvino": ".xml", "litert": ".tflite", "torch": ".pt2"}
# These take batches of the size they were exported for, 1 unless it is said.
FIXED = {("torch", "torch"), ("torch", "litert")}
PARTS = ("encoder", "generator", "model")
pytestmark = [
    # PyTorch's converter names an optimization that it leaves out.
    pytest.mark.filterwarnings("ignore:Constant folding"),
    # TensorFlow wants its interpreter to be taken from a package of its own.
    pytest.mark.filterwarnings(r"ignore:\s+Warning. tf.lite.Interpreter"),
]
IMAGES = (8, 8, 1)


def skip_without(*names):
    for name in names:
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed.")


# === Each format's own program, `(path, arrays) -> array` ===


def run_tf_saved_model(path, arrays):
    import tensorflow

    loaded = tensorflow.saved_model.load(path)
    return loaded.serve(arrays if len(arrays) > 1 else arrays[0]).numpy()


def run_litert(path, arrays):
    if BACKEND == "tensorflow":
        import tensorflow

        Interpreter = tensorflow.lite.Interpreter
    else:
        from ai_edge_litert.interpreter import Interpreter
    program = Interpreter(model_path=path)
    # Inputs come in any order: labels are the integers among them.
    places = program.get_input_details()
    places.sort(key=lambda place: place["dtype"] is np.int32)
    for place, array in zip(places, arrays):
        program.resize_tensor_input(place["index"], array.shape)
    program.allocate_tensors()
    for place, array in zip(places, arrays):
        program.set_tensor(place["index"], array)
    program.invoke()
    return program.get_tensor(program.get_output_details()[0]["index"])


def run_onnx(path, arrays):
    import onnxruntime

    session = onnxruntime.InferenceSession(path)
    names = [place.name for place in session.get_inputs()]
    return session.run(None, dict(zip(names, arrays)))[0]


def run_openvino(path, arrays):
    import openvino

    # By default it computes in bfloat16 where the processor can.
    exactly = {"INFERENCE_PRECISION_HINT": "f32"}
    return openvino.Core().compile_model(path, "CPU", exactly)(arrays)[0]


def run_torch(path, arrays):
    import torch

    tensors = [torch.tensor(array) for array in arrays]
    tensors = tensors if len(tensors) > 1 else tensors[0]
    return torch.export.load(path).module()(tensors).numpy(force=True)


def exported(network, form, arrays, folder, **options):
    """What the program of a format computes from an exported network."""
    skip_without(*NEEDED[form])
    path = str(folder / f"exported{ENDINGS.get(form, '')}")
    network.export(path, format=form, verbose=False, **options)
    return globals()[f"run_{form}"](path, arrays)


def inputs_and_outputs(model, part, labels):
    """Arrays that a part takes, and what the model itself makes of them."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (3, *model.sample_shape)).astype("float32")
    z = rng.normal(size=(3, 4)).astype("float32")
    first, method = {
        "encoder": (x, model.encode),
        "generator": (z, model.decode),
        "model": (x, model.reconstruct),
    }[part]
    if labels is None:
        return [first], method(first)
    return [first, labels], method(first, labels=labels)


@pytest.mark.parametrize("form", NEEDED)
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("shape", [(6,), (16, 2), IMAGES], ids=str)
def test_others_compute_the_same(shape, part, form, tmp_path):
    model = models.AEGAN.for_shape(shape, latent_dim=4, width=4)
    check(model, part, form, tmp_path)


@pytest.mark.parametrize("form", NEEDED)
@pytest.mark.parametrize("part", PARTS)
def test_others_compute_the_same_with_labels(part, form, tmp_path):
    model = models.AEGAN.for_shape(IMAGES, latent_dim=4, width=4, num_classes=3)
    check(model, part, form, tmp_path, np.array([0, 2, 1], "int32"))


@pytest.mark.parametrize("form", NEEDED)
def test_noise_of_training_stays_at_home(form, tmp_path):
    model = models.AEGAN.for_shape(
        (6,), latent_dim=4, width=4, noise=0.5, dropout=0.5
    )
    check(model, "model", form, tmp_path)


def check(model, part, form, folder, labels=None):
    arrays, expected = inputs_and_outputs(model, part, labels)
    network = model if part == "model" else getattr(model, part)
    if (BACKEND, form) in FIXED:
        arrays, expected = [array[:1] for array in arrays], expected[:1]
    got = exported(network, form, arrays, folder)
    np.testing.assert_allclose(got, expected, atol=1e-4)


@pytest.mark.skipif(BACKEND != "torch", reason="about PyTorch's own format")
def test_batches_of_any_size_in_the_format_of_pytorch(tmp_path):
    import torch

    model = models.AEGAN.for_shape(IMAGES, latent_dim=4, width=4)
    any_size = [({0: torch.export.Dim("batch")},)]
    for part in PARTS:
        arrays, expected = inputs_and_outputs(model, part, None)
        network = model if part == "model" else getattr(model, part)
        options = {"dynamic_shapes": any_size}
        got = exported(network, "torch", arrays, tmp_path, **options)
        np.testing.assert_allclose(got, expected, atol=1e-4)


@pytest.mark.skipif(BACKEND != "torch", reason="about PyTorch's converter")
def test_normalisation_by_layers_asks_for_a_size(tmp_path):
    """Keras hands PyTorch's old converter a shape that it cannot express."""
    skip_without(*NEEDED["onnx"])
    model = models.AGE.for_shape((6,), latent_dim=4, width=4)
    with pytest.raises(ValueError, match="`input_signature` with a fixed"):
        model.export(tmp_path / "any.onnx", format="onnx", verbose=False)
    arrays, expected = inputs_and_outputs(model, "model", None)
    signature = [keras.KerasTensor((3, 6), "float32", name="x")]
    options = {"input_signature": signature}
    got = exported(model, "onnx", arrays, tmp_path, **options)
    np.testing.assert_allclose(got, expected, atol=1e-4)


@pytest.mark.skipif(BACKEND != "jax", reason="about JAX")
def test_openvino_does_not_convert_jax(tmp_path):
    skip_without("tensorflow", "openvino")
    model = models.AEGAN.for_shape((6,), latent_dim=4, width=4)
    with pytest.raises(ValueError, match='reads what `format="onnx"` writes'):
        model.export(tmp_path / "model.xml", format="openvino", verbose=False)


@pytest.mark.skipif(BACKEND != "torch", reason="about PyTorch")
def test_what_savedmodels_of_pytorch_need_is_said(tmp_path):
    if importlib.util.find_spec("tensorflow"):
        pytest.skip("TensorFlow is installed.")
    model = models.AEGAN.for_shape((6,), latent_dim=4, width=4)
    with pytest.raises(ImportError, match='`format="torch"` need neither'):
        model.export(tmp_path / "model")
