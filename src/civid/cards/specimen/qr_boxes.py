"""A QR code as boxes, by segno (extra ``civid[cards]``)."""

from __future__ import annotations

from civid.cards.specimen.drawing import Box, Shape
from civid.errors import FormatError
from civid.extras import need


def qr_boxes(text: str, x: float, y: float, side: float) -> list[Shape]:
    """The dark runs of a QR code of error correction level M, with its quiet zone inside."""
    segno = need("segno", "drawing QR codes")
    try:
        code = segno.make_qr(text.encode("utf-8"), error="m", mode="byte", boost_error=False)
    except segno.DataOverflowError:
        raise FormatError("is too long for a QR code", field="QR") from None
    rows = [bytes(row) for row in code.matrix]
    step = side / (len(rows) + 8)
    shapes: list[Shape] = [Box(x, y, side, side, "#ffffff")]
    for line, row in enumerate(rows):
        start = None
        for column, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                left, top = x + (start + 4) * step, y + (line + 4) * step
                shapes.append(Box(left, top, (column - start) * step, step, "#000000"))
                start = None
    return shapes
