"""What a register holds around one entry: household, papers, captures, images, prints."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from sqlalchemy import exists, select

from civid.cards.lifecycle import Role
from civid.errors import SubjectNotFoundError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register.enrolment import captures as capture_rows
from civid.register.enrolment.captures import PORTRAIT
from civid.register.enrolment.choice import best
from civid.register.enrolment.prints_taken import notes
from civid.register.identity.prints import subject_of
from civid.register.population.sealed import unsealed
from civid.register.session import Work
from civid.register.store.adjudication_tables import adjudication_events
from civid.register.store.identity_tables import captures, dossier_events, dossiers
from civid.register.store.tables import households, members
from civid.search.fingers import finger_set


@dataclass(frozen=True, slots=True)
class Taken:
    """One capture, with the officer and station of the step that it belongs to."""

    dossier: bytes
    frame: str
    attempt: int
    at: int
    quality: int | None
    kept: bool
    officer: str
    station: str
    positions: tuple[Position, ...]


def household_of(work: Work, person: bytes) -> list[tuple[str, bytes, str]]:
    """Members of the households that somebody is in now: code, entry, relation to the head."""
    found = []
    rows = work.connection.execute(
        select(households)
        .join(members, members.c.household == households.c.id)
        .where(members.c.person == person, members.c.until.is_(None))
        .order_by(households.c.id)
    ).all()
    for row in rows:
        house = bytes(row.id)
        code = unsealed(work.vault, "households", house, row)["code"]
        inside = work.connection.execute(
            select(members.c.person, members.c.relation)
            .where(members.c.household == house, members.c.until.is_(None))
            .order_by(members.c.since, members.c.person)
        )
        found += [(code, bytes(one.person), one.relation) for one in inside]
    return found


def dossiers_of(work: Work, person: bytes) -> list[bytes]:
    """Dossiers of an entry, the newest first."""
    rows = work.connection.execute(
        select(dossiers.c.id).where(dossiers.c.person == person).order_by(dossiers.c.id.desc())
    ).scalars()
    return [bytes(one) for one in rows]


def taken(work: Work, dossier: bytes) -> list[Taken]:
    """Captures of a dossier, oldest first.

    Who took them is said by the steps at the counter alone: heads and rulings move dossiers, too.
    """
    steps = work.connection.execute(
        select(dossier_events.c.at, dossier_events.c.officer, dossier_events.c.station)
        .where(dossier_events.c.dossier == dossier, dossier_events.c.role == str(Role.COUNTER))
        .order_by(dossier_events.c.seq)
    ).all()
    # Where stations are written down, a step without one was taken at no counter.
    steps = [one for one in steps if one.station] or steps
    times = [one.at for one in steps]
    rows = work.connection.execute(
        select(
            captures.c.frame, captures.c.attempt, captures.c.at, captures.c.quality,
            captures.c.kept, captures.c.reasons,
        )
        .where(captures.c.dossier == dossier)
        .order_by(captures.c.at, captures.c.frame, captures.c.attempt)
    )  # fmt: skip
    found = []
    for row in rows:
        place = max(0, bisect_right(times, row.at) - 1)
        officer, station = (steps[place].officer, steps[place].station) if steps else ("", "")
        found.append(
            Taken(dossier, row.frame, row.attempt, row.at, row.quality, bool(row.kept), officer,
                  station, tuple(one.position for one in notes(row.reasons) if one.is_print))
        )  # fmt: skip
    return found


def worked_on(work: Work, dossier: bytes, officer: str) -> bool:
    """Whether somebody worked on a dossier: they do not judge it.

    What the last ruling of a case did to a dossier is no work on it: it is written in the moment
    that the case was closed, and by whoever said the last word. Where two officers judge,
    each would otherwise lock themselves out of every other case of that person.
    """
    ruled = exists().where(
        adjudication_events.c.what == "closed",
        adjudication_events.c.officer == dossier_events.c.officer,
        adjudication_events.c.at == dossier_events.c.at,
    )
    found = select(dossier_events.c.seq).where(
        dossier_events.c.dossier == dossier, dossier_events.c.officer == officer, ~ruled
    )
    return work.connection.execute(found.limit(1)).first() is not None


def kept_positions(taken: list[Taken]) -> tuple[Position, ...]:
    """Fingers whose images are kept."""
    return tuple(sorted({place for one in taken if one.kept for place in one.positions}))


def portrait(work: Work, dossier_ids: list[bytes]) -> bytes | None:
    """The newest portrait of some dossiers."""
    for one in dossier_ids:
        if (data := capture_rows.kept(work, one, PORTRAIT)) is not None:
            return data
    return None


def images(work: Work, dossier_ids: list[bytes]) -> dict[Position, FingerImage]:
    """The best image of each finger, of the newest dossier that has any."""
    for one in dossier_ids:
        found = capture_rows.prints(work, one)
        if found:
            return {place: press.image for place, press in best(found, ()).items()}
    return {}


def templates(work: Work, person: bytes) -> dict[Position, Template]:
    """The prints that the gallery has of an entry, also while a counter writes to it."""
    subject = subject_of(work, person)
    if subject is None or not work.session.link.exists:
        return {}
    try:
        with work.session.link.looking() as gallery:
            return dict(finger_set(gallery.get(subject)))
    except SubjectNotFoundError:  # promised and not done yet
        return {}
