"""What a notebook shows of a value: `civid.display` asks here."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import singledispatch
from html import escape
from typing import TYPE_CHECKING, Any

from civid.fingerprint.compare import Comparison
from civid.fingerprint.image import FingerImage
from civid.fingerprint.quality import QualityReport
from civid.fingerprint.scores.odds import odds
from civid.fingerprint.template import Template
from civid.pictures.canvas import FAINT, Canvas
from civid.pictures.marks import SCALE_HEIGHT, draw_scale
from civid.pictures.overlay import template_over_print

if TYPE_CHECKING:
    from PIL.Image import Image

_LONGEST = 600  # px of a print
_MARGIN = 8
_PAIRS = 12  # in a table


@singledispatch
def png(value: Any) -> bytes:
    """A PNG of a print or a template."""
    raise TypeError(f"there is no picture of {type(value).__name__}")


@png.register
def _(value: FingerImage) -> bytes:
    height, width = value.pixels.shape
    zoom = min(1.0, _LONGEST / max(height, width))
    canvas = Canvas(
        max(round(width * zoom), 160) + 2 * _MARGIN,
        round(height * zoom) + 2 * _MARGIN + SCALE_HEIGHT,
    )
    canvas.paste(value.pixels, _MARGIN, _MARGIN, width * zoom, height * zoom)
    below = _MARGIN + height * zoom + 6
    end = draw_scale(canvas, _MARGIN, below, zoom * value.dpi / 500)
    canvas.text(end + 14, below, f"{width} x {height} px, {value.dpi:g} dpi", FAINT, 12)
    return _saved(canvas.finish())


@png.register
def _(value: Template) -> bytes:
    return _saved(template_over_print(None, value))


@singledispatch
def html(value: Any) -> str:
    """A comparison or a report of quality as a table."""
    raise TypeError(f"there is no table of {type(value).__name__}")


@html.register
def _(value: Comparison) -> str:
    rows = [
        ("score", f"{value.score:.1f}"),
        ("which means", odds(float(value.score), calibrated=value.calibrated)),
    ]
    pairs = ", ".join(f"{i}-{j}" for i, j in value.pairs[:_PAIRS].tolist())
    more = ", ..." if len(value.pairs) > _PAIRS else ""
    noun = "pair" if len(value.pairs) == 1 else "pairs"
    rows.append((f"{len(value.pairs)} {noun} of minutiae", pairs + more))
    return _table("Comparison", rows)


@html.register
def _(value: QualityReport) -> str:
    rows = [("quality", f"{value.quality} of 100"), ("minutiae", f"{value.minutiae}")]
    rows += [(one.value, f"{one.advice()} {one.advice('vi')}") for one in value.reasons]
    rows += [("area", f"{value.area_mm2:.0f} mm²"), ("contrast", f"{value.contrast:.0f} of 255")]
    rows.append(("coherence", f"{value.coherence:.2f} of 1"))
    return _table("Quality", rows)


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    body = "".join(
        f'<tr><th style="text-align:left">{escape(name)}</th>'
        f'<td style="text-align:left">{escape(text)}</td></tr>'
        for name, text in rows
    )
    return f"<table><caption>{escape(title)}</caption><tbody>{body}</tbody></table>"


def _saved(picture: Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
