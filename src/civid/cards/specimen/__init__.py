"""Specimens of cards (thẻ mẫu), to look at what one record makes: both sides, as SVG or PNG.

Each side is stamped as a specimen and has no emblem, portrait or security print. Needs
``civid[cards]`` for the QR code.
"""

from __future__ import annotations

from pathlib import Path

from civid.cards.card import CardRecord
from civid.cards.specimen.layout import back, caption, front
from civid.cards.specimen.png import to_png
from civid.cards.specimen.svg import to_svg

__all__ = ["draw_png", "draw_svg"]


def draw_svg(record: CardRecord) -> tuple[str, str]:
    """Front and back as SVG documents."""
    title = caption(record)
    return to_svg(front(record), f"{title}: front"), to_svg(back(record), f"{title}: back")


def draw_png(
    record: CardRecord, *, scale: float = 2.0, font: Path | None = None
) -> tuple[bytes, bytes]:
    """Front and back as PNG files; see `civid.cards.specimen.png.to_png`."""
    return (
        to_png(front(record), scale=scale, font=font),
        to_png(back(record), scale=scale, font=font),
    )
