"""Workflows (quy trình): which state may follow which, who may take the step, what reason it needs.

A workflow is a table and nothing else: the thing that moves keeps its own state and history, and
says in an error of its own why a step was refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

State = TypeVar("State", bound=Enum)


class Refusal(Enum):
    """Why a step is not allowed."""

    STATE = "wrong source state"
    ROLE = "wrong role"
    REASON = "missing reason"


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """One allowed step.

    Parameters
    ----------
    source, target : state
        From which state to which one.
    roles : frozenset of str or None
        Who may; None = anybody.
    needs_reason : bool
        Whether a reason has to be given.
    reasons : tuple of str
        Where one is needed, those that count; empty = any that is not blank.
    """

    source: State
    target: State
    roles: frozenset[str] | None = None
    needs_reason: bool = False
    reasons: tuple[str, ...] = ()

    def admits(self, role: str) -> bool:
        """Whether a role may take it."""
        return self.roles is None or role in self.roles

    def accepts(self, reason: str) -> bool:
        """Whether a reason is enough for it."""
        if not self.needs_reason:
            return True
        return reason in self.reasons if self.reasons else bool(reason.strip())


@dataclass(frozen=True, slots=True)
class Workflow(Generic[State]):
    """The steps that one kind of thing may take.

    Parameters
    ----------
    steps : tuple of Step
        All of them; two may join the same states, for different roles or reasons.

    Examples
    --------
    >>> class Dossier(Enum):
    ...     OPEN = "open"
    ...     DECIDED = "decided"
    >>> steps = Workflow(
    ...     (Step(Dossier.OPEN, Dossier.DECIDED, frozenset({"judge"}), needs_reason=True),)
    ... )
    >>> steps.refusal(Dossier.OPEN, Dossier.DECIDED, role="clerk")
    <Refusal.ROLE: 'wrong role'>
    >>> steps.refusal(Dossier.OPEN, Dossier.DECIDED, role="judge")
    <Refusal.REASON: 'missing reason'>
    >>> steps.refusal(Dossier.OPEN, Dossier.DECIDED, role="judge", reason="papers seen") is None
    True
    >>> steps.refusal(Dossier.DECIDED, Dossier.OPEN, role="judge")
    <Refusal.STATE: 'wrong source state'>
    """

    steps: tuple[Step[State], ...]

    @classmethod
    def of(cls, following: Mapping[State, Iterable[State]]) -> Workflow[State]:
        """A workflow of states alone: anybody may take its steps, without a reason.

        >>> class Light(Enum):
        ...     RED = 1
        ...     GREEN = 2
        >>> Workflow.of({Light.RED: [Light.GREEN]}).refusal(Light.RED, Light.GREEN) is None
        True
        """
        return cls(
            tuple(
                Step(source, target) for source, targets in following.items() for target in targets
            )
        )

    def refusal(
        self, source: State, target: State, *, role: str = "", reason: str = ""
    ) -> Refusal | None:
        """Why a step is not allowed; None when it is.

        State comes before role and role before reason: whoever may not act here is not told what
        would have to be said.
        """
        joining = [step for step in self.steps if (step.source, step.target) == (source, target)]
        if not joining:
            return Refusal.STATE
        admitting = [step for step in joining if step.admits(role)]
        if not admitting:
            return Refusal.ROLE
        return None if any(step.accepts(reason) for step in admitting) else Refusal.REASON

    def targets(self, source: State) -> frozenset[State]:
        """The states that may follow; none for a final state."""
        return frozenset(step.target for step in self.steps if step.source is source)
