"""Typing residue (chữ chưa bỏ dấu): Telex, VNI and VIQR letters left where marks should be.

``Nguyeenx`` was typed for Nguyễn with the input method off. Each decoder answers with the name it
would have given, or None when some word does not become a Vietnamese syllable.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import normalize

from civid.people.names.marks import ACUTE, BREVE, CIRCUMFLEX, DOT, GRAVE, HOOK, HORN, TILDE
from civid.people.names.syllable import is_syllable, place_tone

_TELEX_TONES = {"s": ACUTE, "f": GRAVE, "r": HOOK, "x": TILDE, "j": DOT}
_TELEX_QUALITY = (
    ("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("uow", "ươ"), ("uwow", "ươ"),
    ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"),
)  # fmt: skip
_VNI_TONES = dict(zip("12345", (ACUTE, GRAVE, HOOK, TILDE, DOT), strict=True))
_VNI_QUALITY = {"6": CIRCUMFLEX, "7": HORN, "8": BREVE}
_VIQR_TONES = {"'": ACUTE, "`": GRAVE, "?": HOOK, "~": TILDE, ".": DOT}
_VIQR_QUALITY = {"^": CIRCUMFLEX, "+": HORN, "*": HORN, "(": BREVE}
_VNI_WORD = re.compile(r"[A-Za-z]+(?:[1-9][A-Za-z]*)+")
#: What stands behind a whole name is punctuation, no tone: "Trần Thị Hoa." is not Họa.
_STOPS = " .,;:!?"
_VIQR_WORD = re.compile(r"[A-Za-z^+*('`?~.]+")


def telex_word(word: str) -> str | None:
    """Decode one word: ``Thij`` -> thị.

    >>> telex_word("nguyeenx"), telex_word("dduwowngf"), telex_word("hoa")
    ('nguyễn', 'đường', None)
    """
    text, tone = word.lower(), ""
    for at in range(len(text) - 1, 0, -1):
        if text[at] in _TELEX_TONES and any(vowel in "aeiouy" for vowel in text[:at]):
            tone, text = _TELEX_TONES[text[at]], text[:at] + text[at + 1 :]
            break
        if text[at] in "aeiouy":
            break
    for typed, meant in _TELEX_QUALITY:
        text = text.replace(typed, meant)
    return _finish(text, tone, word)


def vni_word(word: str) -> str | None:
    """Decode one word with VNI digits.

    >>> vni_word("nguye64n"), vni_word("d9u7o7ng2")
    ('nguyễn', 'đường')
    """
    if not _VNI_WORD.fullmatch(word):
        return None
    return _digits(word.lower(), _VNI_TONES, _VNI_QUALITY, {"d9": "đ"}, word)


def viqr_word(word: str) -> str | None:
    """Decode one word in VIQR.

    >>> viqr_word("Nguye^~n"), viqr_word("DDu+o+`ng")
    ('nguyễn', 'đường')
    """
    if not _VIQR_WORD.fullmatch(word):
        return None
    return _digits(word.lower(), _VIQR_TONES, _VIQR_QUALITY, {"dd": "đ"}, word)


def _digits(
    text: str, tones: dict[str, str], quality: dict[str, str], stroke: dict[str, str], word: str
) -> str | None:
    for typed, meant in stroke.items():
        text = text.replace(typed, meant)
    tone = "".join(tones[char] for char in text if char in tones)
    text = "".join(quality.get(char, char) for char in text if char not in tones)
    # VNI allows the quality digit anywhere after its vowel: nguyen6 is nguyên.
    moved = re.sub(f"([aeou])([cmnhgpt]+)([{CIRCUMFLEX}{HORN}{BREVE}])", r"\1\3\2", text)
    return _finish(normalize("NFC", moved), tone, word)


def _finish(text: str, tone: str, word: str) -> str | None:
    if len(tone) > 1 or (text == word.lower() and not tone):
        return None
    placed = place_tone(_with_tone(text, tone) if tone else text)
    return placed if is_syllable(placed) else None


def _with_tone(text: str, tone: str) -> str:
    """Put the tone on any vowel; `place_tone` moves it to the right one."""
    for at in range(len(text) - 1, -1, -1):
        if text[at] in "aăâeêioôơuưy":
            return normalize("NFC", text[: at + 1] + tone + text[at + 1 :])
    return text


def decode(text: str, word: Callable[[str], str | None]) -> str | None:
    """Decode a whole name with one of the word decoders; words that need nothing are kept.

    None when nothing changes, or when a word is neither decoded nor a syllable as it stands. Coong
    is a syllable and also Công typed: it is decoded when another word was.
    """
    tokens = [token.lower() for token in text.rstrip(_STOPS).split()]
    meant = [word(token) if token.isascii() else None for token in tokens]
    sound = [is_syllable(token) for token in tokens]
    changed = any(m is not None and not s for m, s in zip(meant, sound, strict=True))
    if not changed or any(m is None and not s for m, s in zip(meant, sound, strict=True)):
        return None
    return " ".join(
        m if m is not None and (not s or "oo" in token) else token
        for token, m, s in zip(tokens, meant, sound, strict=True)
    )
