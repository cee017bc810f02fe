"""A card that was read, as a table for people and as a JSON document."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from civid.cli.console.output import Output, table
from civid.cli.language.choice import Language, spoken
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.cards.chip.dg13 import Dg13Record
    from civid.cards.chip.passive import Authentication
    from civid.cards.crosscheck import Disagreement
    from civid.cards.mrz import MrzRecord
    from civid.cards.qr import QrRecord
    from civid.cards.reading import Reading

_Rows = dict[str, str | None]


def show(
    out: Output,
    reading: Reading,
    found: tuple[Disagreement, ...],
    authentication: Authentication | None,
    *,
    registered: bool = False,
) -> None:
    """Print one column a source, then what is odd."""
    columns = {name: rows for name, rows in _columns(reading, spoken()).items() if rows}
    if columns:
        made = table("", say("field"), *(say(name) for name in columns))
        for field in dict.fromkeys(key for rows in columns.values() for key in rows):
            values = [rows.get(field) or "" for rows in columns.values()]
            if any(values):
                made.add_row(say(field), *values)
        out.print(made)
    if reading.faces:
        sizes = ", ".join(f"{one.width}x{one.height}" for one in reading.faces)
        out.print(f"{say('portraits in the chip')}: {sizes}")
    if reading.fingers:
        names = [one.position.name.lower() for record in reading.fingers for one in record.views]
        out.print(f"{say('fingers in the chip')}: {', '.join(names)}")
    for record in (reading.qr, reading.mrz, reading.dg1, reading.dg13):
        for warning in record.warnings if record is not None else ():
            out.note(f"{say('note')}: {say(warning.message)}")
    for one in found:
        where = ", ".join(one.sources)
        message = say(one.message)
        out.print(f"{say(one.severity)}: {say(_NAMES.get(one.field, one.field))} "
                  f"({where}): {message}")  # fmt: skip
    if not found:
        alone = len(columns) == 1 and not registered
        out.note(say("only one source was given" if alone else "the sources agree"))
    if authentication is not None:
        genuine = "the chip is genuine: signed, unchanged, by a trusted authority"
        out.print(say(genuine if authentication.genuine else "the chip is not to be believed"))
        for failure in (*authentication.failures, *authentication.notes):
            out.print(f"  {say(failure.message)}")
    elif reading.sod is not None:
        out.note(say("the signature was not checked: give --trust"))


def as_json_document(
    reading: Reading, found: tuple[Disagreement, ...], authentication: Authentication | None
) -> dict[str, object]:
    """The document of ``--json``; fields that a source does not state are left out."""
    document: dict[str, object] = {
        name: {key.replace(" ", "_"): value for key, value in rows.items() if value is not None}
        for name, rows in zip(("qr", "mrz", "dg1", "dg13"),
                              _columns(reading, None).values(), strict=True)
        if rows
    }  # fmt: skip
    document["faces"] = [{"width_px": one.width, "height_px": one.height} for one in reading.faces]
    document["fingers"] = [
        one.position.name.lower() for record in reading.fingers for one in record.views
    ]
    document["warnings"] = [
        {"source": name, "code": one.code, "message": one.message}
        for name, record in (
            ("qr", reading.qr),
            ("mrz", reading.mrz),
            ("dg1", reading.dg1),
            ("dg13", reading.dg13),
        )
        for one in (record.warnings if record is not None else ())
    ]
    document["disagreements"] = [
        {"field": one.field, "sources": list(one.sources), "severity": one.severity,
         "message": one.message}
        for one in found
    ]  # fmt: skip
    if authentication is not None:
        document["chip"] = {
            "genuine": authentication.genuine,
            "signer": authentication.signer,
            "signed_at": authentication.signed_at,
            "hashes": {f"dg{key}": value for key, value in authentication.hashes.items()},
            "failures": [{"code": one.code, "message": one.message}
                         for one in authentication.failures],
            "notes": [{"code": one.code, "message": one.message} for one in authentication.notes],
        }  # fmt: skip
    return document


#: What a column and its rows are called; in the document of --json always so.
_LABELS = ("QR code", "MRZ", "chip DG1", "chip DG13", "personal number", "full name", "birth",
           "sex", "residence", "issued", "former number", "further fields", "expires",
           "nationality", "ethnic group", "religion", "place of origin", "marks", "father",
           "mother", "spouse", "card code", "male", "female", "conflict", "note", "name",
           "expiry")  # fmt: skip
_NAMES = {"name": "full name", "expiry": "expires", "old_number": "former number",
          "personal_number": "personal number"}  # fmt: skip


def _columns(reading: Reading, lang: Language | None) -> dict[str, _Rows]:
    return {
        "QR code": _qr(reading.qr, lang) if reading.qr else {},
        "MRZ": _mrz(reading.mrz, lang) if reading.mrz else {},
        "chip DG1": _mrz(reading.dg1, lang) if reading.dg1 else {},
        "chip DG13": _dg13(reading.dg13, lang) if reading.dg13 else {},
    }


def _qr(one: QrRecord, lang: Language | None) -> _Rows:
    return {
        "personal number": one.personal_number,
        "full name": one.full_name,
        "birth": _day(one.birth, one.birth_text, lang),
        "sex": _sex(one.sex_text, one.sex.name, lang),
        "residence": one.residence,
        "issued": _day(one.issued, one.issued_text, lang),
        "former number": one.old_number or None,
        "further fields": "|".join(one.extras) if any(one.extras) else None,
    }


def _mrz(one: MrzRecord, lang: Language | None) -> _Rows:
    no_expiry = "no expiry" if lang is None else say("no expiry")
    return {
        "personal number": one.personal_number or one.document_number,
        "full name": one.full_name,
        "birth": _day(one.birth, one.birth_text, lang),
        "sex": _sex(one.sex_text, one.sex.name, lang),
        "expires": no_expiry if one.no_expiry else _day(one.expires_on, one.expiry_text, lang),
        "nationality": one.nationality,
    }


def _dg13(one: Dg13Record, lang: Language | None) -> _Rows:
    return {
        "personal number": one.personal_number,
        "full name": one.full_name,
        "birth": _day(one.birth, one.birth_text, lang),
        "sex": _sex(one.sex_text, one.sex.name, lang),
        "residence": one.residence,
        "issued": _day(one.issued, one.issued_text, lang),
        "expires": ("no expiry" if lang is None else say("no expiry"))
        if one.no_expiry
        else _day(one.expires_on, one.expiry_text, lang),
        "former number": one.old_number,
        "nationality": one.nationality,
        "ethnic group": one.ethnic_group,
        "religion": one.religion,
        "place of origin": one.origin,
        "marks": one.marks,
        "father": one.father,
        "mother": one.mother,
        "spouse": one.spouse,
        "card code": one.card_code,
    }


def _day(day: date | None, text: str | None, lang: Language | None) -> str | None:
    if day is None:
        return text
    return f"{day:%d/%m/%Y}" if lang is Language.VI else day.isoformat()


def _sex(text: str | None, name: str, lang: Language | None) -> str | None:
    known = name.lower() if name != "UNKNOWN" else text
    return say(known) if lang is not None and known is not None else known
