"""The log: whole when it is whole; nothing can be changed in it unseen."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid.errors import (
    FieldError,
    StorageDamagedError,
    StorageKeyError,
    StorageLockedError,
    StorageWriteError,
)
from civid.exchange.service.log import Journal, verify_log
from civid.exchange.service.log.entry import parsed
from civid.exchange.service.log.journal import end_of, key_of


def written(path: Path, count: int, begin: int = 0) -> Path:
    with Journal.open(path) as log:
        for number in range(begin, begin + count):
            refused = number % 3 == 0
            log.write(
                operation="search", outcome="refused" if refused else "done",
                status=403 if refused else 200, request=f"r{number}", caller="office-7",
                people=(f"07920400{number:04}",), candidates=number,
            )  # fmt: skip
    return path


def test_a_log_is_whole_and_goes_on(tmp_path: Path) -> None:
    path = written(tmp_path / "log.jsonl", 5)
    first = verify_log(path)
    assert (first.ok, first.entries, first.refused) == (True, 5, 2)
    written(path, 4, 5)
    second = verify_log(path, anchor=first.end)
    assert (second.ok, second.entries) == (True, 9)
    assert "0792040" not in path.read_text()
    lines = [json.loads(line)["entry"] for line in path.read_text().splitlines()]
    assert [one["seq"] for one in lines] == list(range(1, 10))
    assert len({one["people"][0] for one in lines}) == 9


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_changed_is_found(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder) / "log.jsonl", 6)
        whole = path.read_bytes()
        lines = whole.splitlines(keepends=True)
        kind = data.draw(st.sampled_from(["flip", "take", "swap", "twice", "cut", "empty"]))
        at = data.draw(st.integers(0, len(lines) - 1))
        if kind == "flip":
            place = data.draw(st.integers(0, len(whole) - 1))
            changed = bytearray(whole)
            changed[place] ^= data.draw(st.integers(1, 255))
            path.write_bytes(changed)
        elif kind == "take":
            path.write_bytes(b"".join(lines[:at] + lines[at + 1 :]))
        elif kind == "swap":
            lines[at], lines[at - 1] = lines[at - 1], lines[at]
            path.write_bytes(b"".join(lines))
        elif kind == "twice":
            path.write_bytes(b"".join([*lines[: at + 1], *lines[at:]]))
        elif kind == "cut":
            path.write_bytes(b"".join(lines[:at]))
        else:
            path.write_bytes(b"")
        assert not verify_log(path).ok


def test_who_writes_it_anew_needs_the_key(tmp_path: Path) -> None:
    path = written(tmp_path / "log.jsonl", 5)
    anchor = verify_log(path).end
    for file in (path, end_of(path), key_of(path)):
        file.unlink()
    written(path, 5)  # the same, with a key of one's own
    assert verify_log(path).ok
    assert not verify_log(path, anchor=anchor).ok  # what was kept elsewhere tells


def test_an_older_copy_of_everything_is_found_by_the_anchor(tmp_path: Path) -> None:
    path = written(tmp_path / "log.jsonl", 3)
    older = {file: file.read_bytes() for file in (path, end_of(path))}
    written(path, 3, 3)
    anchor = verify_log(path).end
    for file, data in older.items():
        file.write_bytes(data)
    assert verify_log(path).ok
    assert not verify_log(path, anchor=anchor).ok


@pytest.mark.parametrize("anchor", ["", "x", "3", "3:zz", "3:00", "-1:" + "0" * 63])
def test_an_anchor_that_is_none_is_refused(tmp_path: Path, anchor: str) -> None:
    path = written(tmp_path / "log.jsonl", 1)
    with pytest.raises(FieldError):
        verify_log(path, anchor=anchor)


def test_a_half_written_line_is_cut_off_and_a_lost_one_is_not_overlooked(tmp_path: Path) -> None:
    path = written(tmp_path / "log.jsonl", 3)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"hash":"00')
    assert verify_log(path).entries == 3
    written(path, 1, 3)
    assert (verify_log(path).ok, verify_log(path).entries) == (True, 4)
    path.write_bytes(whole)
    with pytest.raises(StorageDamagedError):
        Journal.open(path)
    path.write_bytes(whole[:-40])
    with pytest.raises(StorageDamagedError):
        Journal.open(path)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda path: key_of(path).unlink(), StorageKeyError),
        (lambda path: key_of(path).write_text("short"), StorageKeyError),
        (lambda path: key_of(path).write_text("0" * 64), StorageDamagedError),
        (lambda path: end_of(path).unlink(), StorageDamagedError),
        (lambda path: end_of(path).write_text("nonsense"), StorageDamagedError),
        (lambda path: path.write_bytes(path.read_bytes() + b"more\n"), StorageDamagedError),
    ],
)
def test_a_spoilt_log_is_not_gone_on_with(
    tmp_path: Path, spoil: Callable[[Path], object], error: type[Exception]
) -> None:
    path = written(tmp_path / "log.jsonl", 3)
    spoil(path)
    with pytest.raises(error):
        Journal.open(path)


def test_one_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with Journal.open(path), pytest.raises(StorageLockedError):
        Journal.open(path)
    written(path, 1)


def test_of_many_threads_none_breaks_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with Journal.open(path) as log:

        def write() -> None:
            for _ in range(50):
                log.write(operation="search", outcome="done", status=200)

        threads = [threading.Thread(target=write) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert (verify_log(path).ok, verify_log(path).entries) == (True, 400)


def test_a_full_disk_leaves_a_whole_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.jsonl"
    write = os.write
    with Journal.open(path) as log:
        log.write(operation="search", outcome="done", status=200)
        monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:20]))
        with pytest.raises(StorageWriteError):
            log.write(operation="search", outcome="done", status=200)
        with pytest.raises(StorageWriteError):
            log.look()
        monkeypatch.setattr(os, "write", write)
        assert log.write(operation="search", outcome="done", status=200).seq == 2
        log.look()
    assert verify_log(path).ok


def test_time_never_runs_backwards_in_it(tmp_path: Path) -> None:
    now = iter([100.0, 50.0, 200.0])
    path = tmp_path / "log.jsonl"
    with Journal.open(path, clock=lambda: next(now)) as log:
        for _ in range(3):
            log.write(operation="search", outcome="done", status=200)
    lines = path.read_bytes().splitlines(keepends=True)
    assert [parsed(line)[0].at for line in lines] == [100_000_000, 100_000_000, 200_000_000]
    assert verify_log(path).ok


def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    path = written(tmp_path / "log.jsonl", 1)
    for file in (path, key_of(path), end_of(path)):
        assert file.stat().st_mode & 0o077 == 0
