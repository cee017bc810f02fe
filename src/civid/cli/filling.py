"""Put the enrolments of a folder into a gallery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from civid.cli.grouping import Enrolment, Skipped
from civid.cli.ledger import Ledger, digest
from civid.cli.output import Progress
from civid.cli.prints import load_many
from civid.cli.problems import Problem
from civid.fingerprint.template import Template
from civid.position import Position

if TYPE_CHECKING:
    from civid.search import Gallery

# Stands for the digest of an enrolment with a file that could not be read: tried again next time.
_INCOMPLETE = "incomplete"


@dataclass(slots=True)
class Filling:
    """What became of the enrolments."""

    enrolled: int = 0  #: subjects
    reused: int = 0  #: subjects that were in the gallery with the same files
    prints: int = 0  #: files that were extracted
    skipped: list[Skipped] = field(default_factory=list)
    failed: Problem | None = None  #: the first file that could not be read


def fill(
    gallery: Gallery,
    enrolments: list[Enrolment],
    *,
    ledger: Ledger | None,
    dpi: float | None,
    threads: int,
    progress: Progress,
    strict: bool = False,
) -> Filling:
    """Extract and enrol; with a ledger only what the gallery does not hold already.

    An enrolment keeps the prints that can be read; unreadable ones are listed, or with
    ``strict`` end the work.
    """
    done = Filling()
    total = sum(len(enrolment.files) for enrolment in enrolments)
    seen = 0
    new = list[tuple[Enrolment, str]]()
    for enrolment in enrolments:
        mark = _mark(enrolment, dpi) if ledger is not None else ""
        if enrolment.subject not in gallery:
            new.append((enrolment, mark))
            continue
        known = ledger.get(enrolment.subject) if ledger is not None else None
        if known == mark != _INCOMPLETE:
            done.reused += 1
            seen += len(enrolment.files)
        elif known is None:
            done.skipped += [
                Skipped(path, "subject-exists", "the gallery has this subject from elsewhere")
                for path in enrolment.files.values()
            ]
            seen += len(enrolment.files)
        else:
            gallery.remove(enrolment.subject)
            new.append((enrolment, mark))

    results = load_many(_paths(new), dpi, threads)
    for enrolment, mark in new:
        templates: dict[Position, Template] = {}
        for position in enrolment.files:
            path, found = next(results)
            seen += 1
            if isinstance(found, Problem):
                if strict:
                    results.close()
                    raise found
                done.failed = done.failed or found
                done.skipped.append(Skipped(path, found.code, found.message))
            else:
                templates[position] = found
                done.prints += 1
            progress(seen, total)
        if templates:
            if ledger is not None:
                whole = len(templates) == len(enrolment.files)
                ledger.write(enrolment.subject, mark if whole else _INCOMPLETE)
            gallery.enroll(enrolment.subject, templates)
            done.enrolled += 1
    return done


def _paths(enrolments: list[tuple[Enrolment, str]]) -> Iterator[Path]:
    for enrolment, _ in enrolments:
        yield from enrolment.files.values()


def _mark(enrolment: Enrolment, dpi: float | None) -> str:
    try:
        return digest(enrolment, dpi)
    except OSError:
        return _INCOMPLETE  # extraction will say what is wrong with the file
