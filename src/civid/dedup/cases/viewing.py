"""A case as an officer sees it: read inside the transaction that writes it into the log."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from civid.dedup.cases.case_file import (
    CandidateFile,
    Capture,
    CaseEvent,
    CaseFile,
    CaseState,
    CaseSummary,
    Document,
    HouseholdLine,
    Party,
    RulingSeen,
)
from civid.dedup.cases.filing import claims_of
from civid.dedup.cases.ruling import Ruling, Statement
from civid.dedup.cases.sealed_decision import candidate_of, thresholds_of
from civid.dedup.decision.words import explain_candidate
from civid.errors import FieldError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.people.citizen import FIELDS, Citizen
from civid.position import Position
from civid.register.adjudication import around, rows, ruled
from civid.register.adjudication.rows import Stored
from civid.register.enrolment.captures import PORTRAIT
from civid.register.identity import card_rows
from civid.register.identity.gallery_link import unpack
from civid.register.ids import from_text, to_text
from civid.register.population import records
from civid.register.session import Work
from civid.search.fingers import finger_set

#: Events that say whether, and by whom, a case was judged before: shown once it is closed.
_BLIND = frozenset({"assigned", "ruled", "released", "postponed", "withdrawn"})


def name(work: Work, case: Stored) -> None:
    """Name the case, and everybody in it, in the entry of the log."""
    work.detail["case"] = to_text(case.id)
    work.about(*case.suspects)
    if case.body["probe"] is None:
        work.about(case.subject)


def summary(work: Work, case: bytes, row: Mapping[str, Any], candidates: int) -> CaseSummary:
    """The line of a case in a list."""
    mine = row["state"] == rows.TAKEN and row["officer"] == work.actor.name
    return CaseSummary(
        to_text(case), CaseState(row["state"]), row["unit"], row["batch"], candidates,
        row["opened"], row["closed"], row["outcome"], mine,
    )  # fmt: skip


def allowed(case: Stored) -> tuple[Ruling, ...]:
    """What can be said of a case."""
    without = set[Ruling]()
    if case.dossier is None:
        without |= {Ruling.REJECT, Ruling.SEND_BACK}
    if not case.suspects:  # of nobody it cannot be said that they are the same, or share something
        without |= {Ruling.SAME_PERSON, Ruling.SPLIT}
    return tuple(one for one in Ruling if one not in without)


def case_file(work: Work, case: Stored) -> CaseFile:
    """Everything that may be shown of a case now."""
    decision = case.body["decision"]
    decided = case.state in (rows.CLOSED, rows.UNDONE)
    mine = case.state == rows.TAKEN and case.row["officer"] == work.actor.name
    parties = {case.subject, *case.suspects}
    subject = party(work, case, case.subject, parties)
    evidence = {
        one["reference"]: candidate_of(one)
        for earlier in (*case.body["earlier"], decision)
        for one in earlier["candidates"]
    }
    candidates = []
    for one in case.suspects:
        found = party(work, case, one, parties)
        differing = tuple(
            field
            for field in FIELDS
            if (ours := subject.fields.get(field))
            and (theirs := found.fields.get(field))
            and ours != theirs
        )
        candidates.append(CandidateFile(found, evidence.get(found.reference), differing))
    final = case.body.get("final")
    return CaseFile(
        to_text(case.id), CaseState(case.state), case.row["unit"], case.row["batch"],
        case.row["opened"], None if case.dossier is None else to_text(case.dossier),
        decision["outcome"], tuple(case.body["codes"]),
        _explanation(decision, candidates),
        thresholds_of(decision["thresholds"]), subject, tuple(candidates),
        _history(work, case, decided), _rulings(work, case, decided),
        case.row["ticket"].hex() if mine and case.row["ticket"] else "",
        allowed(case) if mine else (), mine and case.row["postponed"] < 2,
        None if final is None or not decided else Statement.from_dict(final),
        _withdrawn(case) if decided else (),
    )  # fmt: skip


def _explanation(
    decision: dict[str, Any], candidates: list[CandidateFile]
) -> dict[str, tuple[str, ...]]:
    """What the machine made of it, and each candidate under their number in the case.

    The decision may number others: whom it found unique, or whom another case is about.
    """
    count = len(decision["candidates"])
    found = {}
    for language, said in decision["explanation"].items():
        lines = [
            explain_candidate(place, one.evidence, language)
            for place, one in enumerate(candidates, 1)
            if one.evidence is not None
        ]
        found[language] = (*said[: len(said) - count], *lines)
    return found


def _history(work: Work, case: Stored, decided: bool) -> tuple[CaseEvent, ...]:
    return tuple(
        CaseEvent(one.at, one.what, one.officer if decided else "", one.reason)
        for one in rows.events(work, case.id)
        if decided or one.what not in _BLIND
    )


def _rulings(work: Work, case: Stored, decided: bool) -> tuple[RulingSeen, ...]:
    return tuple(
        RulingSeen(one.at, max(0, one.at - one.began) // 1_000_000, one.officer,
                   Statement.from_dict(one.body))
        for one in ruled.of(work, [case.id])
        if decided
    )  # fmt: skip


def withdrawn(case: Stored) -> list[dict[str, Any]]:
    """Rulings that were taken back, oldest first; kept in the sealed body."""
    return list(case.body.get("withdrawn", ()))


def judges(work: Work, case: Stored) -> set[str]:
    """Who has said what the case is, also who took it back."""
    return ruled.officers(work, case.id) | {one["officer"] for one in withdrawn(case)}


def _withdrawn(case: Stored) -> tuple[RulingSeen, ...]:
    return tuple(
        RulingSeen(one["at"], max(0, one["at"] - one["began"]) // 1_000_000, one["officer"],
                   Statement.from_dict(one["said"]), one["withdrawn"])
        for one in withdrawn(case)
    )  # fmt: skip


def party(work: Work, case: Stored, person: bytes, parties: set[bytes]) -> Party:
    """One side of a case. Each entry as it stands by itself, whatever it was merged into."""
    if person == case.subject and case.body["probe"] is not None:
        return _probe(case)
    record = records.load(work.connection, work.vault, person)
    citizen = record.own
    dossiers = _dossiers(work, case, person)
    taken = [one for dossier in reversed(dossiers) for one in around.taken(work, dossier)]
    return Party(
        to_text(person), False, record.unit, _fields(citizen), _names(citizen),
        _household(work, person, parties),
        tuple(
            Document(one.generation.value, one.number, one.state.value, one.issued.isoformat(),
                     "" if one.expires is None else one.expires.isoformat())
            for one in card_rows.of_person(work, person)
        ),
        tuple(
            Capture(to_text(one.dossier), one.frame, one.attempt, one.at, one.quality, one.kept,
                    one.officer, one.station)
            for one in taken
        ),
        tuple(around.templates(work, person)), around.kept_positions(taken),
        any(one.frame == PORTRAIT and one.kept for one in taken),
    )  # fmt: skip


def _probe(case: Stored) -> Party:
    said = claims_of(case.body["probe"])
    citizen = Citizen("").with_claims(*said.claims)
    return Party(
        to_text(case.subject), True, case.row["unit"], _fields(citizen), _names(citizen),
        fingers=tuple(_probe_fingers(case)),
    )  # fmt: skip


def _probe_fingers(case: Stored) -> dict[Position, Template]:
    packed = base64.b64decode(case.body["probe"]["fingers"])
    return dict(finger_set(unpack(packed))) if packed else {}


def _fields(citizen: Citizen) -> dict[str, str]:
    return {field: text for field in FIELDS if (text := citizen.text(field))}


def _names(citizen: Citizen) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            one.recorded_as for field in ("name", "other_name") for one in citizen.history(field)
        )
    )


def _household(work: Work, person: bytes, parties: set[bytes]) -> tuple[HouseholdLine, ...]:
    inside = around.household_of(work, person)
    known = {
        one.id: one.own
        for one in records.load_many(work.connection, work.vault, [who for _, who, _ in inside])
    }
    return tuple(
        HouseholdLine(code, relation, known[who].text("name"), known[who].text("birth"),
                      to_text(who), who in parties)
        for code, who, relation in inside
        if who in known
    )  # fmt: skip


def _dossiers(work: Work, case: Stored, person: bytes) -> list[bytes]:
    """The dossier of the case first, then the newest."""
    found = around.dossiers_of(work, person)
    if case.dossier in found:
        found.remove(case.dossier)
        found.insert(0, case.dossier)
    return found


def worked_on(work: Work, case: Stored, officer: str) -> bool:
    """Whether an officer had a hand in one of the dossiers of the case."""
    people = [*case.suspects, *([] if case.body["probe"] else [case.subject])]
    return any(
        around.worked_on(work, dossier, officer)
        for one in people
        for dossier in around.dossiers_of(work, one)
    )


def _one_of(case: Stored, party: str) -> bytes:
    person = from_text(party)
    if person not in (case.subject, *case.suspects):
        raise FieldError("party", "nobody of this case")
    return person


def portrait(work: Work, case: Stored, party: str) -> bytes | None:
    """See `CaseDesk.portrait`."""
    person = _one_of(case, party)
    return around.portrait(work, _dossiers(work, case, person))


def templates(work: Work, case: Stored, party: str) -> dict[Position, Template]:
    """See `CaseDesk.templates`."""
    person = _one_of(case, party)
    if person == case.subject and case.body["probe"] is not None:
        return _probe_fingers(case)
    return around.templates(work, person)


def images(work: Work, case: Stored, party: str) -> dict[Position, FingerImage]:
    """See `CaseDesk.images`."""
    return around.images(work, _dossiers(work, case, _one_of(case, party)))
