"""Ethnic groups (dân tộc): two official numberings are in use and 37 of 54 codes differ.

1979: Decision 121-TCTK/PPCĐ. 2008: Decision 1019/QĐ-TCTK and QCVN 109. Which one the national
population database uses is not published, so that a code without its version has several meanings
and `meanings` lists them all.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from civid.people.codes.codelist import CodeList
from civid.people.tables import rows


@cache
def ethnic(version: str) -> CodeList:
    """Return the list of ``1979`` or ``2008``.

    >>> ethnic("1979").term("04"), ethnic("2008").term("04")
    ('Hoa', 'Mường')
    """
    columns = {"1979": "code_1979_QD121", "2008": "code_2008_QD1019_QCVN109"}
    begins = {"1979": date(1979, 3, 2), "2008": date(2008, 11, 12)}
    names = {"1979": "Decision 121-TCTK/PPCĐ", "2008": "Decision 1019/QĐ-TCTK"}
    column = columns[version]
    found = [(row[column], row["name_vi"]) for row in rows("ethnic_groups") if row[column]]
    return CodeList("ethnic", version, tuple(sorted(found)), names[version], begins[version])


def meanings(code: str) -> dict[str, str]:
    """What a code of unknown version can mean: version -> term.

    >>> meanings("04")
    {'1979': 'Hoa', '2008': 'Mường'}
    """
    found = {version: ethnic(version).get(code) for version in ("1979", "2008")}
    return {version: term for version, term in found.items() if term is not None}


def translate(code: str, version: str, to: str) -> str:
    """Renumber a code; `CodeError` when the other list lacks the group (55 and 56 in 2008).

    >>> translate("04", "1979", "2008")
    '06'
    """
    return ethnic(to).code(ethnic(version).term(code))


@cache
def confidence_2008(code: str) -> str:
    """``A`` where the code was read in a published table, ``B`` where from the list's order."""
    for row in rows("ethnic_groups"):
        if row["code_2008_QD1019_QCVN109"] == code:
            return "A" if row["confidence_of_2008_code"].startswith("code read") else "B"
    return "C"
