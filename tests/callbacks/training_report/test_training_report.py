"""The page of a training: what it says, and that it is never half written."""

import json
import pathlib
import re
import shutil
import sys

import keras
import numpy as np
import pytest
from catalogue import MODELS
from catalogue import samples
from embedded import pixels_of
from scipy.linalg import orthogonal_procrustes
from sklearn.decomposition import PCA

from keras_aegan import models
from keras_aegan import pages
from keras_aegan import penalties
from keras_aegan.callbacks import Diagnose
from keras_aegan.callbacks import GenerationMetrics
from keras_aegan.callbacks import TrainingReport
from keras_aegan.callbacks.training_report.charts import charts
from keras_aegan.callbacks.training_report.facts import facts
from keras_aegan.callbacks.training_report.facts import losses as losses_of
from keras_aegan.callbacks.training_report.frames import Frames
from keras_aegan.callbacks.training_report.frames import thinned
from keras_aegan.callbacks.training_report.history import History
from keras_aegan.callbacks.training_report.latent_map import latent_map
from keras_aegan.layers import NormalPrior
from keras_aegan.metrics import PSNR
from keras_aegan.pages import drawing
from keras_aegan.pages.page import environment


def rows(count=16, size=6):
    x = np.random.default_rng(0).uniform(-1, 1, (count, size))
    return x.astype("float32")


def table_model(**settings):
    model = models.VAE.for_shape((6,), latent_dim=2, width=2)
    # Nothing here needs a fast step.
    model.compile(run_eagerly=True, **settings)
    return model


def fitted(model, path, data=None, epochs=1, others=(), fit=None, **arguments):
    """Train with a report; return what its page holds."""
    data = rows() if data is None else data
    report = TrainingReport(path, **arguments)
    model.fit(
        data, batch_size=16, epochs=epochs, verbose=0,
        callbacks=[report, *others], **(fit or {}),
    )  # fmt: skip
    return pages.read(path)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "report.html"


def test_what_is_trained():
    model = models.AEGAN.for_shape((6,), latent_dim=3, width=2)
    model.compile(
        penalties={"discriminator": [penalties.LeCam(0.5)]},
        turns={"discriminator": 2},
        optimizer={"generator": keras.optimizers.RMSprop(0.25)},
        loss_weights={"reconstruction": 3.0},
    )
    what = facts(model)
    assert what["model"] == "AEGAN" and what["shape"] == [6]
    assert what["parameters"] == model.count_params()
    encoder = what["parts"][0]
    assert encoder["parameters"] == model.encoder.count_params()
    assert (encoder["input"], encoder["output"]) == ("6", "3")
    players = {player["name"]: player for player in what["players"]}
    assert players["generator"]["owns"] == ["encoder", "generator"]
    assert players["generator"]["optimizer"] == "RMSprop"
    assert players["generator"]["learning_rate"] == "0.25"
    assert players["discriminator"]["penalties"] == ["LeCam(0.5)"]
    terms = {t["name"]: t for t in players["generator"]["terms"]}
    assert terms["reconstruction"]["weight"] == "3"
    assert terms["adversarial"]["loss"] == "Relativistic"
    assert what["order"] == [
        "discriminator",
        "discriminator + latent_discriminator",
        "generator",
    ]
    assert what["versions"]["keras"] == keras.__version__
    assert keras.config.backend() in what["versions"]
    assert losses_of(model)["discriminator"] == [
        "discriminator_loss",
        "discrimination",
        "discriminator_lecam",
    ]


def test_how_it_went(path):
    """With validation, metrics and diagnosis."""
    model = models.VAE.for_shape((6,), latent_dim=3, width=2)
    model.compile()
    x, labels = rows(), np.arange(16) % 3
    diagnose = Diagnose(255.0 * x, verbose=False)
    # They come after the report, and their numbers are on it all the same.
    others = [diagnose, GenerationMetrics(x, [PSNR()], every=2)]
    data = fitted(
        model, path, x, 2, others, {"validation_data": x},
        x=x, labels=labels, diagnose=diagnose,
    )  # fmt: skip
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]
    assert data["epochs"] == [1, 2] and data["steps"] == [1, 2]
    assert data["facts"] == json.loads(json.dumps(facts(model)))
    logs = model.history.history
    for name in (
        "reconstruction",
        "val_reconstruction",
        "val_psnr",
    ):
        np.testing.assert_allclose(data["logs"][name], logs[name], rtol=1e-5)
    assert min(data["logs"]["epoch_seconds"]) > 0
    assert set(data["logs"]) == {*logs, "epoch_seconds"}
    found = {c["title"]: c for c in data["charts"]}
    assert found["generator"]["lines"][0] == "generator_loss"
    assert found["psnr"]["lines"] == ["psnr"]
    assert found["psnr"]["section"] == "metrics"
    assert found["gradient norms"]["section"] == "diagnostics"

    assert [frame["epoch"] for frame in data["frames"]] == [0, 1, 2]
    for frame in data["frames"]:
        assert set(frame) == {"epoch", "samples", "reconstructions", "map"}
        assert np.shape(frame["map"]["data"]) == (16, 2)
        assert np.shape(frame["map"]["prior"]) == (16, 2)
    assert data["frames"][1]["samples"] != data["frames"][2]["samples"]
    assert data["legend"]["classes"] == ["0", "1", "2"]
    assert data["legend"]["of"] == labels.tolist()
    assert data["findings"] == diagnose.findings
    assert data["findings"][0]["failure_mode"] == "range mismatch"
    (run,) = data["runs"]
    assert (run["first"], run["planned"], run["done"]) == (1, 2, 2)
    assert run["state"] == "ended"
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.findall(r"https?://|@import|url\(|<link|<script src", text)


def frame_of(model, originals, labels=None, num_samples=9, seed=3):
    """What is drawn of a model that has not been trained."""
    return Frames(model, originals, labels, num_samples, seed).frame(model)


def test_pictures_show_the_samples_and_what_became_of_originals():
    model = models.Autoencoder.for_shape((8, 8, 1), latent_dim=2, width=2)
    model.prior = NormalPrior(2)
    x = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 1))
    frame = frame_of(model, x)
    sheet = pixels_of(frame["samples"])
    expected = (model.generate(9, seed=3)[..., 0] + 1) / 2 * 255
    # The ninth is the first of the second row; tiles lie 9 pixels apart.
    assert np.abs(sheet[9:17, :8] - expected[8]).max() <= 1
    assert np.abs(sheet[:8, 63:71] - expected[7]).max() <= 1
    sheet = pixels_of(frame["reconstructions"])
    assert np.abs(sheet[:8, 9:17] - (x[1, ..., 0] + 1) / 2 * 255).max() <= 1
    expected = (model.reconstruct(x[:8])[1, ..., 0] + 1) / 2 * 255
    assert np.abs(sheet[9:17, 9:17] - expected).max() <= 1


@pytest.mark.parametrize(
    "cls", [models.GAN, models.VQGAN, models.ARAE, models.StagedAEGAN]
)
def test_models_without_all_networks_and_of_other_samples(cls):
    model = MODELS[cls]()
    model.compile()
    x = samples(model, 16)
    frame = frame_of(model, x[:4])
    shown = {
        models.GAN: {"samples"},
        models.VQGAN: {"reconstructions", "map"},
    }
    default = {"samples", "reconstructions", "map"}
    assert set(frame) == shown.get(cls, default)
    if cls is models.ARAE:
        words = " ".join(map(str, x[0]))
        assert f"<td>{words}</td><td>" in frame["reconstructions"]
    what = facts(model)
    json.dumps(what, allow_nan=False)
    if cls is models.StagedAEGAN:
        assert what["order"] == [f"stage {name}" for name in model.stages()]


def test_a_model_that_takes_labels_generates_each_in_turn(path):
    model = models.VAE.for_shape((6,), latent_dim=2, width=2, num_classes=3)
    model.compile()
    frame = frame_of(model, rows(), np.arange(16) % 3, num_samples=5)
    labels = np.array([0, 1, 2, 0, 1])
    expected = drawing.lines(model.generate(5, seed=3, labels=labels))
    assert frame["samples"] == expected
    assert {"reconstructions", "map"} < set(frame)
    # Without labels it fails before the first step.
    with pytest.raises(ValueError, match="`labels` must be.*Received"):
        report = TrainingReport(path, rows())
        model.fit(rows(), np.zeros(16), verbose=0, callbacks=[report])
    assert model.optimizer.iterations == 0


def test_numbers_that_are_none(path):
    """A diverged run has a page, too, and JSON knows no NaN."""
    broken = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: (
            logs.update(broken=np.nan, huge=np.inf, late=np.float32(1 / 3))
            if epoch
            else None
        )
    )
    model = table_model()
    model.generator.set_weights(
        [np.nan * w for w in model.generator.get_weights()]
    )
    data = fitted(model, path, epochs=2, others=[broken], x=rows())
    assert data["logs"]["broken"] == [None, "nan"]
    assert data["logs"]["huge"] == [None, "inf"]
    assert data["logs"]["late"] == [None, 0.333333]
    assert data["logs"]["reconstruction"] == ["nan", "nan"]
    text = re.search(r'id="data">(.*?)</script>', path.read_text(), re.S)[1]
    json.loads(text, parse_constant=pytest.fail)
    # After a step all weights are NaN, and there is nothing to map.
    assert "map" in data["frames"][0] and "map" not in data["frames"][-1]


def test_a_script_in_the_data_stays_data(path):
    model = table_model()
    labels = np.array(["</script><b>", "b"] * 8)
    data = fitted(model, path, x=rows(), labels=labels)
    assert data["legend"]["classes"] == ["</script><b>", "b"]
    assert path.read_text().count("</script>") == 2


def test_frames_stay_few_and_evenly_spread():
    frames = []
    for epoch in range(1001):
        frame = {"epoch": epoch, "samples": "x" * 10}
        frames = thinned([*frames, frame], 40, 10_000)
        assert frames[0]["epoch"] == 0 and frames[-1]["epoch"] == epoch
        if epoch > 100:
            gaps = np.diff([f["epoch"] for f in frames])[:-1]
            assert len(frames) == 40
            assert gaps.max() <= 4 * epoch / 39 and gaps.max() <= 4 * gaps.min()
    # Pictures of 100 characters, of which 1000 may stay.
    large = [{"epoch": e, "samples": "x" * 90, "reconstructions": "x" * 10}
             for e in range(30)]  # fmt: skip
    kept = [f["epoch"] for f in thinned(large, 40, 1000)]
    assert len(kept) == 10 and kept[0] == 0 and kept[-1] == 29


def test_many_epochs_keep_curves_whole_and_pictures_few(path, monkeypatch):
    monkeypatch.setattr(
        "keras_aegan.callbacks.training_report.callback._FRAMES", 4
    )
    data = fitted(table_model(), path, epochs=9)
    assert data["epochs"] == [*range(1, 10)]
    assert len(data["frames"]) == 4
    assert [data["frames"][i]["epoch"] for i in (0, -1)] == [0, 9]


def test_every_other_epoch_and_the_last(path):
    written = []
    look = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: written.append(
            pages.read(path)["epochs"]
        )
    )
    data = fitted(table_model(), path, epochs=5, others=[look], every=2)
    # What is on disk as an epoch begins.
    assert written == [[], [], [1, 2], [1, 2], [1, 2, 3, 4]]
    assert data["epochs"] == [1, 2, 3, 4, 5]
    assert [f["epoch"] for f in data["frames"]] == [0, 2, 4, 5]


def test_a_second_fit_goes_on_with_the_page(path):
    model = table_model()
    first = fitted(model, path, epochs=2)
    data = fitted(model, path, epochs=3)
    assert data["epochs"] == [1, 2, 3, 4, 5]
    assert [f["epoch"] for f in data["frames"]] == [0, 1, 2, 3, 4, 5]
    old = data["logs"]["reconstruction"][:2]
    assert old == first["logs"]["reconstruction"]
    assert [(r["first"], r["planned"], r["done"]) for r in data["runs"]] == [
        (1, 2, 2),
        (3, 5, 3),
    ]
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]


def test_the_same_report_goes_on_after_another_compile(path):
    model, report = table_model(), TrainingReport(path)
    model.fit(rows(), epochs=2, verbose=0, callbacks=[report])
    model.compile(optimizer="rmsprop", run_eagerly=True)
    model.fit(rows(), epochs=1, verbose=0, callbacks=[report])
    data = pages.read(path)
    assert data["epochs"] == [1, 2, 3] and data["steps"] == [1, 2, 1]
    assert data["facts"]["players"][0]["optimizer"] == "RMSprop"


def test_another_training_sets_the_page_aside(path):
    first = fitted(table_model(), path, epochs=2)
    for number in (1, 2):
        data = fitted(table_model(), path)
        assert data["epochs"] == [1]
        aside = pages.read(path.with_name(f"report_{number}.html"))
        assert aside["epochs"] == (first if number == 1 else data)["epochs"]
    foreign = path.with_name("own.html")
    foreign.write_text("mine")
    fitted(table_model(), foreign)
    assert path.with_name("own_1.html").read_text() == "mine"


class Interrupt(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        if self.model.optimizer.iterations == 3:
            raise KeyboardInterrupt


def test_an_interrupted_run_does_not_claim_to_have_ended(path, tmp_path):
    """And `BackupAndRestore` goes on with the page, in another process."""

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup")

    with pytest.raises(KeyboardInterrupt):
        fitted(table_model(), path, epochs=5, others=[backup(), Interrupt()])
    data = pages.read(path)
    assert data["runs"][0]["state"] == "running"
    assert data["epochs"] == [1, 2, 3]
    before = data["logs"]["reconstruction"]
    data = fitted(table_model(), path, epochs=5, others=[backup()])
    assert data["epochs"] == data["steps"] == [1, 2, 3, 4, 5]
    assert data["logs"]["reconstruction"][:3] == before
    assert [r["state"] for r in data["runs"]] == ["interrupted", "ended"]
    assert [r["done"] for r in data["runs"]] == [3, 2]
    names = [p.name for p in path.parent.iterdir()]
    assert names == ["report.html"]


def test_epochs_that_are_done_again_are_replaced():
    what = dict.fromkeys(("model", "shape", "parts"), "same")
    history = History(what)
    history.begin(0.0, 1, 9)
    for epoch in (1, 2, 3):
        history.add(epoch, 10 * epoch, {"loss": epoch})
    history.frames = [{"epoch": e} for e in (0, 1, 3)]
    history.findings = [{"epoch": 1}, {"epoch": 3}]
    data = json.loads(json.dumps(history.data()))
    kept = History.continued(what, data, 25)
    assert kept.epochs == [1, 2] and kept.logs == {"loss": [1.0, 2.0]}
    assert kept.frames == [{"epoch": 0}, {"epoch": 1}]
    assert kept.findings == [{"epoch": 1}] and kept.runs[0]["done"] == 2
    for other, steps in ((what, 0), (what, 9), ({**what, "shape": 2}, 30)):
        assert History.continued(other, data, steps).epochs == []
    # Steps count from 0 again after `compile`: what is nearest to the end.
    data["steps"] = [10, 20, 5]
    assert History.continued(what, data, 5).epochs == [1, 2, 3]
    assert History.continued(what, data, 10).epochs == [1, 2, 3]


def test_stopped_early(path):
    stop = keras.callbacks.EarlyStopping(
        "loss_that_stays", patience=1, mode="min"
    )
    stays = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: logs.update(loss_that_stays=1.0)
    )
    data = fitted(table_model(), path, epochs=9, others=[stays, stop])
    assert data["epochs"] == [1, 2] and data["runs"][0]["planned"] == 9
    assert data["runs"][0]["state"] == "stopped"
    assert data["frames"][-1]["epoch"] == 2


@pytest.mark.every_backend
def test_watching_does_not_change_training(path):
    results = []
    for callbacks in ([TrainingReport(path, rows(), np.arange(16))], []):
        keras.utils.set_random_seed(0)
        model = models.VAE.for_shape((6,), latent_dim=2, width=2, noise=0.1)
        model.compile()
        model.fit(
            rows(), batch_size=8, epochs=2, verbose=0, callbacks=callbacks
        )
        results.append(model.get_weights())
    for watched, alone in zip(*results):
        np.testing.assert_array_equal(watched, alone)


def test_a_place_that_cannot_be_written_is_an_error_at_the_start(tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("")
    steps = []
    count = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: steps.append(batch)
    )
    for path in (occupied / "report.html", tmp_path):
        with pytest.raises(ValueError, match="`filepath` must be.*Received"):
            fitted(table_model(), path, others=[count])
    assert not steps
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_disk_that_fills_up_leaves_the_last_page(path, monkeypatch):
    def fail(*args):
        raise OSError("No space left on device")

    def fill(epoch, logs):
        if epoch == 1:
            monkeypatch.setattr("os.replace", fail)

    fill = keras.callbacks.LambdaCallback(on_epoch_end=fill)
    found = pytest.warns(UserWarning, match="No space left.*training goes on")
    with found as caught:
        data = fitted(table_model(), path, epochs=4, others=[fill])
    assert [w.category for w in caught].count(UserWarning) == 1
    assert data["epochs"] == [1]
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]


def test_a_folder_that_becomes_a_file_ends_no_training(path):
    def spoil(epoch, logs):
        if epoch == 1:
            shutil.rmtree(path.parent)
            path.parent.write_text("")

    model = table_model()
    report = TrainingReport(path)
    spoil = keras.callbacks.LambdaCallback(on_epoch_begin=spoil)
    with pytest.warns(UserWarning, match="The report.*training goes on"):
        model.fit(rows(), epochs=3, verbose=0, callbacks=[report, spoil])
    assert model.optimizer.iterations == 3


def tampered(data):
    """Changes of a page's data, each of which makes it foreign."""
    frame, run = data["frames"][0], data["runs"][0]
    for name in ("epochs", "steps", "logs", "frames", "findings", "runs"):
        for value in (None, 7, "text", [None], {"a": 1}):
            yield {name: value}
    yield {"version": None}
    yield {"facts": None}
    yield {"facts": []}
    yield {"epochs": [2, 1]}
    yield {"epochs": [1, "2"]}
    yield {"epochs": [1]}
    yield {"steps": [1]}
    yield {"logs": {"reconstruction": [1.0]}}
    yield {"logs": {"reconstruction": [{}, []]}}
    places = frame["map"]
    for wrong in (
        {"epoch": None},
        {"samples": 1},
        {"map": 1},
        {"map": {**places, "data": [[1, 2, 3]]}},
        {"map": {**places, "prior": [["a", "b"]]}},
    ):
        yield {"frames": [{**frame, **wrong}]}
    for name in run:
        yield {"runs": [{**run, name: None}]}


def test_data_that_were_changed_are_those_of_another_training(path):
    data = fitted(table_model(), path, epochs=2, x=rows())
    known = data["facts"]
    assert History.continued(known, data, 2).epochs == [1, 2]
    for change in tampered(data):
        history = History.continued(known, {**data, **change}, 2)
        assert history.data() == History(known).data(), change


@pytest.mark.parametrize(
    "content",
    ["null", "[1]", "7", "{", "[" * 9999, '{"epochs": NaN}', '{"a": 1e999}',
     '{"epochs": 7, "frames": {}, "version": 2, "facts": []}'],
)  # fmt: skip
def test_a_page_that_was_changed_is_set_aside(content, tmp_path):
    model, path = table_model(), tmp_path / "report.html"
    model.fit(rows(), batch_size=16, verbose=0)
    page = f'<script type="application/json" id="data">{content}</script>'
    path.write_text(page)
    assert fitted(model, path)["epochs"] == [1]
    assert (tmp_path / "report_1.html").read_text() == page


def test_a_page_that_cannot_be_read_is_set_aside(tmp_path):
    (tmp_path / "report.html").write_bytes(b"\xff\xfe")
    assert fitted(table_model(), tmp_path / "report.html")["epochs"] == [1]
    assert (tmp_path / "report_1.html").read_bytes() == b"\xff\xfe"


def test_logs_that_are_no_numbers_become_text(path):
    add = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: logs.update(note="a", many=[1, 2])
    )
    data = fitted(table_model(), path, others=[add])
    assert data["logs"]["note"] == ["a"] and data["logs"]["many"] == ["[1, 2]"]


def test_labels_that_fit_only_in_part_fail_before_the_first_step(path):
    """Also where the page has pictures of an earlier call of `fit`."""
    model = models.VAE.for_shape((6,), latent_dim=2, width=2, num_classes=3)
    model.compile(run_eagerly=True)
    fine, wrong = np.zeros(16), np.zeros(16)
    wrong[-1] = 7
    for labels in (fine, wrong):
        report = TrainingReport(path, rows(), labels)
        if labels is fine:
            model.fit(rows(), fine, verbose=0, callbacks=[report])
    with pytest.raises(ValueError, match="`labels` must be.*Received"):
        model.fit(rows(), fine, verbose=0, callbacks=[report])
    assert model.optimizer.iterations == 1
    with pytest.raises(ValueError, match="must be.*Received"):
        report = TrainingReport(path, rows())
        model.fit(rows(), fine, verbose=0, callbacks=[report])
    assert model.optimizer.iterations == 1


def test_a_missing_jinja2_is_an_error_at_the_start(path, monkeypatch):
    environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    model = table_model()
    with pytest.raises(ImportError, match=r'install "keras_aegan\[report\]"'):
        fitted(model, path)
    assert model.optimizer.iterations == 0 and not path.parent.exists()


def test_wrong_arguments(path):
    for wrong in (
        {"every": 0},
        {"num_samples": 1.5},
        {"x": np.zeros((0, 6))},
        {"x": [[np.nan]]},
        {"labels": [1]},
        {"x": rows(), "labels": [1]},
        {"x": rows(), "labels": [np.nan] * 16},
        {"x": rows(), "labels": [np.inf] * 16},
        {"x": rows(), "labels": [None, 1] * 8},
        {"x": rows(), "labels": [None, "a"] * 8},
        {"x": rows(), "labels": [1j] * 16},
        {"x": rows().astype(str)},
        {"every": True},
        {"diagnose": "yes"},
    ):
        with pytest.raises(ValueError, match="Received"):
            TrainingReport(path, **wrong)
    whole = np.int64(2)
    report = TrainingReport(path, every=whole, num_samples=whole, seed=whole)
    assert type(report.every) is type(report.num_samples) is int
    for wrong in (
        {"x": rows(size=7)},
        {"diagnose": Diagnose(rows())},
    ):
        with pytest.raises(ValueError, match="Received"):
            fitted(table_model(), path, **wrong)
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(6)])
    model.compile(loss="mse")
    with pytest.raises(ValueError, match="AdversarialModel.*Received"):
        report = TrainingReport(path)
        model.fit(rows(), rows(), verbose=0, callbacks=[report])


def test_the_map_is_that_of_principal_components():
    """Against scikit-learn's PCA and SciPy's Procrustes."""
    generator = np.random.default_rng(0)
    codes = generator.normal(size=(50, 4)) * [3.0, 2.0, 1.0, 0.5] + 7.0
    prior = generator.normal(size=(20, 4))
    first = latent_map(codes, prior)
    pca = PCA(2).fit(codes)
    np.testing.assert_allclose(
        first["share"], pca.explained_variance_ratio_.sum()
    )
    found = np.array(first["data"])
    expected = pca.transform(codes)
    # Up to a turn, and rounded to 0.01.
    a, b = (p[:, None] - p[None] for p in (found, expected))
    np.testing.assert_allclose(np.hypot(*a.T), np.hypot(*b.T), atol=0.02)
    # In the same axes, from the origin of the codes.
    axes = np.linalg.lstsq(codes, found, rcond=None)[0]
    np.testing.assert_allclose(prior @ axes, first["prior"], atol=0.01)
    # Turned data lie where they were.
    turned = np.linalg.qr(generator.normal(size=(4, 4)))[0]
    again = latent_map(codes @ turned, None, first)
    np.testing.assert_allclose(again["data"], found, atol=0.02)
    moved = codes + generator.normal(size=codes.shape)
    free = np.array(latent_map(moved)["data"])
    turn, _ = orthogonal_procrustes(free, found)
    held = latent_map(moved, None, first)["data"]
    np.testing.assert_allclose(held, free @ turn, atol=0.02)


def test_codes_of_one_number_lie_on_a_line():
    codes = np.array([[1.0], [3.0], [2.0]])
    drawn = latent_map(codes, codes)
    assert np.abs(np.array(drawn["data"])).tolist() == [[1, 0], [3, 0], [2, 0]]
    assert drawn["data"] == drawn["prior"] and drawn["share"] == 1.0
    assert latent_map(np.array([[np.nan, 1.0]])) is None
    assert latent_map(codes, np.zeros((2, 5)))["prior"] == []


def test_each_name_is_on_one_chart():
    players = {"critic": ["critic_loss", "critique"], "idle": ["idle_loss"]}
    names = ["critique", "val_critique", "critic_loss", "critic_gradient_norm",
             "val_precision", "diagnose_seconds", "mine"]  # fmt: skip
    found = charts(players, names)
    shown = [line for chart in found for line in chart["lines"]]
    assert sorted(shown) == sorted({n.removeprefix("val_") for n in names})
    assert [chart["title"] for chart in found] == [
        "critic", "precision", "mine", "gradient norms", "seconds"
    ]  # fmt: skip


def test_the_path_may_be_a_string(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = table_model()
    model.fit(rows(), verbose=0, callbacks=[TrainingReport("report.html")])
    assert pages.read(pathlib.Path("report.html"))["epochs"] == [1]
