"""Suggestions of what a damaged name may have been (gợi ý sửa). Never applied by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from civid.people.names import legacy, telex
from civid.people.names.canonical import canonical
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
    ("utf8", legacy.utf8),
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
    every word of `text` was.

    >>> [r.text for r in repairs("Nguyeenx Thij Hoaf")]
    ['Nguyễn Thị Hòa']
    >>> repairs("Nguyễn Thị Hòa"), repairs("NGUYEN THI HOA"), repairs("H'Hen Niê")
    ((), (), ())
    """
    folded = canonical(text)
    if all(map(is_syllable, folded.split())) and not _reads_as_utf8(text):
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


def _reads_as_utf8(text: str) -> bool:
    """Whether the text is UTF-8 shown as something else, which never happens by chance.

    ``HÃ Anh`` splits into syllables because the second byte of à shows as a no-break space.
    """
    return "\xa0" in text and legacy.utf8(text) is not None


def _title(words: list[str]) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in words)
