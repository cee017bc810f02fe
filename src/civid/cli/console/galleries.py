"""Open a gallery for a command, and say clearly when there is none."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import civid
from civid.cli.console.problems import Problem, explain
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.cli.console.output import Output
    from civid.exchange.abis import Abis
    from civid.search import Gallery
    from civid.search.segments.keys import StaticKeyProvider
    from civid.search.store.inspection import Description

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


def seen_extractors(gallery: Gallery | Abis) -> dict[str, int]:
    """Who made a gallery's templates, as far as a look at some of them tells."""
    try:
        return gallery.extractors(_LOOKED_AT)
    except civid.GalleryDamagedError:
        return {}  # whoever needs the templates will say so


@dataclass(frozen=True, slots=True)
class SecondExtractor:
    """The first templates by an extractor came to those of others; both may stay.

    Attributes
    ----------
    gallery : Path
    before, new : tuple of str
        Who had made its templates, "" = not known; who made those that came.
    command : str
        What makes all of them by the same.
    """

    gallery: Path
    before: tuple[str, ...]
    new: tuple[str, ...]
    command: str

    @classmethod
    def of(
        cls, gallery: Path, before: Iterable[str], made: Iterable[str], again: Sequence[str]
    ) -> Self | None:
        """None = there is nothing to tell.

        Parameters
        ----------
        gallery : Path
        before : iterable of str
            Of `seen_extractors`, before it was enrolled in.
        made : iterable of str
            The extractors of what was enrolled; of records that do not name one nothing is said.
        again : sequence of str
            What follows ``civid gallery re-extract GALLERY``.
        """
        held = tuple(before)
        new = tuple(sorted({one for one in made if one and one not in held}))
        if not new or not held:
            return None
        return cls(
            gallery, held, new, f"civid gallery re-extract {shlex.join([str(gallery), *again])}"
        )

    @property
    def calibrated(self) -> bool:
        """Whether scores between any two of them are the false match rates that they state."""
        from civid.fingerprint.scores.extractors import is_measured

        return all(map(is_measured, (*self.before, *self.new)))

    def to_dict(self) -> dict[str, object]:
        """For ``--json``, which has no notes."""
        return {
            "before": [one or None for one in self.before],
            "new": list(self.new),
            "calibrated": self.calibrated,
            "to_make_one": self.command,
        }

    def note(self, out: Output) -> None:
        """For people."""
        others = ", ".join(one or say("an unknown extractor") for one in self.before)
        named = f"{self.gallery} has templates by {others}, and now by {', '.join(self.new)}"
        if self.calibrated:
            out.note(f"{named}; they are compared with one another, and may stay")
        else:
            out.note(
                f"{named}; they are compared with one another, but scores of changed parameters, or"
                " of an extractor that was not measured, are not calibrated"
            )
        out.note(f"to make them all one, from images that were kept: {self.command}")


def second_as_json(second: SecondExtractor | None) -> dict[str, object]:
    """The field of ``--json``."""
    return {"second_extractor": None if second is None else second.to_dict()}


def note_faster(out: Output, path: Path, told: Description) -> None:
    """Say so where many were enrolled one by one."""
    if told.wasteful:
        out.note(f"it would be opened faster after: civid gallery compact {shlex.quote(str(path))}")


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
