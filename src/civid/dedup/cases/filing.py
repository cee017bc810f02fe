"""A decision becomes a case: all candidates and all evidence in one, and never two about a pair."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from civid.dedup.decision import Decision, Enrolment, Verdict
from civid.errors import ChangedMeanwhileError, FieldError, NotInRegisterError
from civid.register.adjudication import rows
from civid.register.adjudication.rows import Stored
from civid.register.cases import rows as case_rows
from civid.register.cases.case import ADJUDICATION, CaseKind, CaseState
from civid.register.codes import code
from civid.register.identity import dossier_rows
from civid.register.identity.gallery_link import pack
from civid.register.ids import from_text, to_text
from civid.register.population import claims as said_by
from civid.register.population import records, unions
from civid.register.population.claims import Said
from civid.register.session import Work
from civid.register.store.failures import TryAgain


def file(
    work: Work, decision: Decision, *, person: str | None, dossier: str | None,
    enrolment: Enrolment | None, batch: str, codes: Sequence[str] = (),
    register_case: bytes | None = None, others: Sequence[bytes] = (),
) -> Stored | None:  # fmt: skip
    """File a decision; see `CaseDesk.file`. None where there is nothing to decide."""
    if batch:
        code(batch, "batch")
    held = None if dossier is None else dossier_rows.load(work, from_text(dossier), lock=True)
    if person is None and held is None and enrolment is None:
        raise FieldError("person", "give a person, a dossier or an enrolment")
    subject, probe = _subject(work, person, None if held is None else held.person, enrolment)
    body: dict[str, Any] = {
        "decision": decision.to_dict(), "codes": list(codes), "probe": probe,
        "register_cases": [], "earlier": [], "seed": None, "not_by": [], "acted": [],
    }  # fmt: skip
    people = _people(work, decision, subject, others)
    if not people and decision.verdict is Verdict.UNIQUE and register_case is None:
        return None
    if probe is None:
        rows.lock_people(work, [subject, *people])
    else:
        rows.lock_people(work, people)
    mine = [subject] if probe is not None else _entries(work, subject)
    known = _known(work, mine, people)
    held_open = [rows.load(work, one, lock=True) for one in sorted(set(known.values()))]
    if not people and (alone := rows.open_alone(work, subject)) is not None:
        held_open = [rows.load(work, alone, lock=True)]
    # One that has this person as its subject takes in everybody; another one only what is known.
    first = next((one for one in held_open if one.subject in mine), None)
    rest = [one for one in people if one not in known]
    if first is None and held_open and not rest:
        first = held_open[0]
    if first is not None:
        made = _again(work, first, body, first.subject in mine, people, known)
    else:
        for one in held_open:
            _holding(work, _again(work, one, body, False, people, known), held, people, None)
        unit = held.unit if held is not None else None
        try:
            made = rows.add(
                work, subject, rest, body, unit=_unit(work, subject, rest, probe, unit),
                dossier=None if held is None else held.id, batch=batch,
            )  # fmt: skip
        except ChangedMeanwhileError:  # whoever came first has it: begin again, and return that one
            raise TryAgain from None
    made = _holding(work, made, held, people, register_case)
    if probe is None:
        work.about(subject)
    work.about(*people)
    work.detail["candidates"] = len(people)
    return made


def _subject(
    work: Work, person: str | None, owner: bytes | None, enrolment: Enrolment | None
) -> tuple[bytes, dict[str, Any] | None]:
    """Whom it is about; what is said of somebody who has no entry is kept in the case."""
    if person is not None:
        found = from_text(person)
        if records.load(work.connection, work.vault, found).state == records.ERASED:
            raise NotInRegisterError("this person was erased")
        if owner is not None and owner != found:
            raise FieldError("dossier", "is another person's")
        return found, None
    if owner is not None:
        return owner, None
    assert enrolment is not None
    data = said_by.encode(Said(enrolment.claims))
    packed = b"" if enrolment.fingers is None else pack(enrolment.fingers)
    probe = {
        "claims": data.decode("utf-8", "surrogatepass"),
        "fingers": base64.b64encode(packed).decode("ascii"),
    }
    return work.vault.token("probe", data.decode("utf-8", "surrogatepass")), probe


def _people(work: Work, decision: Decision, subject: bytes, others: Sequence[bytes]) -> list[bytes]:
    """Candidates worth a look, each person once, without the subject and who was erased since."""
    found = [from_text(one.reference) for one in decision.candidates
             if one.verdict is not Verdict.UNIQUE]  # fmt: skip
    wanted = list(dict.fromkeys([*found, *others]))
    here = {
        one.id for one in records.load_many(work.connection, work.vault, wanted)
        if one.state != records.ERASED
    }  # fmt: skip
    seen, people = {unions.root_of(work.connection, subject)}, []
    for one in wanted:
        if one in here and (root := unions.root_of(work.connection, one)) not in seen:
            seen.add(root)
            people.append(one)
    return people


def _entries(work: Work, person: bytes) -> list[bytes]:
    return unions.entries(work.connection, unions.root_of(work.connection, person))


def _known(
    work: Work, mine: Sequence[bytes], people: Sequence[bytes]
) -> dict[bytes, bytes]:  # fmt: skip
    """Candidates that an open case is about together with the subject, by any of their entries."""
    whose = {entry: one for one in people for entry in _entries(work, one)}
    return {
        whose[entry]: case
        for one in mine
        for entry, case in rows.pairs_open(work, one, list(whose)).items()
    }


def _unit(
    work: Work, subject: bytes, people: Sequence[bytes], probe: dict[str, Any] | None,
    own: str | None,
) -> str:  # fmt: skip
    """The lowest unit that covers everybody in the case: whoever judges it may see all of them."""
    units = [] if own is None else [own]
    asked = [*people, *([subject] if probe is None else [])]
    units += [one.unit for one in records.load_many(work.connection, work.vault, asked)]
    units = units or [work.actor.unit]
    common = units[0].split("/") if units[0] else []
    for other in units[1:]:
        parts = other.split("/")
        at = next((n for n, (a, b) in enumerate(zip(common, parts, strict=False)) if a != b),
                  min(len(common), len(parts)))  # fmt: skip
        common = common[:at]
    return "/".join(common)


def _again(
    work: Work, case: Stored, body: dict[str, Any], same: bool, people: list[bytes],
    known: dict[bytes, bytes],
) -> Stored:  # fmt: skip
    """The same pair once more: the open case gets what is new, and stays one.

    `same` = it is about the same subject; else it is the other way round.
    """
    kept = {**case.body, "earlier": [*case.body["earlier"], case.body["decision"]][-10:]}
    if same:
        kept["decision"] = body["decision"]
        columns: dict[str, Any] = {}
        new = [one for one in people if one not in case.suspects and one not in known]
        rows.add_suspects(work, case.id, new, first=len(case.suspects))
        rows.add_pairs(work, case.id, case.subject, new)
        everybody = [*case.suspects, *new]
        columns["unit"] = _unit(work, case.subject, everybody, case.body["probe"], case.row["unit"])
        if new and case.state == rows.TAKEN:  # whoever has it has to look again
            columns["ticket"] = rows.new_ticket()
    else:  # the other way round: its evidence is kept beside
        kept["earlier"] = [*case.body["earlier"], body["decision"]][-10:]
        columns = {}
    made = rows.save(work, case, kept, **columns)
    rows.event(work, case.id, "filed_again")
    return made


def _holding(
    work: Work, case: Stored, held: dossier_rows.Held | None, people: list[bytes],
    register_case: bytes | None,
) -> Stored:  # fmt: skip
    """The dossier waits: through a case of the register that only this one can close."""
    known = list(case.body["register_cases"])
    if register_case is not None:
        found = case_rows.load(work, register_case)
        case_rows.move(work, found, CaseState.TAKEN, owner=ADJUDICATION)
        known.append(to_text(register_case))
    elif held is not None and people and not _waits(work, known, held):
        opened = case_rows.open_case(
            work, CaseKind.DUPLICATE, held.unit, person=held.person, other=people[0],
            dossier=held.id, codes=case.body["codes"],
        )  # fmt: skip
        case_rows.move(work, opened, CaseState.TAKEN, owner=ADJUDICATION)
        known.append(opened.reference)
    if known == case.body["register_cases"]:
        return case
    return rows.save(work, case, {**case.body, "register_cases": known})


def _waits(work: Work, known: Sequence[str], held: dossier_rows.Held) -> bool:
    """Whether one of these cases of the register holds the dossier."""
    for one in known:
        with suppress(NotInRegisterError):  # gone with somebody who was erased
            if case_rows.load(work, from_text(one)).dossier == to_text(held.id):
                return True
    return False


def claims_of(probe: dict[str, Any]) -> Said:
    """What was said of somebody who has no entry."""
    return said_by.decode(probe["claims"].encode("utf-8", "surrogatepass"))
