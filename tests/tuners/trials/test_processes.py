"""Searches that are killed, and searches by several processes."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import pytest

PROGRAM = pathlib.Path(__file__).with_name("search_program.py")


def start(folder, *arguments, **variables):
    command = [sys.executable, PROGRAM, folder, *arguments]
    return subprocess.Popen(command, env={**os.environ, **variables})


def trials(folder):
    paths = sorted(folder.glob("search/trial_*/trial.json"))
    return {p.parent.name[-1]: json.loads(p.read_text()) for p in paths}


@pytest.mark.parametrize(
    "kill, trained",
    # The interrupted trial is trained again, the finished one is not.
    [("during", "01123"), ("after", "0123")],
)
def test_a_killed_search_loses_and_repeats_no_finished_trial(
    kill, trained, tmp_path
):
    assert start(tmp_path, "4", kill).wait() == -signal.SIGKILL
    before = trials(tmp_path)
    assert start(tmp_path, "4").wait() == 0
    after = trials(tmp_path)
    assert list(after) == ["0", "1", "2", "3"]
    assert {t["status"] for t in after.values()} == {"COMPLETED"}
    assert (tmp_path / "trained").read_text() == trained
    assert after["0"] == before["0"]
    scores = [t["score"] for t in after.values()]
    assert len(set(scores)) == 4
    if kill == "after":
        assert after["1"]["score"] == before["1"]["score"]


def test_a_search_by_chief_and_workers_ends_though_one_dies(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = {
        "KERASTUNER_ORACLE_IP": "127.0.0.1",
        "KERASTUNER_ORACLE_PORT": str(port),
    }
    chief, first, second = (
        start(tmp_path, "4", **address, KERASTUNER_TUNER_ID=name)
        for name in ("chief", "first", "second")
    )
    try:
        while not (tmp_path / "trained").exists():
            assert first.poll() is None and second.poll() is None
            time.sleep(0.1)
        # Somebody is in the middle of a trial.
        lost = (tmp_path / "trained").read_text()[:1]
        oracle = json.loads((tmp_path / "search/oracle.json").read_text())
        ongoing = oracle["ongoing_trials"]
        name = next(k for k, trial in ongoing.items() if trial == lost)
        dead, alive = (first, second) if name == "first" else (second, first)
        dead.kill()
        assert dead.wait() == -signal.SIGKILL
        assert chief.wait() == 0
        assert alive.wait() == 0
    finally:
        for process in (chief, first, second):
            process.kill()
    found = trials(tmp_path)
    assert list(found) == ["0", "1", "2", "3"]
    assert found[lost]["status"] == "FAILED"
    assert f"the worker {name!r}" in found[lost]["message"]
    others = [t for key, t in found.items() if key != lost]
    assert [t["status"] for t in others] == ["COMPLETED"] * 3
    for trial in others:
        values = trial["metrics"]["metrics"]["val_reconstruction"]
        assert [len(o["value"]) for o in values["observations"]] == [1]
    oracle = json.loads((tmp_path / "search/oracle.json").read_text())
    assert sorted(oracle["end_order"]) == ["0", "1", "2", "3"]
