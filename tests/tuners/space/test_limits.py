"""The limit on the number of parameters."""

import keras_tuner
import pytest
from sampling import sample
from sampling import samples

from keras_aegan.models import Autoencoder
from keras_aegan.tuners import HyperAdversarial
from keras_aegan.tuners import HyperAEGAN


def dense_parameters(*sizes):
    return sum((i + 1) * o for i, o in zip(sizes, sizes[1:]))


def test_no_sampled_model_has_more_parameters_than_allowed(tmp_path):
    def size(code, width):
        # Two hidden layers of 4 * width; the generator's are 1.45 times as
        # wide.
        hidden = int(1.45 * width) * 4
        return dense_parameters(
            6, 4 * width, 4 * width, code
        ) + dense_parameters(code, hidden, hidden, 6)

    codes, widths, limit = (2, 4, 8), (2, 4, 8), 1200
    space = {
        "latent_dim": codes,
        "width": widths,
        "residual_blocks": 0,
        "normalization": "none",
        "noise": 0,
        "dropout": 0,
        "learning_rate": 1e-3,
        "average": 0,
        "batch_size": 8,
    }
    hypermodel = HyperAdversarial(
        Autoencoder, (6,), space=space, max_parameters=limit
    )
    found = set()
    for hp in samples(hypermodel, tmp_path, 99, keras_tuner.GridSearch):
        model = hypermodel.build(hp)
        assert model.count_params() <= limit
        code, hidden = model.encoder.output_shape[1], model.encoder.layers[1]
        found.add((code, hidden.units // 4))
    fitting = {(c, w) for c in codes for w in widths if size(c, w) <= limit}
    # Some codes go with wider networks than others.
    assert len({max(w for c, w in fitting if c == code) for code in codes}) > 1
    assert found == fitting
    with pytest.raises(ValueError, match=r"at least \d+.*max_parameters=50"):
        HyperAdversarial(Autoencoder, (6,), space=space, max_parameters=50)


def test_the_latent_discriminator_gets_shallower_before_nothing_fits():
    deep = {
        "latent_dim": 2,
        "width": 4,
        "noise": 0,
        "dropout": 0,
        "latent_depth": [1, 2, 4],
    }
    shallow = {**deep, "latent_depth": 1}
    sizes = [
        sample(HyperAEGAN((6,), space=deep), latent_depth=n).count_params()
        for n in (1, 2, 4)
    ]
    hypermodel = HyperAEGAN((6,), space=deep, max_parameters=sizes[2] - 1)
    dimension = next(
        d for d in hypermodel.spaces["AEGAN"].dimensions
        if d.name == "latent_depth"
    )  # fmt: skip
    assert dimension.values == (1, 2)
    HyperAEGAN((6,), space=shallow, max_parameters=sizes[0])
    with pytest.raises(ValueError, match=f"at least {sizes[0]}"):
        HyperAEGAN((6,), space=deep, max_parameters=sizes[0] - 1)
