"""Taking over prints and papers: new ones, and those that only one side changed."""

from __future__ import annotations

from sqlalchemy import select

from civid.register.identity.gallery_link import pack
from civid.register.identity.prints import owner, promise_enrol
from civid.register.merge import common, papers
from civid.register.merge.common import PRINTS, Mark
from civid.register.merge.packed_prints import Prints, digests
from civid.register.merge.papers import Paper
from civid.register.merge.people import Marks
from civid.register.merge.report import CHANGED, DISPUTED, NEW, SAME
from civid.register.merge.step import CONFLICT, DUPLICATE, Step
from civid.register.session import Work
from civid.register.store.tables import households, persons

_REPORTED = "!"


def fate(mine: bytes | None, theirs: bytes, base: bytes | None) -> str:
    """What is to become of a record, by what either side holds and what both held before.

    >>> fate(None, b"a", None), fate(b"a", b"b", b"a"), fate(b"b", b"a", b"a")
    ('new', 'changed', 'same')
    >>> fate(b"b", b"c", b"a"), fate(None, b"b", b"a"), fate(b"b", b"b", b"a")
    ('disputed', 'disputed', 'same')
    """
    if theirs in (mine, base):  # here already, or not touched by the unit
        return SAME
    if mine is None:
        return NEW if base is None else DISPUTED
    return CHANGED if mine == base else DISPUTED


def take_prints(step: Step, person: bytes, found: Prints, base: bytes | None, known: Marks) -> None:
    """Take over somebody's prints; whoever has the same ones here is a possible duplicate."""
    work = step.work
    merged = known.get((PRINTS, person, 0))
    held = digests(work.connection, [person]).get(person)
    what = fate(held, found.digest, base if merged is None else merged.digest)
    unit = work.connection.execute(
        select(persons.c.unit).where(persons.c.id == person)
    ).scalar_one_or_none()
    if unit is None:  # the person was disputed, and so are the prints
        step.count("prints", DISPUTED)
        return
    if what in (NEW, CHANGED):
        promise_enrol(work, person, pack(found.fingers), replace=what == CHANGED)
        for subject, score in found.hits:
            other = owner(work, subject)
            if other is not None and other != person:
                step.open_case(
                    DUPLICATE, unit, ["prints.alike"], person=person, other=other,
                    evidence={"score": round(score, 1)},
                )  # fmt: skip
    if what == DISPUTED:
        what = _report(step, "prints", person, found.digest, unit, ["prints.changed"], person)
    elif what != SAME:
        step.mark(Mark(PRINTS, person, digest=found.digest))
    step.count("prints", what)


def take_paper(
    step: Step, there: Work, paper: Paper, held: Paper | None, base: bytes | None
) -> None:
    """Take over a paper with all that belongs to it."""
    work, theirs = step.work, paper.digest
    work.about(*paper.people)
    what = fate(None if held is None else held.digest, theirs, base)
    codes = [f"{paper.kind}.changed"]
    if what == NEW and paper.kind == "household" and _code_in_use(step, paper):
        what, codes = DISPUTED, ["household.code"]
    unit = paper.unit(step.lineage.unit)
    if what == DISPUTED:
        person = next(iter(sorted(paper.people)), None)
        what = _report(step, paper.kind, paper.id, theirs, unit, codes, person, paper.text)
    elif what != SAME:
        papers.write(work, paper, there, known=what == CHANGED)
    alike = held is not None and held.digest == theirs != base
    if what in (NEW, CHANGED) or alike:
        step.mark(Mark(paper.kind, paper.id, digest=theirs))
    step.count(paper.kind, what)


def _code_in_use(step: Step, paper: Paper) -> bool:
    part = papers.PAPERS["household"][0]
    (_, made), *_ = part.tokens
    token = made(step.work.vault, paper.head)
    return (
        step.work.connection.execute(
            select(households.c.id).where(households.c.code == token)
        ).scalar_one_or_none()
        is not None
    )


def _report(
    step: Step, kind: str, record: bytes, theirs: bytes, unit: str, codes: list[str],
    person: bytes | None, text: str = "",
) -> str:  # fmt: skip
    """Open a case about a record that both sides changed, once for each state of it."""
    mark = _REPORTED + kind
    before = common.read(step.work.connection, step.lineage.register, (mark,), [record])
    if (held := before.get((mark, record, 0))) is not None and held.digest == theirs:
        return SAME
    step.mark(Mark(mark, record, digest=theirs))
    step.open_case(
        CONFLICT, unit, codes, person=person, dossier=record if kind == "dossier" else None,
        evidence={"withheld": text} if text else {},
    )  # fmt: skip
    return DISPUTED
