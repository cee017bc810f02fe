"""QR codes in pictures that are made here."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from civid.cards import qr
from civid.cards.qr import photo
from civid.errors import FormatError, ImageError, UnavailableError

segno = pytest.importorskip("segno")
pytest.importorskip("zxingcpp")


def picture(text: str, scale: int = 5) -> Image.Image:
    """A photograph of sorts: the code on a grey card, turned a little."""
    buffer = io.BytesIO()
    segno.make_qr(text.encode(), mode="byte", error="m").save(buffer, "png", scale=scale, border=4)
    code = Image.open(buffer).convert("L")
    scene = Image.new("L", (code.width + 240, code.height + 160), 150)
    scene.paste(code, (130, 70))
    return scene.rotate(7, fillcolor=150)


def as_file(image: Image.Image, kind: str = "JPEG") -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_a_photographed_code_is_read(qr_text: str, kind: str) -> None:
    assert photo.parse_photo(as_file(picture(qr_text), kind)) == qr.parse(qr_text)


def test_an_image_may_be_given_and_accents_survive(qr_text: str) -> None:
    assert photo.texts(picture(qr_text)) == (qr_text,)
    assert photo.parse_photo(picture(qr_text)).full_name == "Nguyễn Thị An"


def test_the_code_of_a_card_is_found_among_others(qr_text: str) -> None:
    both = Image.new("L", (1400, 800), 255)
    both.paste(picture("https://example.org"), (0, 0))
    both.paste(picture(qr_text), (620, 60))
    assert photo.parse_photo(both) == qr.parse(qr_text)


def test_a_picture_without_a_card_is_refused() -> None:
    with pytest.raises(FormatError, match="no QR code"):
        photo.parse_photo(Image.new("L", (300, 300), 200))
    with pytest.raises(FormatError, match="has 1"):
        photo.parse_photo(picture("https://example.org"))


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ImageError):
        photo.parse_photo(data)


def test_a_cut_off_picture_is_refused(qr_text: str) -> None:
    with pytest.raises(ImageError):
        photo.parse_photo(as_file(picture(qr_text), "PNG")[:900])


def test_a_picture_with_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "MAX_PIXELS", 100)
    with pytest.raises(ImageError, match="more than 100 pixels"):
        photo.texts(Image.new("L", (20, 20)))


def test_without_the_reader_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zxingcpp", None)
    with pytest.raises(UnavailableError, match=r"civid\[cards\]"):
        photo.texts(Image.new("L", (20, 20)))


def test_a_drawing_with_shapes_does_not_crash_the_reader() -> None:
    noise = Image.effect_noise((200, 200), 90)
    ImageDraw.Draw(noise).rectangle((10, 10, 60, 60), outline=0, width=8)
    assert photo.texts(noise) == ()
