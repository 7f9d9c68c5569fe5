"""Penalties that are computed in every k-th step only."""

import keras
import numpy as np
import pytest
from catalogue import samples
from keras import ops

from keras_aegan import penalties
from keras_aegan.models import GAN
from keras_aegan.models import StagedAEGAN

ONE_STEP = {"batch_size": 16, "shuffle": False, "verbose": 0}


def tiny(penalties, model=GAN, **compiled):
    keras.utils.set_random_seed(0)
    model = model.for_shape((6,), latent_dim=2, width=2)
    model.compile(penalties={"discriminator": penalties}, **compiled)
    return model


def steps(model, count, name="discriminator_r1"):
    """What the logs say of each of the next steps."""
    x = samples(model, 16)
    return model.fit(x, epochs=count, **ONE_STEP).history[name]


@pytest.mark.filterwarnings("ignore:This step cannot be recorded")
@pytest.mark.parametrize("eager", [False, True])
def test_weights_by_hand(eager):
    """R1 of `D(x) = a x` is `w/2 |a|^2`, whose gradient is `w a`.

    At a rate of 0.1, w = 0.5 and k = 3, steps 0 and 3 multiply `a` by
    1 - 0.1 * 3 * 0.5 = 0.85. The game itself all but stands still.
    """
    z, x = keras.Input((2,)), keras.Input((3,))
    critic = keras.layers.Dense(1, use_bias=False)
    model = GAN(
        generator=keras.Model(z, keras.layers.Dense(3)(z)),
        discriminator=keras.Model(x, critic(x)),
    )
    model.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss={"adversarial": "wasserstein"},
        loss_weights={"discrimination": 1e-9, "adversarial": 0.0},
        penalties={"discriminator": penalties.R1(0.5, interval=3)},
        run_eagerly=eager,
    )
    start = ops.convert_to_numpy(critic.kernel)
    for factor in (0.85, 0.85, 0.85, 0.85**2, 0.85**2):
        model.train_on_batch(np.ones((4, 3), "float32"))
        end = ops.convert_to_numpy(critic.kernel)
        np.testing.assert_allclose(end, factor * start, rtol=1e-5)


def test_the_logs_show_k_times_the_penalty_in_every_kth_step():
    each = steps(tiny(penalties.R1(1.0)), 1)
    lazy = steps(tiny(penalties.R1(1.0, interval=3)), 5)
    assert lazy[0] == pytest.approx(3 * each[0], rel=1e-5)
    assert [value > 0 for value in lazy] == [True, False, False, True, False]


def test_penalties_of_several_intervals_in_one_epoch():
    """The logs are means over the epoch's steps: of 6, 3 and 2 are due."""
    kinds = [penalties.R1(1.0, interval=2), penalties.R2(1.0, interval=3)]
    model = tiny(kinds, loss_weights={"discrimination": 1e-9})
    model.optimizer.of("discriminator").learning_rate = 0.0
    model.optimizer.of("generator").learning_rate = 0.0
    x = np.tile(samples(model, 16), (6, 1))
    logs = model.fit(x, **ONE_STEP).history
    once = model.evaluate(x[:16], verbose=0, return_dict=True)
    # A dense network of rectifiers has other gradients at other fakes.
    assert logs["discriminator_r1"][0] == pytest.approx(
        once["discriminator_r1"], rel=1e-4
    )
    assert logs["discriminator_r2"][0] == pytest.approx(
        once["discriminator_r2"], rel=0.5
    )


def test_compiled_and_eager_steps_are_alike():
    results = []
    for eager in (False, True):
        random = penalties.GradientPenalty(1.0, interval=2, seed=1)
        kinds = [random, penalties.R1(0.1)]
        model = tiny(kinds, run_eagerly=eager)
        history = model.fit(samples(model), epochs=2, **ONE_STEP).history
        results.append([history[name] for name in sorted(history)])
    np.testing.assert_allclose(*results, rtol=1e-3, atol=1e-5)


def test_one_program_for_each_choice():
    model = tiny(penalties.R1(1.0, interval=3))
    traces = []
    play = model.play
    model.play = lambda *args: traces.append(1) or play(*args)
    steps(model, 2)
    first = len(traces)
    steps(model, 5)
    assert first > 0
    assert len(traces) == first


def test_the_count_goes_on_after_saving(tmp_path):
    model = tiny(penalties.R1(1.0, interval=3))
    steps(model, 2)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    expected, actual = (steps(m, 3) for m in (model, loaded))
    assert [value > 0 for value in actual] == [False, True, False]
    np.testing.assert_allclose(actual, expected, rtol=1e-5)


def test_stages_have_lazy_penalties_too():
    model = StagedAEGAN.for_shape(
        (6,), latent_dim=2, width=2, reconstruct_epochs=1
    )
    model.compile(penalties={"discriminator": penalties.R1(1.0, interval=3)})
    values = steps(model, 5)
    assert [value > 0 for value in values] == [False] * 3 + [True, False]


def test_wrong_settings_are_refused():
    for interval in (0, -1, 2.0):
        with pytest.raises(ValueError, match="interval.*Received"):
            penalties.R1(1.0, interval=interval)
    with pytest.raises(ValueError, match="interval.*Received"):
        tiny(penalties.R1(1.0, interval=2), steps_per_execution=2)
