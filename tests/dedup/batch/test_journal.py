"""How far a sweep of a register has come, in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from civid.dedup.batch.journal import Journal
from civid.errors import SearchError


def test_a_journal_goes_on_and_no_byte_of_it_changes_unseen(tmp_path: Path) -> None:
    path = tmp_path / "sweep.jsonl"
    journal = Journal(path, "default-4")
    journal.write("names", ["b", 7], [("p1", "p2", "name"), ("p1", "p9", "prints")])
    journal.write("names", None, [])
    journal.close()
    whole = path.read_bytes()
    again = Journal(path, "default-4")
    assert (again.after, again.found) == (
        {"names": None}, [("p1", "p2", "name"), ("p1", "p9", "prints")]
    )  # fmt: skip
    again.close()
    for place in range(whole.index(b"\n") + 1, len(whole) - 1):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(SearchError, match="damaged"):
            Journal(path, "default-4")
    lines = [json.loads(line) for line in whole.splitlines()]
    assert all(line.pop("check") for line in lines[1:])  # as civid 0.1 wrote them
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    old = Journal(path, "default-4")
    assert (old.after, old.found) == (again.after, again.found)
    old.close()
