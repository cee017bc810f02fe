"""Every error that civid raises. One class is one cause; all derive from `CividError`.

Messages name what is wrong and never hold biometric bytes, numbers or names of people.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class CividError(Exception):
    """Base of every error that civid raises on purpose."""


class ImageError(CividError, ValueError):
    """The image cannot be read, or nothing can be extracted from its shape."""


class ResolutionError(ImageError):
    """The resolution of an image is missing, zero, or outside what prints are scanned at."""


class FormatError(CividError, ValueError):
    """A record does not follow its standard.

    Attributes
    ----------
    offset : int or None
        Byte offset at which reading failed.
    field : str or None
        The standard's name of the field.
    """

    def __init__(self, message: str, *, offset: int | None = None, field: str | None = None):
        where = "" if offset is None else f" (at byte {offset})"
        what = "" if field is None else f"{field}: "
        super().__init__(f"{what}{message}{where}")
        self.offset = offset
        self.field = field


class FieldError(CividError, ValueError):
    """A field of a citizen's record or of a card cannot be what it claims to be.

    The message names the field and the reason and never repeats the value: it is somebody's.

    Attributes
    ----------
    field : str
        Which field, by its English name in the model (``number``, ``name``, ``birth`` ...).
    reason : str
        What is wrong with it.
    """

    def __init__(self, field: str, reason: str):
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason

    def __reduce__(self) -> tuple[type[FieldError], tuple[str, str]]:
        return type(self), (self.field, self.reason)


class NumberError(FieldError):
    """Not a number of its kind: personal identification number, CMND."""


class PersonNameError(FieldError):
    """Not a name that can be stored: not text, too long, a lone surrogate."""


class DateError(FieldError):
    """Not a date, not even an incomplete one."""


class PlaceError(FieldError):
    """No such place, or none in that code list at that time."""


class CodeError(FieldError):
    """A code or a term that its code list does not hold."""


class HouseholdError(FieldError):
    """A household, or a change to one, that cannot be: no head, a cycle, a stranger."""


class FormError(FieldError):
    """A form that cannot be read, or cannot be applied to this citizen."""


class NumberTakenError(CividError, ValueError):
    """The number was given out before; numbers are never used again."""


class NumbersExhaustedError(CividError):
    """Every number of one place, sex and birth year is given out."""


class TransitionError(CividError, ValueError):
    """A step that is not allowed: wrong source state, wrong role or missing reason."""


class TemplateError(CividError, ValueError):
    """Minutiae that cannot be a template: wrong dtype, not finite, out of range, too many."""


class StorageError(CividError):
    """Base of what can go wrong with anything that civid keeps on a disk."""


class StorageDamagedError(StorageError):
    """Stored data fails its checks. Nothing was read from it."""


class StorageFormatError(StorageError, ValueError):
    """What is stored there is something else, or of another version."""


class StorageKeyError(StorageError):
    """What is stored is encrypted, and the key is missing or another one."""


class StorageLockedError(StorageError):
    """Another process is writing there."""


class StorageWriteError(StorageError, OSError):
    """The disk is full, read-only, or not allowed; nothing was changed."""


class GalleryError(CividError):
    """Base of what can go wrong with a gallery."""


class SubjectIdError(GalleryError, ValueError):
    """A subject id that cannot be one: not a str, empty, too long, with control characters."""


class SearchError(GalleryError, ValueError):
    """A search, fusion or threshold was asked for with numbers that make no sense."""


class SubjectExistsError(GalleryError, ValueError):
    """The subject is enrolled already; nothing was changed.

    Attributes
    ----------
    subject_id : str or None
        Which one: for programs, it stands in no message.
    """

    def __init__(self, message: str, *, subject_id: str | None = None):
        super().__init__(message)
        self.subject_id = subject_id


class SubjectNotFoundError(GalleryError, LookupError):
    """No such subject in this gallery."""


class GalleryDamagedError(GalleryError, StorageDamagedError):
    """Stored data fails its checks. Nothing was read from it."""


class GalleryFormatError(GalleryError, StorageFormatError):
    """The folder is not a gallery, or one of another version."""


class GalleryKeyError(GalleryError, StorageKeyError):
    """The gallery is encrypted and the key is missing, or another one."""


class GalleryLockedError(GalleryError, StorageLockedError):
    """Another process is writing to the gallery."""


class GalleryStorageError(GalleryError, StorageWriteError):
    """The disk is full, read-only, or not allowed; nothing was changed."""


class GalleryReadOnlyError(GalleryStorageError):
    """The gallery was opened to be read; nothing was changed."""


class GalleryMovedError(GalleryStorageError):
    """The path leads to another folder or other files than were opened; nothing was changed."""


class GalleryBehindError(GalleryError, TimeoutError):
    """What another process has written, and was waited for, is not to be seen yet."""


class ClusterError(GalleryError):
    """A cluster of galleries cannot do what was asked; the message says why."""


class IncompleteError(ClusterError):
    """An answer lacks a part of the cluster: whoever was not found may be in that part.

    Attributes
    ----------
    missing : tuple of int
        The shards that did not answer.
    shards : int
        How many there are.
    found : tuple
        What the others found, as the call would have returned it.
    """

    def __init__(self, missing: Iterable[int], shards: int, found: Iterable[Any] = ()):
        self.missing, self.shards, self.found = tuple(missing), shards, tuple(found)
        super().__init__(
            f"{len(self.missing)} of {shards} shards did not answer; nothing follows from whom "
            "the others lack"
        )


class NotAcknowledgedError(ClusterError):
    """Not every replica has written a change: it may be kept, or lost. Make the same call again.

    Attributes
    ----------
    places : tuple of int
        Which changes of the call, counted from 0; all the others are written.
    """

    def __init__(self, places: Iterable[int], total: int, why: str):
        self.places = tuple(places)
        super().__init__(f"{len(self.places)} of {total} changes are not acknowledged: {why}")


class RegisterError(CividError):
    """Base of what can go wrong with a register of people."""


class AccessRefusedError(RegisterError, PermissionError):
    """The actor lacks the capability, or the unit lies outside the actor's scope; it was logged."""


class NotInRegisterError(RegisterError, LookupError):
    """No such person, household, dossier, card or case in this register."""


class AlreadyInRegisterError(RegisterError, ValueError):
    """The number belongs to somebody in this register already; nothing was changed."""


class RowsRefusedError(RegisterError, ValueError):
    """Rows cannot be taken, and all were to be taken or none; nothing was written.

    Attributes
    ----------
    refused : tuple
        Row number, code and field of each; no values.
    """

    def __init__(self, refused: Iterable[Any]):
        self.refused: tuple[Any, ...] = tuple(refused)
        super().__init__(f"{len(self.refused)} rows were refused; nothing was written")


class ChangedMeanwhileError(RegisterError):
    """Somebody else changed the same record first; nothing was changed. Read it again."""


class HeldError(RegisterError):
    """A legal hold forbids to erase this record; nothing was changed."""


class RegisterDamagedError(RegisterError, StorageDamagedError):
    """What is stored fails its checks."""


class RegisterFormatError(RegisterError, StorageFormatError):
    """Not a register, or one of a newer version of civid."""


class ForeignRegisterError(RegisterError, ValueError):
    """The folder holds a register that was not packed from this one; nothing was taken over."""


class RegisterKeyError(RegisterError, StorageKeyError):
    """The register is encrypted, and the key is missing or another one."""


class RegisterLockedError(RegisterError, StorageLockedError):
    """Others were writing for too long; nothing was changed. Try again."""


class RegisterStorageError(RegisterError, StorageWriteError):
    """The disk is full or read-only, or the server cannot be reached; nothing was changed."""


class CampaignError(CividError, ValueError):
    """A plan, a count or a sample of a campaign that cannot be what it claims to be.

    Attributes
    ----------
    code : str
        What is wrong, for programs: ``unit-twice``, ``count-falls`` ...
    row : int or None
        Row of the file, the titles being row 1.
    unit : str
        Code of the unit that it is about; empty where it is about none.
    """

    def __init__(
        self, message: str, *, code: str = "campaign", row: int | None = None, unit: str = ""
    ):
        places = [f"row {row}"] if row is not None else []
        places += [f"unit {unit}"] if unit else []
        super().__init__(f"{', '.join(places)}: {message}" if places else message)
        self.code = code
        self.row = row
        self.unit = unit


class UnavailableError(CividError, ImportError):
    """An optional package is needed; the message names the extra to install."""


class NativeError(CividError, RuntimeError):
    """The C library refused a call that Python should have checked: a bug in civid."""
