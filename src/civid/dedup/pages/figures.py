"""Prints and portraits as a page shows them: two fingers compared, a portrait made small."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from civid.dedup.pages.words import finger, words
from civid.errors import CividError
from civid.fingerprint.compare import compare
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage
from civid.fingerprint.scores.odds import MEASURED_TO
from civid.fingerprint.template import Template
from civid.pictures.alignment import PX_PER_MM, align
from civid.pictures.ridges import method_of
from civid.pictures.vector import VectorSide, overlay_svg, pair_svg
from civid.position import Position

#: A portrait on the page, px; captures have at least 236 px a side.
_PORTRAIT = (240, 320)
#: One in so many different pairs is "often": four fingers are compared in most cases.
_OFTEN = 30


@dataclass(frozen=True, slots=True, repr=False)
class Prints:
    """Fingers of one side, as `CaseDesk.templates` and `images` give them."""

    templates: Mapping[Position, Template]
    images: Mapping[Position, FingerImage]

    def side(self, position: Position) -> VectorSide | None:
        """One finger: with its image, and the minutiae that are in that image."""
        template = self.templates.get(position)
        image = self.images.get(position)
        if image is None:
            return None if template is None else VectorSide(template)
        # The gallery may hold another capture than the one whose image is kept.
        method = "auto" if template is None else method_of(template)
        return VectorSide(extract(image, method=method), image)

    def positions(self) -> set[Position]:
        """Fingers that can be shown."""
        return {*self.templates, *self.images}


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """Two fingers compared.

    Attributes
    ----------
    pair, overlay : str
        SVG; the overlay is empty where too little agrees.
    said : tuple of str
        What to read beside it, line by line.
    overlay_said : str
        What to read beside the overlay.
    warning : str
        What is wrong with the pictures; empty where nothing is.
    """

    pair: str
    overlay: str
    said: tuple[str, ...]
    overlay_said: str = ""
    warning: str = ""


def figure(
    ours: Prints, theirs: Prints, position: Position, other: Position, language: str
) -> Figure | None:
    """The comparison of a finger with one of the other side; None where one is not there."""
    say = words(language)
    a, b = ours.side(position), theirs.side(other)
    if a is None or b is None:
        return None
    found = compare(a.template, b.template)
    name = finger(position, language)
    pairs = np.asarray(found.pairs).reshape(-1, 2)
    said = [
        say("pairs-found", len(pairs), len(a.template), len(b.template))
        + " "
        + say("quality", a.template.quality, b.template.quality),
        _chance(float(found.score), language),
        say("marks-text"),
    ]  # fmt: skip
    if a.image is None or b.image is None:
        said.append(say("no-image"))
    laid = align(a.image, a.template, b.image, b.template, pairs)
    over = about = ""
    if laid is None:
        said.append(say("no-overlay"))
    else:
        over = overlay_svg(a, b, pairs, laid, say("overlay-alt", name))
        shift = float(np.hypot(*laid.shift)) / PX_PER_MM
        about = say("overlay-text", f"{abs(laid.motion.degrees):.0f}", f"{shift:.1f}")
    pair = pair_svg(a, b, pairs, say("pair-alt", name[:1].upper() + name[1:], len(pairs)))
    copied = a.image is not None and b.image is not None and _is_copy(a.image, b.image)
    return Figure(pair, over, tuple(said), about, say("same-picture") if copied else "")


def _chance(score: float, language: str) -> str:
    """How often different fingers are as much alike; a count of points alone says nothing of it."""
    say, often = words(language), 10 ** (min(score, MEASURED_TO) / 10)
    if often < _OFTEN:
        return say("chance-often")
    if score > MEASURED_TO:
        return say("chance-rare")
    return say("chance-one-in", int(round(often, 1 - len(str(int(often))))))


def _is_copy(one: FingerImage, two: FingerImage) -> bool:
    """Whether two captures are the same to the last pixel: no finger can be pressed so twice."""
    return np.array_equal(one.pixels, two.pixels)


def portrait(data: bytes | None) -> str:
    """A portrait as a small picture in a data URI; empty where there is none that can be read."""
    if data is None:
        return ""
    from PIL import Image, ImageOps

    from civid.formats.image_files import picture

    try:
        seen = picture.decode(data)  # looks at it before a decoder does
        if seen.kind in ("PNG", "JPEG"):
            with Image.open(io.BytesIO(data), formats=[seen.kind]) as opened:
                made = ImageOps.exif_transpose(opened).convert("RGB")
        else:
            made = Image.fromarray(seen.pixels)
        made.thumbnail(_PORTRAIT)
        out = io.BytesIO()
        made.save(out, "JPEG", quality=85)
    except (CividError, OSError, ValueError, Image.DecompressionBombError):
        return ""
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
