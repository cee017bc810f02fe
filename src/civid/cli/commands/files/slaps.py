"""The slaps of a file, and the single fingers in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from civid.cli.console.fingers import read_position
from civid.cli.console.problems import Problem, explain, usage
from civid.errors import CividError
from civid.fingerprint.image import FingerImage, read_image
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.slaps import Fault, Slap, SlapFinger, SlapPosition, segment, segment_card
from civid.formats._door import sniffed, unknown
from civid.formats._images import ImageInside, finger_name, images_inside, listed
from civid.formats._registry import Format
from civid.position import Position

#: What `--fingers` calls a whole ten-print card.
CARD = "card"
#: Other words for a slap than those of `finger_name`.
_SHORT = {
    "right-thumb": SlapPosition.PLAIN_RIGHT_THUMB,
    "left-thumb": SlapPosition.PLAIN_LEFT_THUMB,
    "right-four": SlapPosition.RIGHT_FOUR,
    "left-four": SlapPosition.LEFT_FOUR,
    "thumbs": SlapPosition.THUMBS,
}
#: A person's transaction has five at most; some are captured several times.
_MOST = 50
_WORDS = {finger_name(one): one for one in SlapPosition} | _SHORT


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says of a picture: what it shows, which fingers it lacks, how to judge it."""

    fingers: SlapPosition | str | None = None
    missing: frozenset[Position] = frozenset()
    dpi: float | None = None
    extraction: ExtractionParameters | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """One picture and the slaps in it: four of a card, otherwise one."""

    name: str
    image: FingerImage
    slaps: tuple[tuple[str, Slap], ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture of a file that is not read yet."""

    view: int
    name: str
    fingers: SlapPosition | str | None


def read_slap_word(word: str) -> SlapPosition | str:
    """What ``--fingers`` names, or what is wrong with it.

    >>> read_slap_word("13").name, read_slap_word("thumbs").name, read_slap_word("card")
    ('RIGHT_FOUR', 'THUMBS', 'card')
    """
    plain = word.strip().lower().replace("_", "-")
    if plain == CARD:
        return CARD
    if plain in _WORDS:
        return _WORDS[plain]
    if plain.isascii() and plain.isdecimal() and int(plain) in tuple(SlapPosition):
        return SlapPosition(int(plain))
    advice = "use 11-15, right-four, left-four, thumbs, right-thumb, left-thumb or card"
    raise usage(f"{word!r} is no picture of several fingers", advice)


def read_missing(words: str | None) -> frozenset[Position]:
    """The fingers that ``--missing`` lists.

    >>> sorted(map(int, read_missing("right-index, 7")))
    [2, 7]
    """
    named = (words or "").split(",") if words else []
    found = frozenset(read_position(word.strip()) for word in named)
    if Position.UNKNOWN in found:
        raise usage("--missing: an unknown finger cannot be missing", "name it, as right-index")
    return found


def waiting(data: bytes, path: Path, given: Given) -> tuple[list[Waiting], frozenset[Position]]:
    """Which pictures of a file are slaps, and the fingers that it says cannot be printed.

    Raises
    ------
    Problem
        It cannot be read, or holds no slap that is wanted.
    """
    found = sniffed(data)
    try:
        if found is None or found.kind == "minutiae":
            raise unknown(data)
        images = images_inside(found, data)
        lost = _not_printed(found, data)
    except CividError as error:
        raise explain(error, path) or error from error
    if len(images) == 1 and not images[0].position:  # a picture that does not say what it shows
        name = CARD if given.fingers == CARD else _name(given.fingers)
        return [Waiting(0, name, given.fingers)], lost
    chosen = [
        Waiting(view, finger_name(one.position), SlapPosition(one.position))
        for view, one in enumerate(images)
        if one.position in tuple(SlapPosition) and given.fingers in (None, one.position)
    ]
    if not chosen:
        raise _none(path, images, given)
    if len(chosen) > _MOST:
        raise Problem("unreadable-record", f"{path}: holds more than {_MOST} slaps of one person")
    return chosen, lost


def _name(fingers: SlapPosition | str | None) -> str:
    return "slap" if fingers is None else finger_name(int(fingers))


def _none(path: Path, images: tuple[ImageInside, ...], given: Given) -> Problem:
    inside = listed(images) if images else "no image"
    what = "slap" if given.fingers in (None, CARD) else _name(given.fingers)
    advice = "single fingers need no cutting: civid extract, civid convert"
    if given.fingers == CARD:
        advice = "the images of a file of several are single ones: leave --fingers card out"
    return Problem("nothing", f"{path}: holds {inside}; no {what} to cut", advice)


def _not_printed(found: Format, data: bytes) -> frozenset[Position]:
    """Fingers that a transaction says are bandaged or amputated ("UP")."""
    if found.kind != "transaction":
        return frozenset()
    from civid.formats import ansi_nist

    said = [pair for entry in ansi_nist.images(ansi_nist.parse(data)) for pair in entry.missing]
    return frozenset(Position(place) for place, code in said if code == "UP" and 1 <= place <= 10)


def cut(data: bytes, path: Path, one: Waiting, given: Given) -> Cut:
    """Read one picture and cut its fingers.

    Raises
    ------
    Problem
        It cannot be read, or is not of a size and resolution that can be cut.
    """
    try:
        image, by = read_image(data, given.dpi, view=one.view), given.extraction
        if one.fingers == CARD:
            card = segment_card(image, missing=given.missing, parameters=by)
            slaps = tuple((finger_name(position), slap) for position, slap in card.items())
        else:
            position = None if one.fingers is None else int(one.fingers)
            slap = segment(image, position=position, missing=given.missing, parameters=by)
            slaps = ((one.name, slap),)
    except CividError as error:
        plain = type(error)(str(error).removeprefix("image: "))
        raise explain(plain, path) or error from error
    return Cut(one.name, image, slaps)


def file_names(cuts: Iterable[Cut]) -> list[str]:
    """A name for the file of each finger, in their order; of two alike, the second is numbered."""
    seen, names = Counter[str](), []
    for one in cuts:
        for _, slap in one.slaps:
            for finger in slap.fingers:
                name = finger_name_of(finger)
                seen[name] += 1
                names.append(f"{name}_{seen[name]}.png" if seen[name] > 1 else f"{name}.png")
    return names


def finger_name_of(finger: SlapFinger) -> str:
    """As on the command line: right-index, or unknown."""
    return finger.position.word


def faults_of(slap: Slap, finger: int | None) -> list[Fault]:
    """What is wrong with one finger, or (None) with the whole slap."""
    return [one.fault for one in slap.findings if one.finger == finger]


def with_missing(given: Given, more: frozenset[Position]) -> Given:
    """The same, with the fingers that the file itself says are missing."""
    return replace(given, missing=given.missing | more)
