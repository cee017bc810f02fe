"""An officer takes their own ruling back (rút kết luận), while nothing has come of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from civid.dedup.cases import viewing
from civid.dedup.cases.case_file import CaseSummary
from civid.errors import AccessRefusedError, ChangedMeanwhileError, TransitionError
from civid.register.actor import Capability
from civid.register.adjudication import rows, ruled
from civid.register.adjudication.rows import Stored
from civid.register.adjudication.ruled import Ruled
from civid.register.codes import code
from civid.register.ids import from_text
from civid.register.session import Service, Work, changes, reads


class Withdrawing(Service):
    """The part of `CaseDesk` that takes a ruling back. Safe for threads."""

    @changes("adjudication.withdraw", Capability.ADJUDICATE)
    def withdraw(self, work: Work, reference: str, reason: str) -> CaseSummary:
        """Take the actor's own ruling back, as long as nobody was given the case since.

        The case is the actor's again, as if they had not ruled. What they said stays in its file
        as withdrawn, and counts nowhere: not for agreement, nor in a report.

        Parameters
        ----------
        reason : str
            A code, such as ``mistake``.

        Raises
        ------
        AccessRefusedError
            The actor has no ruling in this case.
        ChangedMeanwhileError
            Too late: the case is decided, or another officer was given it.
        TransitionError
            The actor has another case now.
        """
        why = code(reason)
        case = rows.load(work, from_text(reference), lock=True)
        viewing.name(work, case)
        work.within(case.row["unit"])
        mine, told = _mine(work, case), rows.events(work, case.id)
        if mine is None:
            raise AccessRefusedError("there is no ruling of yours in this case")
        if late := _too_late(case, told, work.actor.name):
            raise ChangedMeanwhileError(f"too late to take it back: {late}")
        if rows.held_by(work, work.actor.name) is not None:
            raise TransitionError("case: you have another one now; decide it or put it off first")
        kept = {
            "officer": mine.officer, "station": mine.station, "began": mine.began, "at": mine.at,
            "withdrawn": work.now, "said": mine.body,
        }  # fmt: skip
        ruled.remove(work, case.id, mine.seq)
        made = rows.save(
            work, case, {**case.body, "withdrawn": [*viewing.withdrawn(case), kept]},
            state=rows.TAKEN, officer=work.actor.name, ticket=rows.new_ticket(),
            # The next ruling took as long as this one and what is added, without the time between.
            assigned=work.now - (mine.at - mine.began),
            rulings=case.row["rulings"] - 1, postponed=_put_off(told),
        )  # fmt: skip
        rows.event(work, case.id, "withdrawn", why)
        return viewing.summary(work, made.id, made.row, len(made.suspects))

    @reads("adjudication.withdrawable", Capability.ADJUDICATE)
    def withdrawable(self, work: Work) -> CaseSummary | None:
        """The case of the actor's last ruling, if `withdraw` would take that back now."""
        officer = work.actor.name
        last = ruled.last_of(work, officer)
        if last is None or rows.held_by(work, officer) is not None:
            return None
        case = rows.load(work, last)
        if not work.actor.covers(case.row["unit"]):
            return None
        if _too_late(case, rows.events(work, case.id), officer):
            return None
        return viewing.summary(work, case.id, case.row, len(case.suspects))


def _mine(work: Work, case: Stored) -> Ruled | None:
    said = ruled.of(work, [case.id])
    return next((one for one in said if one.officer == work.actor.name), None)


def _too_late(case: Stored, told: Sequence[Any], officer: str) -> str:
    """Why a ruling cannot be taken back any more; empty while it can."""
    if case.state in (rows.CLOSED, rows.UNDONE):
        return "the case is decided"
    said = max(one.seq for one in told if one.what == "ruled" and one.officer == officer)
    if any(one.what == "assigned" and one.seq > said for one in told):
        return "another officer was given the case"
    return ""


def _put_off(told: Sequence[Any]) -> int:
    """How often the case had been put off when the last ruling that stands was said."""
    count, before = 0, list[int]()
    for one in told:
        if one.what == "postponed":
            count += 1
        elif one.what == "ruled":
            before.append(count)
            count = 0
        elif one.what == "withdrawn":
            count = before.pop()
    return before[-1]
