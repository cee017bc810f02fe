"""``civid register init``: a new register."""

from __future__ import annotations

from civid.cli.commands.register.opening import As, GalleryPath, RegisterKeysFile, Where, opened
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit


def init(
    register: Where,
    keys: RegisterKeysFile = None,
    who: As = None,
    gallery: GalleryPath = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make a register in an empty folder, or in an empty database of a server."""
    out = Output(as_json=as_json, quiet=quiet)
    from civid.errors import RegisterFormatError
    from civid.register.store.database import is_url

    was_there = True
    try:
        with opened(register, keys=keys, who=who, gallery=gallery) as made:
            encrypted = made.encrypted
    except RegisterFormatError:  # none, or one that cannot be used: then making it says so
        was_there = False
        with opened(register, keys=keys, who=who, gallery=gallery, create=True) as made:
            encrypted = made.encrypted
    if as_json:
        out.json({"register": register, "encrypted": encrypted, "made": not was_there})
        return Exit.DONE
    if was_there:
        out.print(f"register: {register}: it was there already, and nothing was changed")
        return Exit.DONE
    out.print(f"register: {register}")
    if is_url(register) and gallery is None:
        out.note("prints lie in a folder: give --gallery FOLDER to every command that needs them")
    if encrypted:
        out.note("keep the keys elsewhere: without them nothing in it can ever be read again")
    else:
        out.note("names and numbers are not encrypted: make it with --keys FILE for that")
    return Exit.DONE
