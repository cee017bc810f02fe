"""Options that the commands about cases share."""

from __future__ import annotations

from typing import Annotated

import typer

from civid.cli.console.problems import usage

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case: 32 hexadecimal digits.")]
Language = Annotated[
    str, typer.Option("--lang", metavar="vi|en", help="Language of what is shown.")
]
Why = Annotated[
    str, typer.Option("--reason", metavar="CODE", help="Why, as a code such as papers.asked.")
]


def language_of(text: str) -> str:
    """``vi`` or ``en``; a usage error for anything else."""
    if text not in ("vi", "en"):
        raise usage("--lang: expected vi or en")
    return text
