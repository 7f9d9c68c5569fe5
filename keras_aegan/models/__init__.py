"""Autoencoders, GANs and their hybrids, one entry for each paper."""

from keras_aegan.models.adversarial_autoencoder import (
    AdversarialAutoencoder as AdversarialAutoencoder,
)
from keras_aegan.models.aegan import AEGAN as AEGAN
from keras_aegan.models.age import AGE as AGE
from keras_aegan.models.alad import ALAD as ALAD
from keras_aegan.models.alae import ALAE as ALAE
from keras_aegan.models.ali import ALI as ALI
from keras_aegan.models.alpha_gan import AlphaGAN as AlphaGAN
from keras_aegan.models.arae import ARAE as ARAE
from keras_aegan.models.autoencoder import Autoencoder as Autoencoder
from keras_aegan.models.began import BEGAN as BEGAN
from keras_aegan.models.bigan import BiGAN as BiGAN
from keras_aegan.models.ebgan import EBGAN as EBGAN
from keras_aegan.models.fanogan import FAnoGAN as FAnoGAN
from keras_aegan.models.fused_aegan import FusedAEGAN as FusedAEGAN
from keras_aegan.models.gan import GAN as GAN
from keras_aegan.models.ganomaly import GANomaly as GANomaly
from keras_aegan.models.infogan import InfoGAN as InfoGAN
from keras_aegan.models.introvae import IntroVAE as IntroVAE
from keras_aegan.models.inverse_generator import (
    InverseGenerator as InverseGenerator,
)
from keras_aegan.models.mdgan import MDGAN as MDGAN
from keras_aegan.models.r3gan import R3GAN as R3GAN
from keras_aegan.models.semi_supervised_aae import (
    SemiSupervisedAAE as SemiSupervisedAAE,
)
from keras_aegan.models.semi_supervised_gan import (
    SemiSupervisedGAN as SemiSupervisedGAN,
)
from keras_aegan.models.soft_introvae import SoftIntroVAE as SoftIntroVAE
from keras_aegan.models.staged_aegan import StagedAEGAN as StagedAEGAN
from keras_aegan.models.vae import VAE as VAE
from keras_aegan.models.vaegan import VAEGAN as VAEGAN
from keras_aegan.models.veegan import VEEGAN as VEEGAN
from keras_aegan.models.vqgan import VQGAN as VQGAN
from keras_aegan.models.wae import WAE as WAE
