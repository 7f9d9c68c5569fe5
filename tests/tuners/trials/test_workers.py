"""A chief's watch over heartbeats, whatever lies where they should be."""

import os
import shutil
import threading
import time

import keras_tuner
import pytest
from searches import OBJECTIVE
from searches import hyper

from keras_aegan.tuners import watch_workers
from keras_aegan.tuners.trials.workers import Heartbeat
from keras_aegan.tuners.trials.workers import Watch


@pytest.fixture
def tuner(tmp_path):
    tuner = keras_tuner.RandomSearch(hyper(), OBJECTIVE, directory=tmp_path)
    tuner.oracle.verbose = 0
    return tuner


@pytest.fixture
def heartbeat(tuner):
    return Heartbeat(tuner)


@pytest.fixture
def watch(tuner):
    """Of a chief whose worker has a trial."""
    tuner.oracle.create_trial(tuner.tuner_id)
    watch = Watch(tuner, lost_after=0.2)
    watch.check()
    return watch


def is_alive(watch):
    watch.check()
    time.sleep(0.25)
    watch.check()
    return watch.tuner.tuner_id in watch.oracle.ongoing_trials


@pytest.mark.parametrize("what", ["nothing", "no text", "folder"])
def test_a_heartbeat_that_stops_ends_the_trial(what, watch, heartbeat):
    if what == "folder":
        heartbeat.path.mkdir()
    elif what == "no text":
        heartbeat.path.write_bytes(b"\xff\xfe\x00")
    assert not is_alive(watch)
    assert "no heartbeat" in watch.oracle.trials["00"].message


@pytest.mark.parametrize("what", ["no text", "folder"])
def test_a_worker_lives_though_its_file_is_none(what, watch, heartbeat):
    if what == "folder":
        heartbeat.path.mkdir()
    else:
        heartbeat.path.write_bytes(b"\xff\xfe\x00")
    watch.check()
    time.sleep(0.25)
    heartbeat.beat()
    watch.check()
    assert watch.oracle.ongoing_trials


def test_a_heartbeat_goes_on_without_its_folder(heartbeat):
    shutil.rmtree(heartbeat.path.parent)
    heartbeat.beat()
    assert heartbeat.path.exists()
    shutil.rmtree(heartbeat.path.parent)
    heartbeat.path.parent.write_text("in the way")
    heartbeat.beat()
    os.remove(heartbeat.path.parent)
    heartbeat.beat()
    assert heartbeat.path.exists()


def test_a_name_that_leads_elsewhere_is_nobodys(tuner, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").write_text("1")
    (tmp_path / "untitled_project" / "heartbeat_..").mkdir()
    name = "../../elsewhere"
    tuner.oracle.create_trial(name)
    watch = Watch(tuner, lost_after=0.1)
    watch.check()
    time.sleep(0.15)
    os.utime(tmp_path / "elsewhere")
    watch.check()
    assert not watch.oracle.ongoing_trials
    monkeypatch.setenv("KERASTUNER_ORACLE_IP", "127.0.0.1")
    for name in ("../worker", "a/b", "..", "", "a\\b"):
        tuner.tuner_id = name
        monkeypatch.setenv("KERASTUNER_TUNER_ID", name)
        with pytest.raises(ValueError, match="KERASTUNER_TUNER_ID.*Received"):
            watch_workers(tuner)


def test_a_check_that_fails_is_tried_again(watch, heartbeat, monkeypatch):
    calls = []

    def end_trial(trial):
        calls.append(trial.trial_id)
        if len(calls) == 1:
            raise OSError("No space left on device")
        watch.oracle.ongoing_trials.clear()

    monkeypatch.setattr(watch.oracle, "end_trial", end_trial)
    limit = watch.oracle.max_consecutive_failed_trials
    with pytest.warns(UserWarning, match="tried again.*No space left"):
        thread = threading.Thread(target=watch.run, daemon=True)
        thread.start()
        while watch.oracle.ongoing_trials:
            time.sleep(0.01)
    assert calls == ["00", "00"]
    assert thread.is_alive()
    assert watch.oracle.max_consecutive_failed_trials == limit
