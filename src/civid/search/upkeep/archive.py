"""Archives: the subjects of a gallery as records of a standard, for other systems and later years.

A text file in UTF-8, a JSON document a line (``docs/formats/archive.md``):

* ``{"civid_archive": 1, "records": "native"}``, or ``"iso19794-2"``
* a line a subject, in order of enrolment: ``{"id": "079204000001", "fingers": [{"position": 2,
  "record": "Rk1S..."}]}``; a record is base64. Metadata, where there are any, are ``"metadata":
  {"values": {"unit": "079"}, "tags": []}``
* ``{"subjects": 1, "fingers": 1, "digest": "..."}``: BLAKE2b-256 of all lines before

``native`` keeps every bit (`civid.search.arrays.encoding`); ``iso19794-2`` are records of ISO/IEC
19794-2:2005, which others read, and in which places are whole pixels and angles steps of 1.4
degrees. A line at a time is in memory.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from civid.errors import (
    FieldError,
    FormatError,
    GalleryError,
    GalleryFormatError,
    GalleryStorageError,
    SubjectExistsError,
    SubjectNotFoundError,
)
from civid.fingerprint.template import Template
from civid.position import Position
from civid.private_files import replacing
from civid.search.arrays import encoding
from civid.search.arrays.slices import Progress
from civid.search.fingers import subject_id
from civid.search.gallery import Gallery
from civid.search.metadata import Metadata

FORMAT = 1
NATIVE, ISO = "native", "iso19794-2"
#: Eleven fingers of 255 minutiae take 60,000 letters.
MAX_LINE = 1 << 18
#: Subjects of one transaction.
_BATCH = 1024


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """What an archive holds, or what became of it.

    Parameters
    ----------
    subjects, fingers : int
        In the archive.
    added, replaced, kept : int
        On import: new ones; those of the gallery that were replaced by the archive's; those that
        were there already and stayed, equal ones too.
    """

    subjects: int
    fingers: int
    added: int = 0
    replaced: int = 0
    kept: int = 0


class _Subject(NamedTuple):
    id: str
    fingers: dict[Position, Template]
    metadata: Metadata


def export_subjects(
    gallery: Gallery,
    path: str | os.PathLike[str],
    *,
    records: Literal["native", "iso19794-2"] = "native",
    on_progress: Progress | None = None,
) -> ArchiveReport:
    """Write everybody to an archive, readable by its owner alone and **not encrypted**.

    The file is there when all is in it. Whoever is removed meanwhile is left out.

    Parameters
    ----------
    gallery : Gallery
    path : path
        Of the file; one that is there is replaced.
    records : str
        ``"native"``, or ``"iso19794-2"`` for other systems.
    on_progress : callable
        Called with (done, total) subjects.

    Raises
    ------
    GalleryStorageError
        The file cannot be written.
    GalleryDamagedError
        What is stored of a subject fails its checks.
    GalleryError
        There are no records of that name.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_subjects(Gallery(), f"{folder}/everybody.jsonl").subjects
    0
    """
    if records not in (NATIVE, ISO):
        raise GalleryError(f"records must be {NATIVE!r} or {ISO!r}")
    digest, subjects, fingers = blake2b(digest_size=32), 0, 0
    total = len(gallery)
    try:
        with replacing(Path(os.path.realpath(path))) as file:

            def write(document: dict[str, Any]) -> None:
                line = json.dumps(document, ensure_ascii=False).encode() + b"\n"
                digest.update(line)
                file.write(line)

            write({"civid_archive": FORMAT, "records": records})
            for name in gallery:
                try:
                    found, more = gallery.get(name), gallery.metadata(name)
                except SubjectNotFoundError:  # removed by another process meanwhile
                    continue
                listed = [
                    {"position": int(position), "record": _packed(one, position, records)}
                    for position, one in found.items()
                ]
                line = {"id": name, "fingers": listed}
                write(line | {"metadata": more.to_dict()} if more else line)
                subjects, fingers = subjects + 1, fingers + len(listed)
                if on_progress is not None:
                    on_progress(subjects, total)
            end = {"subjects": subjects, "fingers": fingers, "digest": digest.hexdigest()}
            file.write(json.dumps(end).encode() + b"\n")
    except OSError as error:
        if isinstance(error, GalleryError):
            raise
        raise GalleryStorageError(f"the archive cannot be written: {error.strerror}") from error
    return ArchiveReport(subjects, fingers)


def _packed(template: Template, position: Position, records: str) -> str:
    data = (
        encoding.encode(template)
        if records == NATIVE
        else template.to_iso19794_2(position=position)
    )
    return base64.b64encode(data).decode()


def import_subjects(
    gallery: Gallery,
    path: str | os.PathLike[str],
    *,
    existing: Literal["refuse", "keep", "replace"] = "refuse",
    on_progress: Progress | None = None,
) -> ArchiveReport:
    """Enrol everybody of an archive. All of it is read and checked before anything is written.

    Subjects are enrolled in transactions of 1,024. Killed between two of them, the same call goes
    on: who is there already with the same fingers is passed over.

    Parameters
    ----------
    gallery : Gallery
    path : path
        Of the file.
    existing : str
        Who is enrolled already with other fingers: ``"refuse"`` all of the archive, ``"keep"`` what
        the gallery has, or ``"replace"`` it.
    on_progress : callable
        Called with (done, total) subjects, when the archive was checked.

    Raises
    ------
    FormatError
        It is no archive, or damaged, cut off, or one of its records is; the message tells line and
        field. Nothing was enrolled.
    SubjectExistsError
        Somebody is there already with other fingers, and ``existing`` is ``"refuse"``; nothing was
        enrolled.
    GalleryStorageError
        The disk is full; what was enrolled until then stays.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = export_subjects(Gallery(), f"{folder}/everybody.jsonl")
    ...     import_subjects(Gallery(), f"{folder}/everybody.jsonl").added
    0
    """
    if existing not in ("refuse", "keep", "replace"):
        raise GalleryError("existing must be 'refuse', 'keep' or 'replace'")
    subjects = fingers = 0
    names: set[int] = set()
    for one in _read(path):
        subjects, fingers = subjects + 1, fingers + len(one.fingers)
        if existing == "refuse" and one.id in gallery and not _is_here(gallery, one):
            raise SubjectExistsError(
                f"subject {subjects} of the archive is enrolled already with other fingers;"
                " nothing was enrolled",
                subject_id=one.id,
            )
        key = hash(one.id)
        if key in names:
            raise FormatError(f"subject {subjects} comes twice", field="id")
        names.add(key)
    report = ArchiveReport(subjects, fingers)
    done = added = replaced = kept = 0
    batch: list[_Subject] = []
    for one in _read(path):
        done += 1
        if one.id not in gallery:
            added += 1
        elif existing == "replace" and not _is_here(gallery, one):
            replaced += 1
        else:
            kept += 1
            continue
        batch.append(one)
        if len(batch) == _BATCH:
            _enrol(gallery, batch, existing)
            batch = []
            if on_progress is not None:
                on_progress(done, subjects)
    _enrol(gallery, batch, existing)
    if on_progress is not None and subjects:
        on_progress(subjects, subjects)
    return ArchiveReport(report.subjects, report.fingers, added, replaced, kept)


def _enrol(gallery: Gallery, batch: list[_Subject], existing: str) -> None:
    gallery.enroll_many(
        [(one.id, one.fingers) for one in batch],
        replace=existing == "replace",
        metadata={one.id: one.metadata for one in batch if one.metadata},
    )


def _is_here(gallery: Gallery, one: _Subject) -> bool:
    """Has the gallery this subject with the same fingers, to the bit, and the same metadata?"""
    found = gallery.get(one.id)
    if gallery.metadata(one.id) != one.metadata:
        return False
    return found.keys() == one.fingers.keys() and all(
        encoding.encode(found[position]) == encoding.encode(template)
        for position, template in one.fingers.items()
    )


# ---- reading


def _read(path: str | os.PathLike[str]) -> Iterator[_Subject]:
    """The subjects of an archive that turns out whole in the end."""
    digest, number, subjects, fingers, at = blake2b(digest_size=32), 0, 0, 0, 0
    records = ""
    try:
        with Path(path).open("rb") as file:
            while line := _line(file, at):
                number += 1
                document = _document(line, number, at)
                if number == 1:
                    records = _head(document, at)
                elif "digest" in document:
                    if document != {
                        "subjects": subjects, "fingers": fingers, "digest": digest.hexdigest()
                    } or file.read(1):  # fmt: skip
                        raise FormatError("the archive is not what was written", field="digest",
                                          offset=at)  # fmt: skip
                    return
                else:
                    one = _subject(document, records, number, at)
                    subjects, fingers = subjects + 1, fingers + len(one.fingers)
                    yield one
                digest.update(line)
                at += len(line)
    except OSError as error:
        if isinstance(error, GalleryError):
            raise
        raise GalleryFormatError(f"the archive cannot be read: {error.strerror}") from error
    raise FormatError("the archive ends too early", offset=at)


def _line(file: IO[bytes], at: int) -> bytes:
    line = file.readline(MAX_LINE + 1)
    if len(line) > MAX_LINE:
        raise FormatError("no archive: a line is too long", offset=at)
    return line


def _document(line: bytes, number: int, at: int) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise FormatError(f"line {number} is no JSON object", offset=at)
    return document


def _head(document: dict[str, Any], at: int) -> str:
    version, records = document.get("civid_archive"), document.get("records")
    if version != FORMAT:
        what = (
            "this is no archive of civid"
            if version is None
            else f"not a version that this civid reads ({FORMAT})"
        )
        raise FormatError(what, field="civid_archive", offset=at)
    if records not in (NATIVE, ISO):
        raise FormatError("an unknown kind of records", field="records", offset=at)
    return str(records)


def _subject(document: dict[str, Any], records: str, number: int, at: int) -> _Subject:
    where = f"line {number}"
    try:
        name = subject_id(document["id"])
        listed = document["fingers"]
        if not isinstance(listed, list) or not listed:
            raise FormatError(f"{where} has no fingers", field="fingers", offset=at)
        fingers: dict[Position, Template] = {}
        for one in listed:
            if type(one["position"]) is not int:
                raise FormatError(f"{where} has no such finger", field="position", offset=at)
            position = Position(one["position"])
            if position in fingers:
                raise FormatError(f"{where} has a finger twice", field="position", offset=at)
            data = base64.b64decode(one["record"], validate=True)
            fingers[position] = (
                encoding.decode(data) if records == NATIVE else Template.from_iso19794_2(data)
            )
        metadata = _metadata(document.get("metadata"), where, at)
    except FormatError as error:
        if error.offset == at:
            raise
        raise FormatError(f"{where}: {error}", field="record", offset=at) from None
    except GalleryError as error:
        field = "id" if isinstance(error, ValueError) and "subject id" in str(error) else "record"
        raise FormatError(f"{where}: {error}", field=field, offset=at) from None
    except (KeyError, TypeError, ValueError) as error:
        what = f"{where} is no subject ({type(error).__name__})"
        raise FormatError(what, offset=at) from None
    return _Subject(name, fingers, metadata)


def _metadata(found: object, where: str, at: int) -> Metadata:
    if found is None:
        return Metadata()
    try:
        if isinstance(found, dict) and found.keys() == {"values", "tags"}:
            return Metadata(found["values"], found["tags"])
    except (FieldError, TypeError, AttributeError):
        pass
    raise FormatError(f"{where} has metadata that cannot be kept", field="metadata", offset=at)
