"""What a source states, in one shape for comparing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civid.cards._date_text import ddmmyyyy
from civid.cards.card import CardRecord
from civid.cards.chip.dg13 import Dg13Record
from civid.cards.mrz import MrzRecord
from civid.cards.qr import QrRecord
from civid.people.sex import Sex


@dataclass(frozen=True, slots=True, repr=False)
class Facets:
    """None = the source does not state it.

    ``birth`` is ``DDMMYYYY`` or, from a zone, ``DDMMYY``; ``expiry`` is ``YYMMDD`` or ``never``.
    """

    source: str
    personal_number: str | None = None
    full_name: str | None = None
    names: str | None = None  #: as a zone writes them
    birth: str | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    expiry: str | None = None
    issued: date | None = None
    residence: str | None = None
    old_number: str | None = None
    nationality: str | None = None
    failed_checks: tuple[str, ...] = ()


def of_qr(record: QrRecord) -> Facets:
    """What a QR code states."""
    return Facets(
        "qr",
        record.personal_number,
        record.full_name,
        birth=record.birth_text,
        birth_date=record.birth,
        sex=_known(record.sex),
        issued=record.issued,
        residence=record.residence,
        old_number=record.old_number,
    )


def of_mrz(record: MrzRecord, source: str) -> Facets:
    """What a machine-readable zone states."""
    text = record.birth_text.replace("<", "0")
    expiry = "never" if record.no_expiry else record.expiry_text
    return Facets(
        source,
        record.personal_number,
        names=record.names,
        birth=None if record.birth_text.startswith("<") else text[4:] + text[2:4] + text[:2],
        birth_date=record.birth,
        sex=_known(record.sex),
        expiry=expiry,
        nationality="Việt Nam" if record.nationality == "VNM" else record.nationality,
        failed_checks=record.failed_checks,
    )


def of_dg13(record: Dg13Record) -> Facets:
    """What DG13 states."""
    expiry = None
    if record.no_expiry:
        expiry = "never"
    elif record.expires_on is not None:
        expiry = f"{record.expires_on:%y%m%d}"
    return Facets(
        "dg13",
        record.personal_number,
        record.full_name,
        birth=ddmmyyyy(record.birth) if record.birth else _partial(record.birth_text),
        birth_date=record.birth,
        sex=_known(record.sex),
        expiry=expiry,
        issued=record.issued,
        residence=record.residence,
        old_number=record.old_number,
        nationality=record.nationality,
    )


def of_card(record: CardRecord) -> Facets:
    """What the register states."""
    return Facets(
        "register",
        record.personal_number,
        record.full_name,
        birth=record.birth_text,
        birth_date=record.birth if isinstance(record.birth, date) else None,
        sex=_known(record.sex),
        expiry="never" if record.expiry is None else f"{record.expiry:%y%m%d}",
        issued=record.issued,
        residence=record.residence,
        old_number=record.old_number,
        nationality=record.nationality,
    )


def _known(sex: Sex) -> Sex | None:
    return None if sex is Sex.UNKNOWN else sex


def _partial(text: str | None) -> str | None:
    digits = (text or "").replace("/", "")
    return digits.rjust(8, "0") if digits.isdecimal() and len(digits) in (4, 6, 8) else None
