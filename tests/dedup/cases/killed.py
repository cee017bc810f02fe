"""What is killed: a process that files, rules, merges, parts and undoes until it is killed.

Every pair of people is used for one thing: a case, or a merge without one. A line of JSON says
what is about to be done, another that it is done.
"""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO

from sqlalchemy import func, select
from tests.register.faults.worker import fingers, open_register
from tests.register.people import said, somebody

from civid.dedup.cases import CaseDesk
from civid.dedup.decision import (
    CandidateEvidence,
    Decision,
    FieldEvidence,
    Outcome,
    PrintEvidence,
    Thresholds,
    Verdict,
)
from civid.errors import CividError
from civid.people.citizen import Source
from civid.register import Register
from civid.register.adjudication import rows, ruled
from civid.register.audit import log
from civid.register.ids import from_text
from civid.register.session import Work
from civid.register.store.adjudication_tables import rulings, unions

RULINGS = {"same-person": "prints.alike", "different-people": "twins", "split": "number.shared"}


@dataclass
class Pair:
    """Two people, and what was acknowledged about them."""

    one: str
    other: str
    case: str = ""
    said: list[list[str]] = field(default_factory=list)  #: officer, ruling
    state: str = "apart"  #: apart, merged, parted; of a case: waiting, closed, undone
    outcome: str = ""
    text: str = ""


def decision(about: str) -> Decision:
    """As if somebody were like another one; no search is what is tested here."""
    candidate = CandidateEvidence(
        about, Outcome.ADJUDICATE, Verdict.ADJUDICATE, 60.0, 10.0,
        (FieldEvidence("name", "same", 10.0),), PrintEvidence(50.0, 80.0), ("prints",),
    )  # fmt: skip
    return Decision(
        Outcome.ADJUDICATE, Verdict.ADJUDICATE, (candidate,), Thresholds(20.0, 90.0), 2, True, "t",
        "t",
    )  # fmt: skip


class Worker:
    """Judges, at random."""

    def __init__(self, register: Register, pairs: list[Pair], first: int, out: TextIO):
        self.register, self.pairs, self.next, self.out = register, pairs, first, out
        self.choose = random.Random(first)

    def say(self, **what: Any) -> None:
        self.out.write(json.dumps(what) + "\n")
        self.out.flush()

    def desk(self, officer: str) -> CaseDesk:
        return CaseDesk(self.register.acting_as(officer))

    def step(self) -> None:
        waiting = [one for one in self.pairs if one.state == "waiting"]
        closed = [one for one in self.pairs if one.state == "closed"]
        free = [one for one in self.pairs if not one.case and one.state in ("apart", "parted")]
        merged = [one for one in self.pairs if not one.case and one.state == "merged"]
        acts = [(0.25, self.add, [None]), (0.4, self.rule, waiting), (0.15, self.undo, closed),
                (0.15, self.merge, free), (0.15, self.unmerge, merged),
                (0.1, self.record, self.pairs)]  # fmt: skip
        able = [(weight, act, some) for weight, act, some in acts if some]
        _, act, some = self.choose.choices(able, [one[0] for one in able])[0]
        act(self.choose.choice(some))  # type: ignore[operator,arg-type]

    def add(self, nobody: None) -> None:
        """Two people, with a case of theirs or without one."""
        made = []
        for _ in range(2):
            which, self.next = self.next, self.next + 1
            made.append(self.register.people.add(somebody(which), unit="46").reference)
        if self.choose.random() < 0.2:
            self.register.prints.enrol(made[1], fingers(self.next))
        pair = Pair(*made)
        if self.choose.random() < 0.6:
            self.say(do="file", pair=asdict(pair))
            filed = CaseDesk(self.register).file(decision(pair.one), person=pair.other)
            assert filed is not None
            pair.case, pair.state = filed.reference, "waiting"
        self.pairs.append(pair)
        self.say(done="file", pair=asdict(pair))

    def rule(self, _: Pair) -> None:
        """Whoever is next says something of whatever case comes."""
        officer = f"officer-{self.choose.randrange(4)}"
        desk = self.desk(officer)
        file = desk.assign()
        if file is None:
            return
        pair = next((one for one in self.pairs if one.case == file.reference), None)
        if pair is None:  # filed in the moment of the last kill
            pair = Pair(file.candidates[0].party.reference, file.subject.reference, file.reference)
            pair.state = "waiting"
            self.pairs.append(pair)
            self.say(done="file", pair=asdict(pair))
        ruling = self.choose.choice(list(RULINGS))
        self.say(do="rule", case=pair.case, officer=officer, ruling=ruling)
        answer = desk.decide(pair.case, ruling, RULINGS[ruling], ticket=file.ticket)
        pair.said.append([officer, ruling])
        if answer.is_final:
            pair.state, pair.outcome = "closed", answer.outcome
        self.say(done="rule", case=pair.case, officer=officer, ruling=ruling,
                 final=answer.is_final)  # fmt: skip

    def undo(self, pair: Pair) -> None:
        self.say(do="undo", case=pair.case)
        self.desk("head").undo(pair.case, "appeal")
        pair.state = "undone"
        self.say(done="undo", case=pair.case)

    def merge(self, pair: Pair) -> None:
        self.say(do="merge", one=pair.one)
        self.register.people.merge(pair.one, pair.other, "prints.alike")
        pair.state = "merged"
        self.say(done="merge", one=pair.one)

    def unmerge(self, pair: Pair) -> None:
        self.say(do="unmerge", one=pair.one)
        self.register.people.unmerge(pair.other, "appeal")
        pair.state = "parted"
        self.say(done="unmerge", one=pair.one)

    def record(self, pair: Pair) -> None:
        """Something of the second one, whatever it was merged into."""
        text, self.next = f"Số {self.next}", self.next + 1
        self.say(do="record", one=pair.one, text=text)
        claim = said("permanent_residence", text, source=Source.RESIDENCE)
        self.register.people.record(pair.other, [claim])
        pair.text = text
        self.say(done="record", one=pair.one, text=text)


def main(where: str, gallery: str, pairs: list[Pair], first: int, out: TextIO) -> None:
    """Until it is killed, or something goes wrong."""
    out.write(json.dumps({"do": "open"}) + "\n")
    out.flush()
    try:
        with open_register(where, gallery, create=True) as register:
            worker = Worker(register, pairs, first, out)
            worker.say(done="open")
            while True:
                worker.step()
    except CividError as error:
        out.write(json.dumps({"error": type(error).__name__}) + "\n")
    except Exception as error:
        out.write(json.dumps({"untyped": f"{type(error).__name__}: {error}"[:300]}) + "\n")
    out.flush()


def follow(pairs: list[Pair], line: dict[str, Any]) -> None:
    """What was acknowledged."""
    if line["done"] == "open":
        return
    if line["done"] == "file":
        pairs.append(Pair(**line["pair"]))
        return
    key = "case" if "case" in line else "one"
    pair = next(one for one in pairs if getattr(one, key) == line[key])
    if line["done"] == "rule":
        pair.said.append([line["officer"], line["ruling"]])
        if line["final"]:
            pair.state, pair.outcome = "closed", line["ruling"]
    elif line["done"] == "record":
        pair.text = line["text"]
    else:
        pair.state = {"undo": "undone", "merge": "merged", "unmerge": "parted"}[line["done"]]


def verify(register: Register, pairs: list[Pair], doubt: dict[str, Any] | None) -> dict[str, Any]:
    """What was lost, what is half there; pairs as they are now, so that a doubt is settled."""
    lost: list[str] = []
    half: list[str] = []
    for again in (False, True):
        report = register.check(repair=not again)
        half += [f"{one.what} {one.where} {one.message}" for one in (report.left if again else ())]
    session = register._session
    with session.database.reading() as connection:
        work = Work(connection, session, 0)
        happened = False
        for at, pair in enumerate(pairs):
            now = _now(register, work, pair)
            doubted = doubt is not None and (
                doubt.get("case") == pair.case if "case" in doubt else doubt.get("one") == pair.one
            )
            if now != pair:
                if doubted and _follows(pair, now, doubt or {}):
                    happened = True
                else:
                    lost.append(f"{pair} is {now}")
            half += _wrong(register, now)
            pairs[at] = now
        entries = list(log.entries(connection))
        counted = {
            name: sum(one.operation == name and one.outcome == "done" for one in entries)
            for name in ("adjudication.decide", "person.merge", "adjudication.undo")
        }
        made = connection.execute(select(func.count()).select_from(rulings)).scalar_one()
        alone = connection.execute(
            select(func.count()).where(unions.c.adjudication.is_(None)).select_from(unions)
        ).scalar_one()
        undone = sum(one.state == "undone" for one in pairs)
    if (counted["adjudication.decide"], counted["person.merge"]) != (made, alone):
        half.append(f"the log says {counted}, the tables {made} and {alone}")
    if counted["adjudication.undo"] < undone:
        half.append("undone and not in the log")
    return {"lost": lost, "half": half, "happened": happened, "pairs": list(map(asdict, pairs))}


def _now(register: Register, work: Work, pair: Pair) -> Pair:
    one, other = (register.people.get(which) for which in (pair.one, pair.other))
    (entry,) = (
        found for found in register.people.entries(pair.other) if found.reference == pair.other
    )
    text = entry.citizen.text("permanent_residence")
    together = one.reference == other.reference
    if not pair.case:
        ever = register.people.unions(pair.other)
        state = "merged" if together else ("parted" if ever else "apart")
        return Pair(pair.one, pair.other, "", [], state, "", text)
    case = rows.load(work, from_text(pair.case))
    said_ = [[one.officer, one.body["ruling"]] for one in ruled.of(work, [case.id])]
    state = "waiting" if case.state == rows.TAKEN else case.state
    return Pair(pair.one, pair.other, pair.case, said_, state, case.row["outcome"], text)


def _follows(before: Pair, now: Pair, doubt: dict[str, Any]) -> bool:
    """Whether what was under way, as a whole, leads from one to the other."""
    what = doubt["do"]
    if what == "rule":
        said_ = [*before.said, [doubt["officer"], doubt["ruling"]]]
        agreed = doubt["ruling"] in [one[1] for one in before.said]
        state, outcome = ("closed", doubt["ruling"]) if agreed else ("waiting", "")
        expected = {**asdict(before), "said": said_, "state": state, "outcome": outcome}
    elif what == "record":
        expected = {**asdict(before), "text": doubt["text"]}
    else:
        state = {"undo": "undone", "merge": "merged", "unmerge": "parted"}[what]
        expected = {**asdict(before), "state": state}
    return expected == asdict(now)


def _wrong(register: Register, now: Pair) -> list[str]:
    """What was decided and what was done have to agree; texts have to be on the right one."""
    one, other = (register.people.get(which) for which in (now.one, now.other))
    together = one.reference == other.reference
    wrong = []
    should = now.state == "merged" or (now.state == "closed" and now.outcome == "same-person")
    if together != should:
        wrong.append(f"{now.state} {now.outcome}, and together: {together}")
    today = register._session.today()
    apart = any(found.holds(today) for found in register.people.apart(now.one))
    said_ = now.state == "closed" and now.outcome in ("different-people", "split")
    if apart != said_:
        wrong.append(f"{now.state} {now.outcome}, and kept apart: {apart}")
    (first,) = (found for found in register.people.entries(now.one) if found.reference == now.one)
    if first.citizen.text("permanent_residence"):
        wrong.append("the text of one on the other")
    agreed = any(first_[1] == second[1] for first_, second in itertools.combinations(now.said, 2))
    if now.case and agreed != (now.state in ("closed", "undone")):
        wrong.append(f"{now.state} after {now.said}")
    return wrong
