"""Files that are whole or not there, whatever happens meanwhile."""

import errno
import os
import pathlib
import stat
import threading
import time

import pytest

from keras_aegan import files


def permissions(path):
    return stat.S_IMODE(path.stat().st_mode)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_and_replaced(tmp_path):
    for content in (b"first", b"second"):
        files.write_atomically(tmp_path / "file", content)
        assert (tmp_path / "file").read_bytes() == content
        assert names(tmp_path) == ["file"]


def test_a_link_in_place_of_an_unfinished_file_is_not_followed(
    tmp_path, monkeypatch
):
    """Even somebody who knows the name cannot choose what is overwritten."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    monkeypatch.setattr("secrets.token_hex", lambda count: "guessed")
    link = tmp_path / ".keras_aegan_unfinished_guessed"
    link.symlink_to(victim)
    with pytest.raises(FileExistsError):
        files.write_atomically(tmp_path / "file", b"content")
    assert victim.read_text() == "mine"


def test_names_of_unfinished_files_do_not_repeat(tmp_path, monkeypatch):
    seen = []
    replace = os.replace
    monkeypatch.setattr(
        "os.replace", lambda a, b: seen.append(a.name) or replace(a, b)
    )
    for _ in range(2):
        files.write_atomically(tmp_path / "file", b"")
    assert len(set(seen)) == 2


def test_a_link_is_replaced_and_its_target_stays(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to(target)
    files.write_atomically(link, b"new")
    assert target.read_text() == "old" and link.read_text() == "new"
    assert not link.is_symlink()


def test_permissions_are_those_of_any_new_file_or_of_the_old_one(tmp_path):
    old = os.umask(0o027)
    try:
        files.write_atomically(tmp_path / "file", b"")
    finally:
        os.umask(old)
    assert permissions(tmp_path / "file") == 0o640
    (tmp_path / "file").chmod(0o604)
    files.write_atomically(tmp_path / "file", b"again")
    assert permissions(tmp_path / "file") == 0o604


def test_threads_write_one_path(tmp_path):
    path, errors = tmp_path / "file", []

    def write(content):
        try:
            for _ in range(150):
                files.write_atomically(path, content)
                assert len(set(path.read_bytes())) == 1
        except Exception as error:
            errors.append(error)

    threads = [
        threading.Thread(target=write, args=(bytes([i]) * 1000,))
        for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("obstacle", ["folder", "missing", "file", "long"])
def test_a_failure_leaves_what_was_there(obstacle, tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    target = {
        "folder": tmp_path / "folder",
        "missing": tmp_path / "no" / "file",
        "file": path / "below",
        "long": tmp_path / ("x" * 300),
    }[obstacle]
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        files.write_atomically(target, b"new")
    assert names(tmp_path) == ["file", "folder"]
    assert path.read_text() == "old"


def test_one_warning_for_many_failures():
    failures = files.WriteFailures("The page", "reading goes on")
    with pytest.warns(UserWarning) as caught:
        for _ in range(3):
            with failures:
                raise OSError(errno.ENOSPC, "No space left on device")
    (warning,) = caught
    assert str(warning.message).startswith("The page could not be written")
    assert "No space left on device); reading goes on" in str(warning.message)
    assert warning.filename == __file__
    # Nothing else is swallowed.
    with pytest.raises(KeyError), failures:
        raise KeyError


@pytest.mark.parametrize(
    "kind, path",
    [
        ("folder", "file"),
        ("folder", "file/below"),
        ("folder", "x" * 300),
        ("folder", "zero\0byte"),
        ("file", "folder"),
        ("file", "file/page.html"),
        ("file", "x" * 300),
        ("file", "pipe"),
    ],
)
def test_a_path_that_cannot_be_used_is_an_error_at_once(kind, path, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    before = names(tmp_path)
    with pytest.raises(
        ValueError, match=rf"`x` must be a {kind}.*Received: x="
    ):
        files.make_writable("x", tmp_path / path, kind)
    assert names(tmp_path) == before


def test_a_full_disk_is_an_error_at_once(tmp_path, monkeypatch):
    def fail(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(ValueError, match="Received.*No space left on device"):
        files.make_writable("x", tmp_path)
    assert names(tmp_path) == []


def test_only_old_leftovers_are_removed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    old, new, link, other = (
        tmp_path / name
        for name in (
            ".keras_aegan_unfinished_1",
            ".keras_aegan_unfinished_2",
            ".keras_aegan_unfinished_3",
            ".other",
        )
    )
    for path in (old, new, other):
        path.write_text("")
    link.symlink_to(victim)
    past = time.time() - 2 * 24 * 3600
    for path in (old, other, link, victim):
        os.utime(path, (past, past), follow_symlinks=False)
    files.make_writable("x", tmp_path)
    assert names(tmp_path) == [new.name, ".other", "victim"]
    assert victim.read_text() == "mine"


def test_a_missing_folder_is_made(tmp_path):
    files.make_writable("x", tmp_path / "new" / "page.html", "file")
    files.make_folder("x", pathlib.Path(tmp_path / "other" / "below"))
    assert names(tmp_path) == ["new", "other"]
    assert names(tmp_path / "new") == []
