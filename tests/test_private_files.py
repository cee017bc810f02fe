"""Private from the first byte, whole or not at all, read again when changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from civid.private_files import Exposure, Reread, exposure, make_private, replacing


def test_a_private_file_is_private_under_any_umask_and_keeps_what_it_holds(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_private(tmp_path / "a")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    (tmp_path / "a").write_bytes(b"kept")
    make_private(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"kept"


@pytest.mark.parametrize("stopped", [OSError("full"), KeyboardInterrupt()])
def test_what_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, stopped: BaseException
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def halfway() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise stopped

    with pytest.raises(type(stopped)):
        halfway()
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a", b"old")]


def test_a_file_is_parsed_once_and_again_when_it_was_replaced(tmp_path: Path) -> None:
    path, read = tmp_path / "a", []

    def parse(data: bytes) -> int:
        read.append(data)
        return len(data)

    kept = Reread(path, parse, 4)
    with pytest.raises(FileNotFoundError):
        kept.get()
    path.write_bytes(b"12")
    assert kept.get() == kept.get() == 2
    with replacing(path) as file:
        file.write(b"1234567")
    assert kept.get() == 5  # one more than it may have, for the parser to refuse
    kept.forget()
    assert kept.get() == 5
    assert read == [b"12", b"12345", b"12345"]


@pytest.mark.parametrize(
    ("mode", "ours", "expected"),
    [
        (0o600, True, Exposure("", False)),
        (0o400, True, Exposure("", False)),
        (0o640, True, Exposure("others may read", True)),
        (0o604, True, Exposure("others may read", True)),
        (0o601, True, Exposure("others may read", True)),
        (0o620, True, Exposure("others may write to", True)),
        (0o640, False, Exposure("", False)),  # of root, for the group of a service
        (0o644, False, Exposure("everybody may read", False)),
        (0o646, False, Exposure("others may write to", True)),
    ],
)
def test_who_may_read_a_file_of_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, ours: bool, expected: Exposure
) -> None:
    path = tmp_path / "secret"
    path.touch()
    path.chmod(mode)
    if not ours:
        monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    with path.open("rb") as file:
        assert exposure(file.fileno()) == expected
