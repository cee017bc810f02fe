"""From one `CardRecord` to the QR code, the MRZ, the chip's files and the printed fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from civid.cards._date_text import ddmmyyyy, slashes
from civid.cards.card import PARENTS_BELOW_AGE, CardRecord
from civid.cards.chip import dg1, dg2, dg3, dg13, ef_com
from civid.cards.chip.dg13 import Dg13Record
from civid.cards.chip.face import FaceImage
from civid.cards.chip.finger import FingerImageRecord
from civid.cards.generations import Generation
from civid.cards.mrz import NO_EXPIRY, MrzRecord, names_field, vietnamese_optional
from civid.cards.qr import QrRecord
from civid.errors import FieldError
from civid.people.sex import Sex
from civid.people.tables import packaged


def to_qr(record: CardRecord, extras: tuple[str, str, str, str] | None = None) -> QrRecord:
    """The QR code's record: seven fields for the card of 2021, eleven for that of 2024.

    Parameters
    ----------
    extras : tuple of four str, optional
        Fields 8 to 11 of the form of 2024. Needed where the law wants content there (a cancelled
        number; the parents of a holder under 14), because no source gives their order.

    Raises
    ------
    FieldError
        Such content is there and ``extras`` is not given.
    """
    rest: tuple[str, ...] = ()
    if record.kind is Generation.CAN_CUOC:
        age = record.age_at_issue
        young = age is not None and age < PARENTS_BELOW_AGE and (record.father or record.mother)
        if extras is None and (record.cancelled_number or young):
            raise FieldError("extras", "the order of fields 8 to 11 is not documented: give them")
        rest = extras or ("", "", "", "")
    elif extras is not None:
        raise FieldError("extras", "the form of 2021 has no fields 8 to 11")
    return QrRecord(
        record.personal_number,
        record.old_number,
        record.full_name,
        record.birth_text,
        record.sex.vietnamese,
        record.residence,
        ddmmyyyy(record.issued),
        rest,
    )


def to_mrz(record: CardRecord) -> MrzRecord:
    """The machine-readable zone's record; `civid.cards.mrz.build` writes its three lines."""
    day, month, year = record.birth_text[:2], record.birth_text[2:4], record.birth_text[6:]
    expiry = record.expiry
    return MrzRecord(
        document_number=record.personal_number[3:],
        birth_text=year + month.replace("00", "<<") + day.replace("00", "<<"),
        sex_text="<" if record.sex is Sex.UNKNOWN else record.sex.value,
        expiry_text=NO_EXPIRY if expiry is None else f"{expiry:%y%m%d}",
        names=names_field(record.full_name, 30),
        optional=vietnamese_optional(record.personal_number),
    )


def to_dg13(record: CardRecord) -> Dg13Record:
    """The holder's data for the chip, in the form of the cards of 2021."""
    parents = bool(record.father or record.mother)
    return Dg13Record(
        personal_number=record.personal_number,
        full_name=record.full_name,
        birth_text=record.birth_printed,
        sex_text=record.sex.vietnamese,
        nationality=record.nationality,
        ethnic_group=record.ethnic_group,
        religion=record.religion,
        origin=record.origin,
        residence=record.residence,
        marks=record.marks,
        issued_text=slashes(record.issued),
        expiry_text=record.expiry_text,
        father=record.father if parents else None,
        mother=record.mother if parents else None,
        spouse=record.spouse,
        old_number=record.old_number or None,
        card_code=record.card_code or None,
    )


def to_files(
    record: CardRecord,
    portrait: FaceImage | None = None,
    prints: tuple[FingerImageRecord, ...] | None = None,
) -> dict[int, bytes]:
    """The data groups of the chip, number -> file; EF.COM by `to_com`, EF.SOD by `sod.build`."""
    files = {1: dg1.build(to_mrz(record)), 13: dg13.build(to_dg13(record))}
    if portrait is not None:
        files[2] = dg2.build(portrait)
    if prints is not None:
        files[3] = dg3.build(prints)
    return dict(sorted(files.items()))


def to_com(files: Mapping[int, bytes]) -> bytes:
    """EF.COM for these data groups."""
    return ef_com.build(sorted(files))


@dataclass(frozen=True, slots=True)
class PrintedField:
    """One line of text on a card: both labels and the value."""

    side: str
    name: str
    vietnamese: str
    english: str
    value: str = field(repr=False)


def printed(record: CardRecord) -> tuple[PrintedField, ...]:
    """What is printed on both sides, in the order of the card (``data/printed_fields.csv``)."""
    values = {
        "birth": record.birth_printed,
        "sex": record.sex.vietnamese,
        "expiry": record.expiry_text,
        "issued": slashes(record.issued),
        "full_name": record.full_name.upper(),
    }
    return tuple(
        PrintedField(
            row["side"],
            row["field"],
            row["vietnamese"],
            row["english"],
            values.get(row["field"]) or str(getattr(record, row["field"], "")),
        )
        for row in packaged("civid.cards", "printed_fields")
        if row["generation"] == record.kind
    )
