"""Templates: what they accept, and their way through ISO/IEC 19794-2:2005."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError, TemplateError
from civid.fingerprint.compare import compare, prepare
from civid.fingerprint.template import MAX_MINUTIAE, MINUTIA_DTYPE, Template
from civid.formats.minutiae import iso19794_2_2005 as iso
from civid.position import Position

ROW = st.tuples(
    st.floats(0, 299.5, width=32),
    st.floats(0, 399.5, width=32),
    st.floats(0, 6.28125, width=32),
    st.integers(0, 2),
    st.integers(0, 100),
)


def rows(values: list[Any]) -> npt.NDArray[Any]:
    return np.array(values, dtype=MINUTIA_DTYPE)


def view_of(*minutiae: iso.Minutia, **changes: Any) -> bytes:
    """A record with one view; `changes` go to the record."""
    record = iso.Record(300, 400, views=(iso.View(2, quality=60, minutiae=minutiae),))
    return iso.build(dataclasses.replace(record, **changes))


class TestChecks:
    def test_copied_and_read_only(self) -> None:
        given = rows([(1, 2, 3, 1, 50)])
        template = Template(given, 70, 300, 400)
        given["x"] = 99
        assert template.minutiae["x"][0] == 1
        assert not template.minutiae.flags.writeable
        assert template.minutiae.dtype == MINUTIA_DTYPE
        assert len(template) == 1
        assert "0" not in repr(template).replace("70", "").replace("300", "").replace("400", "")

    def test_padding_is_zero(self) -> None:
        dirty = np.frombuffer(b"\xff" * 16, dtype=MINUTIA_DTYPE).copy()
        for name, value in (("x", 1), ("y", 2), ("angle", 3), ("kind", 1), ("quality", 4)):
            dirty[name] = value
        assert Template(dirty, 0, 10, 10).minutiae.tobytes()[14:] == b"\0\0"

    def test_other_field_order(self) -> None:
        names = ("quality", "kind", "angle", "x", "y")
        other = np.array([(9, 1, 2, 3, 4)], dtype=[(name, "f8") for name in names])
        assert Template(other, 0, 10, 10).minutiae[0].item() == (3.0, 4.0, 2.0, 1, 9)

    def test_angles_are_wrapped(self) -> None:
        angles = [-1e-9, 2 * np.pi, -np.pi, 7.0, 1000.0]
        found = Template([(0, 0, a, 1, 0) for a in angles], 0, 10, 10).minutiae["angle"]
        assert ((found >= 0) & (found < 2 * np.pi)).all()
        assert np.allclose(np.exp(1j * found), np.exp(1j * np.array(angles)), atol=1e-5)

    @pytest.mark.parametrize("count", [0, 1, 255])
    def test_counts(self, count: int) -> None:
        assert len(Template(np.zeros(count, MINUTIA_DTYPE), 0, 1, 1)) == count
        assert len(Template([(0, 0, 0, 0, 0)] * count, 0, 1, 1)) == count

    def test_too_many(self) -> None:
        with pytest.raises(TemplateError, match=f"256 minutiae; at most {MAX_MINUTIAE}"):
            Template(np.zeros(256, MINUTIA_DTYPE), 0, 1, 1)

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ((float("nan"), 0, 0, 0, 0), "x"),
            ((0, float("inf"), 0, 0, 0), "y"),
            ((0, 0, float("-inf"), 0, 0), "angle"),
            ((-1, 0, 0, 0, 0), "x"),
            ((301, 0, 0, 0, 0), "x"),
            ((0, 401, 0, 0, 0), "y"),
            ((0, 0, 0, 3, 0), "kind"),
            ((0, 0, 0, 0, 101), "quality"),
        ],
    )
    def test_values(self, row: tuple[float, ...], field: str) -> None:
        with pytest.raises(TemplateError, match=f"the {field} of "):
            Template([(0, 0, 0, 0, 0), row], 0, 300, 400)
        with pytest.raises(TemplateError, match=f"the {field} of "):
            Template(rows([(0, 0, 0, 0, 0), row]), 0, 300, 400)

    @pytest.mark.parametrize(
        "minutiae",
        [
            np.zeros((2, 2), MINUTIA_DTYPE),
            np.zeros(3, [("x", "f4")]),
            [(1, 2, 3)],
            [("a", 2, 3, 1, 1)],
            np.zeros(3),
            5,
            None,
            "minutiae",
            np.array([("a", 1, 1, 1, 1)], dtype=[(n, "U4") for n in MINUTIA_DTYPE.names or ()]),
        ],
    )
    def test_other_things(self, minutiae: Any) -> None:
        with pytest.raises(TemplateError, match="minuti"):
            Template(minutiae, 0, 300, 400)

    @pytest.mark.parametrize(
        "sizes", [(-1, 9, 9), (101, 9, 9), (50, 0, 9), (50, 9, 16385), (True, 9, 9), (5.0, 9, 9)]
    )
    def test_quality_and_size(self, sizes: tuple[Any, Any, Any]) -> None:
        with pytest.raises(TemplateError, match=r"quality|width|height"):
            Template([], *sizes)


class TestToAndFrom:
    @given(st.lists(ROW, max_size=255), st.integers(0, 100), st.sampled_from(Position))
    def test_round_trip(self, values: list[Any], quality: int, position: Position) -> None:
        template = Template(rows(values), quality, 300, 400)
        data = template.to_iso19794_2(position=position, impression=1)
        back = Template.from_iso19794_2(data)
        assert len(back) == len(template)
        assert (back.quality, back.width, back.height) == (quality, 300, 400)
        for name in ("x", "y"):
            assert np.abs(back.minutiae[name] - template.minutiae[name]).max(initial=0) <= 0.5
        turn = np.abs(back.minutiae["angle"] - template.minutiae["angle"])
        turn = np.minimum(turn, 2 * np.pi - turn)
        assert turn.max(initial=0) <= np.deg2rad(360 / 512) * 1.0001
        for name in ("kind", "quality"):
            assert (back.minutiae[name] == template.minutiae[name]).all()
        assert back.to_iso19794_2(position=position, impression=1) == data
        view = iso.parse(data, strict=True).views[0]
        assert (view.position, view.impression) == (position, 1)

    def test_corners_stay_inside(self) -> None:
        data = Template([(300, 400, 6.283, 1, 1)], 0, 300, 400).to_iso19794_2()
        assert iso.parse(data, strict=True).views[0].minutiae == (iso.Minutia(1, 299, 399, 0, 1),)

    @pytest.mark.parametrize("count", [0, 1, 255])
    def test_counts(self, count: int) -> None:
        data = Template([(5, 6, 1, 1, 0)] * count, 0, 300, 400).to_iso19794_2()
        assert len(data) == 30 + 6 * count
        assert len(Template.from_iso19794_2(data)) == count

    def test_wrong_impression(self) -> None:
        with pytest.raises(FormatError, match="impression type"):
            Template([], 0, 300, 400).to_iso19794_2(impression=7)

    @pytest.mark.parametrize(("per_cm", "factor"), [(197, 1.0), (394, 250 / 500.38)])
    def test_scale(self, per_cm: int, factor: float) -> None:
        data = view_of(iso.Minutia(1, 200, 100, 64), x_per_cm=per_cm, y_per_cm=per_cm)
        template = Template.from_iso19794_2(data)
        assert template.minutiae["x"][0] == pytest.approx(200 * factor, rel=1e-5)
        assert template.minutiae["y"][0] == pytest.approx(100 * factor, rel=1e-5)
        assert template.minutiae["angle"][0] == pytest.approx(np.pi / 2)
        assert (template.width, template.height) == (round(300 * factor), round(400 * factor))

    def test_unequal_scale_turns_angles(self) -> None:
        data = view_of(iso.Minutia(1, 200, 100, 32), x_per_cm=197, y_per_cm=394)
        minutia = Template.from_iso19794_2(data).minutiae[0]
        assert minutia["x"] == 200
        assert minutia["y"] == pytest.approx(49.96, abs=0.01)
        assert minutia["angle"] == pytest.approx(np.arctan(0.4996), abs=1e-3)

    @pytest.mark.parametrize("per_cm", [0, 38, 1600])
    def test_absurd_resolution(self, per_cm: int) -> None:
        data = bytearray(view_of())
        data[18:20] = per_cm.to_bytes(2, "big")
        with pytest.raises(FormatError, match=f"x resolution: {per_cm} px/cm.*byte 18"):
            Template.from_iso19794_2(bytes(data))

    def test_views(self) -> None:
        views = tuple(
            iso.View(position, minutiae=(iso.Minutia(1, position, 0, 0),)) for position in (1, 2, 3)
        )
        data = view_of(views=views)
        found = [Template.from_iso19794_2(data, view=k).minutiae["x"][0] for k in range(3)]
        assert found == [1, 2, 3]
        for wrong in (3, -1):
            with pytest.raises(FormatError, match="the record has 3"):
                Template.from_iso19794_2(data, view=wrong)
        no_view = bytearray(view_of())
        no_view[22] = 0
        with pytest.raises(FormatError, match="the record has 0"):
            Template.from_iso19794_2(bytes(no_view))

    def test_lies_that_leave_minutiae_readable(self) -> None:
        data = bytearray(view_of(iso.Minutia(1, 10, 20, 30, 40), iso.Minutia(2, 200, 300, 0, 0)))
        data[14:18] = b"\0\x64\0\x64"  # 100 x 100 px
        data[26] = 255  # quality of the view: not computed
        data[28] |= 0xC0  # type 3
        data[33] = 200  # quality of a minutia
        template = Template.from_iso19794_2(bytes(data))
        assert template.minutiae["x"].tolist() == [10, 200]
        assert template.minutiae["kind"].tolist() == [0, 2]
        assert template.minutiae["quality"].tolist() == [0, 0]
        assert (template.quality, template.width, template.height) == (0, 201, 301)

    def test_image_too_large_for_a_template(self) -> None:
        data = view_of(width=60000)
        with pytest.raises(FormatError, match="image width: 60000 px"):
            Template.from_iso19794_2(data)

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"FMR\0 20\0" + b"\0\x1a" + bytes(16), "ANSI/INCITS 378-2004"),
            (b"FIR\x00010\0" + bytes(30), "ISO/IEC 19794-4:2005"),
            (b"FAC\x00010\0" + bytes(30), "a face image"),
            (b"\x89PNG\r\n\x1a\n" + bytes(30), "a PNG image"),
            (b"", "unknown format"),
            (b"hello", "unknown format"),
        ],
    )
    def test_other_formats_are_named(self, data: bytes, name: str) -> None:
        with pytest.raises(FormatError, match=f"{name}.*, not ISO/IEC 19794-2:2005"):
            Template.from_iso19794_2(data)

    def test_every_prefix(self) -> None:
        data = Template([(5, 6, 1, 1, 0)] * 20, 0, 300, 400).to_iso19794_2()
        for size in range(len(data) - 2):
            with pytest.raises(FormatError):
                Template.from_iso19794_2(data[:size])

    def test_every_changed_byte(self) -> None:
        data = Template([(5 + k, 6, 1, 1, 0) for k in range(20)], 0, 300, 400).to_iso19794_2()
        for place in range(len(data)):
            for value in (0, 0x7F, 0xFF):
                broken = data[:place] + bytes([value]) + data[place + 1 :]
                try:
                    template = Template.from_iso19794_2(broken)
                except FormatError:
                    continue
                assert len(Template.from_iso19794_2(template.to_iso19794_2())) == len(template)

    def test_real_records(self, data: Path) -> None:
        paths = sorted((data / "templates" / "secugen-iso19794-2").rglob("*.iso"))
        paths += sorted((data / "formats" / "fmr" / "fingerjetfx" / "templates-iso").iterdir())
        assert len(paths) == 649
        for path in paths:
            template = Template.from_iso19794_2(path.read_bytes())
            back = Template.from_iso19794_2(template.to_iso19794_2())
            assert (back.minutiae == template.minutiae).all()

    @pytest.mark.parametrize("name", ["info_left_thumb_auth_wsq.iso", "info_encyrpted.iso"])
    def test_real_records_of_other_kinds(self, data: Path, name: str) -> None:
        path = data / "formats" / "fir" / "mosip-bio-utils-Finger" / name
        with pytest.raises(FormatError, match="not ISO/IEC 19794-2:2005"):
            Template.from_iso19794_2(path.read_bytes())


def other_than(template: Template) -> npt.NDArray[Any]:
    minutiae = template.minutiae.copy()
    minutiae["x"], minutiae["y"] = minutiae["y"], minutiae["x"]
    return minutiae


def test_a_replaced_template_does_not_carry_what_was_cached() -> None:
    rng = np.random.default_rng(1)
    rows = np.column_stack(
        [rng.uniform(10, 290, (30, 2)), rng.uniform(0, 6, 30), np.ones(30), np.full(30, 80)]
    )
    first = Template(rows, quality=80, width=300, height=300)
    before = compare(first, first).score
    replaced = dataclasses.replace(first, minutiae=other_than(first))
    fresh = Template(other_than(first), quality=80, width=300, height=300)
    assert compare(replaced, first).score == compare(fresh, first).score
    assert compare(first, first).score == before


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
)
def test_copies_are_checked_read_only_and_without_a_cache(copied: Any) -> None:
    first = Template([(10, 20, 1.5, 1, 90)], 80, 300, 400, "somebody/3")
    prepare(first)
    second = copied(first)
    assert (second.minutiae == first.minutiae).all()
    assert (second.quality, second.width, second.height) == (80, 300, 400)
    assert second.extractor == "somebody/3"
    assert not second.minutiae.flags.writeable
    assert second._prepared == []


@pytest.mark.parametrize("name", [None, 5, "x" * 65, "vân tay", "a\nb"])
def test_an_extractor_is_a_short_plain_name(name: Any) -> None:
    with pytest.raises(TemplateError, match="extractor"):
        Template([], quality=0, width=10, height=10, extractor=name)
