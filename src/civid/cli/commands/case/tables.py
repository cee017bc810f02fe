"""Cases as tables, Vietnamese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.cli.commands.register.tables import when
from civid.cli.console.output import add_row, table
from civid.cli.language.choice import Language, spoken
from civid.cli.language.sentences import say
from civid.people.citizen import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from civid.dedup.cases import CaseFile, CaseSummary, Measures, Party, Reason, Ruling, Share

#: States of a case, and what happened to it, as the library names them.
_STATE_WORDS = ("waiting", "taken", "closed", "undone")
_EVENT_WORDS = ("filed", "filed again", "assigned", "ruled", "postponed", "released", "closed",
                "undone", "withdrawn")  # fmt: skip


def summaries_table(cases: Iterable[CaseSummary]) -> Table:
    """One row a case."""
    made = table("", "case", "state", "unit", "batch", "candidates", "opened", "outcome",
                 right=("candidates",))  # fmt: skip
    for one in cases:
        state = say(one.state.value) + (" *" if one.mine else "")
        add_row(made, one.reference, state, one.unit or "-", one.batch or "-",
                str(one.candidates), when(one.opened), one.outcome or "-")  # fmt: skip
    return made


def file_tables(case: CaseFile) -> list[str | Table]:
    """A case side by side: what differs is marked, and where nothing is known there is a dash."""
    vi = spoken() is Language.VI
    lines: list[str | Table] = [f"{say('case')} {case.reference}, {say(case.state.value)}"]
    lines += case.explanation.get(spoken().value, ())
    lines.append(_fields(case, vi))
    lines.append(_evidence(case))
    parties = [("A", case.subject)] + [
        (str(place), one.party) for place, one in enumerate(case.candidates, 1)
    ]
    lines += [one for side, party in parties for one in _around(side, party)]
    lines.append(_history(case))
    if case.allowed:
        lines.append(say("what can be said:"))
        lines += [
            f"  {one.value}: "
            + (f"{one.vietnamese}; " if vi else "")
            + ", ".join(f"{why} ({why.vietnamese})" if vi else why for why in one.reasons)
            for one in case.allowed
        ]
    return lines


def _fields(case: CaseFile, vi: bool) -> Table:
    sides = [str(place) for place, _ in enumerate(case.candidates, 1)]
    made = table("", say("field"), "A", *sides)
    references = [case.subject.reference, *(one.party.reference for one in case.candidates)]
    add_row(made, say("reference"), *references)
    for name, field in FIELDS.items():
        own = case.subject.fields.get(name)
        others = [one.party.fields.get(name) for one in case.candidates]
        if own or any(others):
            marked = [
                (text or "-") + (" ≠" if name in one.differing else "")
                for text, one in zip(others, case.candidates, strict=True)
            ]
            add_row(made, field.vietnamese if vi else name, own or "-", *marked)
    return made


def _evidence(case: CaseFile) -> Table:
    numbers = ("all dB", "data", "prints", "score")
    made = table("evidence", "", "all dB", "data", "prints", "score", "found by", right=numbers)
    for place, one in enumerate(case.candidates, 1):
        found = one.evidence
        if found is None:
            add_row(made, str(place), "-", "-", "-", "-", "-")
            continue
        add_row(made, str(place), f"{found.decibans:+.1f}", f"{found.data:+.1f}",
                f"{found.prints.decibans:+.1f}", f"{found.prints.score:.1f}",
                ", ".join(found.found_by))  # fmt: skip
    return made


def _around(side: str, party: Party) -> list[Table]:
    found = []
    if party.household:
        made = table(f"{side}: {say('household')}", "", "", "", "")
        for one in party.household:
            add_row(made, one.household, one.relation, one.name, one.birth)
        found.append(made)
    if party.documents:
        made = table(f"{side}: {say('documents')}", "", "", "", "")
        for paper in party.documents:
            add_row(made, paper.generation, paper.number, paper.state, paper.issued)
        found.append(made)
    if party.captures:
        made = table(f"{side}: {say('captures')}", "when", "frame", "attempt", "quality", "officer",
                     "station")  # fmt: skip
        for one_ in party.captures:
            quality = "-" if one_.quality is None else str(one_.quality)
            add_row(made, when(one_.at), one_.frame, str(one_.attempt), quality, one_.officer,
                    one_.station or "-")  # fmt: skip
        found.append(made)
    return found


def _history(case: CaseFile) -> Table:
    made = table("history", "when", "what", "officer", "reason")
    for one in case.history:
        what = say(one.what.replace("_", " "))
        add_row(made, when(one.at), what, one.officer or "-", one.reason or "-")
    for said in case.rulings:
        add_row(made, when(said.at), _told(said.statement.ruling), said.officer,
                f"{_told(said.statement.reason)}, {said.seconds} s")  # fmt: skip
    gone = say("withdrawn")
    for said in case.withdrawn:
        add_row(made, when(said.at), f"({_told(said.statement.ruling)}: {gone})", said.officer,
                f"{_told(said.statement.reason)}, {said.seconds} s")  # fmt: skip
    return made


def _told(one: Ruling | Reason) -> str:
    """What an officer said: its code, or in Vietnamese its words."""
    return one.vietnamese if spoken() is Language.VI else one.value


def _both_told(codes: str) -> str:
    """The same of a ruling with its reason, as `Measures.reasons` counts them."""
    from civid.dedup.cases import Reason, Ruling

    ruling, reason = codes.split(" ")
    told = (_told(Ruling(ruling)), _told(Reason(reason)))
    return (", " if spoken() is Language.VI else " ").join(told)


def measures_table(found: Measures) -> Table:
    """What a report says, with what each share is counted of."""
    made = table("", "measure", "")
    rows: list[tuple[str, str]] = [
        *((f"{say('cases')}: {say(state)}", f"{count:,}")
          for state, count in sorted(found.cases.items())),
        (say("rulings"), f"{found.rulings:,}"),
        (say("second agrees with the first"), _share(found.agreement)),
        (say("needed a third"), _share(found.third)),
        (say("rulings undone"), _share(found.undone)),
        (say("rulings overturned"), _share(found.overturned)),
        (say("seconds a ruling, median"), _number(found.seconds_median)),
        (say("seconds a ruling, 90 %"), _number(found.seconds_p90)),
        (say("errors on known cases"), _share(found.known)),
        *((say(f"errors at {place} of a shift"), _share(one))
          for place, one in found.fatigue.items()),
        *((f"{say('batch')} {batch or '-'}: {_both_told(why)}", f"{count:,}")
          for batch, reasons in found.reasons.items() for why, count in reasons.items()),
    ]  # fmt: skip
    for name, value in rows:
        add_row(made, name, value)
    return made


def _share(one: Share) -> str:
    return "-" if one.share is None else f"{one.count} / {one.of} = {one.share:.1%}"


def _number(one: float | None) -> str:
    return "-" if one is None else f"{one:.0f}"
