"""The way back: from what was read of a card to one record."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeVar

from civid.cards._date_text import partial
from civid.cards.card import CardRecord
from civid.cards.chip.dg13 import Dg13Record
from civid.cards.mrz import MrzRecord
from civid.cards.qr import QrRecord
from civid.errors import FieldError
from civid.people.sex import Sex

Found = TypeVar("Found")


def gather(
    *, qr: QrRecord | None = None, mrz: MrzRecord | None = None, dg13: Dg13Record | None = None
) -> CardRecord:
    """One record from the sources that are given: the chip first, then the QR code, then the zone.

    Nothing is reconciled: call `civid.cards.crosscheck.crosscheck` to learn what disagrees.

    Raises
    ------
    FieldError
        Number, name, birth or day of issue is in none of them, or what they state together is
        no card.

    Examples
    --------
    >>> from civid.cards import qr
    >>> one = qr.parse("046301123456||Nguyễn Thị An|05032001|Nữ|Huế|10062021")
    >>> gather(qr=one).expiry
    datetime.date(2026, 3, 5)
    """
    chip = dg13 or Dg13Record()
    number = chip.personal_number or _of(qr, "personal_number") or _of(mrz, "personal_number")
    name = chip.full_name or _of(qr, "full_name")
    issued = chip.issued or (qr.issued if qr else None)
    birth: date | str | None = chip.birth or (qr.birth_text if qr else None)
    if birth is None and mrz is not None:
        birth = mrz.birth
    if birth is None and chip.birth_text and chip.birth_text.replace("/", "").isdecimal():
        birth = chip.birth_text.replace("/", "").rjust(8, "0")
    number, name = _needed("personal_number", number), _needed("full_name", name)
    known, issued = _needed("birth", birth), _needed("issued", issued)
    sexes = [one.sex for one in (dg13, qr, mrz) if one is not None]
    return CardRecord(
        personal_number=number,
        full_name=name,
        birth=known if isinstance(known, date) else partial(str(known)),
        sex=next((one for one in sexes if one is not Sex.UNKNOWN), Sex.UNKNOWN),
        issued=issued,
        expires_on=_expiry(chip, mrz),
        residence=chip.residence or _of(qr, "residence") or "",
        origin=chip.origin or "",
        nationality=chip.nationality or "Việt Nam",
        old_number=chip.old_number or _of(qr, "old_number") or "",
        ethnic_group=chip.ethnic_group or "",
        religion=chip.religion or "",
        marks=chip.marks or "",
        father=chip.father or "",
        mother=chip.mother or "",
        spouse=chip.spouse or "",
        card_code=chip.card_code or "",
    )


def _needed(field: str, value: Found | None) -> Found:
    if not value:
        raise FieldError(field, "is in none of the sources")
    return value


def _expiry(chip: Dg13Record, mrz: MrzRecord | None) -> date | Literal["law"] | None:
    if chip.no_expiry or (mrz is not None and mrz.no_expiry):
        return None
    return chip.expires_on or (mrz.expires_on if mrz is not None else None) or "law"


def _of(record: QrRecord | MrzRecord | None, name: str) -> str | None:
    value = getattr(record, name, None)
    return value if isinstance(value, str) else None
