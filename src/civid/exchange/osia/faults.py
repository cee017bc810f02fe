"""What goes wrong, as OSIA's ``Error``: a status, a code for programs and a sentence."""

from __future__ import annotations

from enum import IntEnum

from civid.errors import (
    CividError,
    FieldError,
    FormatError,
    GalleryError,
    ImageError,
    SearchError,
    StorageError,
    SubjectExistsError,
    SubjectIdError,
    SubjectNotFoundError,
    TemplateError,
)


class Code(IntEnum):
    """Numbers of ``Error.code``; OSIA leaves them to who implements it."""

    MALFORMED = 1000  #: the request is not one of the interface
    BIOMETRICS = 1001  #: an image or a template cannot be used
    OPTION = 1002  #: an option has a value that is not honoured
    DESTINATION = 1003  #: a callback or a reference leads where this server does not go
    PROTECTED = 1004  #: encrypted or signed data, which this server does not read
    UNKNOWN = 1010  #: no such person, encounter, gallery or task
    CONFLICT = 1011  #: such an encounter is there already
    LIMIT = 1012  #: too much of something
    REFUSED = 1020  #: not allowed
    BUSY = 1030  #: another process writes, or the disk is full: try again
    INTERNAL = 1099


class Fault(CividError):
    """A request that is not done.

    Attributes
    ----------
    status : int
        Of HTTP.
    code : Code
        For programs.
    """

    def __init__(self, status: int, code: Code, message: str):
        super().__init__(message)
        self.status = status
        self.code = code


def malformed(message: str) -> Fault:
    """400: not a request of the interface."""
    return Fault(400, Code.MALFORMED, message)


def unusable(message: str) -> Fault:
    """400: a sample cannot be used."""
    return Fault(400, Code.BIOMETRICS, message)


def unhonoured(message: str) -> Fault:
    """400: an option that is not honoured."""
    return Fault(400, Code.OPTION, message)


def unknown(what: str) -> Fault:
    """404: no such thing."""
    return Fault(404, Code.UNKNOWN, f"there is no such {what}")


def of(error: CividError) -> Fault:
    """What an error of civid is to a client. Messages of civid hold nobody's data.

    >>> of(SubjectNotFoundError("no such subject")).status
    404
    """
    if isinstance(error, Fault):
        return error
    if isinstance(error, SubjectNotFoundError):
        return unknown("person or encounter")
    if isinstance(error, SubjectExistsError):
        return Fault(409, Code.CONFLICT, "such an encounter is there already; nothing was changed")
    if isinstance(error, SubjectIdError):
        return malformed(f"an id cannot be one: {error}")
    if isinstance(error, (ImageError, TemplateError)):
        return unusable(str(error))
    if isinstance(error, (FieldError, FormatError, SearchError)):
        return malformed(str(error))
    if isinstance(error, (StorageError, GalleryError)):
        return Fault(500, Code.BUSY, f"nothing was changed: {type(error).__name__}")
    return Fault(500, Code.INTERNAL, f"the request failed: {type(error).__name__}")
