"""The comparisons that went worst, as pictures with their minutiae."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from civid.errors import CividError
from civid.fingerprint.compare import compare
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import MAX_SIDE, MINUTIA_DTYPE, Template
from civid.lab.evaluation.evaluate import Lab
from civid.lab.evaluation.extraction import load_image
from civid.lab.evaluation.results import Verification
from civid.lab.evaluation.store import Extracted
from civid.lab.metrics import FAILED
from civid.lab.peers import System
from civid.lab.peers.own import CividMatcher

if TYPE_CHECKING:
    from PIL.Image import Image

_WIDEST = 900
_LONGEST = 1000
_MARGIN = 16
_JPEG_QUALITY = 72
_NONE = np.empty(0, MINUTIA_DTYPE)


@dataclass(frozen=True, slots=True)
class Shown:
    """One comparison as a picture.

    Attributes
    ----------
    mated : bool
    score : float
        ``-inf`` where it failed.
    caption : str
    jpeg : bytes
    """

    mated: bool
    score: float
    caption: str
    jpeg: bytes

    @property
    def data_url(self) -> str:
        """For the ``src`` of an ``img``."""
        return "data:image/jpeg;base64," + base64.b64encode(self.jpeg).decode()


@dataclass(frozen=True, slots=True, eq=False)
class _Joined:
    score: float
    pairs: npt.NDArray[np.int64]


def worst(result: Verification, count: int) -> list[int]:
    """Indices into the plan: the lowest genuine scores, then the highest impostor scores."""
    scores = result.compared.scores
    genuine, impostor = np.flatnonzero(result.plan.mated), np.flatnonzero(~result.plan.mated)
    lowest = genuine[np.argsort(scores[genuine], kind="stable")][:count]
    highest = impostor[np.argsort(-scores[impostor], kind="stable")][:count]
    return [*lowest.tolist(), *highest.tolist()]


def draw_worst(result: Verification, system: System, lab: Lab, count: int = 4) -> list[Shown]:
    """Draw the worst comparisons of a result.

    Images come from the set; where it has templates only, minutiae stand on empty ground. Minutiae
    are those of the system, where it tells them, and are joined where civid's matcher paired them.
    """
    if result.protocol == "ten-finger" or count < 1:
        return []
    extracted = lab.extract(result.prints, system, whole=True)
    return [_draw(result, system, extracted, at) for at in worst(result, count)]


def _draw(result: Verification, system: System, extracted: Sequence[Extracted], at: int) -> Shown:
    from civid.pictures import pair_joined

    ends = int(result.plan.probe[at]), int(result.plan.reference[at])
    images = [_image(result, end) for end in ends]
    found = [
        None if extracted[end].template is None else system.minutiae(extracted[end].template)
        for end in ends
    ]
    pairs = np.empty((0, 2), np.int64)
    if isinstance(system.matcher, CividMatcher) and found[0] is not None and found[1] is not None:
        pairs = compare(found[0], found[1]).pairs
    shown = [_fitted(template, image) for template, image in zip(found, images, strict=True)]
    if len(pairs):
        joined = _Joined(0.0, pairs)
        picture = pair_joined(images[0], shown[0], images[1], shown[1], joined, caption=False)
    else:
        picture = _side_by_side(images, shown)
    score = float(result.compared.scores[at])
    mated = bool(result.plan.mated[at])
    names = [result.prints.samples[end].name for end in ends]
    counts = ["?" if template is None else str(len(template)) for template in found]
    words = [f"{names[0]} and {names[1]}: "]
    words.append("no score, the comparison failed" if score == FAILED else f"score {score:.4g}")
    words.append(f"; {counts[0]} and {counts[1]} minutiae")
    if len(pairs):
        words.append(f", {len(pairs)} paired")
    failures = {extracted[end].failure for end in ends} - {""}
    words += [f"; {reason}" for reason in sorted(failures)]
    return Shown(mated, score, "".join(words), _jpeg(picture))


def _side_by_side(images: Sequence[FingerImage | None], shown: Sequence[Template]) -> Image:
    """Both prints and their minutiae, where nobody says which of them belong together."""
    from civid.pictures.canvas import Canvas
    from civid.pictures.marks import draw_minutia
    from civid.pictures.overlay import draw_ground, zoom_for

    zoom = min(zoom_for(template, _LONGEST) for template in shown)
    width = sum(template.width for template in shown) * zoom + 3 * _MARGIN
    height = max(template.height for template in shown) * zoom + 2 * _MARGIN
    canvas = Canvas(round(width), round(height))
    left = float(_MARGIN)
    for image, template in zip(images, shown, strict=True):
        draw_ground(canvas, image, template, left, _MARGIN, zoom)
        for minutia in template.minutiae:
            x, y = left + minutia["x"] * zoom, _MARGIN + minutia["y"] * zoom
            draw_minutia(canvas, minutia, float(x), float(y), zoom)
        left += template.width * zoom + _MARGIN
    return canvas.finish()


def _image(result: Verification, at: int) -> FingerImage | None:
    sample = result.prints.samples[at]
    if sample.given is not None:
        return None
    try:
        return load_image(sample, result.prints.dpi)
    except CividError:
        return None


def _fitted(template: Template | None, image: FingerImage | None) -> Template:
    """A template of the size of the image, so that minutiae lie where they belong."""
    if image is None:
        return template or Template(_NONE, quality=0, width=300, height=400)
    height, width = (
        min(MAX_SIDE, max(1, round(side * 500 / image.dpi))) for side in image.pixels.shape
    )
    if template is None:
        return Template(_NONE, quality=0, width=width, height=height)
    minutiae: npt.NDArray[Any] = template.minutiae.copy()
    minutiae["x"] = np.minimum(minutiae["x"], width)
    minutiae["y"] = np.minimum(minutiae["y"], height)
    return Template(minutiae, quality=template.quality, width=width, height=height)


def _jpeg(picture: Image) -> bytes:
    if picture.width > _WIDEST:
        picture = picture.resize((_WIDEST, round(picture.height * _WIDEST / picture.width)))
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()
