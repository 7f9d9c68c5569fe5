"""
# Coming from Keras-GAN, PyTorch-GAN or pythae

You have a training loop, or a trainer, and two or three networks. This guide says
what becomes of them: the networks stay, the loop goes.

    pip install "keras_aegan[jax]" scikit-learn         # or tensorflow, or torch
    python guides/migrating.py                          # a minute on two cores

## Four changes

1. **Labels last, logits out.** A discriminator ends in one number without a
   sigmoid. The losses apply what they need themselves, which is more exact.
   A generator's `tanh` stays; data are in [-1, 1], as in those programs.
2. **Channels last**, `(height, width, channels)`, on PyTorch, too.
3. **No `trainable = False`, no `detach`, no `zero_grad`.** Each player owns its
   networks and a loss moves its owner's weights only. Leave everything trainable.
4. **`compile` has the loop's settings**: one optimizer for each player, which
   loss, how many turns, penalties.

| there | here |
|---|---|
| `d_loss`, `g_loss` | `discriminator_loss`, `generator_loss` in the logs, each term by its name, too |
| `nn.BCELoss`, `"binary_crossentropy"` | `loss={"adversarial": "non_saturating"}` |
| LSGAN's `"mse"`, hinge, Wasserstein | `"least_squares"`, `"hinge"`, `"wasserstein"`; `GAN.settings("wgan_gp")` has the penalty and five turns, too |
| smooth labels, 0.9 | `losses.NonSaturating(real_label=0.9)` |
| `n_critic = 5` | `turns={"discriminator": 5}` |
| `lambda_gp = 10` | `penalties={"discriminator": [penalties.GradientPenalty(10.0)]}` |
| `clip_value = 0.01` | a `kernel_constraint` of Keras, or a penalty |
| `combined.train_on_batch` | `model.fit`; for one step, `model.train_on_batch(x)` |
| `sample_images(epoch)` | `callbacks=[keras_aegan.callbacks.SampleGrid("samples")]` |
| AAE's `adversarial_loss` and `pixelwise_loss` | `AdversarialAutoencoder`, `loss_weights={"reconstruction": 0.999, ...}` |
| pythae's `VAEConfig(latent_dim=16)` | `VAE.for_shape(shape, latent_dim=16)` |
| pythae's `TrainingPipeline` | `compile`, `fit` and Keras' callbacks |
| pythae's `NormalSampler` | `model.generate(n, codes_from="prior")` |
| pythae's `GaussianMixtureSampler(10)` | `model.fit_prior(x, components=10)`, then `generate` |
| pythae's `model.embed`, `model.reconstruct` | `model.encode`, `model.reconstruct` |
| `torch.save(state_dict)` | `model.save("model.keras")`, on any backend |

| model there | class here |
|---|---|
| `gan`, `dcgan`, `lsgan`, `wgan`, `wgan_gp`, `dragan` | `GAN`, with `GAN.settings(name)` |
| `acgan`, `cgan` | `GAN.for_shape(..., num_classes=10)`, `auxiliary=True` for AC-GAN |
| `infogan`, `sgan` | `InfoGAN`, `SemiSupervisedGAN` |
| `aae`, `bigan`, `ebgan`, `began` | `AdversarialAutoencoder`, `BiGAN`, `EBGAN`, `BEGAN` |
| pythae's `AE`, `VAE`, `BetaVAE`, `WAE_MMD`, `Adversarial_AE`, `VAEGAN`, `VQVAE` | `Autoencoder`, `VAE`, `VAE(beta=)`, `WAE`, `AdversarialAutoencoder`, `VAEGAN`, `VQGAN` |

Image-to-image models (`pix2pix`, `cyclegan`) are not here.
"""

import guide_options

options = guide_options.read()

import keras
from keras import layers
from sklearn.datasets import load_digits

from keras_aegan import metrics
from keras_aegan import models
from keras_aegan import penalties

EPOCHS = 1 if options.quick else 40

digits = load_digits()
x = digits.images[..., None].astype("float32") / 8 - 1
x_train, x_test = x[:1500], x[1500:]

"""
## Your networks

As in those programs, but for the last line of the discriminator.
"""


def generator():
    return keras.Sequential(
        [
            keras.Input((16,)),
            layers.Dense(4 * 4 * 64),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Reshape((4, 4, 64)),
            layers.UpSampling2D(),
            layers.Conv2D(32, 3, padding="same"),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Conv2D(1, 3, padding="same", activation="tanh"),
        ],
        name="my_generator",
    )


def convolutional(units, name):
    """An encoder of so many numbers, or with 1, a discriminator's logit."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(32, 3, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Conv2D(64, 3, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dense(units),  # no sigmoid
        ],
        name=name,
    )


"""
## A GAN

The two hundred lines around these networks become three. Adam's rate is yours;
with the model's own, `compile()`, it is one that was found to work.
"""

keras.utils.set_random_seed(0)
gan = models.GAN(generator=generator(), discriminator=convolutional(1, "judge"))
gan.compile(
    optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
    loss={"adversarial": "non_saturating"},
    penalties={"discriminator": [penalties.R1(0.1)]},
)
gan.fit(x_train, batch_size=64, epochs=EPOCHS, verbose=0)

"""
## The same networks as an autoencoder-GAN

What you have gains codes and reconstructions by an encoder and a discriminator of
codes.
"""

keras.utils.set_random_seed(0)
judge_of_codes = keras.Sequential(
    [keras.Input((16,)), layers.Dense(64, "relu"), layers.Dense(1)],
    name="judge_of_codes",
)
aegan = models.AEGAN(
    encoder=convolutional(16, "my_encoder"),
    generator=generator(),
    discriminator=convolutional(1, "judge"),
    latent_discriminator=judge_of_codes,
)
aegan.compile()
aegan.fit(x_train, batch_size=64, epochs=EPOCHS, verbose=0)

"""
## Which one is better?
"""

features = metrics.features.train_classifier(x_train, digits.target[:1500])
for name, model in (("GAN", gan), ("AEGAN", aegan)):
    metric = metrics.FrechetDistance(features)
    metric.update_state(x_test, model.generate(len(x_test), seed=1))
    print(f"{name}: Fréchet distance {float(metric.result()):.1f}")
psnr = metrics.PSNR()
psnr.update_state(x_test, aegan.reconstruct(x_test))
print(f"AEGAN: reconstructions of {float(psnr.result()):.1f} dB")

"""
On 2026-11-27, after 40 epochs on JAX: 36 for the GAN, 22 and 17.5 dB for the
AEGAN. With the package's own networks, `AEGAN.for_shape((8, 8, 1))`, it does
better still: see `guides/measuring.py`.
"""
