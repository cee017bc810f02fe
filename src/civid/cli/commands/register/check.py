"""``civid check``: do a register and its gallery agree, and is the log whole?"""

from __future__ import annotations

from typing import Annotated

import typer

from civid.cli.commands.register.opening import As, GalleryPath, RegisterKeysFile, Where, opened
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit
from civid.cli.language.sentences import say

_NAMED = 50
#: What is counted: rows of tables, and what `civid.register.check` counts beside them.
_COUNT_WORDS = (
    "acts", "adjudications", "captures", "cards", "cases", "consent terms", "dossiers", "entries",
    "forms", "grants", "guesses", "holds", "households", "intents", "numbers", "partner keys",
    "people", "prints", "questions", "rulings", "slips", "subjects", "unions", "unit logs",
    "unit requests", "watched",
)  # fmt: skip


def check(
    register: Where,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Mend what can be mended without guessing: finish what was promised to the"
            " gallery, make look-ups anew. Nobody is removed.",
        ),
    ] = False,
    keys: RegisterKeysFile = None,
    gallery: GalleryPath = None,
    who: As = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Prove that register, gallery, look-ups and log agree. Exit code 4: they do not."""
    out = Output(as_json=as_json, quiet=quiet)
    with (
        opened(register, keys=keys, who=who, gallery=gallery) as one,
        out.progress("Checking") as progress,
    ):
        found = one.check(repair=repair, on_progress=progress)
    if as_json:
        out.json(found.to_dict())
        return Exit.DONE if found.clean else Exit.GALLERY
    if found.clean:
        out.print("register, gallery and log agree")
    for what, count in found.counts.items():
        out.note(f"{say(what.replace('_', ' '))}: {count:,}")
    for skipped in found.skipped:
        out.note(f"not looked at: {skipped}")
    if found.found:
        made = table("", "what", "where", "mended")
        for each in found.found[:_NAMED]:
            add_row(made, say(each.message), each.where, say("yes" if each.repaired else "no"))
        out.print(made)
    return Exit.DONE if found.clean else Exit.GALLERY
