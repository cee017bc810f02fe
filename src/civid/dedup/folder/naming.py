"""Read meaning out of file names: ``{person}_{position}_{impression}``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from civid.position import Position
from civid.problems import Problem

#: The field that is not just a label: which finger it is.
POSITION = "position"
#: The field that tells apart several prints of one finger, so never part of who somebody is.
IMPRESSION = "impression"

_FIELD = re.compile(r"\{(\w*)\}")
_POSITION_WORDS = r"(?:(?:right|left)[-_ ]?(?:thumb|index|middle|ring|little)|unknown|\d{1,2})"


def as_typed(name: str) -> str:
    """A name of a file with its accents as they are typed (NFC).

    Some systems and archives take letters and accents apart (NFD) when they copy files: "Hòa" looks
    the same then, and is another string.

    >>> as_typed("Ho\\u0300a") == "Hòa"
    True
    """
    return unicodedata.normalize("NFC", name)


def parse_position(text: str) -> Position:
    """Read a finger position: a number of ISO/IEC 19794-2 or a name.

    >>> parse_position("right-index"), parse_position("07")
    (<Position.RIGHT_INDEX: 2>, <Position.LEFT_INDEX: 7>)

    Raises
    ------
    ValueError
        It is neither.
    """
    word = re.sub(r"[-_ ]", "", text.lower())
    for position in Position:
        if word == position.name.lower().replace("_", ""):
            return position
    if re.fullmatch(r"[0-9]{1,2}", text) and int(text) <= max(Position):
        return Position(int(text))
    raise ValueError(f"{text!r} is not a finger")


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern for file names, such as ``{person}_{finger}_{impression}``.

    A field takes everything up to the character that stands next to it in the pattern, so a name
    with one part too many does not fit instead of being read wrongly. ``{position}`` must be a
    finger, ``{_}`` is read and forgotten. Accents are read as they are typed (NFC), however the
    names have them. A pattern with ``/`` is held against the path inside
    the folder, any other against the file name; the suffix (``.png``) is left out of both.
    """

    text: str
    fields: tuple[str, ...]
    _regex: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> NamePattern:
        """Compile a pattern, or say what is wrong with it."""
        pieces = _FIELD.split(as_typed(text))
        literals, names = pieces[::2], pieces[1::2]
        if any(brace in literal for literal in literals for brace in "{}"):
            raise Problem(
                "usage", f"the pattern {text!r} has a brace that is not a field like {{person}}"
            )
        if not names:
            raise Problem(
                "usage",
                f"the pattern {text!r} has no field",
                "write one such as {person}_{position}",
            )
        if not all(literals[1:-1]):
            raise Problem("usage", f"two fields of {text!r} touch", "put a character between them")
        # What stands next to a field: not how the name begins, nor how it ends.
        before, after = [one[-1:] for one in literals[:-1]], [one[:1] for one in literals[1:]]
        neighbours = {end for end in before + after if end}
        stop = "[^" + re.escape("".join(sorted({"/"} | neighbours))) + "]+"
        regex, seen = re.escape(literals[0]), list[str]()
        for name, literal in zip(names, literals[1:], strict=True):
            if name in ("", "_"):
                regex += stop
            elif name in seen:
                regex += f"(?P={name})"
            elif not name.isidentifier():
                raise Problem(
                    "usage", f"{name!r} cannot be the name of a field", "use letters and digits"
                )
            else:
                regex += f"(?P<{name}>{_POSITION_WORDS if name == POSITION else stop})"
                seen.append(name)
            regex += re.escape(literal)
        return cls(text, tuple(seen), re.compile(regex, re.IGNORECASE))

    def read(self, path: PurePath) -> Mapping[str, str] | None:
        """The fields of a path inside its folder; None when it does not fit."""
        bare = path.with_suffix("")
        found = self._regex.fullmatch(as_typed(bare.as_posix() if "/" in self.text else bare.name))
        if found is None:
            return None
        fields = found.groupdict()
        if POSITION in fields:
            try:
                parse_position(fields[POSITION])
            except ValueError:
                return None
        return fields

    def require(self, names: tuple[str, ...], option: str) -> None:
        """Refuse names of fields that this pattern does not have."""
        for name in names:
            if name not in self.fields:
                raise Problem(
                    "usage",
                    f"{option}: the pattern {self.text!r} has no field {{{name}}}",
                    "its fields are " + ", ".join(self.fields),
                )
