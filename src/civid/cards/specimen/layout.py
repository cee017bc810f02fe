"""Where everything stands on the two sides of a specimen.

Not a template for forgers: no emblem, no portrait, no security print, plain colours, and a stamp
across each side.
"""

from __future__ import annotations

from civid.cards import mrz, qr
from civid.cards._date_text import slashes
from civid.cards.card import CardRecord
from civid.cards.generations import Generation
from civid.cards.parts import PrintedField, printed, to_mrz, to_qr
from civid.cards.specimen.drawing import HEIGHT, WIDTH, Box, Oval, Shape, Stamp, Words, fit
from civid.cards.specimen.qr_boxes import qr_boxes

_PAPER, _GREY, _INK, _RED = "#eef3f0", "#66717d", "#1d2733", "#a3302a"


def front(record: CardRecord) -> list[Shape]:
    """The front (mặt trước)."""
    new = record.kind is Generation.CAN_CUOC
    title = ("CĂN CƯỚC", "IDENTITY CARD") if new else ("CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card")
    shapes = [
        Box(0, 0, WIDTH, HEIGHT, _PAPER, 30, "#9aa7b2"),
        Words(430, 44, 21, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", _INK, bold=True, anchor="middle"),
        Words(430, 68, 18, "Độc lập - Tự do - Hạnh phúc", _INK, anchor="middle"),
        Words(430, 114, 32, title[0], _RED, bold=True, anchor="middle"),
        Words(430, 138, 17, title[1], _GREY, anchor="middle"),
        *_portrait(30, 168),
    ]
    if new:
        shapes += _chip(36, 40, 60)
    else:
        shapes += qr_boxes(qr.build(to_qr(record)), 716, 24, 120)
    at = 176.0
    for one in _side(record, "front"):
        if one.name == "expiry":
            shapes.append(Words(30, 472, 12, f"{one.vietnamese} / {one.english}", _GREY))
            shapes.append(Words(30, 494, 18, one.value, _INK, bold=True))
            continue
        at = _field(shapes, one, 260, at, 570)
    return [*shapes, *_stamp()]


def back(record: CardRecord) -> list[Shape]:
    """The back (mặt sau)."""
    new = record.kind is Generation.CAN_CUOC
    shapes: list[Shape] = [Box(0, 0, WIDTH, HEIGHT, _PAPER, 30, "#9aa7b2")]
    at = 48.0
    for one in _side(record, "back"):
        at = _field(shapes, one, 40, at, 440 if new else 500)
    if new:
        shapes += [
            *_chip(520, 40, 90),
            *qr_boxes(qr.build(_qr_for_show(record)), 650, 30, 180),
            Words(690, 260, 22, "BỘ CÔNG AN", _INK, bold=True, anchor="middle"),
        ]
    else:
        shapes += [*_chip(60, 190, 100), *_print_boxes()]
    shapes.append(Box(6, 372, WIDTH - 12, 146, "#ffffff"))
    shapes += [
        Words(36, 418 + 42 * number, 40, line, "#000000", mono=True)
        for number, line in enumerate(mrz.build(to_mrz(record)))
    ]
    return [*shapes, *_stamp()]


def _side(record: CardRecord, side: str) -> list[PrintedField]:
    return [one for one in printed(record) if one.side == side]


def _field(shapes: list[Shape], one: PrintedField, x: float, y: float, width: float) -> float:
    large = one.name in ("personal_number", "full_name")
    size = 27 if one.name == "personal_number" else 22 if large else 18
    shapes.append(Words(x, y, 12, f"{one.vietnamese} / {one.english}", _GREY))
    y += size + 4
    written, lines = fit(one.value, size, width, 1 if large else 2, bold=large)
    for line in lines:
        shapes.append(Words(x, y, written, line, _INK, bold=large))
        y += written + 2
    return y + 19 - written


def _qr_for_show(record: CardRecord) -> qr.QrRecord:
    # The order of the fields 8 to 11 is not documented: a specimen leaves them empty.
    return to_qr(record, ("", "", "", ""))


def _portrait(x: float, y: float) -> list[Shape]:
    return [
        Box(x, y, 200, 280, "#cfd8de", 4),
        Oval(x + 100, y + 108, 52, 64, "#9fb0bb"),
        Box(x + 30, y + 196, 140, 84, "#9fb0bb", 40),
    ]


def _chip(x: float, y: float, side: float) -> list[Shape]:
    return [
        Box(x, y, side, side * 0.8, "#d8b45a", 8, "#8a6d20"),
        Box(x, y + side * 0.26, side, 2, "#8a6d20"),
        Box(x, y + side * 0.52, side, 2, "#8a6d20"),
        Box(x + side * 0.5, y, 2, side * 0.8, "#8a6d20"),
    ]


def _print_boxes() -> list[Shape]:
    shapes: list[Shape] = []
    for x, label in ((560, "Ngón trỏ trái / Left index"), (710, "Ngón trỏ phải / Right index")):
        shapes.append(Box(x, 110, 110, 150, "#dfe5e9", 4, "#9aa7b2"))
        shapes += [Words(x + 55, 284, 11, label, _GREY, anchor="middle")]
    return shapes


def _stamp() -> list[Shape]:
    return [
        Stamp(WIDTH / 2, HEIGHT / 2 + 34, 92, "MẪU · SPECIMEN"),
        Words(WIDTH - 24, HEIGHT - 6, 10, "civid specimen, not an identity document", _RED,
              anchor="end"),
    ]  # fmt: skip


def caption(record: CardRecord) -> str:
    """What the drawing is, for its title: never the holder's data."""
    return f"Specimen of a {record.kind.facts.english}, issued {slashes(record.issued)}"
