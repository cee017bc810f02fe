"""Minutiae of Type-9 records: all blocks, their units and their directions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.formats.ansi_nist.made import DAY, FEATURES, ramp, wrap

from civid.errors import FormatError
from civid.formats import ansi_nist
from civid.formats.ansi_nist.tagged import Field, TaggedRecord
from civid.formats.ansi_nist.type9.points import Core, Delta, Frame, Minutia


def only(transaction: ansi_nist.Transaction) -> ansi_nist.Features:
    (found,) = ansi_nist.minutiae(transaction)
    return found


def test_incits_378_block_by_hand() -> None:
    """Written from the table of the standard, not by our own writer."""
    fields = {
        2: b"01", 3: b"1", 4: b"U", 126: b"27\x1f515\x1f00000000", 127: b"NONE\x1f0",
        128: b"300", 129: b"400", 130: b"2",
        131: b"197", 132: b"197", 133: b"0", 134: b"7", 136: b"2",
        137: b"1\x1f100\x1f14\x1f56\x1f1\x1f90\x1e2\x1f164\x1f17\x1f179\x1f2\x1f0",
        139: b"150\x1f200\x1f45", 140: b"10\x1f20\x1f5", 141: b"65\x1f125",
    }  # fmt: skip
    record = TaggedRecord(9, tuple(Field(*one) for one in fields.items()))
    made = wrap(record)
    assert ansi_nist.validate(made) == []
    found = only(made)
    assert found.block == "M1"
    assert found.position == 7
    assert found.dpi == (500.0, 500.0)
    assert found.minutiae == (
        Minutia(100, 14, 112, 1, 90),
        Minutia(164, 17, 358, 2, 0),
    )
    assert found.cores == (Core(150, 200, 90),)
    assert found.deltas == (Delta(10, 20, (10, 130, 250)),)


def test_the_older_block_by_hand() -> None:
    """0.01 mm from the bottom left, an angle turned by 180 degrees, quality 2 best and 63 worst."""
    fields = {
        2: b"01", 3: b"0", 4: b"S", 5: b"X\x1fA", 6: b"02", 7: b"T\x1fUN", 8: b"01000200",
        10: b"2", 11: b"0",
        12: b"001\x1f02540000090\x1f02\x1fA\x1e002\x1f00000508270\x1f63\x1fB",
    }  # fmt: skip
    image = ansi_nist.image_record(
        np.zeros((200, 100), np.uint8), idc=1, position=2, dpi=500, source="A", day=DAY
    )
    found = only(wrap(TaggedRecord(9, tuple(Field(*one) for one in fields.items())), image))
    assert (found.width, found.height, found.framed, found.position) == (100, 200, True, 2)
    first, second = found.minutiae
    # 254 hundredths are 2.54 mm, 50 px at 500 dpi; y = 0 is the last but one hundredth of 200 px.
    assert first == pytest.approx((50, (1016 - 1) * 500 / 2540, 270, 1, 100))
    assert second == pytest.approx((0, (1016 - 1 - 508) * 500 / 2540, 90, 2, 1))
    assert found.cores[0][:2] == pytest.approx((100 / 5.08, (1015 - 200) / 5.08))


def test_the_extended_feature_set_by_hand() -> None:
    """0.01 mm from the top left of the region of interest, which lies inside the image."""
    fields = {
        2: b"01", 3: b"4", 4: b"U", 300: b"508\x1f254\x1f127\x1f254", 302: b"8\x1f\x1f",
        320: b"100\x1f50\x1f45\x1f3", 321: b"0\x1f0",
        331: b"254\x1f127\x1f30\x1fE\x1e0\x1f0\x1f359\x1fX\x1f20",
    }  # fmt: skip
    record = TaggedRecord(9, tuple(Field(*one) for one in fields.items()))
    alone = only(wrap(record))
    assert (alone.width, alone.height, alone.framed) == (100, 50, False)
    assert alone.minutiae == (Minutia(50, 25, 30, 1, 0), Minutia(0, 0, 359, 0, 0))
    image = ansi_nist.image_record(
        np.zeros((200, 150), np.uint8), idc=1, position=8, dpi=1000, source="A", day=DAY
    )
    placed = only(wrap(record, image))
    assert (placed.width, placed.height, placed.framed) == (150, 200, True)
    assert placed.minutiae[0][:3] == pytest.approx((50 + 100, 100 + 50, 30))
    assert placed.cores[0].angle == 45
    assert placed.deltas[0].angles == ()


def test_incits_378_block_comes_back() -> None:
    assert only(wrap(ansi_nist.make_type9(FEATURES, 1))) == replace(FEATURES, record=2, idc=1)


def test_the_older_block_comes_back_within_its_units() -> None:
    record = ansi_nist.make_type9(FEATURES, 1, blocks=("NIST",))
    image = ansi_nist.image_record(
        np.zeros((400, 300), np.uint8), idc=1, position=2, dpi=500, source="A", day=DAY
    )
    made = wrap(record, image)
    assert ansi_nist.validate(made) == []
    found = only(made)
    for got, wanted in zip(found.minutiae, FEATURES.minutiae, strict=True):
        assert got[:2] == pytest.approx(wanted[:2], abs=0.11)  # half of 0.01 mm is 0.1 px
        assert got.angle == wanted.angle
        assert got.kind == wanted.kind
        assert abs(got.quality - wanted.quality) <= 1
    assert found.cores[0][:2] == pytest.approx(FEATURES.cores[0][:2], abs=0.11)


def test_both_blocks_say_the_same() -> None:
    record = ansi_nist.make_type9(FEATURES, 1, blocks=("NIST", "M1"))
    image = ansi_nist.image_record(
        np.zeros((400, 300), np.uint8), idc=1, position=2, dpi=500, source="A", day=DAY
    )
    newer, older = ansi_nist.minutiae(wrap(record, image))
    assert (newer.block, older.block) == ("M1", "NIST")
    assert np.allclose(newer.minutiae, older.minutiae, atol=1)


def test_samples(data: Path) -> None:
    folder = data / "formats" / "an2"
    counts = {
        "type9.an2k": [("NIST", 28, False)],
        "type9-13.an2k": [("NIST", 28, True)],
        "type-9-4-iafis.an2": [("IAFIS", 48, True)],
        "type9-efs.an2k": [("EFS", one, False) for one in (60, 35, 68, 37, 54, 48, 53, 59)],
    }
    for name, wanted in counts.items():
        found = ansi_nist.minutiae(ansi_nist.parse((folder / name).read_bytes()))
        assert [(one.block, len(one.minutiae), one.framed) for one in found] == wanted
        for one in found:
            assert all(0 <= m.x <= one.width and 0 <= m.y <= one.height for m in one.minutiae)


def test_without_an_image_the_older_block_has_its_own_frame(data: Path) -> None:
    """The same minutiae as in the file with the image, but for where they lie together."""
    folder = data / "formats" / "an2"
    alone, placed = (
        only(ansi_nist.parse((folder / name).read_bytes())).minutiae
        for name in ("type9.an2k", "type9-13.an2k")
    )
    shift = np.array(placed)[:, :2] - np.array(alone)[:, :2]
    assert np.ptp(shift, axis=0) == pytest.approx((0, 0), abs=0.3)


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (12, b"001\x1f0254000009\x1f02\x1fA"),
        (12, b"001"),
        (8, b"123"),
        (137, b"1\x1f2\x1f3"),
        (137, b"1\x1f2\x1f3\x1f4\x1fx\x1f6"),
        (139, b"1"),
        (331, b"1\x1f2"),
        (300, b"1"),
        (23, b"1"),
    ],
)
def test_points_that_cannot_be_read(number: int, value: bytes) -> None:
    fields = {
        2: b"01", 3: b"0", 4: b"U", 12: b"001\x1f02540000090", 23: b"1\x1f02540000090",
        128: b"9", 129: b"9", 137: b"1\x1f2\x1f3\x1f4\x1f1\x1f6", 300: b"9\x1f9",
        331: b"1\x1f2\x1f3\x1fE",
    }  # fmt: skip
    record = TaggedRecord(9, tuple(Field(*one) for one in (fields | {number: value}).items()))
    with pytest.raises(FormatError) as raised:
        ansi_nist.minutiae(wrap(record))
    assert str(raised.value.field).startswith(f"9.{number:03d}")


def test_what_cannot_be_written() -> None:
    with pytest.raises(FormatError, match="blocks"):
        ansi_nist.make_type9(FEATURES, 1, blocks=("EFS",))
    far = replace(FEATURES, minutiae=(Minutia(3000.0, 8.0, 90.0, 1, 60),))
    with pytest.raises(FormatError, match="outside"):
        ansi_nist.make_type9(far, 1, blocks=("NIST",))


@pytest.mark.parametrize(
    "changes",
    [
        {"cores": (Core(1.0, 2.0),)},
        {"deltas": (Delta(1.0, 2.0),)},
        {"deltas": (Delta(1.0, 2.0, (3.0, 4.0)),)},
        {"deltas": (Delta(1.0, 2.0, (3.0,)), Delta(1.0, 2.0, (3.0, 4.0, 5.0)))},
    ],
)
def test_directions_that_incits_378_needs(changes: dict[str, object]) -> None:
    with pytest.raises(FormatError, match="direction"):
        ansi_nist.make_type9(replace(FEATURES, **changes), 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "value", "field"),
    [
        (126, b"28\x1f515", "9.126 CBI"),
        (126, b"27", "9.126 CBI"),
        (126, b"27\x1f513\x1f0", "9.139 CIN"),  # which says that there are minutiae alone
        (137, b"1\x1f300\x1f8\x1f45\x1f1\x1f60", "9.137 FMD"),
        (137, b"1\x1f9\x1f8\x1f180\x1f1\x1f60", "9.137 FMD"),
        (137, b"1\x1f9\x1f8\x1f45\x1f3\x1f60", "9.137 FMD"),
        (137, b"1\x1f9\x1f8\x1f45\x1f1\x1f101", "9.137 FMD"),
        (128, b"", "9.128 HLL"),
    ],
)
def test_findings_of_incits_378(number: int, value: bytes, field: str) -> None:
    record = ansi_nist.make_type9(FEATURES, 1)
    fields = tuple(
        replace(one, value=value) if one.number == number else one for one in record.fields
    )
    assert field in {one.field for one in ansi_nist.validate(wrap(TaggedRecord(9, fields)))}


def test_counts_have_to_agree() -> None:
    record = ansi_nist.make_type9(FEATURES, 1)
    fields = tuple(replace(one, value=b"4") if one.number == 136 else one for one in record.fields)
    (finding,) = ansi_nist.validate(wrap(TaggedRecord(9, fields)))
    assert (finding.field, finding.view) == ("9.136 NOM", 2)


def test_frame_is_that_of_the_same_image_designation() -> None:
    from civid.formats.ansi_nist.minutiae import frames

    image = ansi_nist.image_record(ramp(), idc=4, position=2, dpi=500, source="A", day=DAY)
    assert frames(wrap(image)) == {4: Frame(16, 12, (500.0, 500.0))}
