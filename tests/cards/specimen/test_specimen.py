"""Specimens: well-formed, stamped, scannable, and silent about nobody."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image

from civid.cards import qr
from civid.cards.card import CardRecord
from civid.cards.parts import to_qr
from civid.cards.specimen import draw_png, draw_svg
from civid.cards.specimen.drawing import HEIGHT, WIDTH, Box, Words, width_of, wrap
from civid.cards.specimen.layout import back, front
from civid.cards.specimen.qr_boxes import qr_boxes
from civid.errors import FormatError, UnavailableError

pytest.importorskip("segno")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(card: CardRecord) -> tuple[bytes, bytes]:
    """Both sides, or skip where no font has Vietnamese letters."""
    try:
        return draw_png(card)
    except UnavailableError:
        pytest.skip("no font with Vietnamese letters here")


@pytest.mark.parametrize("which", ["card", "new_card"])
def test_both_sides_say_what_the_record_says(which: str, request: pytest.FixtureRequest) -> None:
    card = request.getfixturevalue(which)
    front, back = (ET.fromstring(side) for side in draw_svg(card))
    words = [[one.text for one in side.iter(f"{SVG}text")] for side in (front, back)]
    assert "NGUYỄN THỊ AN" in words[0]
    assert "NGUYEN<<THI<AN<<<<<<<<<<<<<<<<" in words[1]
    for side in words:
        assert "MẪU · SPECIMEN" in side
        assert "civid specimen, not an identity document" in side
    assert front.attrib["width"] == "85.6mm"
    title = front.find(f"{SVG}title")
    assert title is not None
    assert "specimen" in str(title.text).lower()
    assert "046301123456" not in str(title.text)


def test_the_drawn_code_can_be_scanned(card: CardRecord, new_card: CardRecord) -> None:
    photo = pytest.importorskip("civid.cards.qr.photo")
    pytest.importorskip("zxingcpp")
    assert photo.parse_photo(drawn(card)[0]) == to_qr(card)
    assert photo.parse_photo(drawn(new_card)[1]) == to_qr(new_card)


def test_pictures_have_the_proportions_of_a_card(card: CardRecord) -> None:
    for side in drawn(card):
        picture = Image.open(io.BytesIO(side))
        assert picture.size == (1712, 1080)
        r, g, b = np.moveaxis(np.asarray(picture.convert("RGB"), float), -1, 0)
        reds = int(((r > 1.2 * g) & (r > 1.2 * b)).sum())
        assert reds > 20_000  # the stamp


def test_markup_in_a_name_is_only_text(person: dict[str, object], card: CardRecord) -> None:
    evil = replace(card, full_name="<script>&\"'")
    with pytest.raises(FormatError):
        draw_svg(evil)  # no zone can hold it
    marks = replace(card, marks="<b>&amp;</b>")
    back = ET.fromstring(draw_svg(marks)[1])
    assert "<b>&amp;</b>" in [one.text for one in back.iter(f"{SVG}text")]


def test_a_text_too_long_for_a_code_is_refused(card: CardRecord) -> None:
    with pytest.raises(FormatError, match="too long"):
        qr_boxes("ế" * 2000, 0, 0, 100)
    assert qr.build(to_qr(card))


def test_long_texts_are_broken_into_lines() -> None:
    assert wrap("a b", 10, 1000) == ["a b"]
    assert wrap("aaaa bbbb cccc", 10, 40, 2) == ["aaaa", "bbbb cccc"]
    assert wrap("", 10, 100) == [""]


LONG = {
    "full_name": "Công Tằng Tôn Nữ Hoàng Thị Phương Thảo Nguyên Khánh Vân Anh Thư " * 2,
    "residence": "Căn hộ 2305, tòa nhà S2.03, khu đô thị Vinhomes Grand Park, phường Long Bình, "
    * 5,
    "origin": "NGUYỄN" * 60,
    "marks": "Nốt ruồi cách một phẩy năm xen-ti-mét trên sau đuôi lông mày trái " * 6,
}


@pytest.mark.parametrize("issued", [date(2021, 6, 10), date(2024, 8, 1)])
def test_long_texts_stay_in_their_places(person: dict[str, object], issued: date) -> None:
    long = {name: text.strip() for name, text in LONG.items()}
    made = CardRecord(issued=issued, **{**person, **long})
    for side in (front, back):
        shapes = side(made)
        texts = [one for one in shapes if isinstance(one, Words) and one.anchor == "start"]
        for one in texts:
            if one.mono:
                continue
            right = one.x + width_of(one.text, one.size, bold=one.bold)
            assert right <= WIDTH - 20
            assert one.y <= HEIGHT - 20
            for box in (box for box in shapes if isinstance(box, Box) and box.width < WIDTH - 20):
                apart = (
                    right <= box.x or one.x >= box.x + box.width
                    or one.y <= box.y or one.y - one.size * 0.7 >= box.y + box.height
                )  # fmt: skip
                assert apart, (side.__name__, one.text[:20], box)
