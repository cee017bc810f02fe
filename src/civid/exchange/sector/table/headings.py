"""Which column is which field (đoán cột), by the words of its heading; the report says it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from civid.errors import FieldError, PersonNameError
from civid.people.findings import COLUMNS
from civid.people.names.canonical import key
from civid.people.names.legacy import tcvn3, utf8, vni_windows

#: What a table cannot be matched without.
NEEDED = ("number", "name", "birth")
_LONGEST = 200
_BETWEEN = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: Words that say nothing about which field it is.
_EMPTY_WORDS = re.compile(r"\b(cua|the|of|customer s)\b")


@cache
def _headings() -> dict[str, str]:
    """Heading, in small letters -> field."""
    text = files("civid.exchange.sector.table").joinpath("headings.json").read_text("utf-8")
    return {heading: field for field, found in json.loads(text).items() for heading in found}


def folded(title: str) -> str:
    """A heading without accents, case, punctuation and empty words.

    >>> folded("Ngày, tháng, năm sinh"), folded("DateOfBirth"), folded("HO_VA_TEN")
    ('ngay thang nam sinh', 'date birth', 'ho va ten')
    """
    apart = _BETWEEN.sub(" ", _CAMEL.sub(" ", title[:_LONGEST]))
    try:
        bare = key(apart)
    except PersonNameError:
        return ""
    return " ".join(_EMPTY_WORDS.sub(" ", _BETWEEN.sub(" ", bare)).split())


@cache
def _folded_headings() -> dict[str, str]:
    """Without accents; with and without what stands between words."""
    known = {folded(heading): field for heading, field in _headings().items()}
    joined = {key(heading).replace(" ", ""): field for heading, field in _headings().items()}
    return joined | {heading.replace(" ", ""): field for heading, field in known.items()} | known


def field_of(title: str) -> str:
    """The field that a heading means; empty when no list has it.

    >>> field_of("Số CCCD"), field_of("Họ và tên khách hàng"), field_of("Ghi chú")
    ('number', 'name', '')
    """
    shown = (title, *filter(None, (way(title) for way in (utf8, tcvn3, vni_windows))))
    return next(filter(None, map(plain_field, shown)), "")


def plain_field(said: str) -> str:
    """The same of a heading that no old font or wrong encoding has spoilt."""
    known = _folded_headings()
    bare = folded(said)
    if found := known.get(bare):
        return found
    # What stands in brackets or behind is an explanation: "Họ tên (chữ in hoa)".
    for end in ("(", "[", "/", " - ", ":"):
        if found := known.get(folded(said.split(end, 1)[0])):
            return found
    # The longest heading that it begins with, in whole words: "Ngày sinh khách hàng".
    words = bare.split()
    for count in range(len(words) - 1, 1, -1):
        if found := known.get(" ".join(words[:count])):
            return found
    return ""


def guess(titles: Sequence[str]) -> dict[str, str]:
    """Title -> field of `civid.people.findings.COLUMNS`, for the titles that are understood.

    Of two columns for one field the first is taken. A file whose only number column is headed as
    the old card's (``Số CMND``) has its personal numbers there: it is taken for ``number``, and
    what has nine digits is told apart row by row.

    >>> guess(["STT", "Họ và tên", "Ngày sinh", "Số CMND"])
    {'Họ và tên': 'name', 'Ngày sinh': 'birth', 'Số CMND': 'number'}
    """
    found: dict[str, str] = {}
    for title in titles:
        field = field_of(title)
        if field and field not in found.values() and titles.count(title) == 1:
            found[title] = field
    if "number" not in found.values():
        found = {title: "number" if field == "cmnd9" else field for title, field in found.items()}
    return found


def chosen(
    titles: Sequence[str], given: Mapping[str, str] | None, *, guessed: bool = True
) -> dict[str, str]:
    """The guess, corrected by what somebody said: title -> field, or empty to pass a column over.

    Raises
    ------
    FieldError
        A title that the file has not or has twice, no such field, or a field given twice.
    """
    said = dict(given or {})
    for title, field in said.items():
        if titles.count(title) != 1:
            what = "is twice in the file" if title in titles else "is not in the file"
            raise FieldError("columns", f"a title {what}")
        if field and (field not in COLUMNS or field == "reference"):
            raise FieldError("columns", "names a field that does not exist")
    taken = [field for field in said.values() if field]
    if len(taken) != len(set(taken)):
        raise FieldError("columns", "two columns for one field")
    if guessed:
        others = [title for title in titles if title not in said]
        for title, field in guess(others).items():
            if field not in taken:
                said[title] = field
                taken.append(field)
    made = {title: said[title] for title in titles if said.get(title)}
    if not set(made.values()) & {"number", "cmnd9", "name"}:
        raise FieldError(
            "columns", "no title is understood as a number or a name; say which column is"
        )
    return made
