"""Options that the commands about cases share."""

from __future__ import annotations

from typing import Annotated

import typer

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case: 32 hexadecimal digits.")]
Why = Annotated[
    str, typer.Option("--reason", metavar="CODE", help="Why, as a code such as papers.asked.")
]
