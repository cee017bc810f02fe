"""What ``civid card`` and ``civid number`` say, in English and Vietnamese."""

from __future__ import annotations

import csv
from enum import StrEnum
from functools import cache
from importlib.resources import files


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
