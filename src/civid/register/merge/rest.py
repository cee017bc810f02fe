"""Taking over prints and papers: new ones, and those that only one side changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from civid.register.population.records import ACTIVE
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


def take_prints(
    step: Step, found: Mapping[bytes, Prints], base: Mapping[bytes, bytes], known: Marks
) -> None:
    """Take over people's prints; whoever has the same ones here is a possible duplicate."""
    if not found:
        return
    work = step.work
    held = digests(work.connection, list(found))
    rows = work.connection.execute(
        select(persons.c.id, persons.c.unit).where(
            persons.c.id.in_(list(found)), persons.c.state == ACTIVE
        )
    )
    units = {bytes(row.id): row.unit for row in rows}
    for person, prints in found.items():
        merged = known.get((PRINTS, person, 0))
        before = base.get(person) if merged is None else merged.digest
        what = fate(held.get(person), prints.digest, before)
        if person not in units:  # the person was disputed, and so are the prints
            what = DISPUTED
        elif what == DISPUTED:
            what = _report(
                step, "prints", person, prints.digest, units[person], ["prints.changed"], person
            )
        elif what != SAME:
            promise_enrol(work, person, pack(prints.fingers), replace=what == CHANGED)
            step.mark(Mark(PRINTS, person, digest=prints.digest))
            _alike(step, person, prints, units[person])
        step.count("prints", what)


def _alike(step: Step, person: bytes, prints: Prints, unit: str) -> None:
    for subject, score in prints.hits:
        other = owner(step.work, subject)
        if other is not None and other != person:
            step.open_case(
                DUPLICATE, unit, ["prints.alike"], person=person, other=other,
                evidence={"score": round(score, 1)},
            )  # fmt: skip


def take_papers(
    step: Step, there: Work, kind: str, found: Sequence[Paper], base: Mapping[bytes, bytes]
) -> None:
    """Take over papers of a kind, with all that belongs to them."""
    if not found:
        return
    work = step.work
    ids = [one.id for one in found]
    held = papers.read(work.connection, work.vault, kind, ids)
    known = common.read(work.connection, step.lineage.register, (kind,), ids)
    new = []
    for paper in found:
        mark = known.get((kind, paper.id, 0))
        before = base.get(paper.id) if mark is None else mark.digest
        what = _take_paper(step, there, paper, held.get(paper.id), before)
        if what == NEW:
            new.append(paper)
        step.count(kind, what)
    papers.add(work, new, there)


def _take_paper(
    step: Step, there: Work, paper: Paper, held: Paper | None, base: bytes | None
) -> str:
    """What is to become of a paper; new ones are written later, together."""
    theirs = paper.digest
    step.work.about(*paper.people)
    what = fate(None if held is None else held.digest, theirs, base)
    codes = [f"{paper.kind}.changed"]
    if what == NEW and paper.kind == "household" and _code_in_use(step, paper):
        what, codes = DISPUTED, ["household.code"]
    if what == DISPUTED:
        person = next(iter(sorted(paper.people)), None)
        unit = paper.unit(step.lineage.unit)
        return _report(step, paper.kind, paper.id, theirs, unit, codes, person, paper.text)
    if what == CHANGED:
        papers.change(step.work, paper, there)
    alike = held is not None and held.digest == theirs != base
    if what != SAME or alike:
        step.mark(Mark(paper.kind, paper.id, digest=theirs))
    return what


def _code_in_use(step: Step, paper: Paper) -> bool:
    part = papers.PAPERS["household"][0]
    (_, made), *_ = part.tokens
    token = made(step.work.vault, paper.head)
    return (
        step.work.connection.execute(
            select(households.c.id).where(households.c.code == token, households.c.id != paper.id)
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
