"""What ``civid card`` and ``civid number`` say, in English and Vietnamese."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise


class Language(StrEnum):
    """Language of what is printed for people."""

    EN = "en"
    VI = "vi"


def say(text: str, language: Language) -> str:
    """A label or message in a language; what has no translation stays English."""
    return text if language is Language.EN else _vietnamese().get(text, text)


@cache
def _vietnamese() -> dict[str, str]:
    text = files("civid.cli").joinpath("data", "vietnamese.csv").read_text(encoding="utf-8")
    return {row["english"]: row["vietnamese"] for row in csv.DictReader(text.splitlines())}


def say_error(text: str, language: Language) -> str:
    """An error in a language, piece by piece: a file or field stands before what is wrong.

    >>> say_error("QR: should have 7 or 11 fields, has 3", Language.VI)
    'QR: phải có 7 hoặc 11 trường, chỉ thấy 3'
    """
    if language is Language.EN:
        return text
    return ": ".join(_piece(piece) for piece in text.split(": "))


def spoken(words: Sequence[str]) -> Language:
    """The language that a command line asks for; also where it cannot be parsed."""
    asked = [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(words) if word == "--lang"]
    return Language.VI if asked[-1:] == ["vi"] else Language.EN


def _piece(text: str) -> str:
    known = _vietnamese().get(text)
    if known is not None:
        return known
    for pattern, wording in _patterns():
        if match := pattern.fullmatch(text):
            return wording.format(*match.groups())
    parts = text.split("; ")
    return "; ".join(map(_piece, parts)) if len(parts) > 1 else text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with numbers or names in them, written as {} in the table."""
    return tuple(
        (re.compile(re.escape(english).replace(r"\{\}", "(.+)")), vietnamese)
        for english, vietnamese in _vietnamese().items()
        if "{}" in english
    )
