"""Templates in every minutiae format and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid import Template
from civid.errors import FormatError
from civid.formats.minutiae import FORMATS
from civid.formats.minutiae import iso19794_2_2011 as iso2011
from civid.formats.minutiae.card import Order, Parameters
from civid.position import Position

#: Half a unit: px at 500 dpi, degrees.
HALF = {
    "iso19794-2:2005": (0.5, 360 / 512),
    "iso19794-2:2011": (0.5, 360 / 512),
    "ansi378-2004": (0.5, 1.0),
    "ansi378-2009": (0.5, 1.0),
    "iso19794-2:2005-card": (0.5 * 0.01 / 25.4 * 500, 360 / 512),
    "iso19794-2:2005-compact-card": (0.5 * 0.1 / 25.4 * 500, 360 / 128),
    "xyt": (0.5, 0.5),
    "xyt-m1": (0.5, 1.0),
    "min": (0.5, 360 / 64),
}
ROW = st.tuples(
    st.floats(0, 299, width=32),
    st.floats(0, 399, width=32),
    st.floats(0, 6.25, width=32),
    st.integers(1, 2),
    st.integers(0, 100),
)


def test_every_key_is_tested() -> None:
    assert {key for key in FORMATS if "39794" not in key} == set(HALF)


@pytest.mark.parametrize("key", HALF)
@given(rows=st.lists(ROW, max_size=40), quality=st.integers(0, 100))
def test_there_and_back(key: str, rows: list[tuple[float, ...]], quality: int) -> None:
    template = Template(rows, quality, 300, 400)
    data = template.to_bytes(key)
    back = Template.from_bytes(data, format=key, size=(300, 400) if key == "xyt" else None)
    assert len(back) == len(template)
    px, degrees = HALF[key]
    for name in ("x", "y"):
        assert np.abs(back.minutiae[name] - template.minutiae[name]).max(initial=0) <= px + 1e-3
    turn = np.abs(np.degrees(back.minutiae["angle"]) - np.degrees(template.minutiae["angle"]))
    assert np.minimum(turn, 360 - turn).max(initial=0) <= degrees * 1.001
    if "xyt" not in key:
        assert (back.minutiae["kind"] == template.minutiae["kind"]).all()
    if "card" not in key:
        assert (back.minutiae["quality"] == template.minutiae["quality"]).all()
        # The second way through changes nothing; NBIS text counts y from the height.
        if key != "xyt":
            assert back.to_bytes(key) == data
    if "card" not in key and key not in ("xyt", "xyt-m1", "min"):
        assert (back.quality, back.width, back.height) == (quality, 300, 400)
        assert Template.from_bytes(data).minutiae.tobytes() == back.minutiae.tobytes()


@pytest.mark.parametrize("key", [key for key in HALF if key.startswith(("iso", "ansi"))][:4])
def test_position_and_impression_are_written(key: str) -> None:
    data = Template([(1, 2, 3, 1, 4)], 50, 300, 400).to_bytes(
        key, position=Position.LEFT_RING, impression=2
    )
    view = FORMATS[key].module().parse(data, strict=True).views[0]
    assert (view.position, view.impression) == (Position.LEFT_RING, 2)
    if key != "ansi378-2009":  # which has more of them, and does not check
        with pytest.raises(FormatError, match="impression type"):
            Template([], 0, 300, 400).to_bytes(key, impression=17)


def test_old_methods_are_the_same() -> None:
    template = Template([(1.5, 2.5, 3, 1, 4)] * 3, 50, 300, 400)
    assert template.to_iso19794_2() == template.to_bytes() == template.to_bytes("iso19794-2:2005")


def test_what_does_not_say_what_it_is_needs_its_name() -> None:
    template = Template([(10, 20, 1, 1, 4)], 50, 300, 400)
    for key in ("xyt", "xyt-m1", "iso19794-2:2005-card", "iso19794-2:2005-compact-card"):
        with pytest.raises(FormatError, match="give format="):
            Template.from_bytes(template.to_bytes(key))
    assert len(Template.from_bytes(template.to_bytes("min"))) == 1
    with pytest.raises(FormatError, match="there are iso19794-2:2005"):
        template.to_bytes("iso")
    with pytest.raises(FormatError, match="not ISO/IEC 19794-2:2011"):
        Template.from_bytes(template.to_bytes(), format="iso19794-2:2011")


def test_a_card_has_a_unit_and_an_order() -> None:
    template = Template([(200, 20, 1, 1, 4), (10, 90, 1, 1, 90), (100, 9, 1, 1, 50)], 50, 300, 400)
    data = template.to_bytes("iso19794-2:2005-compact-card", parameters=Parameters(0, 2, Order.XY))
    assert len(data) == 6
    back = Template.from_bytes(data, format="iso19794-2:2005-compact-card")
    assert back.minutiae["x"] == pytest.approx([10, 100], abs=1)
    with pytest.raises(FormatError, match="unit is fixed"):
        Template.from_bytes(data, format="iso19794-2:2005-compact-card", dpi=500)


def test_views_of_2011_have_their_own_size_and_quality() -> None:
    views = tuple(
        iso2011.View(
            finger,
            100 * finger,
            200,
            x_per_cm=197 * finger,
            y_per_cm=197 * finger,
            qualities=(iso2011.Quality(40 + finger),) if finger > 1 else (),
            minutiae=(iso2011.Minutia(1, 50, 60, 64, 0),),
        )
        for finger in (1, 2)
    )
    one, two = Template.all_from_bytes(iso2011.build(iso2011.Record(views)))
    assert (one.width, one.quality, float(one.minutiae["x"][0])) == (100, 0, 50)
    assert (two.width, two.quality) == (100, 42)
    assert two.minutiae["x"][0] == pytest.approx(24.98, abs=0.01)
    with pytest.raises(FormatError, match="there is no view 2; the record has 2"):
        Template.from_bytes(iso2011.build(iso2011.Record(views)), view=2)


def test_more_minutiae_than_a_template_holds_the_best_stay() -> None:
    lines = b"".join(b"%d %d 0 %d\n" % (i, i, i // 10) for i in range(300))
    template = Template.from_bytes(lines, format="xyt")
    assert len(template) == 255
    assert template.minutiae["quality"].min() == 4


def test_a_height_that_cannot_be() -> None:
    with pytest.raises(FormatError, match="beyond the size"):
        Template.from_bytes(b"1 200 3 4\n", format="xyt", size=(300, 100))


def test_a_fine_scale_keeps_the_last_minutia_inside() -> None:
    view = iso2011.View(
        0, 10, 10, x_per_cm=787, y_per_cm=787, minutiae=(iso2011.Minutia(1, 9, 9, 0),)
    )
    for last in range(10, 60):
        minutia = (iso2011.Minutia(1, last, last, 0),)
        made = iso2011.View(0, last + 1, last + 1, x_per_cm=787, y_per_cm=787, minutiae=minutia)
        template = Template.from_bytes(iso2011.build(iso2011.Record((made,))))
        assert template.minutiae["x"][0] <= template.width
    assert len(Template.from_bytes(iso2011.build(iso2011.Record((view,))))) == 1


def test_real_text_of_mindtct_compares_as_the_laboratory_reads_it(data: Path) -> None:
    from civid import compare
    from civid.lab.evaluation.foreign import xyt_rows, xyt_template

    folder = data / "templates" / "mindtct-xyt-FVC2002-DB1_A"
    ours, theirs = [], []
    for name in ("1_1.xyt", "1_2.xyt", "2_1.xyt"):
        theirs.append(xyt_template(xyt_rows(folder / name), m1=True))
        ours.append(Template.from_bytes((folder / name).read_bytes(), format="xyt-m1"))
    for one, other in zip(ours, theirs, strict=True):
        assert np.array_equal(one.minutiae, other.minutiae)
    assert compare(ours[0], ours[1]).score > compare(ours[0], ours[2]).score
