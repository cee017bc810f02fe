"""Put the enrolments of a folder into a gallery."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from civid.dedup.folder.grouping import Enrolment, Skipped
from civid.dedup.folder.outcomes import Outcome
from civid.dedup.folder.prints import Prints, load_many, no_print
from civid.dedup.folder.source_digests import SourceDigests, digest
from civid.fingerprint.compare import compare
from civid.fingerprint.gate import Gate
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.scores.extractors import SAME_FINGER
from civid.fingerprint.template import Template
from civid.fingerprint.upload import UploadedPrint
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
    reused: int = 0  #: subjects that were in the gallery with the same prints
    extended: int = 0  #: subjects that were there and got a finger more
    prints: int = 0  #: that were put into the gallery
    #: Who found the minutiae of those, by name, and of how many; "" = a record that does not say.
    extractors: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    failed: Problem | None = None  #: the first file that could not be read
    outcomes: list[Outcome] = field(default_factory=list)  #: one a print, in the order of files

    @property
    def present(self) -> int:
        """How many subjects of the folder are in the gallery now."""
        return self.enrolled + self.reused + self.extended


@dataclass(slots=True)
class Person:
    """What the files of one enrolment hold: a template a finger, by one rule for all files."""

    enrolment: Enrolment
    gate: Gate | None
    done: EnrolmentReport
    prints: dict[Position, UploadedPrint] = field(default_factory=dict)
    files: dict[Position, Path] = field(default_factory=dict)
    whole: bool = True  #: nothing of them was left out

    @property
    def templates(self) -> dict[Position, Template]:
        return {position: one.template for position, one in self.prints.items()}

    def take(self, path: Path, prints: Prints) -> Problem | None:
        """Add the prints of a file; gives what is wrong where none of them can be used.

        A finger that another file has already is left out, and so is a print that the gate
        refuses; both are listed.
        """
        found = [one for one in prints if len(one.template)]
        if not found:
            return no_print(path, prints[0].image if prints else None)
        if len(found) < len(prints):
            reason = f"no fingerprint was found for {len(prints) - len(found)} of its fingers"
            self.leave(path, "no-minutiae", reason)
        for one in found:
            verdict = None if self.gate is None else self.gate.judge(one)
            if verdict is not None and not verdict.accepted:
                advice = " ".join(verdict.advice())
                self.leave(path, "poor-print", verdict.explained(), one, f". {advice}")
            elif one.position in self.prints:
                name = self.files[one.position].name
                self.leave(
                    path, "same-finger", f"{name} is the same finger of the same enrolment", one
                )
            else:
                self.prints[one.position], self.files[one.position] = one, path
        return None

    def leave(
        self, path: Path, code: str, reason: str, print_: UploadedPrint | None = None,
        advice: str = "",
    ) -> None:  # fmt: skip
        """A print or file takes no part."""
        self.whole = False
        self.done.skipped.append(Skipped(path, code, reason + advice))
        detail = reason.removeprefix(f"{path}: ")
        self.done.outcomes.append(
            Outcome.of(path, self.enrolment.subject, print_, code, detail, self.gate)
        )

    def keep(self) -> None:
        """What was taken is in the gallery."""
        self.done.outcomes += [
            Outcome.of(self.files[position], self.enrolment.subject, one, gate=self.gate)
            for position, one in self.prints.items()
        ]

    def forget(self) -> None:
        """The images: a batch waits with its templates alone."""
        self.prints = {
            position: UploadedPrint(position, None, one.template, one.report)
            for position, one in self.prints.items()
        }


def enroll_prints(
    gallery: Gallery,
    enrolments: list[Enrolment],
    *,
    sources: SourceDigests | None = None,
    dpi: float | None,
    threads: int,
    progress: Progress,
    strict: bool = False,
    gate: Gate | None = None,
    parameters: ExtractionParameters | None = None,
) -> EnrolmentReport:
    """Extract and enrol; with the digests of its sources only what the gallery does not hold.

    A subject that the gallery has already counts as reused where its prints are just those of the
    files, and gets the fingers that it does not have yet. A print that the gallery has by another
    extractor is the same where the two are of one finger. Where one of its fingers differs, none
    is added, and its files are skipped: somebody may have taken another's id. With digests, the
    gallery is one of this folder: a subject from elsewhere gets no fingers either.

    An enrolment keeps the prints that can be read and that the gate takes; the others are listed.
    With ``strict`` an unreadable one ends the work.
    """
    done = EnrolmentReport()
    new = _choose(gallery, enrolments, sources, dpi, parameters, done)
    total = sum(len(enrolment.files) for enrolment, _ in new)
    seen = 0
    batch = list[tuple[Person, str]]()
    results = load_many(_files(new), dpi, threads, parameters)
    for enrolment, mark in new:
        person = Person(enrolment, gate, done)
        for _ in enrolment.files:
            path, found = next(results)
            seen += 1
            problem = found if isinstance(found, Problem) else person.take(path, found)
            if problem is not None:
                if strict:
                    results.close()
                    raise problem
                done.failed = done.failed or problem
                person.leave(path, problem.code, problem.message)
            progress(seen, total)
        known = None if sources is None else sources.get(enrolment.subject)
        if known is None and enrolment.subject in gallery:
            if _again(gallery, person, add=sources is None) and sources is not None:
                sources.write([(enrolment.subject, mark)])
            continue
        if person.prints:
            person.forget()
            batch.append((person, mark if person.whole else _INCOMPLETE))
        if len(batch) == _BATCH:
            _enroll(gallery, batch, sources, done)
    _enroll(gallery, batch, sources, done)
    return done


def _choose(
    gallery: Gallery,
    enrolments: list[Enrolment],
    sources: SourceDigests | None,
    dpi: float | None,
    parameters: ExtractionParameters | None,
    done: EnrolmentReport,
) -> list[tuple[Enrolment, str]]:
    """Those that have to be extracted, each with the digest of its files."""
    new = list[tuple[Enrolment, str]]()
    for enrolment in enrolments:
        mark = _INCOMPLETE if sources is None else _mark(enrolment, dpi, parameters)
        known = None if sources is None else sources.get(enrolment.subject)
        if enrolment.subject in gallery and known == mark != _INCOMPLETE:
            done.reused += 1
        else:
            new.append((enrolment, mark))
    return new


def _again(gallery: Gallery, person: Person, *, add: bool) -> bool:
    """Add the fingers that the gallery lacks of a subject; False = not all of its files are in."""
    subject, done = person.enrolment.subject, person.done
    held = gallery.get(subject)
    templates = person.templates
    if not templates:
        return False
    others = templates if not add else templates.keys() & held.keys()
    if any(not _same(templates[one], held.get(one)) for one in others):
        reason = "the gallery has other prints of this subject"
        for position, path in person.files.items():
            if _same(templates[position], held.get(position)):
                done.outcomes.append(Outcome.of(path, subject, person.prints[position]))
            else:
                person.leave(path, "subject-exists", reason, person.prints[position])
        return False
    lacking = [position for position in templates if position not in held]
    for position in lacking:
        gallery.put_finger(subject, position, templates[position])
    done.prints += len(lacking)
    done.extractors.update(templates[position].extractor for position in lacking)
    done.extended += bool(lacking)
    done.reused += not lacking
    person.keep()
    return person.whole


def _same(one: Template, held: Template | None) -> bool:
    """The same template; where today's extraction is another, a print of the same finger."""
    if held is None or not one.extractor or one.extractor == held.extractor:
        return held is not None and encode(one) == encode(held)
    return compare(one, held).score >= SAME_FINGER


def _enroll(
    gallery: Gallery,
    batch: list[tuple[Person, str]],
    sources: SourceDigests | None,
    done: EnrolmentReport,
) -> None:
    """One transaction. Killed in the middle, its digest says that it has to be done again."""
    if not batch:
        return
    ready = [(person.enrolment.subject, person.templates) for person, _ in batch]
    if sources is not None:
        sources.write([(subject, _INCOMPLETE) for subject, _ in ready])
    gallery.enroll_many(ready, replace=sources is not None)
    if sources is not None:
        sources.write([(person.enrolment.subject, mark) for person, mark in batch])
    done.enrolled += len(batch)
    for person, _ in batch:
        done.prints += len(person.prints)
        done.extractors.update(one.extractor for one in person.templates.values())
        person.keep()
    batch.clear()


def _files(enrolments: list[tuple[Enrolment, str]]) -> Iterator[tuple[Position, Path]]:
    for enrolment, _ in enrolments:
        yield from enrolment.files.items()


def _mark(enrolment: Enrolment, dpi: float | None, parameters: ExtractionParameters | None) -> str:
    try:
        return digest(enrolment, dpi, parameters)
    except OSError:
        return _INCOMPLETE  # extraction will say what is wrong with the file
