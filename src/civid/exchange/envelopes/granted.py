"""Answers of the sharing service as citizen messages of QCVN 109, with the granted fields alone.

What a grant does not name never reaches the message: it is made of the fields that are given to
it, and of nothing else that is known of somebody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from civid.errors import FieldError
from civid.formats.qcvn109.record import Citizen as Entry
from civid.formats.qcvn109.record import Message
from civid.people.citizen import Citizen, Source, claim, field_of
from civid.people.messages import claims, entry
from civid.people.warning import FieldWarning

_DAY = date(1970, 1, 1)  # claims need one, and a message has no place for it


@dataclass(frozen=True, slots=True, repr=False)
class Granted:
    """A message to be sent, and what of the answer it has no place for.

    Parameters
    ----------
    message : Message
        About nobody when nothing was answered.
    warnings : tuple of FieldWarning
        By field: left out, or doubtful.
    """

    message: Message
    warnings: tuple[FieldWarning, ...] = ()

    def __repr__(self) -> str:
        return f"<Granted: {self.message!r}, {len(self.warnings)} warnings>"


def granted_message(
    values: Mapping[str, str],
    fields: Collection[str],
    *,
    asked: Entry | None = None,
    at: datetime | None = None,
    note: str | None = None,
    units: Mapping[str, str] | None = None,
) -> Granted:
    """The message about one person.

    Parameters
    ----------
    values : mapping
        Field of a citizen -> text, as the sharing service answers.
    fields : collection of str
        What the grant gives; a value of any other field is an error and not left out in silence:
        somebody has put together an answer that goes beyond the grant.
    asked : Entry, optional
        What the caller sent. A message has to say who it is about: where the grant gives neither
        number nor name, those of the question are repeated, which tell the caller nothing new.
    at : datetime, optional
        As of when the data hold.
    note : str, optional
        ``GhiChu``: the request that is answered, or the trace. Nothing about the person.
    units : mapping, optional
        Field of a place -> code of its administrative unit; those of other fields are left out.

    Raises
    ------
    FieldError
        A value that the grant does not give, or no such field.

    Examples
    --------
    >>> made = granted_message({"name": "Bùi Thị An", "birth": "2001"}, {"name", "birth", "sex"})
    >>> one = made.message.citizens[0]
    >>> one.name.full, one.birth.year, one.sex
    ('Bùi Thị An', '2001', None)
    """
    allowed = {field_of(one).name for one in fields}
    named = {field_of(one).name: text for one, text in values.items()}
    if beyond := named.keys() - allowed:
        raise FieldError(min(beyond), "is in the answer, and not in the grant")
    said = [
        claim(name, text, Source.SECTOR_DATABASE, _DAY, keep_unread=True)
        for name, text in named.items()
        if text.strip()
    ]
    places = {name: code for name, code in (units or {}).items() if name in named}
    made = entry(Citizen("").with_claims(*said), units=places)
    one = made.entry
    citizens = () if one == Entry() else (_named(one, asked or Entry()),)
    moment = None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Granted(Message(citizens, moment, note), made.warnings)


def _named(one: Entry, asked: Entry) -> Entry:
    if one.number or one.old_number or one.name:
        return one
    return replace(one, number=asked.number, old_number=asked.old_number, name=asked.name)


def question(asked: Entry) -> dict[str, str]:
    """Field of a citizen -> text, of what a citizen message says about somebody.

    For a question: which person is meant, and what is to be confirmed about them. What cannot be
    read is left out, as it could not be compared.

    >>> from civid.formats.qcvn109.record import Birth, Name
    >>> question(Entry("046301123456", name=Name(given="BÙI THỊ AN"), birth=Birth("2001-03-12")))
    {'name': 'BÙI THỊ AN', 'number': '046301123456', 'birth': '2001-03-12'}
    """
    read = claims(asked, Source.CITIZEN, _DAY)
    return {one.field: one.recorded_as for one in read.claims if one.is_read}
