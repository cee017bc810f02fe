"""State machines: which transition is allowed, for whom, for which reasons; and the history.

A machine is data (``data/transitions.csv``); a `Course` is one thing's way through it, a value
that never changes: every step makes a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from civid.errors import TransitionError
from civid.people.tables import packaged
from civid.workflow import Refusal, Step, Workflow

State = TypeVar("State", bound=StrEnum)
_MOST_EVENTS = 1000


class Role(StrEnum):
    """Who acts."""

    CITIZEN = "citizen"  #: công dân
    COUNTER = "counter"  #: cán bộ tiếp nhận
    ARCHIVE = "archive"  #: cán bộ tàng thư
    TEAM_HEAD = "team_head"  #: đội trưởng
    DEPARTMENT_HEAD = "department_head"  #: trưởng phòng
    NATIONAL_CENTRE = "national_centre"  #: trung tâm dữ liệu quốc gia về dân cư
    POST = "post"  #: bưu điện
    DETENTION_AUTHORITY = "detention_authority"  #: cơ quan tạm giữ, thi hành án, trường giáo dưỡng
    SYSTEM = "system"  #: the calendar


@dataclass(frozen=True, slots=True)
class Transition(Generic[State]):
    """One allowed step.

    Attributes
    ----------
    name, vietnamese : str
        What is done.
    sources : frozenset
        From which states.
    target : state
        To which one.
    roles : frozenset of Role
        Who may.
    reasons : tuple of str
        One of these has to be given; empty = none is needed.
    source : str
        Where it is written.
    """

    name: str
    vietnamese: str
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]
    reasons: tuple[str, ...]
    source: str

    @property
    def steps(self) -> Workflow[State]:
        """The same as steps of a workflow, one for every state it leads from."""
        return Workflow(
            tuple(
                Step(source, self.target, self.roles, bool(self.reasons), self.reasons)
                for source in self.sources
            )
        )


@dataclass(frozen=True, slots=True)
class Event(Generic[State]):
    """One step that was taken. ``actor`` is a user of the system, and does not show."""

    transition: str
    before: State
    after: State
    at: datetime
    role: Role
    reason: str = ""
    actor: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Machine(Generic[State]):
    """States and transitions of one kind of thing."""

    name: str
    states: type[State]
    initial: State
    transitions: MappingProxyType[str, Transition[State]]

    def allowed(self, state: State, role: Role | None = None) -> tuple[Transition[State], ...]:
        """What can be done in a state, by a role or by anybody."""
        return tuple(
            one
            for one in self.transitions.values()
            if state in one.sources and (role is None or role in one.roles)
        )

    def final(self) -> frozenset[State]:
        """The states that nothing leads out of."""
        return frozenset(state for state in self.states if not self.allowed(state))

    def start(self, at: datetime) -> Course[State]:
        """A new course in the initial state."""
        return Course(self, at)


@dataclass(frozen=True, slots=True)
class Course(Generic[State]):
    """One thing's way through its machine: its events, oldest first."""

    machine: Machine[State]
    started: datetime
    events: tuple[Event[State], ...] = ()

    @property
    def state(self) -> State:
        """Where it is now."""
        return self.events[-1].after if self.events else self.machine.initial

    def state_at(self, moment: datetime) -> State | None:
        """Where it was then; None before it started."""
        if moment < self.started:
            return None
        passed = [one.after for one in self.events if one.at <= moment]
        return passed[-1] if passed else self.machine.initial

    def step(
        self, transition: str, at: datetime, role: Role, *, reason: str = "", actor: str = ""
    ) -> Course[State]:
        """The course with one more event.

        Raises
        ------
        TransitionError
            Not known, not from this state, not by this role, without a reason that counts, or
            earlier than the last event.
        """
        wanted = self.machine.transitions.get(transition)
        if wanted is None:
            raise TransitionError(f"{self.machine.name}: no such transition")
        refusal = wanted.steps.refusal(self.state, wanted.target, role=role, reason=reason)
        if refusal is Refusal.STATE:
            raise TransitionError(f"{self.machine.name}: no {transition} from {self.state}")
        if refusal is Refusal.ROLE:
            raise TransitionError(f"{self.machine.name}: {role} may not {transition}")
        if refusal is Refusal.REASON:
            known = ", ".join(wanted.reasons)
            raise TransitionError(f"{self.machine.name}: {transition} needs a reason of: {known}")
        last = self.events[-1].at if self.events else self.started
        if (at.tzinfo is None) != (last.tzinfo is None) or at < last:
            raise TransitionError(f"{self.machine.name}: {transition} before the last event")
        if len(self.events) >= _MOST_EVENTS:
            raise TransitionError(f"{self.machine.name}: more than {_MOST_EVENTS} events")
        event = Event(transition, self.state, wanted.target, at, Role(role), reason, actor)
        return Course(self.machine, self.started, (*self.events, event))


def load(name: str, states: type[State], initial: State) -> Machine[State]:
    """A machine from ``data/transitions.csv``."""
    found = dict[str, Transition[State]]()
    for row in packaged("civid.cards", "transitions"):
        if row["machine"] == name:
            found[row["transition"]] = Transition(
                row["transition"],
                row["vietnamese"],
                frozenset(states(one) for one in row["from"].split(";")),
                states(row["to"]),
                frozenset(Role(one) for one in row["roles"].split(";")),
                tuple(one for one in row["reasons"].split(";") if one),
                row["source"],
            )
    return Machine(name, states, initial, MappingProxyType(found))


def diagram(machine: Machine[StrEnum]) -> str:
    """The machine as a Mermaid state diagram, for documents."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.initial}"]
    for one in machine.transitions.values():
        lines += [f"    {source} --> {one.target}: {one.name}" for source in sorted(one.sources)]
    lines += [f"    {state} --> [*]" for state in sorted(machine.final())]
    return "\n".join(lines)
