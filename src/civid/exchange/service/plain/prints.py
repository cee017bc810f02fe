"""From files of any kind to templates, a set of fingers of one person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from civid.dedup.folder.naming import parse_position
from civid.dedup.folder.print_records import position_of as _of_number
from civid.dedup.folder.print_records import templates_of
from civid.errors import CividError, FieldError, FormatError, ImageError
from civid.exchange.service.problem import Refusal, problem_of
from civid.fingerprint.compare import prepare
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage, read_image, stated_dpi
from civid.fingerprint.template import Template
from civid.formats._door import sniffed
from civid.formats._images import images_inside
from civid.position import Position

WORDS = "right-thumb ... left-little, or 1 to 10, or unknown"
#: Prints of one file: ten fingers and two plain thumbs, with some to spare.
_MOST = 16
_PLAIN_THUMBS = {11: Position.RIGHT_THUMB, 12: Position.LEFT_THUMB}
_SLAPS = frozenset((13, 14, 15))


def word(position: Position) -> str:
    """A finger as it is written here.

    >>> word(Position.RIGHT_INDEX)
    'right-index'
    """
    return position.name.lower().replace("_", "-")


def position_of(said: Any) -> Position | None:
    """The finger that a word or number names; None = none.

    >>> position_of("left-thumb"), position_of(2), position_of("nose")
    (<Position.LEFT_THUMB: 6>, <Position.RIGHT_INDEX: 2>, None)
    """
    if isinstance(said, bool) or not isinstance(said, (str, int)):
        return None
    try:
        return parse_position(str(said)[:40])
    except ValueError:
        return None


def templates(
    files: list[tuple[str, Position | None, bytes]], dpi: float | None
) -> dict[Position, Template]:
    """The fingers of one person out of files: pictures, minutiae records, image records.

    Raises
    ------
    Refusal
        One cannot be read, holds no print, or two are of one finger; ``file`` says which.
    """
    made: dict[Position, Template] = {}
    for field, finger, data in files:
        try:
            for position, template in _prints(data, finger, dpi):
                if not len(template):
                    raise ImageError("no fingerprint was found in it")
                prepare(template)  # what cannot be compared is refused here
                if position in made:
                    raise FieldError(word(position), "two prints are of this finger")
                made[position] = template
        except CividError as error:
            raise Refusal.of(problem_of(error), file=field) from None
    return made


def picture(data: bytes, finger: Position | None, dpi: float | None) -> FingerImage:
    """The one image of a file; errors as `civid.read_image`."""
    return read_image(data, dpi=dpi, position=None if finger is None else int(finger) or None)


def _prints(
    data: bytes, finger: Position | None, dpi: float | None
) -> Iterator[tuple[Position, Template]]:
    found = sniffed(data)
    if found is not None and found.kind == "minutiae":
        yield from _of_record(templates_of(data, dpi), finger)
    elif found is None or found.kind == "picture":
        yield finger or Position.UNKNOWN, extract(read_image(data, dpi=dpi))
    elif finger is not None:
        try:
            image = read_image(data, dpi=dpi)  # the only one, whatever finger it says
        except ImageError:
            image = read_image(data, dpi=dpi, position=int(finger))
        yield finger, extract(image)
    else:
        yield from _of_images(found, data, dpi)


def _of_record(
    prints: list[tuple[Position, Template]], finger: Position | None
) -> Iterator[tuple[Position, Template]]:
    if finger is None:
        yield from prints[:_MOST]
        return
    fitting = prints if len(prints) == 1 else [one for one in prints if one[0] == finger]
    if len(fitting) != 1:
        raise FormatError(f"a record of {len(prints)} prints, and not one of this finger")
    yield finger, fitting[0][1]


def _of_images(found: Any, data: bytes, dpi: float | None) -> Iterator[tuple[Position, Template]]:
    """Every single finger in a record, transaction or envelope; a slap has to be cut first."""
    known: set[Position] = set()
    images = images_inside(found, data)
    for one in sorted(images, key=lambda one: one.position in _PLAIN_THUMBS)[: 2 * _MOST]:
        position = _PLAIN_THUMBS.get(one.position) or _of_number(one.position)
        if one.position in _SLAPS or position in known or len(known) >= _MOST:
            continue
        known.add(position)
        decoded = one.decode()
        image = FingerImage(decoded.pixels, dpi or stated_dpi(decoded.resolution))
        yield position, extract(image)
    if not known:
        raise ImageError("no print of a single finger is in it")
