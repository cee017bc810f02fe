"""A citizen as one row of a table, so that the same rules look at both."""

from __future__ import annotations

from datetime import date

from civid.people.citizen import Citizen
from civid.people.places.provinces import PID_63
from civid.people.places.spelling import find

#: Column -> field of the citizen, for those that are copied as they were written.
_COPIED = {
    "number": "number", "name": "name", "sex": "sex", "birth": "birth",
    "ethnic_name": "ethnic", "nationality": "nationality", "cmnd9": "cmnd9", "marital": "marital",
    "household": "residence_file", "relation": "relation", "father_number": "father_number",
    "mother_number": "mother_number", "spouse_number": "spouse_number",
    "address": "permanent_residence", "death": "death", "card_issued": "card_issued",
    "card_expires": "card_expires",
}  # fmt: skip


def row_of(citizen: Citizen, as_of: date, *, known: date | None = None) -> dict[str, str]:
    """Flatten a citizen into columns of `COLUMNS`, as the register stood on a day.

    Places are given as text in claims: the province is read off their last part, and only when that
    is one province of the list of 63. The day of the latest claim counts as the last confirmation.
    What claims contradict goes into ``paper_name`` and ``paper_birth``.

    Examples
    --------
    >>> from civid.people.citizen import Source, claim
    >>> from civid.people.findings import check_record
    >>> made = Citizen("p").with_claims(
    ...     claim("birth", "05/03/2001", Source.CIVIL_STATUS, date(2001, 3, 12)),
    ...     claim("birth", "03/05/2001", Source.CITIZEN, date(2021, 1, 1)))
    >>> row = row_of(made, date(2021, 7, 1))
    >>> [f.rule for f in check_record(row, date(2021, 7, 1)) if f.rule.startswith("birth")]
    ['birth.paper_swapped']
    """
    row = {column: citizen.text(field, on=as_of, known=known) for column, field in _COPIED.items()}
    row["reference"] = citizen.reference
    row["life"] = "chết" if row["death"] else "sống"
    row["registration_code"] = _province(
        citizen.text("birth_registration_place", on=as_of, known=known), as_of
    )
    province = _province(row["address"], as_of)
    if province:
        row["province_code"], row["province_list"] = province, "63"
    recorded = [c.recorded for c in citizen.claims if known is None or c.recorded <= known]
    if recorded:
        row["confirmed"] = max(recorded).isoformat()
    for column, field in (("paper_name", "name"), ("paper_birth", "birth")):
        others = [
            c.recorded_as
            for c in citizen.history(field, known=known)
            if c.effective <= as_of and c.recorded_as != row[field]
        ]
        row[column] = others[-1] if others else ""
    return row


def _province(address: str, day: date) -> str:
    """Code of 63 of the province at the end of an address; empty when not plain."""
    last = address.rpartition(",")[2].strip()
    codes = {unit.code for unit in find(last, day) if unit.list_version == PID_63} if last else ()
    return next(iter(codes)) if len(codes) == 1 else ""
