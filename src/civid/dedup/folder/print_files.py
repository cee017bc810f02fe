"""The prints in a file of several: image records, ANSI/NIST transactions, CBEFF envelopes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from civid.dedup.folder.print_records import position_of, templates_of
from civid.errors import FormatError
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage, checked_dpi, stated_dpi
from civid.fingerprint.slaps import SlapPosition, segment
from civid.fingerprint.template import Template
from civid.formats._door import sniffed
from civid.formats._images import ImageInside, images_inside
from civid.formats._registry import Format
from civid.formats.image_files.picture import MAX_FILE_BYTES
from civid.position import Position

#: Palms and what else is no finger.
_FIRST_PALM = 20
_LAST_PALM = 86
_THUMBS = {11: Position.RIGHT_THUMB, 12: Position.LEFT_THUMB}
_SLAPS = frozenset((13, 14, 15))

Read = Callable[[], tuple[FingerImage | None, Template]]


class PrintInside(NamedTuple):
    """One print of a file, not extracted yet."""

    position: Position
    read: Read


class PrintsInside(NamedTuple):
    """What a file of several holds: single prints, and slaps that are to be cut."""

    name: str  #: of the format
    single: list[PrintInside]
    slaps: dict[int, Callable[[], FingerImage]]

    def of(self, finger: Position) -> list[PrintInside]:
        """The single prints of one finger."""
        return [one for one in self.single if one.position == finger]


def prints_inside(path: Path, dpi: float | None) -> PrintsInside:
    """All prints of a file: minutiae before images, and rolled and single fingers before plain
    thumbs. Of two prints of one finger the first is taken; what is no finger is left out, and where
    there are minutiae of an unknown finger (a latent), the images of unknown fingers are.

    Raises
    ------
    FormatError
        It cannot be read.
    OSError
        The file cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    found = sniffed(data)
    if len(data) > MAX_FILE_BYTES or found is None:
        raise FormatError("larger than any file of prints")
    given = None if dpi is None else checked_dpi(dpi)
    images = images_inside(found, data)
    waiting = _minutiae(found, data, given)
    unknown = not any(one.position is Position.UNKNOWN for one in waiting)
    slaps: dict[int, Callable[[], FingerImage]] = {}
    for one in sorted(images, key=lambda one: one.position in _THUMBS):
        number = one.position
        if number in _SLAPS:
            # One of each, so that the work is bounded whatever a file announces.
            slaps.setdefault(number, _image(one, given))
        elif not _FIRST_PALM <= number <= _LAST_PALM and (unknown or _finger(number)):
            waiting.append(PrintInside(_finger(number), _extracted(_image(one, given))))
    single: list[PrintInside] = []
    known: set[Position] = set()
    for print_ in waiting:
        if print_.position is Position.UNKNOWN or print_.position not in known:
            single.append(print_)
            known.add(print_.position)
    return PrintsInside(found.name, single, slaps)


def fingers_of(inside: PrintsInside) -> list[tuple[Position, Template]]:
    """Every finger with its template; slaps are cut for those that have no print of their own.

    Raises
    ------
    CividError
        One cannot be read.
    """
    made = [(one.position, one.read()[1]) for one in inside.single]
    known = {position for position, _ in made}
    for number, read in inside.slaps.items():
        if known.issuperset(SlapPosition(number).fingers):
            continue
        for finger in segment(read(), position=number).fingers:
            if finger.position is not Position.UNKNOWN and finger.position not in known:
                known.add(finger.position)
                made.append((finger.position, extract(finger.image)))
    return made


def _finger(number: int) -> Position:
    return _THUMBS.get(number) or position_of(number)


def _image(one: ImageInside, dpi: float | None) -> Callable[[], FingerImage]:
    def read() -> FingerImage:
        decoded = one.decode()
        return FingerImage(decoded.pixels, dpi or stated_dpi(decoded.resolution))

    return read


def _extracted(image: Callable[[], FingerImage]) -> Read:
    def read() -> tuple[FingerImage, Template]:
        seen = image()
        return seen, extract(seen)

    return read


def _minutiae(found: Format, data: bytes, dpi: float | None) -> list[PrintInside]:
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
    return [PrintInside(position, _ready(template)) for position, template in ready]


def _ready(template: Template) -> Read:
    return lambda: (None, template)
