"""Open a gallery for a command, and say clearly when there is none."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import civid
from civid.cli.console.problems import Problem, explain
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.cli.console.output import Output
    from civid.search import Gallery
    from civid.search.segments.keys import StaticKeyProvider

KEYS_VARIABLE = "CIVID_GALLERY_KEYS"
#: Directions of a search with ``--turned``: the looks bear 45 degrees to either side.
ALL_ROUND = 4
#: Subjects of a gallery whose templates are asked who made them: some milliseconds.
_LOOKED_AT = 500


def open_gallery(
    path: Path,
    *,
    keys: Path | None = None,
    read_only: bool = False,
    create: bool = True,
    exact: bool = False,
    background: bool = False,
    encrypt: bool = False,
    anchor: str | None = None,
) -> Gallery:
    """Open a gallery folder: to write, or to read beside a writer.

    Parameters
    ----------
    path : Path
        The folder.
    keys : Path, optional
        The file of ``--keys``; without it the environment is asked.
    read_only : bool
        To read; the folder must be there.
    create : bool
        To write: make it when it is missing.
    exact : bool
        Compare everybody in full.
    background : bool
        Fold what is enrolled into segments meanwhile; for commands that run long.

    encrypt : bool
        Encrypt one that is not, or not all of it.
    anchor : str, optional
        Refuse an older copy, and another gallery.

    Raises
    ------
    Problem
        There is none, it is damaged, busy, encrypted, or may not be opened.
    """
    create = create and not read_only
    if not create:
        must_be_there(path)
    provider = read_keys(keys)
    try:
        return civid.Gallery.open(
            path,
            create=create,
            read_only=read_only,
            keys=provider,
            backend="exact" if exact else "auto",
            background=background,
            encrypt=encrypt,
            anchor=anchor,
        )
    except OSError as error:
        if isinstance(error, civid.CividError):
            raise explain(error, path) or error from error
        reason = (error.strerror or str(error)).lower()
        advice = "check the path and your right to use it"
        raise Problem("gallery-storage", f"{path}: {reason}", advice) from error
    except civid.GalleryError as error:
        raise explain(error, path) or error from error


def look_all_round(gallery: Gallery) -> None:
    """``--turned``: from now on prints are looked for in every direction."""
    gallery.parameters = replace(gallery.parameters, turns=ALL_ROUND)


def seen_extractors(gallery: Gallery) -> dict[str, int]:
    """Who made a gallery's templates, as far as a look at some of them tells."""
    try:
        return gallery.extractors(_LOOKED_AT)
    except civid.GalleryDamagedError:
        return {}  # whoever needs the templates will say so


def note_two_extractors(
    out: Output, path: Path, before: Mapping[str, int], made: Iterable[str], again: Sequence[str]
) -> None:
    """Say so when the first templates by an extractor come to those of others; both may stay.

    Parameters
    ----------
    out : Output
    path : Path
        The gallery.
    before : mapping
        Of `seen_extractors`, before it was enrolled in.
    made : iterable of str
        The extractors of what was enrolled; of records that do not name one nothing is said.
    again : sequence of str
        What follows ``civid gallery re-extract GALLERY`` to make all of them by the same.
    """
    from civid.fingerprint.native_parameters import CHANGED

    new = sorted({one for one in made if one and one not in before})
    if not new or not before:
        return
    others = ", ".join(one or say("an unknown extractor") for one in before)
    named = f"{path} has templates by {others}, and now by {', '.join(new)}"
    if any(CHANGED in one for one in (*before, *new)):
        out.note(f"{named}; scores of changed parameters are not calibrated")
    else:
        out.note(f"{named}; they are compared with one another, and may stay")
    words = shlex.join([str(path), *again])
    out.note(f"to make them all one, from images that were kept: civid gallery re-extract {words}")


def must_be_there(path: Path) -> None:
    """`Problem` when there is nothing at all."""
    if not path.exists():
        raise Problem(
            "no-such-gallery",
            f"{path}: no such gallery",
            "check the path, or make one with: civid enroll",
        )


def read_keys(
    file: Path | None, variable: str = KEYS_VARIABLE, code: str = "gallery-key"
) -> StaticKeyProvider | None:
    """The keys of ``--keys`` or of a variable of the environment; None = there are none.

    Raises
    ------
    Problem
        What was given are no keys; it has this code.
    """
    from civid.search.segments.keys import StaticKeyProvider

    if file is None and not os.environ.get(variable):
        return None
    try:
        if file is None:
            return StaticKeyProvider.from_environment(variable)
        return StaticKeyProvider.from_file(file)
    except civid.GalleryKeyError as error:
        where = variable if file is None else file
        advice = "check the path; each line is a name and 32 bytes in base64: 2026:q83vEjRW..."
        if "chmod" in str(error):
            advice = f"chmod 600 {where}"
        raise Problem(code, f"{where}: {error}", advice) from error
