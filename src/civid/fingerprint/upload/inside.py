"""The prints inside a file of several: image records, ANSI/NIST transactions, CBEFF envelopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from civid.fingerprint.image import FingerImage, stated_dpi
from civid.fingerprint.records import prints
from civid.fingerprint.template import Template
from civid.formats._door import sniffed
from civid.formats._images import ImageInside, images_inside
from civid.formats._registry import Format
from civid.position import Position

#: Palms and what else is no finger.
_FIRST_PALM = 20
_LAST_PALM = 86
_THUMBS = {11: Position.RIGHT_THUMB, 12: Position.LEFT_THUMB}
_SLAPS = frozenset((13, 14, 15))

#: A print that is read when it is wanted: an image, or a template where nobody has to extract it.
Read = Callable[[], "FingerImage | Template"]


class Inside(NamedTuple):
    """One print of a file, not decoded yet."""

    position: Position
    read: Read


class Several(NamedTuple):
    """What a file of several holds: single prints, and slaps that are to be cut."""

    single: list[Inside]
    slaps: dict[int, Callable[[], FingerImage]]


def prints_inside(found: Format, data: bytes, dpi: float | None) -> Several:
    """All prints of a file: minutiae before images, and rolled and single fingers before plain
    thumbs. Of two prints of one finger the first is taken; what is no finger is left out, and where
    there are minutiae of an unknown finger (a latent), the images of unknown fingers are.

    Raises
    ------
    FormatError
        It cannot be read.
    """
    images = images_inside(found, data)
    waiting = _minutiae(found, data, dpi)
    unknown = not any(one.position is Position.UNKNOWN for one in waiting)
    slaps: dict[int, Callable[[], FingerImage]] = {}
    for one in sorted(images, key=lambda one: one.position in _THUMBS):
        number = one.position
        if number in _SLAPS:
            # One of each, so that the work is bounded whatever a file announces.
            slaps.setdefault(number, _image(one, dpi))
        elif not _FIRST_PALM <= number <= _LAST_PALM and (unknown or _finger(number)):
            waiting.append(Inside(_finger(number), _image(one, dpi)))
    single: list[Inside] = []
    known: set[Position] = set()
    for print_ in waiting:
        if print_.position is Position.UNKNOWN or print_.position not in known:
            single.append(print_)
            known.add(print_.position)
    return Several(single, slaps)


def templates_of(
    data: bytes, dpi: float | None, key: str | None = None
) -> list[tuple[Position, Template]]:
    """The views of a record of minutiae; ``key`` is its format where it does not say it."""
    return [
        (position_of(position), Template(minutiae, quality=quality, width=width, height=height))
        for position, minutiae, quality, (width, height) in prints(data, key, dpi=dpi)
    ]


def position_of(number: int) -> Position:
    """The finger of a number; unknown for those of a later edition, or nonsense."""
    try:
        return Position(number)
    except ValueError:  # the print is good all the same
        return Position.UNKNOWN


def _finger(number: int) -> Position:
    return _THUMBS.get(number) or position_of(number)


def _image(one: ImageInside, dpi: float | None) -> Callable[[], FingerImage]:
    def read() -> FingerImage:
        decoded = one.decode()
        return FingerImage(decoded.pixels, dpi or stated_dpi(decoded.resolution))

    return read


def _minutiae(found: Format, data: bytes, dpi: float | None) -> list[Inside]:
    """What people or other programs have found: Type-9 records, and records in envelopes."""
    if found.kind == "transaction":
        from civid.fingerprint._ansi_nist import all_to_templates

        by_record = dict[int, tuple[Position, Template]]()
        for one, template in all_to_templates(found.load().parse(data)):
            if one.position not in _SLAPS and not _FIRST_PALM <= one.position <= _LAST_PALM:
                # Of several blocks of one record the first is the richest.
                by_record.setdefault(one.record, (_finger(one.position), template))
        ready = list(by_record.values())
    elif found.kind == "envelope":
        module: Any = found.load()
        ready = []
        for _, member in module.members(module.parse(data)):
            inner = sniffed(member)
            if inner is not None and inner.kind == "minutiae":
                ready += templates_of(member, dpi)
    else:
        ready = []
    return [Inside(position, _ready(template)) for position, template in ready]


def _ready(template: Template) -> Read:
    return lambda: template
