"""Suggestions of what a damaged name may have been (gợi ý sửa). Never applied by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from civid.people.names import legacy, telex
from civid.people.names.canonical import canonical
from civid.people.names.misread import is_misread
from civid.people.names.syllable import is_syllable


@dataclass(frozen=True, slots=True, repr=False)
class Repair:
    """A name that the text may have meant.

    Parameters
    ----------
    text : str
        The suggested name, each word with a capital.
    kind : str
        ``telex``, ``vni``, ``viqr`` (typing residue); ``utf8``, ``tcvn3``, ``vni-windows``,
        ``windows-1258``, ``viscii`` (wrong encoding).
    """

    text: str
    kind: str

    def __repr__(self) -> str:
        return f"<Repair {self.kind}>"


_DECODERS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("tcvn3", legacy.tcvn3),
    ("vni-windows", legacy.vni_windows),
    ("windows-1258", legacy.windows_1258),
    ("viscii", legacy.viscii),
    ("telex", partial(telex.decode, word=telex.telex_word)),
    ("vni", partial(telex.decode, word=telex.vni_word)),
    ("viqr", partial(telex.decode, word=telex.viqr_word)),
)


def repairs(text: str) -> tuple[Repair, ...]:
    """List the names that a text may have meant, likeliest first; empty for sound names.

    A suggestion is made only when every word of it is spelled like a Vietnamese syllable and not
    every word of `text` was. Text that was UTF-8 needs no syllables, and has no other suggestion:
    bytes that spell Vietnamese letters do so by no chance.

    >>> [r.text for r in repairs("Nguyeenx Thij Hoaf")]
    ['Nguyễn Thị Hòa']
    >>> repairs("Nguyễn Thị Hòa"), repairs("NGUYEN THI HOA"), repairs("H'Hen Niê")
    ((), (), ())
    """
    folded = canonical(text)
    meant = legacy.utf8(text)
    if meant is not None:
        return (Repair(_as_name(meant), "utf8"),)
    if is_misread(text) or all(map(is_syllable, folded.split())):
        return ()
    found: dict[str, Repair] = {}
    for kind, decoder in _DECODERS:
        meant = decoder(text)
        if meant is None:
            continue
        words = canonical(meant).split()
        if words and all(map(is_syllable, words)):
            found.setdefault(" ".join(words), Repair(_title(words), kind))
    return tuple(found.values())


def _as_name(text: str) -> str:
    words = canonical(text).split()
    return _title(words) if all(map(is_syllable, words)) else " ".join(text.split())


def _title(words: list[str]) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in words)
