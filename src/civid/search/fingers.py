"""What is enrolled and searched: an id, and a set of fingers."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from civid.errors import SubjectIdError, TemplateError
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.arrays import encoding
from civid.search.arrays.encoding import Encoded, EncodedFingers

#: A bare template is one finger of unknown position.
Fingers = Template | Mapping[Position, Template]
#: The same, checked: by ascending position.
FingerSet = tuple[tuple[Position, Template], ...]

MAX_ID_LENGTH = 128
#: Control characters, lone surrogates, line and paragraph separators.
_BARRED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def finger_set(fingers: Fingers) -> FingerSet:
    """Check a set of fingers and put it in order.

    Raises
    ------
    TemplateError
        It is empty, has an unknown key, or a value is not a `Template`.
    """
    if isinstance(fingers, Template):
        return ((Position.UNKNOWN, fingers),)
    if not isinstance(fingers, Mapping):
        raise TemplateError("expected a Template, or a mapping of Position to Template")
    found: dict[Position, Template] = {}
    for key, template in fingers.items():
        if not isinstance(template, Template):
            raise TemplateError("a value in the set of fingers is not a Template")
        if type(key) is not Position:
            try:
                key = Position(key)
            except ValueError:
                raise TemplateError("a key in the set of fingers is not a Position") from None
        found[key] = template
    if not found:
        raise TemplateError("the set of fingers is empty")
    return tuple(sorted(found.items()))


def finger_sets(probes: Iterable[Fingers]) -> list[FingerSet]:
    """`finger_set` of each.

    Raises
    ------
    TemplateError
        One is none; of several the message tells its place, from 0.
    """
    several = list(probes)
    found: list[FingerSet] = []
    for place, probe in enumerate(several):
        try:
            found.append(finger_set(probe))
        except TemplateError as error:
            if len(several) == 1:
                raise
            raise placed(error, "probe", place) from error
    return found


def placed(
    error: TemplateError | SubjectIdError, what: str, place: int
) -> TemplateError | SubjectIdError:
    """The same about one of many: which it is; the text of an id enters no message."""
    return type(error)(f"{what} {place} of this call: {error}")


def encoded(fingers: Fingers) -> EncodedFingers:
    """A set of fingers, checked and put in order, as it is stored and indexed; see `finger_set`."""
    return tuple(
        (int(position), encoding.encode(template)) for position, template in finger_set(fingers)
    )


def encoded_many(sets: Sequence[FingerSet]) -> tuple[list[EncodedFingers], Encoded]:
    """Sets of `finger_set` as they are stored, and what is indexed of them."""
    made = encoding.encode_many([template for one in sets for _, template in one])
    positions = [int(position) for one in sets for position, _ in one]
    fingers = tuple(zip(positions, made.records, strict=True))
    ends = itertools.accumulate(len(one) for one in sets)
    return [fingers[end - len(one) : end] for one, end in zip(sets, ends, strict=True)], made


def subject_id(value: str) -> str:
    """Check a subject id; its text never enters the message.

    Raises
    ------
    SubjectIdError
        Not a str, empty, too long, or with control characters.
    """
    if not isinstance(value, str):
        raise SubjectIdError("a subject id must be a str")
    if not 1 <= len(value) <= MAX_ID_LENGTH:
        raise SubjectIdError(f"a subject id must have 1 to {MAX_ID_LENGTH} characters")
    place = barred_character(value)
    if place is not None:
        raise SubjectIdError(f"character {place} of a subject id is a control character")
    return value


def barred_character(value: str) -> int | None:
    """Place of the first control character, lone surrogate or separator of lines; None = none.

    >>> barred_character("Nguyễn"), barred_character("a\\n")
    (None, 1)
    """
    if value.isascii() and value.isprintable():
        return None
    for place, character in enumerate(value):
        if unicodedata.category(character) in _BARRED:
            return place
    return None
