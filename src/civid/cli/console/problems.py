"""What can go wrong, in words for the person at the keyboard, and the exit code of each."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path

from civid import errors
from civid.lab.errors import EvaluationError


class Exit(IntEnum):
    """Exit codes of every command. They are documented in ``docs/reference/cli.md``."""

    DONE = 0  #: did what was asked; with compare, search, dedup: and found something
    NOTHING = 1  #: ran to the end: not the same finger, no candidate, no duplicate
    USAGE = 2  #: the command line makes no sense
    INPUT = 3  #: an image, record or folder cannot be read
    GALLERY = 4  #: the gallery cannot be read or written, or has the subject already
    OUTPUT = 5  #: a result cannot be written
    UNAVAILABLE = 6  #: an optional package or instruction set is not here
    INTERNAL = 70  #: a bug in civid
    INTERRUPTED = 130  #: stopped with Ctrl-C


class Problem(Exception):
    """One thing that went wrong: a stable code, a sentence, and what to do about it."""

    def __init__(self, exit_code: Exit, code: str, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.code = code
        self.message = message
        self.advice = advice

    def as_json(self) -> dict[str, object]:
        """The document that ``--json`` puts on stderr."""
        body: dict[str, object] = {"code": self.code, "message": self.message}
        if self.advice:
            body["advice"] = self.advice
        return {"error": body | {"exit_code": int(self.exit_code)}}


# The first class that fits decides, so the special ones stand first.
_TABLE: tuple[tuple[type[Exception], Exit, str, str], ...] = (
    (
        errors.ResolutionError,
        Exit.INPUT,
        "no-resolution",
        "give the resolution of the scanner, for example: --dpi 500",
    ),
    (errors.ImageError, Exit.INPUT, "unreadable-image", "is it really the scan of one finger?"),
    (errors.TemplateError, Exit.INPUT, "unusable-template", ""),
    (errors.FormatError, Exit.INPUT, "unreadable-record", "the file is damaged or of another kind"),
    (
        errors.SubjectExistsError,
        Exit.GALLERY,
        "subject-exists",
        "nothing was changed; search the gallery to see whether it is the same person",
    ),
    (
        errors.SubjectIdError,
        Exit.USAGE,
        "subject-id",
        "a subject's id has 1 to 128 characters, none of them a control character",
    ),
    (errors.SearchError, Exit.USAGE, "usage", ""),
    (errors.SubjectNotFoundError, Exit.GALLERY, "no-such-subject", ""),
    (
        errors.GalleryDamagedError,
        Exit.GALLERY,
        "gallery-damaged",
        "do not write to it; civid gallery verify names the damage; put back the last good copy",
    ),
    (
        errors.GalleryFormatError,
        Exit.GALLERY,
        "not-a-gallery",
        "give a folder made by civid, or a path that does not exist yet",
    ),
    (
        errors.GalleryKeyError,
        Exit.GALLERY,
        "gallery-key",
        "give the file with the keys of this gallery: --keys FILE; ask whoever runs it for them",
    ),
    (
        errors.GalleryLockedError,
        Exit.GALLERY,
        "gallery-busy",
        "another program is writing to it; try again when it is done",
    ),
    (
        errors.GalleryStorageError,
        Exit.GALLERY,
        "gallery-storage",
        "check the free space and your right to write there",
    ),
    (errors.GalleryError, Exit.GALLERY, "gallery", ""),
    (errors.FieldError, Exit.INPUT, "impossible-field", "check what was given for it"),
    (errors.TransitionError, Exit.INPUT, "not-allowed-now", ""),
    (errors.UnavailableError, Exit.UNAVAILABLE, "unavailable", ""),
    (EvaluationError, Exit.INPUT, "evaluation", ""),
    (FileNotFoundError, Exit.INPUT, "no-such-file", "check the path"),
    (IsADirectoryError, Exit.INPUT, "is-a-folder", "for a folder use: civid dedup FOLDER"),
    (PermissionError, Exit.INPUT, "not-allowed", "you have no right to open it"),
    (OSError, Exit.INPUT, "unreadable-file", ""),
)

_FOR_PROGRAMS = (
    "; give dpi=...",
    "; it can be read meanwhile (read_only=True), or waited for (timeout=)",
)


def explain(error: Exception, path: Path | str | None = None) -> Problem | None:
    """The problem behind an exception of the library; None = not one that a user can cause."""
    if isinstance(error, Problem):
        return error
    row = next((row for row in _TABLE if isinstance(error, row[0])), None)
    if row is None:
        return None
    _, exit_code, code, advice = row
    message = str(error)
    if isinstance(error, OSError) and error.strerror and not isinstance(error, errors.CividError):
        message = error.strerror.lower()
        path = path if path is not None else error.filename
    for words in _FOR_PROGRAMS:  # the advice is for people
        message = message.removesuffix(words)
    if path is not None and str(path) not in message:
        message = f"{path}: {message.removeprefix(f'{Path(path).name}: ')}"
    return Problem(exit_code, code, message, advice)


def usage(message: str, advice: str = "") -> Problem:
    """The command line makes no sense."""
    return Problem(Exit.USAGE, "usage", message, advice)


def not_written(path: Path, error: OSError) -> Problem:
    """A result cannot be written."""
    reason = (error.strerror or str(error)).lower()
    return Problem(
        Exit.OUTPUT,
        "not-written",
        f"{path}: cannot be written: {reason}",
        "check that the folder exists, has space, and that you may write there",
    )
