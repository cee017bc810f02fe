"""``civid case show``: one case, as text, as JSON, or as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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

Reference = Annotated[
    str, typer.Argument(metavar="ID", help="Reference of the case: 32 hexadecimal digits.")
]
Language = Annotated[
    str, typer.Option("--language", metavar="vi|en", help="Language of text and file.")
]


def show(
    register: Where,
    case: Reference,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Write everything that you may see into one file, pictures inside, for a court or"
            " a colleague. It shows names, numbers, portraits and prints: keep it as such.",
        ),
    ] = None,
    language: Language = "vi",
    keys: RegisterKeysFile = None,
    gallery: GalleryPath = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """A case with its evidence, decisions and history: one that is yours, or is decided."""
    from civid.dedup.cases import CaseDesk
    from civid.dedup.pages.words import LANGUAGES

    if language not in LANGUAGES:
        raise usage("--language: vi or en")
    out = Output(as_json=as_json)
    if html is not None:
        check_place(html)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose, gallery=gallery) as one:
        desk = CaseDesk(one)
        if html is not None:
            from civid.dedup.pages.one_file import case_as_html

            text = case_as_html(desk, case, reader=one.actor.name, language=language)
            write_bytes(html, text.encode("utf-8"))
            if as_json:
                out.json({"case": case, "file": str(html)})
            else:
                out.print(str(html))
            return Exit.DONE
        file = desk.show(case)
    if as_json:
        out.json(file.to_dict())
        return Exit.DONE
    for line in file.explanation.get(language, ()):
        out.print(line)
    return Exit.DONE
