"""One step in the life of a dossier or card, judged by the machines of `civid.cards.lifecycle`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

from civid.cards.lifecycle import CardState, Course, DossierState, Event, Machine, Role
from civid.errors import AccessRefusedError, FieldError
from civid.register.session import Work

State = TypeVar("State", DossierState, CardState)


def stepped(
    work: Work,
    machine: Machine[State],
    state: State,
    since: int,
    transition: str,
    role: Role | str,
    reason: str,
) -> tuple[State, Role]:
    """The state that a step leads to.

    Parameters
    ----------
    since : int
        When the present state was entered, microseconds since 1970.

    Raises
    ------
    AccessRefusedError
        The actor may not act in that role.
    TransitionError
        As `civid.cards.lifecycle.Course.step`.
    """
    acting = role_of(work, role)
    entered = _moment(since)
    last = Event("", state, state, entered, acting)
    course = Course(machine, entered, (last,))
    # A clock that runs backwards stops nobody: the step is taken as the last one's moment.
    after = course.step(transition, max(entered, _moment(work.now)), acting, reason=reason)
    return after.state, acting


def role_of(work: Work, role: Role | str) -> Role:
    """A role that the actor may act in."""
    try:
        acting = Role(role)
    except ValueError:
        raise FieldError("role", f"not one of {', '.join(Role)}") from None
    if not work.actor.acts_as(acting):
        raise AccessRefusedError(f"you may not act as {acting}")
    return acting


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, UTC)
