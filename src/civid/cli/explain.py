"""``civid explain``: every stage of the extraction side by side, in one picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civid.cli.options import AsJson, Dpi, Quiet
from civid.cli.output import Output
from civid.cli.prints import load_image
from civid.cli.results import check_picture_name, save_picture


def explain(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="A scan of one finger.")],
    to: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to save it; default: IMAGE-stages.png here.",
        ),
    ] = None,
    dpi: Dpi = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Draw what the extraction sees, stage by stage."""
    from civid.lab.pictures import stages

    out = Output(as_json=as_json, quiet=quiet)
    target = to or Path(f"{image.stem}-stages.png")
    check_picture_name(target)
    save_picture(stages(load_image(image, dpi)), target)
    if as_json:
        out.json({"file": str(image), "picture": str(target)})
    else:
        out.print(str(target))
    return 0
