"""What a card costs (lệ phí): amounts with their days, since circulars lower them for a time.

The amounts are marked [B], one good source, or [C] where the circular of the day is not in reach.
Circular 73/2024 Art 5 frees children, the old, the disabled and others, who are not asked for here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from civid.cards.regimes import Procedure, regime_on
from civid.errors import CodeError
from civid.people.tables import packaged
from civid.people.warning import FieldWarning


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in đồng; None = no source gives the amount."""

    amount_vnd: int | None
    source: str
    warnings: tuple[FieldWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One ground for a renewal or a re-issue (trường hợp cấp đổi, cấp lại)."""

    code: str
    procedure: Procedure
    vietnamese: str
    english: str
    source: str


def cases(filed: date) -> tuple[Case, ...]:
    """The grounds that the law of that day knows."""
    name = regime_on(filed).name
    return tuple(
        Case(row["case"], Procedure(row["procedure"]), row["vietnamese"], row["english"],
             row["source"])
        for row in packaged("civid.cards", "cases")
        if row["regime"] == name
    )  # fmt: skip


def fee(
    filed: date,
    procedure: Procedure,
    case: str = "",
    *,
    authority_at_fault: bool = False,
    online: bool = False,
) -> Fee:
    """The fee for a card.

    Parameters
    ----------
    filed : date
        Day of filing.
    procedure : Procedure
        What is asked for.
    case : str
        The ground, one of `cases`; needed for a renewal or re-issue.
    authority_at_fault : bool
        The card was wrong by the fault of the authority: free. [B]
    online : bool
        It is asked for through VNeID, which is free for changes of administrative units. [B]

    Raises
    ------
    CodeError
        The law knows no such ground for this procedure.

    Examples
    --------
    >>> fee(date(2024, 8, 1), Procedure.REISSUE, "lost").amount_vnd
    70000
    >>> fee(date(2026, 3, 1), Procedure.REISSUE, "lost").amount_vnd
    35000
    """
    procedure, regime = Procedure(procedure), regime_on(filed).name
    if procedure is not Procedure.FIRST:
        known = {one.code for one in cases(filed) if one.procedure is procedure}
        if case not in known:
            raise CodeError("case", f"not one of {', '.join(sorted(known))}")
    if authority_at_fault:
        return Fee(0, "the authority's own error is corrected free of charge")
    channels = ("any", "vneid") if online else ("any",)
    row = next(_rows(filed, regime, procedure, case, channels))
    if not row["amount_vnd"]:
        doubt = FieldWarning("fee.unknown", "no source gives the amount")
        return Fee(None, row["source"], (doubt,))
    warnings = list[FieldWarning]()
    if row["confidence"] == "B":
        warnings.append(FieldWarning("fee.source", "the amount rests on one source"))
    if row["confidence"] == "C":
        text = "the circular in force on that day is not among our sources"
        warnings.append(FieldWarning("fee.era", text))
    if not online and any(_rows(filed, regime, procedure, case, ("vneid",))):
        warnings.append(FieldWarning("fee.online", "it is free through VNeID"))
    if case == "age":
        text = "whether a renewal at a renewal age is free is not in our sources"
        warnings.append(FieldWarning("fee.age", text))
    return Fee(int(row["amount_vnd"]), row["source"], tuple(warnings))


def _rows(
    filed: date, regime: str, procedure: Procedure, case: str, channels: tuple[str, ...]
) -> Iterator[dict[str, str]]:
    for row in packaged("civid.cards", "fees"):
        if (
            row["regime"] == regime
            and row["procedure"] in (procedure, "any")
            and row["case"] in (case, "any")
            and row["channel"] in channels
            and row["valid_from"] <= filed.isoformat()
            and (not row["valid_to"] or filed.isoformat() <= row["valid_to"])
        ):
            yield row
