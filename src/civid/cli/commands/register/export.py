"""``civid register export``: one person's record, as JSON."""

from __future__ import annotations

import os
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
from civid.cli.commands.register.show import Number
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, to_json
from civid.cli.console.problems import Exit, not_written


def export(
    register: Where,
    number: Number,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; else stdout.")
    ] = None,
    biometrics: Annotated[
        bool, typer.Option("--biometrics", help="With the templates of the prints.")
    ] = False,
    keys: RegisterKeysFile = None,
    gallery: GalleryPath = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Everything that is kept of one person, as JSON: what they may ask for by law."""
    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose, gallery=gallery) as one:
        reference = one.person(number).reference
        document = one.protection.export(reference, biometrics=biometrics)
    if output is None:
        out.json(document)
        return Exit.DONE
    try:
        with open(output, "x", encoding="utf-8", opener=_for_its_owner) as file:
            file.write(to_json(document, file, indent=2))
    except OSError as error:
        raise not_written(output, error) from error
    out.note(f"written: {output}")
    return Exit.DONE


def _for_its_owner(path: str, flags: int) -> int:
    """Opens a file that nobody else may read: a whole life stands in it."""
    return os.open(path, flags, 0o600)
