"""Rows of a private file: whole, private, and none lost between threads and processes."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests import child

from civid.errors import FieldError, StorageFormatError, StorageWriteError
from civid.private_tables import PrivateTable

ADDS = """
import sys
from pathlib import Path
from tests.test_private_tables import table
for i in range(25):
    with table(Path(sys.argv[1])).changing() as rows:
        rows[f"{sys.argv[2]}-{i}"] = (f"{sys.argv[2]}-{i}", i)
"""


def read(one: Mapping[str, Any]) -> tuple[str, int]:
    return str(one["name"]), int(one["number"])


def table(path: Path) -> PrivateTable[tuple[str, int]]:
    return PrivateTable(
        path, key=lambda one: one[0], name="rows", read=read,
        write=lambda one: {"name": one[0], "number": one[1]}, version=1,
        format_error=StorageFormatError, storage_error=StorageWriteError,
    )  # fmt: skip


def test_what_was_written_is_read_by_others(tmp_path: Path) -> None:
    path = tmp_path / "new" / "rows.json"
    one, other = table(path), table(path)
    assert one.rows() == {} == other.rows()
    with one.changing() as rows:
        rows["Đào"] = ("Đào", 3)
    assert other.rows() == {"Đào": ("Đào", 3)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    other.rows().clear()  # a copy
    assert other.rows()


def test_a_change_that_fails_changes_nothing(tmp_path: Path) -> None:
    one = table(tmp_path / "rows.json")
    with one.changing() as rows:
        rows["a"] = ("a", 1)

    def fails() -> None:
        with one.changing() as rows:
            rows.clear()
            raise FieldError("name", "no")

    with pytest.raises(FieldError):
        fails()
    assert one.rows() == {"a": ("a", 1)}
    with one.changing() as rows:  # and it is not held
        rows["b"] = ("b", 2)
    assert len(one.rows()) == 2


def test_threads_and_processes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    words = [sys.executable, "-c", ADDS, str(path)]
    others = [subprocess.Popen([*words, name], env=child.environment()) for name in "xy"]
    one = table(path)

    def add(i: int) -> None:
        with one.changing() as rows:
            rows[f"t-{i}"] = (f"t-{i}", i)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(25)))
    assert [other.wait() for other in others] == [0, 0]
    assert len(one.rows()) == 75


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"version": 2, "rows": []}',
        b'{"version": 1, "rows": [{}]}',
        b"[" * 99999,
    ],
)
def test_another_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(data)
    with pytest.raises(StorageFormatError, match="the file of rows cannot be read"):
        table(path).rows()
    with pytest.raises(StorageFormatError), table(path).changing():
        pass
    assert path.read_bytes() == data


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(StorageWriteError, match="the rows cannot be read"):
        table(tmp_path).rows()
    (tmp_path / "file").touch()
    with (
        pytest.raises(StorageWriteError, match="the rows cannot be written"),
        table(tmp_path / "file" / "rows.json").changing(),
    ):
        pass
