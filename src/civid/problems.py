"""What went wrong with somebody's file, folder or gallery: a stable code and one sentence.

Work on many files goes on when one of them fails, and says at the end which and why. `Problem` is
that answer, for programs (the code) and for people (the sentence); `explain` makes one of the
exceptions that civid and the operating system raise.
"""

from __future__ import annotations

import os
from pathlib import Path

from civid import errors


class Problem(errors.CividError):
    """One thing that went wrong.

    Attributes
    ----------
    code : str
        Stable, for programs: ``"unreadable-image"``. All are listed in ``docs/reference/cli.md``.
    message : str
        For people; names the file. Never biometric bytes.
    advice : str
        What to do about it; may be empty.

    >>> Problem("no-such-folder", "prints: no such folder").code
    'no-such-folder'
    """

    def __init__(self, code: str, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.advice = advice

    def __reduce__(self) -> tuple[type[Problem], tuple[str, str, str]]:
        return type(self), (self.code, self.message, self.advice)


# The first class that fits decides, so the special ones stand first.
_CODES: tuple[tuple[type[Exception], str], ...] = (
    (errors.ResolutionError, "no-resolution"),
    (errors.ImageError, "unreadable-image"),
    (errors.TemplateError, "unusable-template"),
    (errors.FormatError, "unreadable-record"),
    (errors.SubjectExistsError, "subject-exists"),
    (errors.SubjectIdError, "subject-id"),
    (errors.SearchError, "usage"),
    (errors.SubjectNotFoundError, "no-such-subject"),
    (errors.GalleryDamagedError, "gallery-damaged"),
    (errors.GalleryFormatError, "not-a-gallery"),
    (errors.GalleryKeyError, "gallery-key"),
    (errors.GalleryLockedError, "gallery-busy"),
    (errors.GalleryReadOnlyError, "gallery-read-only"),
    (errors.GalleryMovedError, "gallery-moved"),
    (errors.GalleryStorageError, "gallery-storage"),
    (errors.GalleryError, "gallery"),
    (errors.AccessRefusedError, "access-refused"),
    (errors.NotInRegisterError, "not-in-register"),
    (errors.AlreadyInRegisterError, "already-in-register"),
    (errors.ChangedMeanwhileError, "changed-meanwhile"),
    (errors.RegisterDamagedError, "register-damaged"),
    (errors.RegisterFormatError, "not-a-register"),
    (errors.RegisterKeyError, "register-key"),
    (errors.RegisterLockedError, "register-busy"),
    (errors.RegisterStorageError, "register-storage"),
    (errors.RegisterError, "register"),
    (errors.NumberTakenError, "number-taken"),
    (errors.NumbersExhaustedError, "numbers-exhausted"),
    (errors.CampaignError, "campaign"),
    (errors.FieldError, "impossible-field"),
    (errors.TransitionError, "not-allowed-now"),
    (errors.UnavailableError, "unavailable"),
    (errors.StorageDamagedError, "storage-damaged"),
    (errors.StorageFormatError, "storage-format"),
    (errors.StorageKeyError, "storage-key"),
    (errors.StorageLockedError, "storage-busy"),
    (errors.StorageWriteError, "storage-write"),
    (errors.StorageError, "storage"),
    (FileNotFoundError, "no-such-file"),
    (IsADirectoryError, "is-a-folder"),
    (PermissionError, "not-allowed"),
    (OSError, "unreadable-file"),
)

# What messages say to programmers alone.
_FOR_PROGRAMS = (
    "; give dpi=...",
    "; say which one with member=...",
    "; it can be read meanwhile (read_only=True), or waited for (timeout=)",
)


def explain(error: Exception, path: Path | str | None = None) -> Problem | None:
    """The problem behind an exception; None = not one that a user can cause.

    Parameters
    ----------
    error : Exception
        What was raised.
    path : path, optional
        The file that it is about; its name goes before the sentence.

    >>> explain(FileNotFoundError(2, "No such file"), "a.png").message
    'a.png: no such file'
    """
    if isinstance(error, Problem):
        return error
    code = next((code for kind, code in _CODES if isinstance(error, kind)), None)
    return None if code is None else named(code, error, path)


def named(code: str, error: Exception, path: Path | str | None = None) -> Problem:
    """A problem of this code out of an exception's message and the file that it is about."""
    message = str(error)
    if isinstance(error, OSError) and error.strerror and not isinstance(error, errors.CividError):
        message = error.strerror.lower()
        path = path if path is not None else error.filename
    for words in _FOR_PROGRAMS:
        message = message.removesuffix(words)
    if path is not None and not _names(message, str(path)):
        message = f"{path}: {message.removeprefix(f'{Path(path).name}: ')}"
    return Problem(code, message)


def _names(message: str, path: str) -> bool:
    """Does it say already which file? A file may be called as any word of the message is."""
    return message.startswith(f"{path}:") or (os.sep in path and path in message)


def not_written(path: Path, error: OSError) -> Problem:
    """A file of results cannot be written."""
    reason = (error.strerror or str(error)).lower()
    return Problem(
        "not-written",
        f"{path}: cannot be written: {reason}",
        "check that the folder exists, has space, and that you may write there",
    )
