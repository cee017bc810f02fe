"""The search for somebody who is here already, before and after their prints go into the gallery.

Two stations may enrol the same fingers in the same second: each searches before the prints of the
other are in the gallery. That is why every enrolment searches once more behind its own; whoever
comes last finds the other one, and then both dossiers wait.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from civid.register.cases.case import CaseKind, CaseState
from civid.register.cases.rows import open_case
from civid.register.enrolment.plan import Plan
from civid.register.identity.dossier_rows import Held
from civid.register.identity.prints import owner
from civid.register.ids import from_text
from civid.register.population import apart, unions
from civid.register.session import Session, Work
from civid.register.store.tables import cases, persons
from civid.search import Candidate
from civid.search.fingers import Fingers

#: More candidates than these are a fault of the scanner, not people.
_MOST = 10


def search(session: Session, fingers: Fingers, plan: Plan) -> list[Candidate]:
    """Who is like this among everybody; the gallery as it is now."""
    gallery = session.link.gallery
    gallery.refresh()
    return gallery.search(fingers, _MOST, max_fpir=plan.max_fpir, swapped=plan.swapped)


def report(work: Work, held: Held, found: Sequence[Candidate]) -> bool:
    """Open a case for everybody else who was found; whether the person was found, too.

    Nothing of this is told to the counter, nor to whoever may read the log about the person.
    """
    owners = [(one, owner(work, one.subject_id)) for one in found]
    own = unions.root_of(work.connection, held.person)
    mine = unions.entries(work.connection, own)
    today = work.session.today()
    settled = {from_text(one.other) for one in apart.of(work, mine) if one.holds(today)}
    settled = set(unions.roots(work.connection, list(settled)))  # they were told apart by people
    others = {
        other for _, other in owners if other is not None and other != own and other not in settled
    }
    if others:
        _lock(work, {held.person, *others})
    for one, other in owners:
        if other in others and other is not None and not _known(work, held.person, other):
            evidence = {
                "score": round(one.score, 2),
                "fpir": one.fpir if one.calibrated else None,
                "swapped": one.swapped,
            }
            open_case(work, CaseKind.DUPLICATE, held.unit, person=held.person, other=other,
                      dossier=held.id, codes=["prints.alike"], evidence=evidence)  # fmt: skip
    return any(other == own for _, other in owners)


def report_mismatch(work: Work, held: Held) -> None:
    """Open a case about prints that are unlike those the person gave before."""
    open_case(work, CaseKind.MISMATCH, held.unit, person=held.person, dossier=held.id,
              codes=["prints.unlike"])  # fmt: skip


def _lock(work: Work, people: set[bytes]) -> None:
    """Keep others from opening a case about the same two in this moment; in order, so that nobody
    waits in a circle."""
    query = select(persons.c.id).where(persons.c.id.in_(people)).order_by(persons.c.id)
    work.connection.execute(query.with_for_update()).all()


def _known(work: Work, one: bytes, other: bytes) -> bool:
    """Whether a case about these two is open already."""
    found = select(cases.c.id).where(
        cases.c.kind == CaseKind.DUPLICATE.value,
        cases.c.state != CaseState.CLOSED.value,
        or_(
            (cases.c.person == one) & (cases.c.other == other),
            (cases.c.person == other) & (cases.c.other == one),
        ),
    )
    return work.connection.execute(found.limit(1)).scalar_one_or_none() is not None
