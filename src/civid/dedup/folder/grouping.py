"""Find the prints under a folder and group them into enrolments."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from civid.dedup.folder.naming import IMPRESSION, POSITION, NamePattern, as_typed, parse_position
from civid.dedup.folder.print_records import SUFFIXES
from civid.errors import SubjectIdError
from civid.formats import detect
from civid.position import Position
from civid.problems import Problem
from civid.search.fingers import subject_id

IMAGES = frozenset(
    {".png", ".bmp", ".dib", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".wsq", ".gif"}
    | {".jp2", ".j2k", ".jpx", ".jpf", ".j2c", ".jpc", ".pgm", ".ppm", ".pbm", ".pnm"}
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that takes no part, and why."""

    path: Path
    code: str
    reason: str


def skips_as_json(skipped: list[Skipped]) -> list[dict[str, str]]:
    """As JSON."""
    return [{"file": str(one.path), "code": one.code, "reason": one.reason} for one in skipped]


@dataclass(slots=True)
class Enrolment:
    """One registration: a subject and the files of its prints, at most one a finger."""

    subject: str
    files: dict[Position, Path] = field(default_factory=dict)
    #: Who it really is, as far as the file names tell; used for the report alone.
    identity: str | None = None


def find_prints(folder: Path) -> list[Path]:
    """Every image and record under a folder, in a fixed order. Hidden ones are passed over.

    Files of another suffix belong to them when their first bytes look like an image or record.

    Raises
    ------
    Problem
        The folder is missing, may not be read, or holds no print.
    """
    if not folder.exists():
        raise Problem("no-such-folder", f"{folder}: no such folder")
    if not folder.is_dir():
        raise Problem(
            "not-a-folder",
            f"{folder}: is a file, not a folder",
        )
    found = sorted(_walk(folder), key=lambda path: natural(path.relative_to(folder).as_posix()))
    if not found:
        raise Problem(
            "empty-folder",
            f"{folder}: holds no print",
            "files ending in " + " ".join(sorted(IMAGES | SUFFIXES)) + " are looked for",
        )
    return found


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise error

    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and _is_print(path := Path(root, name)):
                yield path


def _is_print(path: Path) -> bool:
    if path.suffix.lower() in IMAGES | SUFFIXES:
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(64)
    except OSError:
        return False  # nothing says that it is a print
    return detect(head) is not None


def natural(text: str) -> list[tuple[int, int, str]]:
    """A key that sorts numbers in names by their value."""
    # print_2 before print_10
    parts = re.split(r"(\d+)", as_typed(text))
    return [(0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts if part]


def group(
    files: list[Path], folder: Path, pattern: NamePattern | None
) -> tuple[list[Enrolment], list[Skipped]]:
    """Make enrolments of files.

    Without a pattern each file is an enrolment of its own with an unknown finger. With one, the
    files that agree in every field except ``{position}`` are one enrolment. Subjects are named with
    accents as they are typed, whatever system has copied the files: see `as_typed`.
    """
    enrolments: dict[str, Enrolment] = {}
    skipped = list[Skipped]()
    for path in files:
        inside = path.relative_to(folder)
        if path.exists() and not path.is_file():  # a pipe would be waited for
            skipped.append(Skipped(path, "unreadable-file", "it is not a regular file"))
            continue
        if pattern is None:
            subject, position = as_typed(inside.as_posix()), Position.UNKNOWN
        else:
            fields = pattern.read(inside)
            if fields is None:
                skipped.append(Skipped(path, "name", f"its name does not fit {pattern.text}"))
                continue
            subject = _join(fields, tuple(name for name in pattern.fields if name != POSITION))
            position = parse_position(fields[POSITION]) if POSITION in fields else Position.UNKNOWN
        try:
            subject_id(subject)
        except SubjectIdError as error:
            skipped.append(Skipped(path, "subject-id", str(error)))
            continue
        enrolment = enrolments.setdefault(subject, Enrolment(subject))
        if position in enrolment.files:
            reason = f"{enrolment.files[position].name} is the same finger of the same enrolment"
            skipped.append(Skipped(path, "same-finger", reason))
            continue
        enrolment.files[position] = path
    return list(enrolments.values()), skipped


def identities(
    enrolments: list[Enrolment],
    folder: Path,
    truth: NamePattern,
    same: tuple[str, ...],
    *,
    fingers_grouped: bool,
) -> None:
    """Fill in who each enrolment really is, from its file names.

    ``same`` names the fields that make an identity; empty = all but the impression, and the
    position where enrolments hold several fingers.
    """
    left_out = (IMPRESSION, POSITION) if fingers_grouped else (IMPRESSION,)
    wanted = same or tuple(name for name in truth.fields if name not in left_out)
    for enrolment in enrolments:
        names = {
            None if fields is None else _join(fields, wanted)
            for fields in (
                truth.read(path.relative_to(folder)) for path in enrolment.files.values()
            )
        }
        # Files of one enrolment that name two identities tell nothing that can be counted.
        enrolment.identity = names.pop() if len(names) == 1 else None


def _join(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    # A field never holds "/", so two different sets of fields never look the same.
    return "/".join(fields[name] for name in names)
