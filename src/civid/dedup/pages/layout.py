"""From the file of a case to what the templates write: pairs of people, their figures, history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civid.dedup.cases import CaseDesk, CaseFile, Party
from civid.dedup.cases.ruling import Statement
from civid.dedup.decision import Outcome
from civid.dedup.decision.words import OUTCOMES
from civid.dedup.pages.figures import Prints, figure, portrait
from civid.dedup.pages.sheet import (
    capture_lines,
    document_lines,
    field_rows,
    finger_rows,
    plain_rows,
    shared_hands,
    weight,
)
from civid.dedup.pages.words import LANGUAGES, moment, words


def prints_of(desk: CaseDesk, case: str, party: Party) -> Prints:
    """Prints of one side; an entry of the log each."""
    images = {} if party.is_probe or not party.images else desk.images(case, party.reference)
    templates = desk.templates(case, party.reference) if party.fingers else {}
    return Prints(templates, images)


def portrait_of(desk: CaseDesk, case: str, party: Party) -> str:
    """Portrait of one side, or nothing."""
    return portrait(desk.portrait(case, party.reference) if party.has_portrait else None)


def pair(
    desk: CaseDesk, file: CaseFile, which: int, language: str, subject_portrait: str | None = None
) -> dict[str, Any]:
    """Subject and one candidate side by side; `which` counts from 0."""
    one = file.candidates[which]
    names = side_names(file, language)
    left = portrait_of(desk, file.reference, file.subject)
    return {
        "number": which + 1,
        "left_name": names[0], "right_name": names[1],
        "left_portrait": left if subject_portrait is None else subject_portrait,
        "right_portrait": portrait_of(desk, file.reference, one.party),
        "rows": field_rows(file.subject, one, language),
        "hands": shared_hands(file.subject, one.party),
        "sum": weight(one, language),
        "left": _side("A", names[0], file.subject, language),
        "right": _side("B", names[1], one.party, language),
    }  # fmt: skip


def alone(desk: CaseDesk, file: CaseFile, language: str) -> dict[str, Any]:
    """The subject of a case in which nobody was found."""
    return {
        "rows": plain_rows(file.subject, language),
        "portrait": portrait_of(desk, file.reference, file.subject),
        "side": _side("A", side_names(file, language)[0], file.subject, language),
    }


def side_names(file: CaseFile, language: str) -> tuple[str, str]:
    """What the two sides are: a dossier and an entry, or two entries."""
    say = words(language)
    is_new = file.dossier is not None or file.subject.is_probe
    return say("subject" if is_new else "record"), say("candidate" if is_new else "record")


def _side(letter: str, name: str, party: Party, language: str) -> dict[str, Any]:
    return {
        "letter": letter, "name": name, "party": party,
        "captures": capture_lines(party.captures, language),
        "documents": document_lines(party.documents, language),
    }  # fmt: skip


def one_figure(
    ours: Prints, theirs: Prints, file: CaseFile, which: int, wanted: int | None, language: str
) -> dict[str, Any]:
    """The list of fingers, and the one that is looked at."""
    both = sorted(ours.positions() & theirs.positions())
    rows = finger_rows(file.candidates[which], both, language)
    at = next((n for n, row in enumerate(rows) if row.position == wanted), 0)
    shown = None
    if rows:
        shown = figure(ours, theirs, rows[at].position, rows[at].other, language)
    return {
        "fingers": [
            {"row": row, "shown": n == at, "next": len(rows) > 1 and n == (at + 1) % len(rows)}
            for n, row in enumerate(rows)
        ],
        "figure": shown,
    }


def every_figure(
    ours: Prints, theirs: Prints, file: CaseFile, which: int, language: str
) -> list[dict[str, Any]]:
    """All fingers with their figures, for a file that is read without the register."""
    both = sorted(ours.positions() & theirs.positions())
    return [
        {"row": row, "figure": figure(ours, theirs, row.position, row.other, language)}
        for row in finger_rows(file.candidates[which], both, language)
    ]


def tabs(file: CaseFile, which: int) -> list[dict[str, Any]]:
    """The candidates, and which of them is looked at."""
    count = len(file.candidates)
    return [
        {
            "number": n + 1, "name": one.party.fields.get("name", "–"),
            "reference": one.party.reference, "shown": n == which,
            "next": count > 1 and n == (which + 1) % count,
        }
        for n, one in enumerate(file.candidates)
    ]  # fmt: skip


def what_happened(file: CaseFile, language: str) -> dict[str, Any]:
    """Decisions and events as far as the reader may see them."""
    say = words(language)
    return {
        "rulings": [
            {
                "time": moment(one.at), "officer": one.officer,
                "ruling": _ruling(file, one.statement, language),
                "reason": say(f"reason.{one.statement.reason.value}"),
                "until": _day(one.statement), "note": one.statement.note,
                "withdrawn": "" if one.withdrawn is None else moment(one.withdrawn),
            }
            for one in sorted((*file.rulings, *file.withdrawn), key=lambda one: one.at)
        ],
        "events": [
            {
                "time": moment(one.at), "officer": one.officer, "what": _known(language, "event",
                one.what), "reason": _reason(language, one.reason),
            }
            for one in file.history
        ],
        "final": None if file.final is None else _ruling(file, file.final, language),
        "figures": list(file.explanation.get(language, ())),
    }  # fmt: skip


def _ruling(file: CaseFile, said: Statement, language: str) -> str:
    """A ruling, with whom it is about where that could be asked."""
    say = words(language)
    text = say(f"ruling.{said.ruling.value}")
    if len(file.candidates) < 2 or not said.people:
        return text
    order: Mapping[str, int] = {one.party.reference: n for n, one in enumerate(file.candidates, 1)}
    about = ", ".join(str(order[one]) for one in said.people if one in order)
    return "".join((text, " (", say("about"), " ", about, ")"))


def _day(said: Statement) -> str:
    return "" if said.until is None else said.until.strftime("%d/%m/%Y")


def _known(language: str, kind: str, code: str) -> str:
    """A code in words; itself where a later version has brought it."""
    try:
        return words(language)(f"{kind}.{code}")
    except KeyError:
        return code


def _reason(language: str, code: str) -> str:
    for kind in ("undo", "postpone"):
        if (text := _known(language, kind, code)) != code:
            return text
    return code


def headline(file: CaseFile, language: str) -> str:
    """What the machine made of it, in one sentence; what follows is the officer's to say."""
    try:
        return OUTCOMES[Outcome(file.outcome)][LANGUAGES.index(language)]
    except ValueError:  # it was not asked
        return ""
