"""The canonical form of a name (dạng chuẩn) and its accent-less key.

Unites what is one name: case, spaces, Unicode forms, order of combining marks, tone placement, i/y,
look-alikes of Đ, apostrophes and hyphens, punctuation around the whole. Keeps apart what is two:
Hoa and Hòa. It is a key to compare by; what was written down is kept as it was.

Bounded time; syllables already seen cost one dictionary look-up each. Thread-safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import category, normalize

from civid.errors import PersonNameError
from civid.people.names.marks import D_STROKE, recompose, strip_all
from civid.people.names.syllable import place_tone

#: Longest name that is looked at; the longest real ones have about 60 characters.
MAX_LENGTH = 256
#: Vietnamese has some 7,000 syllables in use; the rest of the room is for case and encodings.
_CACHE_SIZE = 1 << 15
_CACHE_TOKEN = 16

_MAP: dict[int, str] = {
    **D_STROKE,
    **dict.fromkeys(map(ord, "’‘ʼʹ´`＇‛ʻ"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—−－﹣"), "-"),
}
#: Punctuation around a name, and the space.
_AROUND = " .,;:"
_LETTERS = re.compile(r"[^\W\d_]+")


class _Cache(dict[str, str]):
    """Token -> folded token; emptied when full, so that hostile input cannot grow it."""

    __slots__ = ("_fold",)

    def __init__(self, fold: object) -> None:
        super().__init__()
        self._fold = fold

    def __missing__(self, token: str) -> str:
        value: str = self._fold(token)  # type: ignore[operator]
        if len(token) <= _CACHE_TOKEN:
            if len(self) >= _CACHE_SIZE:
                self.clear()
            self[token] = value
        return value


def _fold(token: str) -> str:
    """Canonical form of what stands between two spaces."""
    for _ in range(4):  # compatibility letters may fold twice; one round is the rule
        before, token = token, " ".join(_fold_once(token).split())
        if token == before:
            break
    return token


def _fold_once(token: str) -> str:
    token = normalize("NFKC", token.translate(_MAP)).translate(_MAP).lower()
    if not token.isascii() or not token.isprintable():
        token = "".join(map(_visible, token))
    return _LETTERS.sub(lambda match: place_tone(match[0]), recompose(token))


def _visible(char: str) -> str:
    kind = category(char)
    if kind in ("Cf", "Cc"):  # zero-width, direction and control characters
        return ""
    if kind == "Cs":
        raise PersonNameError("name", "holds half of a surrogate pair: wrongly decoded")
    return char


_FOLDED = _Cache(_fold)


def _strip(token: str) -> str:
    """Bare form; folded again, since i and y may be one only without the marks."""
    return strip_all(_fold(strip_all(token)))


_BARE = _Cache(_strip)


def _check(text: object) -> str:
    if not isinstance(text, str):
        raise PersonNameError("name", "not text")
    if len(text) > MAX_LENGTH:
        raise PersonNameError("name", f"longer than {MAX_LENGTH} characters")
    return text


def canonical(text: str) -> str:
    """Return the canonical form of a name; idempotent.

    Raises
    ------
    PersonNameError
        When `text` is no str, longer than 256 characters or holds a lone surrogate.

    >>> canonical("NGUYỄN THỊ HOÀ") == canonical("Nguyễn  thị hòa") == "nguyễn thị hòa"
    True
    >>> canonical("Hoa") == canonical("Hòa")
    False
    """
    words = _check(text).split()
    joined = _check(" ".join(map(_FOLDED.__getitem__, words)))
    if "  " in joined or joined[:1] in _AROUND or joined[-1:] in _AROUND:
        # A word of invisible characters only, or punctuation around the name.
        return " ".join(joined.split()).strip(_AROUND)
    return joined


def key(text: str) -> str:
    """Return the accent-less key: canonical, then every mark and the stroke of đ taken off.

    >>> key("NGUYỄN THỊ HOÀ")
    'nguyen thi hoa'
    """
    return " ".join(" ".join(map(_BARE.__getitem__, canonical(text).split())).split())


def canonical_many(texts: Iterable[str]) -> list[str]:
    """Canonical forms of many names; about 1 µs each. Raises at the first that is refused."""
    folded, results = _FOLDED.__getitem__, []
    for text in texts:
        if type(text) is not str or len(text) > MAX_LENGTH:
            _check(text)
        joined = " ".join(map(folded, text.split()))
        if (
            len(joined) > MAX_LENGTH
            or "  " in joined
            or (joined and (joined[0] in _AROUND or joined[-1] in _AROUND))
        ):
            joined = canonical(text)
        results.append(joined)
    return results


def keys_many(texts: Iterable[str]) -> list[str]:
    """Accent-less keys of many names."""
    bare = _BARE.__getitem__
    keys = [" ".join(map(bare, text.split())) for text in canonical_many(texts)]
    return [text if "  " not in text else " ".join(text.split()) for text in map(str.strip, keys)]
