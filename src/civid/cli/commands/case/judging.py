"""``civid case assign``, ``show``, ``decide``, ``withdraw``, ``postpone``: the officer's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from civid.cli.commands.case.options import CaseId, Why, tell
from civid.cli.commands.case.tables import file_tables
from civid.cli.commands.register.opening import (
    As,
    For,
    GalleryPath,
    RegisterKeysFile,
    Unit,
    Where,
    opened,
)
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage
from civid.cli.console.results import check_place, write_bytes
from civid.cli.language.choice import Language, spoken
from civid.cli.language.sentences import say


def assign(
    register: Where,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    gallery: GalleryPath = None,
    as_json: AsJson = False,
) -> int:
    """Get the case that you have, or the next one. Exit code 1: there is none for you."""
    from civid.dedup.cases import CaseDesk

    out = Output(as_json=as_json)
    with opened(
        register, keys=keys, who=who, unit=unit, purpose=purpose, gallery=gallery
    ) as one:  # fmt: skip
        case = CaseDesk(one).assign()
    if as_json:
        out.json(None if case is None else case.to_dict())
    elif case is None:
        out.print("no case for you now")
    else:
        out.print(*file_tables(case))
        out.note(f"--ticket {case.ticket}")
    return Exit.NOTHING if case is None else Exit.DONE


def show(
    register: Where,
    case: CaseId,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Write everything that you may see into one file, pictures inside, for a court or"
            " a colleague. It shows names, numbers, portraits and prints: guard it. Needs the extra"
            " civid\\[pages].",
        ),
    ] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    gallery: GalleryPath = None,
    as_json: AsJson = False,
) -> int:
    """Show your case, or a closed one with its rulings."""
    from civid.dedup.cases import CaseDesk

    out = Output(as_json=as_json)
    language = spoken(Language.VI).value  # a page for clerks and courts
    if html is not None:
        check_place(html)
    with opened(
        register, keys=keys, who=who, unit=unit, purpose=purpose, gallery=gallery
    ) as one:  # fmt: skip
        if html is not None:
            from civid.dedup.pages.one_file import case_as_html

            page = case_as_html(CaseDesk(one), case, reader=one.actor.name, language=language)
        else:
            found = CaseDesk(one).show(case)
    if html is not None:
        write_bytes(html, page.encode("utf-8"))
        out.json({"case": case, "file": str(html)}) if as_json else out.print(str(html))
    elif as_json:
        out.json(found.to_dict())
    else:
        out.print(*file_tables(found))
    return Exit.DONE


def decide(
    register: Where,
    case: CaseId,
    ruling: Annotated[
        str,
        typer.Argument(
            metavar="RULING",
            help="same-person, different-people, split, reject, send-back or mixed-biometrics.",
        ),
    ],
    reason: Why,
    people: Annotated[
        list[str] | None,
        typer.Option("--person", metavar="ID", help="Candidate it is about; again for several."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="YYYY-MM-DD", help="With different-people: remembered so"
                     " long; five years, unless given."),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="Free text; it is kept sealed.")] = "",
    ticket: Annotated[
        str | None,
        typer.Option("--ticket", help="As assign printed it: refused if the case has changed."),
    ] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    gallery: GalleryPath = None,
    as_json: AsJson = False,
) -> int:  # fmt: skip
    """Say what your case is. When two officers have said the same, it is done."""
    from civid.dedup.cases import CaseDesk

    out = Output(as_json=as_json)
    try:
        day = None if until is None else date.fromisoformat(until)
    except ValueError:
        raise usage("--until: expected a day such as 2031-11-29") from None
    with opened(
        register, keys=keys, who=who, unit=unit, purpose=purpose, gallery=gallery
    ) as one:  # fmt: skip
        answer = CaseDesk(one).decide(
            case, ruling, reason, people=people or (), until=day, note=note, ticket=ticket
        )
    if as_json:
        out.json(answer.to_dict())
    elif answer.is_final:
        out.print("decided and done")
    else:
        out.print("noted; another officer judges it too")
    return Exit.DONE


def withdraw(
    register: Where,
    case: CaseId,
    reason: Why,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Take back what you said, while nobody was given the case since; it is yours again."""
    from civid.dedup.cases import CaseDesk

    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = CaseDesk(one).withdraw(case, reason)
    return tell(Output(as_json=as_json), found, say("taken back; the case is yours again"))


def postpone(
    register: Where,
    case: CaseId,
    reason: Why,
    days: Annotated[int, typer.Option("--days", min=1, max=14, help="For how many days.")] = 1,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Put your case off; twice at most between two rulings."""
    from civid.dedup.cases import CaseDesk

    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = CaseDesk(one).postpone(case, reason, days=days)
    return tell(Output(as_json=as_json), found, say("put off"))
