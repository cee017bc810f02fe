"""Ethnic groups and religions: codes of a message <-> the words that claims have.

Annex E of QCVN 109 has the numbers of 2008; systems that number as in 1979 mean another people by
37 of 54 codes. Which list the national database itself uses is not published, so that the reader
of a message is told which to take, and warned where the lists part.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from civid.errors import CodeError
from civid.people.codes import ethnic, ethnic_meanings, religion
from civid.people.warning import FieldWarning

if TYPE_CHECKING:
    from civid.formats.qcvn109.record import Coded

#: A group with the name by which it calls itself: ``Tày (Thù Lao)``.
_WITH_OTHER = re.compile(r"(?P<term>[^()]+) \((?P<other>[^()]+)\)")


def read_ethnic(coded: Coded, version: str) -> tuple[str, list[FieldWarning]]:
    """The words for an ethnic group, by the list of ``2008`` or ``1979``.

    A code that the list does not have stays as it is.
    """
    warnings: list[FieldWarning] = []
    term = ethnic(version).get(coded.code or "")
    if coded.code and term is None:
        warnings.append(FieldWarning("ethnic.code", f"not a code of the list of {version}"))
    elif coded.code and len(set(ethnic_meanings(coded.code).values())) > 1:
        message = f"read by the list of {version}; the code means another group in the other list"
        warnings.append(FieldWarning("ethnic.list", message))
    return _joined(term or coded.code, coded.other_name), warnings


def read_religion(coded: Coded) -> tuple[str, list[FieldWarning]]:
    """The words for a religion; a code that annex G does not have stays as it is, if unknown."""
    warnings: list[FieldWarning] = []
    term = religion().get(coded.code or "")
    if coded.code and term is None:
        term = religion("deployed").get(coded.code)
        message = "not a code of annex G" + ("" if term is None else ", but one that is in use")
        warnings.append(FieldWarning("religion.code", message))
        if coded.code == "99":
            term = None  # other, or not said: no religion of that name
    return _joined(term or coded.code, coded.other_name), warnings


def write_ethnic(text: str) -> tuple[Coded | None, list[FieldWarning]]:
    """The code of an ethnic group in the list of 2008; None where it has none."""
    return _write("ethnic", text)


def write_religion(text: str) -> tuple[Coded | None, list[FieldWarning]]:
    """The code of a religion in annex G, or one in use (00, 99); None where it has none."""
    return _write("religion", text)


def _write(field: str, text: str) -> tuple[Coded | None, list[FieldWarning]]:
    from civid.formats.qcvn109.record import Coded

    split = _WITH_OTHER.fullmatch(text)
    term, other = (split["term"], split["other"]) if split else (text, None)
    lists = [ethnic("2008")] if field == "ethnic" else [religion(), religion("deployed")]
    for at, known in enumerate(lists):
        try:
            code = known.code(term)
        except CodeError:
            continue
        message = "not a code of annex G, but one that is in use"
        return Coded(code, other), [FieldWarning(f"{field}.code", message)] if at else []
    if field == "religion" and term == "99":
        message = "not a code of annex G, but one that is in use"
        return Coded(term, other), [FieldWarning(f"{field}.code", message)]
    what = "a code without its list" if term.isdigit() else "has no code in the annex"
    return None, [FieldWarning(f"{field}.code", f"{what}; left out")]


def _joined(term: str | None, other: str | None) -> str:
    if term and other:
        return f"{term} ({other})"
    return term or other or ""
