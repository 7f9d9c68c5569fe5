"""Train FusedAEGAN, or the same networks unfused, on Fashion-MNIST.

    python benchmarks/fused.py --data FOLDER --output FOLDER --seed 0
    python benchmarks/fused.py --data FOLDER --output FOLDER --unfused

The data folder has the four IDX files of Fashion-MNIST. Unfused, the encoder
has a trunk of its own, with the architecture of the discriminator's; all else
is the same. Writes the files that `fashion_mnist.py` writes.
"""

import argparse
import json
import pathlib
import time

import keras
from data import images
from fashion_mnist import BATCH
from fashion_mnist import STEPS
from fashion_mnist import save_results

from keras_aegan.models import FusedAEGAN


@keras.saving.register_keras_serializable(package="keras_aegan_benchmarks")
class UnfusedAEGAN(FusedAEGAN):
    """FusedAEGAN whose encoder shares nothing with the discriminator."""

    def __init__(self, *, encoder_trunk, **arguments):
        super().__init__(**arguments)
        self.encoder_trunk = encoder_trunk
        self.part_names.append("encoder_trunk")

    @classmethod
    def for_shape(cls, shape, latent_dim=32, width=32, **kwargs):
        fused = FusedAEGAN.for_shape(shape, latent_dim, width, **kwargs)
        kwargs["encoder_trunk"] = fused.trunk_network
        return super().for_shape(shape, latent_dim, width, **kwargs)

    @property
    def encoder(self):
        trunk = self.encoder_trunk
        return keras.Model(trunk.input, self.code_head(trunk.output))

    def players(self):
        return {
            "discriminator": [self.trunk_network, self.discriminator_head],
            "encoder": [self.encoder_trunk, self.code_head],
            "generator": [self.generator],
        }

    def play(self, x, y=None):
        encoded = self.code_head(self.encoder_trunk(x))
        z, z_hat = self.prior.sample_like(x), self.sampling(encoded)
        fakes = [self.generator(code) for code in (z_hat, z)]
        return self.values(x, self.trunk_network(x), encoded, fakes)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--unfused", action="store_true")
    options = parser.parse_args(arguments)
    data, output = pathlib.Path(options.data), pathlib.Path(options.output)
    x = images(data / "train-images-idx3-ubyte.gz")
    x_test = images(data / "t10k-images-idx3-ubyte.gz")
    per_epoch = min(len(x) // BATCH, options.steps)
    x, epochs = x[: per_epoch * BATCH], options.steps // per_epoch

    keras.utils.set_random_seed(options.seed)
    cls = UnfusedAEGAN if options.unfused else FusedAEGAN
    model = cls.for_shape((28, 28, 1), trunk="adversarial")
    model.compile()
    start = time.perf_counter()
    model.fit(x, batch_size=BATCH, epochs=epochs, verbose=2)
    seconds = round(time.perf_counter() - start)
    save_results(model, x_test, output, options.seed)
    print(json.dumps({"steps": epochs * per_epoch, "seconds": seconds}))


if __name__ == "__main__":
    main()
