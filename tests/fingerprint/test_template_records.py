"""Records of many views are parsed once, and a resolution that is in dpi is named."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from civid import Position, Template, read_upload
from civid.errors import CividError, FormatError, ResolutionError
from civid.formats.minutiae import iso19794_2_2005 as iso


def record(views: int = 2, per_cm: int = 197) -> bytes:
    minutiae = tuple(iso.Minutia(1, 3 * i, 2 * i, i, 50) for i in range(40))
    made = [iso.View(1 + i % 10, i // 10, 0, 50, minutiae) for i in range(views)]
    return iso.build(iso.Record(300, 400, per_cm, per_cm, tuple(made)))


def test_all_views_are_those_that_are_read_one_by_one() -> None:
    data = record(3)
    for number, template in enumerate(Template.all_from_iso19794_2(data)):
        one = Template.from_iso19794_2(data, view=number)
        assert np.array_equal(one.minutiae, template.minutiae)
        assert (one.quality, one.width, one.height) == (50, template.width, template.height)


def test_a_record_of_many_views_is_parsed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.iso"
    path.write_bytes(record(100))
    calls: list[bytes] = []
    parse = iso.parse

    def counted(data: bytes) -> iso.Record:
        calls.append(data)
        return parse(data)

    monkeypatch.setattr(iso, "parse", counted)
    assert len(read_upload(path).single) == 100
    assert len(calls) == 1


@pytest.mark.parametrize("per_cm", [500, 512, 1000])
def test_dpi_written_for_px_per_cm_is_named_and_can_be_overruled(per_cm: int) -> None:
    data = record(1, per_cm)
    with pytest.raises(FormatError, match=f"looks like {per_cm} dpi; give dpi="):
        Template.from_iso19794_2(data)
    right = Template.from_iso19794_2(record(1), dpi=500)
    given = Template.from_iso19794_2(data, dpi=500)
    assert np.array_equal(given.minutiae, right.minutiae)
    assert (given.width, given.height) == (300, 400)


def first(path: Path, dpi: float | None = None) -> Template:
    return read_upload(path, dpi=dpi).one(Position.UNKNOWN).template


def test_what_a_person_states_goes_before_what_a_record_states(tmp_path: Path) -> None:
    path = tmp_path / "a.iso"
    path.write_bytes(record(1, 394))
    assert first(path).width == 150
    assert first(path, 500).width == 300
    with pytest.raises(ResolutionError):
        first(path, 7)


@pytest.mark.parametrize("data", [None, "FMR", 5, [1], np.zeros(3), Path("a.iso")])
def test_a_record_of_another_type_is_told(data: object) -> None:
    with pytest.raises(CividError, match=f"bytes, not {type(data).__name__}"):
        Template.from_iso19794_2(data)
    with pytest.raises(CividError, match="whole number"):
        Template.from_iso19794_2(record(), view="1")


def test_thousands_of_blocks_are_not_taken_apart() -> None:
    area = struct.pack(">HH", 0x100, 4) * 5000
    view = bytes((1, 0, 50, 0)) + struct.pack(">H", len(area)) + area
    head = struct.pack(">8sI5H2B", b"FMR\0 20\0", 24 + len(view), 0, 40, 40, 197, 197, 1, 0)
    found = iso.parse(head + view)
    assert found.views[0].blocks == ()
    assert [finding.field for finding in found.warnings] == ["extended data"]
