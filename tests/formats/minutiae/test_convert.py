"""The same minutiae are seen in all formats, within half a unit; what is lost is told."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.minutiae.strategies import HEIGHT, SETS, WIDTH, views

from civid.errors import FormatError
from civid.formats.minutiae import ansi378_2004, iso19794_2_2005, iso19794_2_2011
from civid.formats.minutiae.card import Order, Parameters
from civid.formats.minutiae.common import ExtendedBlock
from civid.formats.minutiae.convert import (
    FORMATS,
    MinutiaeSet,
    NeutralCore,
    NeutralMinutia,
    NeutralView,
    convert,
    read,
    write,
)
from civid.formats.minutiae.convert.choosing import renumbered, strongest
from civid.formats.minutiae.extended import RidgeCount, RidgeCounts, ZonalQuality

RECORDS = ["iso19794-2:2005", "ansi378-2004", "iso19794-2:2011", "ansi378-2009"]
HALF_ANGLES = {
    "iso19794-2:2005": 360 / 512,
    "iso19794-2:2011": 360 / 512,
    "ansi378-2004": 1.0,
    "ansi378-2009": 1.0,
    "iso19794-2:2005-card": 360 / 512,
    "iso19794-2:2005-compact-card": 360 / 128,
    "xyt": 0.5,
    "xyt-m1": 1.0,
    "min": 360 / 64,
}


def turn(a: float, b: float) -> float:
    """Between two angles, in degrees."""
    between = abs(math.degrees(a) - math.degrees(b)) % 360
    return min(between, 360 - between)


def there_and_back(minutiae: MinutiaeSet, key: str, **options: Any) -> NeutralView:
    module = FORMATS[key].module()
    written = write(minutiae, key, **options)
    record = module.parse(module.build(written.record), strict=True)
    reading = {"size": (WIDTH, HEIGHT)} if key == "xyt" else {}
    return read(record, key, **reading).minutiae.views[0]


@pytest.mark.parametrize("key", HALF_ANGLES)
@given(minutiae=SETS)
def test_all_formats_see_the_same_minutiae(key: str, minutiae: MinutiaeSet) -> None:
    (view,) = minutiae.views
    back = there_and_back(minutiae, key)
    assert len(back.minutiae) == len(view.minutiae)
    half_unit = 0.5 / back.x_per_cm  # cm
    if key in ("xyt", "xyt-m1", "min"):  # 500 dpi, which records round to 197 px/cm
        view = replace(view, x_per_cm=back.x_per_cm, y_per_cm=back.y_per_cm)
    for old, new in zip(view.minutiae, back.minutiae, strict=True):
        assert abs(old.x / view.x_per_cm - new.x / back.x_per_cm) <= half_unit * 1.001
        assert abs(old.y / view.y_per_cm - new.y / back.y_per_cm) <= half_unit * 1.001
        assert turn(old.angle, new.angle) <= HALF_ANGLES[key] * 1.001
        assert new.kind == (0 if "xyt" in key else old.kind)
        assert new.quality == (0 if "card" in key else old.quality)


def test_every_format_is_tested() -> None:
    ours = {key for key, one in FORMATS.items() if "39794" not in key}
    assert ours == set(HALF_ANGLES)
    for key in ours:
        assert key == FORMATS[key].module().KEY


@pytest.mark.parametrize("key", HALF_ANGLES)
def test_a_full_turn_is_zero_and_the_first_steps_are_told_apart(key: str) -> None:
    def back(degrees: float) -> float:
        one = NeutralMinutia(1, 10, 20, math.radians(degrees), 50)
        found = there_and_back(MinutiaeSet((NeutralView((one,), WIDTH, HEIGHT, 197, 197),)), key)
        return math.degrees(found.minutiae[0].angle)

    assert back(359.9) == pytest.approx(0)
    assert back(0) == pytest.approx(0)
    for degrees in (90, 180, 270):
        assert back(degrees) == pytest.approx(degrees)


@pytest.mark.parametrize("key", RECORDS)
@given(minutiae=SETS)
def test_extended_data_goes_along(key: str, minutiae: MinutiaeSet) -> None:
    (view,) = minutiae.views
    written = write(minutiae, key)
    back = there_and_back(minutiae, key)
    assert back.ridge_counts == view.ridge_counts
    assert back.blocks == view.blocks
    assert [(round(c.x), round(c.y)) for c in view.cores] == [(c.x, c.y) for c in back.cores]
    for old, new in zip(view.cores, back.cores, strict=True):
        assert turn(old.angle or 0, new.angle or 0) <= HALF_ANGLES[key] * 1.001
    for old_delta, new_delta in zip(view.deltas, back.deltas, strict=True):
        pairs = zip(old_delta.angles or (), new_delta.angles or (), strict=True)
        assert all(turn(a, b) <= HALF_ANGLES[key] * 1.001 for a, b in pairs)
    lost = view.zones is not None and "ansi" in key
    assert back.zones == (None if lost else view.zones)
    assert {finding.field for finding in written.findings} == ({"zonal quality"} if lost else set())
    assert (back.position, back.quality, back.impression) == (
        view.position,
        view.quality,
        view.impression,
    )


@pytest.mark.parametrize("source", RECORDS)
@pytest.mark.parametrize("target", HALF_ANGLES)
def test_from_every_record_to_every_format(source: str, target: str) -> None:
    rows = tuple(NeutralMinutia(1 + i % 2, 5 * i, 6 * i, i / 10, i) for i in range(50))
    made = write(MinutiaeSet((NeutralView(rows, WIDTH, HEIGHT, 197, 197, quality=50),)), source)
    data = FORMATS[source].module().build(made.record)
    found = convert(data, target)
    module = FORMATS[target].module()
    assert module.parse(found.data, strict=True) == found.record
    first = there_and_back(read(made.record, source).minutiae, target).minutiae[49]
    assert turn(first.angle, 4.9) <= HALF_ANGLES[source] + HALF_ANGLES[target]


@pytest.mark.parametrize("per_cm", [100, 197, 394, 1000])
@pytest.mark.parametrize("key", RECORDS)
def test_another_resolution(key: str, per_cm: int) -> None:
    rows = (NeutralMinutia(1, 100, 50, 1.0, 9), NeutralMinutia(2, 40, 390, 2.0))
    view = NeutralView(rows, WIDTH, HEIGHT, 197, 197, zones=ZonalQuality(100, 100, 8, bytes(12)))
    written = write(MinutiaeSet((view,)), key, per_cm=per_cm)
    back = read(written.record, key).minutiae.views[0]
    assert (back.x_per_cm, back.width) == (per_cm, round(WIDTH * per_cm / 197))
    for old, new in zip(rows, back.minutiae, strict=True):
        assert abs(new.x - old.x * per_cm / 197) <= 0.5
        assert abs(new.y - old.y * per_cm / 197) <= 0.5
    told = {finding.field for finding in written.findings} & {"zonal quality"}
    assert bool(told) == (per_cm != 197 or "ansi" in key)


def test_too_many_minutiae_the_weakest_go_and_ridge_counts_follow() -> None:
    rows = tuple(NeutralMinutia(1, i, i, 0.0, 1 + i % 100) for i in range(300))
    counts = RidgeCounts(0, (RidgeCount(99, 199, 7), RidgeCount(0, 299, 3)))
    view = NeutralView(rows, WIDTH, HEIGHT, 197, 197, ridge_counts=counts)
    written = write(MinutiaeSet((view,)), "iso19794-2:2005")
    kept = written.record.views[0].minutiae
    assert len(kept) == 255
    assert min(one.quality for one in kept) == 16  # 45 of the lowest 45 qualities, thrice each
    back = read(written.record, "iso19794-2:2005").minutiae.views[0]
    assert back.ridge_counts is not None
    ((first, second, ridges),) = back.ridge_counts.counts
    assert (kept[first].x, kept[second].x, ridges) == (99, 199, 7)
    told = {finding.field for finding in written.findings}
    assert {"number of minutiae", "ridge count data"} <= told


def test_of_equal_quality_the_farthest_go_first() -> None:
    rows = [NeutralMinutia(1, x, 0, 0.0, 50) for x in (0, 40, 50, 60, 100)]
    assert strongest(rows, 3) == [1, 2, 3]
    better = [rows[0]._replace(quality=60), *rows[1:]]
    assert strongest(better, 3) == [0, 1, 2]  # the centre of mass is 50; 40 and 60 tie, later goes
    same = [NeutralMinutia(2, 0, 0, 1.0), NeutralMinutia(1, 0, 0, 0.5), NeutralMinutia(2, 0, 0, 2)]
    assert strongest(same, 2) == [0, 2]
    assert strongest(same, 1) == [0]


def test_ridge_counts_of_another_order() -> None:
    counts = RidgeCounts(0, (RidgeCount(0, 1, 5), RidgeCount(2, 255, 255), RidgeCount(1, 2, 6)))
    found, gone = renumbered(counts, [2, 0, 1], 3)
    assert found.counts == (RidgeCount(0, 255, 255), RidgeCount(1, 2, 5), RidgeCount(2, 0, 6))
    assert gone == 0


class Loss(NamedTuple):
    key: str
    view: NeutralView
    field: str


BASE = NeutralView(
    (NeutralMinutia(1, 5, 6, 0.0, 50),), WIDTH, HEIGHT, 197, 197, impression=0, quality=9
)


@pytest.mark.parametrize(
    "loss",
    [
        Loss("iso19794-2:2005", replace(BASE, position=13), "finger position"),
        Loss("iso19794-2:2005", replace(BASE, impression=24), "impression type"),
        Loss("iso19794-2:2005", replace(BASE, impression=None), "impression type"),
        Loss("iso19794-2:2005", replace(BASE, quality=None), "finger quality"),
        Loss("iso19794-2:2005", replace(BASE, quality_vendor=5), "quality vendor"),
        Loss("ansi378-2009", replace(BASE, captured=(2024, 1, 1, 0, 0, 0, 0)), "capture date"),
        Loss("ansi378-2004", replace(BASE, technology=3), "capture device"),
        Loss("ansi378-2004", replace(BASE, ridge_ending=1), "ridge ending type"),
        Loss("iso19794-2:2011", replace(BASE, width=0), "image width"),
        Loss("iso19794-2:2011", replace(BASE, x_per_cm=50, y_per_cm=50), "x resolution"),
        Loss(
            "ansi378-2004",
            replace(BASE, cores=(NeutralCore(1, 2), NeutralCore(3, 4, 1.0))),
            "core angle",
        ),
        Loss("iso19794-2:2005", replace(BASE, cores=(NeutralCore(1, 2),) * 16), "number of cores"),
        Loss(
            "iso19794-2:2005",
            replace(BASE, ridge_counts=RidgeCounts(2, (RidgeCount(0, 255, 255),))),
            "ridge count data",
        ),
        Loss(
            "iso19794-2:2005",
            replace(BASE, zones=ZonalQuality(150, 200, 1, bytes(4), vendor=9)),
            "zonal quality",
        ),
        Loss(
            "iso19794-2:2005",
            replace(BASE, blocks=(ExtendedBlock(0x0107, bytes(65535)),)),
            "extended",
        ),
        Loss("xyt", BASE, "minutia type"),
        Loss("xyt", replace(BASE, x_per_cm=394, y_per_cm=394), "x resolution"),
        Loss("xyt", replace(BASE, height=0), "image height"),
        Loss("min", replace(BASE, minutiae=(NeutralMinutia(0, 1, 1, 0.0),)), "minutia type"),
        Loss("iso19794-2:2005-card", BASE, "minutia quality"),
        Loss("iso19794-2:2005-compact-card", replace(BASE, position=2), "finger position"),
        *(
            Loss(key, replace(BASE, impression=8), "impression type")
            for key in ("xyt", "xyt-m1", "min", "iso19794-2:2005-card")
        ),
    ],
    ids=lambda loss: f"{loss.key}-{loss.field}",
)
def test_what_a_format_cannot_hold_is_told(loss: Loss) -> None:
    written = write(MinutiaeSet((loss.view,)), loss.key)
    assert any(finding.field.startswith(loss.field) for finding in written.findings)
    FORMATS[loss.key].module().build(written.record)


def test_views_of_other_sizes_and_resolutions_come_under_one_header() -> None:
    one = NeutralView(
        (NeutralMinutia(1, 10, 20, 0.0),), 100, 100, 394, 394, impression=0, quality=1
    )
    two = NeutralView(
        (NeutralMinutia(1, 90, 20, 0.0),), 200, 300, 197, 197, impression=0, quality=1
    )
    written = write(MinutiaeSet((two, one)), "iso19794-2:2005")
    record = written.record
    assert (record.width, record.height, record.x_per_cm) == (200, 300, 197)
    assert [view.minutiae[0].x for view in record.views] == [90, 5]
    assert [view.number for view in record.views] == [0, 1]
    assert {finding.field for finding in written.findings} == {"x resolution", "image width"}


def test_more_views_of_a_finger_than_there_are_numbers() -> None:
    written = write(MinutiaeSet((BASE,) * 17), "iso19794-2:2005")
    assert len(written.record.views) == 16
    assert [finding.field for finding in written.findings] == ["number of finger views"]
    iso19794_2_2005.build(written.record)


def test_only_one_view_fits_into_a_text() -> None:
    other = replace(BASE, minutiae=(NeutralMinutia(1, 7, 8, 0.0, 50),))
    written = write(MinutiaeSet((BASE, other)), "xyt", view=1)
    assert written.record.minutiae[0].x == 7
    assert "number of finger views" in {finding.field for finding in written.findings}
    with pytest.raises(FormatError, match="there is no view 2"):
        write(MinutiaeSet((BASE, other)), "xyt", view=2)


def test_what_is_wrong_in_the_source_is_told() -> None:
    view = iso19794_2_2005.View(quality=200, minutiae=(iso19794_2_2005.Minutia(3, 1, 1, 9, 101),))
    record = iso19794_2_2005.Record(WIDTH, HEIGHT, views=(view,), certification=8)
    found = read(record, "iso19794-2:2005")
    (one,) = found.minutiae.views
    assert (one.quality, one.minutiae[0].kind, one.minutiae[0].quality) == (None, 0, 0)
    told = {finding.field for finding in found.findings}
    assert told == {"certification", "finger quality", "minutia type", "minutia quality"}


def test_qualities_and_certifications_of_2011() -> None:
    view = iso19794_2_2011.View(
        0,
        WIDTH,
        HEIGHT,
        impression=29,
        qualities=(iso19794_2_2011.Quality(70, 5, 6), iso19794_2_2011.Quality(80)),
        certifications=(iso19794_2_2011.Certification(1, 1),),
    )
    found = read(iso19794_2_2011.Record((view,), 1), "iso19794-2:2011")
    (one,) = found.minutiae.views
    assert (one.quality, one.quality_vendor, one.quality_algorithm) == (70, 5, 6)
    assert one.impression is None
    assert {finding.field for finding in found.findings} == {"certification block", "quality block"}


def test_samples_are_the_same_two_fingers(data: Path) -> None:
    """Four worked examples, two of which state angles in the wrong unit, and the others agree."""
    folder = data / "formats" / "fmr"
    iso = (folder / "iso19794p2v2005-sample.dat").read_bytes()
    for name in ("ANSI-INCITS-378_2004__Appendix-B2_Example.raw", "ansi378v2009am1-sample.dat"):
        made = convert((folder / name).read_bytes(), "iso19794-2:2005")
        ours = iso19794_2_2005.parse(made.data, strict=True)
        theirs = iso19794_2_2005.parse(iso)
        for one, other in zip(ours.views, theirs.views, strict=True):
            assert [m[:3] for m in one.minutiae] == [m[:3] for m in other.minutiae]


def test_a_writer_that_counts_minutiae_from_one(data: Path) -> None:
    content = (data / "formats" / "fmr" / "fmr.ansi2004").read_bytes()
    record = ansi378_2004.parse(content)
    found = read(record, "ansi378-2004")
    counts = found.minutiae.views[2].ridge_counts
    assert counts is not None
    assert len(counts.counts) == 28 * 8
    assert counts.counts[0] == (0, 1, 1)
    assert counts.counts[1] == (0, 255, 255)
    assert any("from 1" in str(finding) for finding in found.findings)


def test_a_card_of_an_image_too_large_for_it() -> None:
    rows = tuple(NeutralMinutia(1, x, 50.0, 0.0, 50) for x in range(0, 800, 10))  # 40 mm
    view = NeutralView(rows, 800, 100, 197, 197)
    written = write(MinutiaeSet((view,)), "iso19794-2:2005-compact-card")
    x = [one.x for one in written.record.minutiae]
    assert (min(x), max(x)) == (3, 252)
    assert len(x) == 50
    told = [str(finding) for finding in written.findings]
    assert any("moved by -73" in text for text in told)
    assert any("30 left out" in text for text in told)
    near = replace(view, minutiae=tuple(row._replace(x=500 + row.x / 4) for row in rows))
    written = write(MinutiaeSet((near,)), "iso19794-2:2005-compact-card")
    assert len(written.record.minutiae) == len(rows)


@given(
    view=views(least=3), most=st.integers(0, 12), order=st.sampled_from(Order), down=st.booleans()
)
def test_a_card_gets_what_it_asks_for(
    view: NeutralView, most: int, order: Order, down: bool
) -> None:
    from civid.formats.minutiae.card.order import check_for_card

    asked = Parameters(0, most, order, down)
    for key in ("iso19794-2:2005-card", "iso19794-2:2005-compact-card"):
        written = write(MinutiaeSet((view,)), key, parameters=asked)
        assert check_for_card(written.record.minutiae, asked) == []
        assert len(written.record.minutiae) == min(most, len(view.minutiae))
        kept = [view.minutiae[index] for index in strongest(view.minutiae, most)]
        step = 1000 if key.endswith(":2005-card") else 100
        places = sorted(round(one.x * step / 197) for one in kept)
        assert sorted(one.x for one in written.record.minutiae) == places


def test_sources_that_do_not_say_what_they_are() -> None:
    with pytest.raises(FormatError, match="give source="):
        convert(b"1 2 3 4\n", "min")
    found = convert(b"1 2 3 4\n", "min", source="xyt", reading={"size": (300, 400)})
    assert found.record.minutiae[0][:2] == (1, 398)
    with pytest.raises(FormatError, match="there are iso19794"):
        convert(b"1 2 3 4\n", "min", source="iso")
    with pytest.raises(FormatError, match="no view to write"):
        write(MinutiaeSet(), "iso19794-2:2005")
