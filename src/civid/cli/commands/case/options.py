"""What the commands about cases share: options, and how an act is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.output import Output
from civid.cli.console.problems import Exit

if TYPE_CHECKING:
    from civid.dedup.cases import CaseSummary

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case: 32 hexadecimal digits.")]
Why = Annotated[
    str, typer.Option("--reason", metavar="CODE", help="Why, as a code such as papers.asked.")
]


def tell(out: Output, case: CaseSummary, said: str) -> int:
    """Say what was done with a case: as JSON how it stands now, else in a few words."""
    if out.as_json:
        out.json(case.to_dict())
    else:
        out.print(said)
    return Exit.DONE
