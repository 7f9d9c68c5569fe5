"""A model in files: the methods of `AdversarialModel` that Keras calls."""

import os
import warnings

import keras

from keras_aegan import backend
from keras_aegan import files
from keras_aegan.engine.labels import condition_of
from keras_aegan.layers.conditional import functional
from keras_aegan.random import same_numbers

# Where Keras' own error leads nowhere.
_INSTEAD = {
    ("jax", "openvino"): (
        "OpenVINO does not convert JAX's programs; it reads what "
        '`format="onnx"` writes.'
    ),
    ("torch", "tf_saved_model"): (
        "PyTorch needs TensorFlow and torch_xla for SavedModels; "
        '`format="onnx"` and `format="torch"` need neither.'
    ),
}


def get_config(self):
    """The parts, serialized, and the options by name.

    Raises:
        ValueError: if two parts have a layer in common.
    """
    _check_nothing_is_shared(self)
    parts = {
        name: keras.saving.serialize_keras_object(getattr(self, name))
        for name in self.part_names
    }
    options = {name: getattr(self, name) for name in self.option_names}
    config = {"name": self.name, **parts, **options}
    if self.code_prior is not None:
        prior = keras.saving.serialize_keras_object(self.code_prior)
        config["code_prior"] = prior
    return config


def from_config(cls, config, custom_objects=None):
    """The model of a configuration, with new weights."""
    with same_numbers():
        arguments = {
            name: keras.saving.deserialize_keras_object(value, custom_objects)
            if isinstance(value, dict)
            else value
            for name, value in config.items()
        }
    code_prior = arguments.pop("code_prior", None)
    model = cls(**arguments)
    if code_prior is not None:
        model.code_priors.clear()
        model.code_priors.append(code_prior)
    return model


def save(self, filepath, *args, **kwargs):
    """Save the model, exactly as `keras.Model.save` does.

    Args:
        filepath: Path that ends in `.keras`.
        *args: As in `keras.Model.save`.
        **kwargs: As in `keras.Model.save`.

    Raises:
        ValueError: if the path is that of an HDF5 file, Keras' old format,
            or two parts have a layer in common.
    """
    if str(filepath).endswith((".h5", ".hdf5")):
        raise ValueError(
            "A model of several networks does not fit into Keras' old HDF5 "
            "format. The path must end in `.keras`. "
            f"Received: filepath={str(filepath)!r}"
        )
    # Now, since Keras empties the file before it asks for the configuration.
    _check_nothing_is_shared(self)
    is_plain = not args and kwargs in ({}, {"overwrite": True})
    is_local = "://" not in str(filepath)
    with warnings.catch_warnings():
        # Keras 3.15 converts variables in a way that NumPy 2.4 dislikes.
        warnings.filterwarnings("ignore", "__array__ implementation")
        if not (is_plain and is_local and str(filepath).endswith(".keras")):
            return keras.Model.save(self, filepath, *args, **kwargs)
        # A disk that fills up leaves the file that was there.
        with files.replacing(filepath, ".keras") as unfinished:
            keras.Model.save(self, unfinished)


def export(
    self,
    filepath,
    format: str = "tf_saved_model",
    verbose=None,
    input_signature=None,
    **kwargs,
):
    """Export reconstruction, from samples to samples, for inference.

    A model with a condition takes a list of samples and their labels. With
    `compile(average=...)` the artifact has the averaged weights, as
    `predict` has. A part is exported alone by its own method, such as
    `model.generator.export(...)`, with the weights of the last step, or
    `model.averaged().generator.export(...)`.

    Args:
        filepath: Path of the artifact. Keras asks for the ending `.xml` of
            OpenVINO, `.tflite` of LiteRT and `.pt2` of PyTorch.
        format: A format of `keras.Model.export`, as far as the backend
            has it: `"tf_saved_model"`, `"onnx"`, `"openvino"`,
            `"litert"`, `"torch"`; `guides/serving.py` has a table.
        verbose: As in `keras.Model.export`.
        input_signature: As in `keras.Model.export`. By default batches of
            any size, but of one sample on PyTorch with the formats
            `"torch"` and `"litert"`.
        **kwargs: As in `keras.Model.export`.

    Raises:
        ValueError: if the model has no encoder, or the backend does not
            have the format.
        ImportError: if the format needs a package that is not installed.
    """
    if not hasattr(self, "encoder"):
        raise ValueError(
            f"{type(self).__name__} has no encoder, so there is no "
            "reconstruction to export. Export a part, as by "
            "`model.generator.export(...)`. Received: a call of `export`"
        )
    if input_signature is None:
        input_signature = [_signature(self)]
    backend.attach_state(self)
    model = self if self.averages is None else self.averaged()
    if format == "openvino":
        model = functional(model, input_signature)
    try:
        keras.Model.export(
            model,
            *(os.fspath(filepath), format, verbose, input_signature),
            **kwargs,
        )
    except Exception as error:
        instead = _INSTEAD.get((keras.backend.backend(), format))
        if isinstance(error, ImportError):
            if instead is None:
                raise
            raise ImportError(f"{error}. {instead}") from error
        # Those of Keras are sentences; each converter has errors of its
        # own, pages long.
        if type(error) is ValueError:
            raise
        reason = " ".join(str(error).split())[:300]
        instead = instead or (
            "Try an `input_signature` with a fixed batch size, another "
            "format, or the saved model loaded with another backend."
        )
        raise ValueError(
            f"The {keras.backend.backend()} backend cannot convert this "
            f"model to {format!r}: {type(error).__name__}, {reason!r}. "
            f"{instead} Received: format={format!r}"
        ) from error


def averaged(self):
    """A copy for inference, whose weights are the averages of `compile`.

    The parts of a model, such as `model.generator`, have the weights of the
    last step, which training goes on from; the averages, from which
    `generate` and `predict` compute, are beside them. Those of the copy hold
    the averages themselves, to be saved or exported alone. Without averages
    the copy has the weights of the last step.

    Returns:
        A model of the same class, not compiled, with networks of its own.

    Raises:
        ValueError: if two parts have a layer in common.

    Example:

    >>> from keras_aegan.models import GAN
    >>> model = GAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile(average=0.99)
    >>> model.averaged().generator.output_shape
    (None, 6)
    """
    copy = type(self).from_config(self.get_config())
    pairs = [] if self.averages is None else self.averages.pairs()
    averages = {id(v): average for v, average in pairs}
    mine, own = ([*model.code_priors] for model in (copy, self))
    mine += [getattr(copy, name) for name in self.part_names]
    own += [getattr(self, name) for name in self.part_names]
    for to, source in zip(mine, own):
        for variable, v in zip(to.variables, source.variables):
            variable.assign(averages.get(id(v), v))
    return copy


def _check_nothing_is_shared(model):
    """Raise if Keras would save a layer once and look for it twice."""
    owners = {}
    for name in model.part_names:
        layers = backend.sublayers(getattr(model, name))
        # A layer that is used twice inside one part is found once there.
        for layer in {id(x): x for x in layers if x.variables}.values():
            owner = owners.setdefault(id(layer), name)
            if owner != name:
                raise ValueError(
                    f"`{owner}` and `{name}` have a layer in common, which "
                    "Keras cannot load again. Save and load the weights "
                    "alone, `save_weights(...)`, or give each part a layer of "
                    f"its own. Received: {layer!r}"
                )


def _signature(self):
    """Symbolic inputs of `call`."""
    dtype = "int32" if self.is_discrete else keras.config.floatx()
    samples = keras.KerasTensor((None, *self.sample_shape), dtype, name="x")
    conditional = condition_of(self)
    if conditional is None:
        return samples
    return [samples, conditional.inputs[-1]]
