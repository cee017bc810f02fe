"""Names as a machine-readable zone writes them: A to Z and ``<`` (ICAO Doc 9303-3 section 6).

Vietnamese letters lose their marks and Đ becomes D. An apostrophe is dropped, a hyphen and every
kind of space become a filler.
"""

from __future__ import annotations

import unicodedata

from civid.errors import FormatError
from civid.people.kinds import text_of

# Letters without a decomposition. Ð (eth) and Ɖ are look-alikes of Đ in Vietnamese texts.
_LETTERS = str.maketrans(
    {
        "Đ": "D", "Ð": "D", "Ɖ": "D", "Ł": "L", "Ø": "OE", "Æ": "AE", "Œ": "OE", "Þ": "TH",
        "ẞ": "SS", "Ħ": "H", "Ŧ": "T", "Ŋ": "N", "Ə": "E", "I": "I", "ı": "I",
        "Ƀ": "B", "Ɓ": "B", "Ƙ": "K", "Ɨ": "I", "Ʉ": "U",
    }
)  # fmt: skip
_DROPPED = frozenset("'’‘ʼ`´.,\u200b\u200c\u200d\u2060\ufeff\u00ad")
_GAPS = frozenset("-‐‑‒–— \t\u00a0")


def letters(text: str) -> str:
    """A text in A to Z, words joined by one ``<``.

    Raises
    ------
    FormatError
        A character has no Latin equivalent. The message does not repeat it.

    Examples
    --------
    >>> letters("Nguyễn Thị Đào")
    'NGUYEN<THI<DAO'
    >>> letters("H'Hen Niê")
    'HHEN<NIE'
    """
    made: list[str] = []
    upper = text_of(text, "name").upper().translate(_LETTERS)
    # Letter by letter: to put thousands of marks on one letter into their order takes the square of
    # the time, and they are dropped.
    plain = "".join(unicodedata.normalize("NFD", one) for one in upper).translate(_LETTERS)
    for place, letter in enumerate(plain):
        if "A" <= letter <= "Z":
            made.append(letter)
        elif letter in _GAPS or letter.isspace():
            made.append("<")
        elif letter not in _DROPPED and not unicodedata.combining(letter):
            raise FormatError("has a character without a Latin form", offset=place, field="name")
    return "<".join(word for word in "".join(made).split("<") if word)


def names_field(full_name: str, width: int) -> str:
    """The names of a card, cut at ``width`` characters and without trailing fillers.

    The first word is taken as the surname (họ), as the cards do; a double surname is not split
    in another way. [B]

    Examples
    --------
    >>> names_field("Nguyễn Thị An", 30)
    'NGUYEN<<THI<AN'
    """
    surname, _, given = letters(full_name).partition("<")
    if not surname:
        raise FormatError("is empty", field="name")
    return (f"{surname}<<{given}" if given else surname)[:width].rstrip("<")
