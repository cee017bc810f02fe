"""Whom a question is about. Where nobody is, the same work is done about somebody made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civid.exchange.sharing.grant import Grant
from civid.exchange.sharing.judging import agrees
from civid.exchange.sharing.question import Question
from civid.exchange.sharing.terms import Naming
from civid.exchange.sharing.words import Truth
from civid.people.citizen import Citizen, Source, claim
from civid.people.dates import parse
from civid.register.population import claims, records, unions
from civid.register.population.claims import Said
from civid.register.population.lookup import sounds
from civid.register.population.people import number_of
from civid.register.session import Work
from civid.register.sharing import aliases
from civid.register.sharing.named import named

#: People of one name and year of birth who are looked at; more are too many to tell apart.
_MOST = 50
_DAY = date(1990, 1, 1)
#: About as much to decrypt, read and compare as an ordinary person.
_NOBODY = claims.encode(
    Said(
        tuple(
            claim(field, text, Source.CIVIL_STATUS, _DAY)
            for field, text in (
                ("name", "Nguyễn Văn Không"), ("birth", "01/01/1990"), ("sex", "Nam"),
                ("permanent_residence", "Hà Nội"), ("nationality", "Việt Nam"),
            )
        )
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Whom a question is about.

    Attributes
    ----------
    token : bytes
        Whom guesses and limits are counted for: the person, where the partner knows already that
        there is one, else what they were named by. Counting by the person would tell whoever
        exhausts the one name which other names are the same person's.
    person : bytes or None
        The entry that stands for them; None = nobody, or nobody that the grant is about.
    citizen : Citizen
        Theirs; of nobody, where `person` is None.
    entries : tuple of bytes
        All entries of the person.
    """

    token: bytes
    person: bytes | None
    citizen: Citizen
    entries: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return "<Found>"


def find(work: Work, grant: Grant, question: Question) -> Found:
    """Whom a question is about, by the name it uses."""
    naming, name = question.subject.naming, question.subject.name
    if naming is Naming.ATTRIBUTES:
        return _by_attributes(work, grant, question)
    if naming is Naming.NUMBER:
        kind, digits = number_of(name)
        people = records.holders(work.connection, work.vault, kind, digits)
    else:
        one = aliases.who(work, question.partner, name, match=naming is Naming.MATCH_ID)
        people = [] if one is None else [one]
    token = work.vault.token("asked", f"{question.partner}\0{naming}\0{name}")
    found = _matching(work, grant, question, people)
    known = grant.existence or naming is not Naming.NUMBER
    return _found(work, question.partner, token, found, known=known)


def _by_attributes(work: Work, grant: Grant, question: Question) -> Found:
    """People of that sound of a name, and of that year; guesses count for name and year."""
    name, year = sounds(question.given["name"]), parse(question.given["birth"]).year
    found = named(work, name, year, _MOST + 1)
    found = found if len(found) <= _MOST else []
    token = work.vault.token("asked", f"{question.partner}\0attributes\0{name}\0{year}")
    matching = [
        one for one in _people(work, grant, found)
        if all(agrees(one.citizen, *said) is Truth.YES for said in question.given.items())
    ]  # fmt: skip
    return _found(work, question.partner, token, matching, known=False)


def _matching(
    work: Work, grant: Grant, question: Question, people: list[bytes]
) -> list[records.Record]:
    """Those who have the name; of several with one old number, those whom the rest fits."""
    found = _people(work, grant, people)
    if len(found) > 1:
        found = [
            one for one in found
            if question.given
            and all(agrees(one.citizen, *said) is Truth.YES for said in question.given.items())
        ]  # fmt: skip
    return found


def _people(work: Work, grant: Grant, people: list[bytes]) -> list[records.Record]:
    wanted = people or [work.vault.token("asked", "nobody")]  # the store is asked all the same
    return [
        one for one in unions.whole_many(work.connection, work.vault, wanted)
        if one.state == records.ACTIVE and grant.is_about(one.unit)
    ]  # fmt: skip


def _found(
    work: Work, partner: str, token: bytes, found: list[records.Record], *, known: bool
) -> Found:
    if len(found) != 1:
        key, sealed = work.vault.seal(_NOBODY, "acts", token)
        said = claims.decode(work.vault.open(key, sealed, "acts", token))
        return Found(token, None, claims.citizen("", [(1, said)]))
    one = found[0]
    if known:
        token = work.vault.token("asked", f"{partner}\0person\0{one.id.hex()}")
    return Found(token, one.id, one.citizen, (one.id, *(other.id for other, _ in one.joined)))
