"""The files of NIST's own projects: what is in them, what is wrong with them, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from civid.errors import FormatError
from civid.formats import ansi_nist

# Name, records of each type, fields in which the file departs from the standard.
SAMPLES: list[tuple[str, dict[int, int], set[str]]] = [
    ("type-14-tpcard-nqm.an2", {1: 1, 2: 1, 14: 14}, set()),
    ("type-4-14-slaps.an2", {1: 1, 2: 1, 4: 2, 14: 1}, set()),
    ("type-4-slaps.an2", {1: 1, 2: 1, 4: 4}, set()),
    ("type-9-4-iafis.an2", {1: 1, 2: 1, 9: 1, 4: 1}, set()),
    ("type3.an2k", {1: 1, 2: 1, 3: 1}, set()),
    ("type4-slaps.an2k", {1: 1, 2: 1, 4: 4}, set()),
    # A field that stands twice, and one with the tag of another type of record.
    ("type9-13.an2k", {1: 1, 2: 1, 9: 1, 13: 1}, {"2.034", "9.005 OFR"}),
    # Its list has another image designation.
    ("type9-15.an2k", {1: 1, 2: 1, 15: 2, 9: 1}, {"9.002 IDC"}),
    ("type9-efs.an2k", {1: 1, 9: 8}, set()),
    ("type9.an2k", {1: 1, 9: 1}, set()),
    ("jnbis-samples/nist_sample.an2", {1: 1, 2: 1, 4: 14}, set()),
]


@pytest.mark.parametrize(("name", "types", "faults"), SAMPLES, ids=[one[0] for one in SAMPLES])
def test_every_sample(data: Path, name: str, types: dict[int, int], faults: set[str]) -> None:
    content = (data / "formats" / "an2" / name).read_bytes()
    assert ansi_nist.sniff(content)
    found = ansi_nist.parse(content)
    assert {one.type: len(found.of_type(one.type)) for one in found.records} == types
    assert {finding.field for finding in found.warnings} == faults
    # What stood there is written back to the byte, whatever is wrong with it.
    assert ansi_nist.build(found, strict=False) == content
    if faults:
        with pytest.raises(FormatError):
            ansi_nist.parse(content, strict=True)
        with pytest.raises(FormatError):
            ansi_nist.build(found)
    else:
        assert ansi_nist.build(ansi_nist.parse(content, strict=True)) == content


def test_what_is_wrong_has_its_place(data: Path) -> None:
    content = (data / "formats" / "an2" / "type9-13.an2k").read_bytes()
    for finding in ansi_nist.parse(content).warnings:
        assert finding.offset is not None
    first, second = ansi_nist.parse(content).warnings
    assert content[: first.offset].endswith(b"2.034:")
    assert first.view == 1
    assert content[: second.offset].endswith(b"13.005:")
    assert second.view == 2


def test_the_head_of_a_card(data: Path) -> None:
    content = (data / "formats" / "an2" / "type-14-tpcard-nqm.an2").read_bytes()
    head = ansi_nist.parse(content).head
    assert (head.version, head.transaction, head.date) == ("0400", "AMN", "20010808")
    assert head.content[0] == (2, 0)
    assert head.content[-1] == (14, 14)
    assert head.resolution == 0
    assert head.priority == 1
    assert head.origin not in repr(head)
    assert head.control_number not in repr(head)
