"""``civid gallery compact | encrypt | rotate``: tidy it up, and keep it secret."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civid.cli.commands.gallery.owners import not_alone, owner_of
from civid.cli.commands.gallery.telling import (
    as_json_of,
    encryption,
    purge_command,
)
from civid.cli.console.galleries import must_be_there, open_gallery, read_keys
from civid.cli.console.options import AsJson, GalleryFolder, Keys, Quiet, Threads, thread_count
from civid.cli.console.output import Output, add_row, counted, size, table
from civid.cli.console.problems import Exit, Problem, explain, usage
from civid.cli.language.sentences import say
from civid.errors import GalleryError


def compact(
    gallery: GalleryFolder,
    purge: Annotated[
        bool,
        typer.Option(
            "--purge",
            help="Also write anew what holds bytes of removed subjects, or is not encrypted with"
            " the last key.",
        ),
    ] = False,
    keys: Keys = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Fold what was enrolled lately into segments, also beside a program that writes."""
    out = Output(as_json=as_json, quiet=quiet)
    from civid.search import upkeep

    with open_gallery(gallery, keys=keys, read_only=True) as opened:
        before = opened.describe()
        try:
            with out.progress("Folding") as progress:
                done = upkeep.compact(
                    gallery,
                    keys=read_keys(keys),
                    purge=purge,
                    threads=thread_count(threads),
                    on_progress=progress,
                )
        except GalleryError as error:
            raise explain(error, gallery) or error from error
        opened.refresh()
        after = opened.describe()
    if as_json:
        out.json(
            {
                "gallery": str(gallery),
                "changed": done.changed,
                "by_writer": done.by_writer,
                "before": as_json_of(before),
                "after": as_json_of(after),
            }
        )
    elif not done.changed:
        out.print("there was nothing to do")
    else:
        made = table("", "what", "before", "after", right=("before", "after"))
        for what, name in (
            (say("segments"), "segments"),
            ("subjects in no segment yet", "tail"),
            ("removed, bytes still in a segment", "removed"),
        ):
            add_row(made, what, f"{getattr(before, name):,}", f"{getattr(after, name):,}")
        add_row(made, "on the disk", size(before.disk_bytes), size(after.disk_bytes))
        if after.encrypted:
            add_row(made, say("encrypted"), encryption(before), encryption(after))
        out.print(made)
    if done.by_writer:
        out.note("the program did it that has the gallery open")
    if after.removed:
        out.note(f"bytes of removed subjects are still there: {purge_command(gallery)}")
    return Exit.DONE


def encrypt(
    gallery: GalleryFolder, keys: Keys = None, as_json: AsJson = False, quiet: Quiet = False
) -> int:
    """Encrypt a gallery that is not encrypted yet, or not all of it. It is written anew once."""
    out = Output(as_json=as_json, quiet=quiet)
    if read_keys(keys) is None:
        raise usage("there are no keys to encrypt with", "give a file of keys with --keys")
    # Owner and gallery open with keys or both without: neither may change alone.
    not_alone(
        gallery,
        {
            "register": Problem(
                "gallery",
                f"{gallery}: belongs to a register, whose names and numbers cannot be encrypted"
                " afterwards; nothing was changed",
                "encrypt from the beginning: civid register init REGISTER --keys FILE",
            ),
            "service": Problem(
                "gallery",
                f"{gallery}: belongs to a service, whose ledger cannot be encrypted afterwards;"
                " nothing was changed",
                "encrypt from the beginning: civid serve FOLDER --create --keys FILE",
            ),
        },
    )
    with open_gallery(gallery, keys=keys, create=False, encrypt=True) as opened:
        told = opened.describe()
    if as_json:
        out.json({"gallery": str(gallery)} | as_json_of(told))
    else:
        out.print(f"encrypted: {counted(told.subjects, 'subject')}")
        out.note("old blocks of the disk, and backups, may still hold what was plain")
    return Exit.DONE


def rotate(
    gallery: GalleryFolder,
    keys: Annotated[
        Path,
        typer.Option(
            "--keys",
            metavar="FILE",
            help="File with the keys of the gallery; the new one is added to it.",
        ),
    ],
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Of the new key; default: the day, as 2026-11-29."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Encrypt everything with a new key. Stopped, the same command goes on with that key."""
    from civid.search import upkeep

    out = Output(as_json=as_json, quiet=quiet)
    must_be_there(gallery)
    read_keys(keys)  # says what is wrong with them
    try:
        with out.resumable(), out.progress("Encrypting") as progress:
            done = upkeep.rotate(gallery, keys, name=name, on_progress=progress)
    except GalleryError as error:
        raise explain(error, gallery) or error from error
    if as_json:
        out.json(
            {"gallery": str(gallery), "key": done.key, "made": done.made, "old": list(done.old)}
        )
        return Exit.DONE
    out.print(
        f"everything is encrypted with the key {done.key}"
        + ("" if done.made else ", which was begun earlier")
    )
    if done.old:
        old = ", ".join(done.old)
        if (owner := owner_of(gallery)) is not None:
            out.note(
                f"{old}: keep their lines in {keys}; needed by this gallery no more, but by the"
                f" {'register' if owner == 'register' else 'service'} that it belongs to"
            )
        else:
            out.note(
                f"{old}: needed by this gallery no more; keep their lines in {keys}"
                " as long as a backup needs them"
            )
    return Exit.DONE
