"""Put the enrolments of a folder into a gallery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from civid.dedup.folder.grouping import Enrolment, Skipped
from civid.dedup.folder.prints import Prints, load_many, no_print
from civid.dedup.folder.source_digests import SourceDigests, digest
from civid.fingerprint.template import Template
from civid.position import Position
from civid.problems import Problem
from civid.search.arrays.encoding import encode

if TYPE_CHECKING:
    from civid.search import Gallery

# Stands for the digest of an enrolment with a file that could not be read: tried again next time.
_INCOMPLETE = "incomplete"
# Enrolments in one transaction: a durable gallery waits for the disk once for each.
_BATCH = 32

#: Told after every file: how many are done, and of how many.
Progress = Callable[[int, int], None]

_Ready = tuple[str, dict[Position, Template], str]


@dataclass(slots=True)
class EnrolmentReport:
    """What became of the enrolments."""

    enrolled: int = 0  #: subjects
    reused: int = 0  #: subjects that were in the gallery with the same files
    prints: int = 0  #: that were read or extracted
    skipped: list[Skipped] = field(default_factory=list)
    failed: Problem | None = None  #: the first file that could not be read


@dataclass(slots=True)
class _Person:
    """What the files of one enrolment hold."""

    templates: dict[Position, Template] = field(default_factory=dict)
    files: dict[Position, Path] = field(default_factory=dict)
    whole: bool = True  #: nothing of them was left out

    def take(self, path: Path, prints: Prints, done: EnrolmentReport) -> Problem | None:
        """Add the prints of a file; gives what is wrong where none of them can be used.

        A finger that another file has already is left out, and listed.
        """
        found = [(one.position, one.template) for one in prints if len(one.template)]
        if not found:
            return no_print(path)
        if len(found) < len(prints):
            self.whole = False
            reason = f"no fingerprint was found for {len(prints) - len(found)} of its fingers"
            done.skipped.append(Skipped(path, "no-minutiae", reason))
        for position, template in found:
            if position in self.templates:
                self.whole = False
                reason = f"{self.files[position].name} is the same finger of the same enrolment"
                done.skipped.append(Skipped(path, "same-finger", reason))
            else:
                self.templates[position], self.files[position] = template, path
        return None


def enroll_prints(
    gallery: Gallery,
    enrolments: list[Enrolment],
    *,
    sources: SourceDigests | None = None,
    dpi: float | None,
    threads: int,
    progress: Progress,
    strict: bool = False,
) -> EnrolmentReport:
    """Extract and enrol; with the digests of its sources only what the gallery does not hold.

    A subject that the gallery has from elsewhere counts as reused where its prints are just those
    of the files; where they are others, the files are skipped.

    An enrolment keeps the prints that can be read; unreadable ones are listed, or with
    ``strict`` end the work.
    """
    done = EnrolmentReport()
    new = _choose(gallery, enrolments, sources, dpi, done)
    total = sum(len(enrolment.files) for enrolment, _ in new)
    seen = 0
    batch = list[_Ready]()
    results = load_many(_files(new), dpi, threads)
    for enrolment, mark in new:
        person = _Person()
        for _ in enrolment.files:
            path, found = next(results)
            seen += 1
            problem = found if isinstance(found, Problem) else person.take(path, found, done)
            if problem is not None:
                if strict:
                    results.close()
                    raise problem
                person.whole = False
                done.failed = done.failed or problem
                done.skipped.append(Skipped(path, problem.code, problem.message))
            progress(seen, total)
        known = None if sources is None else sources.get(enrolment.subject)
        if known is None and enrolment.subject in gallery:
            if _again(gallery, enrolment, person, done) and sources is not None:
                sources.write([(enrolment.subject, mark)])
            continue
        done.prints += len(person.templates)
        if person.templates:
            mark = mark if person.whole else _INCOMPLETE
            batch.append((enrolment.subject, person.templates, mark))
        if len(batch) == _BATCH:
            _enroll(gallery, batch, sources, done)
    _enroll(gallery, batch, sources, done)
    return done


def _choose(
    gallery: Gallery,
    enrolments: list[Enrolment],
    sources: SourceDigests | None,
    dpi: float | None,
    done: EnrolmentReport,
) -> list[tuple[Enrolment, str]]:
    """Those that have to be extracted, each with the digest of its files."""
    new = list[tuple[Enrolment, str]]()
    for enrolment in enrolments:
        mark = _INCOMPLETE if sources is None else _mark(enrolment, dpi)
        known = None if sources is None else sources.get(enrolment.subject)
        if enrolment.subject in gallery and known == mark != _INCOMPLETE:
            done.reused += 1
        else:
            new.append((enrolment, mark))
    return new


def _again(gallery: Gallery, enrolment: Enrolment, person: _Person, done: EnrolmentReport) -> bool:
    """Is what is enrolled of this subject just what its files say?"""
    held = gallery.get(enrolment.subject)
    reason = "the gallery has other prints of this subject"
    others = {
        person.files[one]: None
        for one, made in person.templates.items()
        if not _same(made, held.get(one))
    }
    if others:
        done.skipped += [Skipped(path, "subject-exists", reason) for path in others]
        return False
    done.reused += bool(person.templates)
    return person.whole


def _same(one: Template, other: Template | None) -> bool:
    return other is not None and encode(one) == encode(other)


def _enroll(
    gallery: Gallery, batch: list[_Ready], sources: SourceDigests | None, done: EnrolmentReport
) -> None:
    """One transaction. Killed in the middle, its digest says that it has to be done again."""
    if sources is not None:
        sources.write([(subject, _INCOMPLETE) for subject, _, _ in batch])
    gallery.enroll_many(
        [(subject, templates) for subject, templates, _ in batch], replace=sources is not None
    )
    if sources is not None:
        sources.write([(subject, mark) for subject, _, mark in batch])
    done.enrolled += len(batch)
    batch.clear()


def _files(enrolments: list[tuple[Enrolment, str]]) -> Iterator[tuple[Position, Path]]:
    for enrolment, _ in enrolments:
        yield from enrolment.files.items()


def _mark(enrolment: Enrolment, dpi: float | None) -> str:
    try:
        return digest(enrolment, dpi)
    except OSError:
        return _INCOMPLETE  # extraction will say what is wrong with the file
