"""Open a register for a command: who acts, with which keys, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console import galleries

if TYPE_CHECKING:
    from civid.register import Register
    from civid.search.segments.keys import StaticKeyProvider

KEYS_VARIABLE = "CIVID_REGISTER_KEYS"
ACTOR_VARIABLE = "CIVID_ACTOR"

Where = Annotated[
    str,
    typer.Argument(
        metavar="REGISTER", help="Folder of the register, or postgresql://user@host/name."
    ),
]
RegisterKeysFile = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        metavar="FILE",
        help="File with the keys of an encrypted register, a line name:base64 each, the last one"
        f" for what is written. Default: the variable {KEYS_VARIABLE}, if it is set.",
    ),
]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="NAME",
        help=f"Who acts, for the audit log. Default: {ACTOR_VARIABLE}, or the login name.",
    ),
]
Unit = Annotated[
    str, typer.Option(metavar="UNIT", help="Unit that you act from, such as 46/474/19753.")
]
For = Annotated[
    str, typer.Option("--purpose", metavar="TEXT", help="Why, for the audit log (mục đích).")
]
GalleryPath = Annotated[
    Path | None,
    typer.Option(
        "--gallery",
        metavar="FOLDER",
        help="Folder of the prints; beside a register in a folder, unless given.",
    ),
]


@contextmanager
def opened(
    where: str,
    *,
    keys: Path | None = None,
    who: str | None = None,
    unit: str = "",
    purpose: str = "",
    gallery: Path | None = None,
    create: bool = False,
) -> Iterator[Register]:
    """An open register, closed at the end.

    The command has every capability: whoever may open the folder, or has the server's password,
    could read it without the command. Services give their users an `Actor` of their own.
    """
    from civid.register import Actor, Register

    if who is not None and not who.strip():
        raise typer.BadParameter(
            "a name is wanted: who acts must not be guessed", param_hint="--as"
        )
    name = who or os.environ.get(ACTOR_VARIABLE) or Actor.local().name
    actor = Actor(name, unit=unit, scope=("",), purpose=purpose)
    with Register.open(
        where, keys=read_keys(keys), actor=actor, create=create, gallery=gallery
    ) as register:
        yield register


def read_keys(file: Path | None) -> StaticKeyProvider | None:
    """The keys of ``--keys`` or of the environment; None = there are none."""
    return galleries.read_keys(file, KEYS_VARIABLE, "register-key")
