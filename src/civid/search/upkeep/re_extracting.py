"""Extract again what a gallery holds, from the images that were kept: after a change of extractor.

A finger is due where its template says another extractor than today's. What is done says today's,
so nothing has to be noted beside the gallery: killed at any moment, the same call goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from civid.errors import CividError
from civid.fingerprint.compare import compare
from civid.fingerprint.gate import Gate, Looked
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters, extractor_name
from civid.fingerprint.quality import examine
from civid.fingerprint.scores.extractors import SAME_FINGER
from civid.position import Position
from civid.problems import explain
from civid.search.arrays import encoding
from civid.search.arrays.slices import Progress, run_slices, thread_count
from civid.search.enrolment import ChangeOf
from civid.search.gallery import Gallery
from civid.search.parameters.meaning import check_score
from civid.search.store.sqlite_store import SqliteStore

#: Subjects of one transaction, as in enrolment: a durable gallery waits for the disk once for each.
_BATCH = 32


class Unusable(NamedTuple):
    """Why an image that was kept cannot be used.

    Attributes
    ----------
    code : str
        For programs; those of `civid.problems.Problem`, or of your own.
    detail : str
        For people.
    """

    code: str
    detail: str = ""


class Left(NamedTuple):
    """A finger that was due and keeps the template that it had.

    Attributes
    ----------
    subject : str
    position : Position
    extractor : str
        Of that template; "" = not known.
    code : str
        ``"no-image"``; ``"no-minutiae"`` or ``"poor-print"``; ``"other-finger"``: what was
        extracted is not like what is held; ``"changed-meanwhile"``, by somebody else; or why the
        image cannot be read, as in `Unusable`.
    detail : str
        The same for people.
    """

    subject: str
    position: Position
    extractor: str
    code: str
    detail: str = ""


#: What was kept of a finger: its image, a print that was extracted already (as by
#: `civid.read_upload`), or why it cannot be used.
Kept = FingerImage | Looked | Unusable
#: Asked, in several threads, for those of one subject that are due; what it leaves out has no
#: image.
Images = Callable[[str, frozenset[Position]], Mapping[Position, Kept]]


@dataclass(slots=True)
class ReExtraction:
    """What `re_extract` did, or found.

    Attributes
    ----------
    extractor : str
        Today's name.
    subjects, fingers : int
        Who and what was due.
    current : int
        Fingers that were not: by this extractor already.
    changed_subjects, changed : int
        Subjects that got new templates, and how many.
    same : int
        Fingers of which extraction gave, to the bit, what was there (with `every`).
    left : dict of str to int
        How many of the due fingers keep their old template, by the code of `Left`.
    """

    extractor: str
    subjects: int = 0
    fingers: int = 0
    current: int = 0
    changed_subjects: int = 0
    changed: int = 0
    same: int = 0
    left: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


class Outdated(NamedTuple):
    """A subject with fingers that are due, each with the extractor of its template."""

    subject: str
    fingers: dict[Position, str]


def outdated(
    gallery: Gallery, parameters: ExtractionParameters | None = None, *, every: bool = False
) -> Iterator[Outdated]:
    """Whose fingers are due: their templates say another extractor than today's, or none.

    Parameters
    ----------
    gallery : Gallery
        May be open to read.
    parameters : ExtractionParameters, optional
        Of the extraction; their name is part of the extractor's.
    every : bool
        All fingers.

    Yields
    ------
    Outdated
        In the order of enrolment; whoever is removed meanwhile is left out.

    >>> [one.subject for one in outdated(Gallery())]
    []
    """
    wanted = extractor_name(parameters)
    for subject in list(gallery):
        due = _due(gallery, subject, wanted, every)[0]
        if due:
            yield Outdated(
                subject, {Position(one): encoding.extractor(data) for one, data in due.items()}
            )


def re_extract(
    gallery: Gallery,
    images: Images,
    *,
    parameters: ExtractionParameters | None = None,
    every: bool = False,
    gate: Gate | None = None,
    min_score: float = SAME_FINGER,
    threads: int | None = None,
    on_progress: Progress | None = None,
    on_left: Callable[[Left], None] | None = None,
) -> ReExtraction:
    """Extract again, from images that were kept, what another extractor has made.

    The due fingers of a subject change together. Other fingers, metadata and encryption stay. As
    after `Gallery.put_finger`, whoever changed comes last in the order of enrolment, in the order
    that they had among themselves: when everybody changes, the order is what it was.

    Subjects are written 32 at a time. Killed at any moment, or interrupted, the same call goes on,
    and the gallery is in the end, order included, what one call would have made of it.

    Parameters
    ----------
    gallery : Gallery
        Open to write. Others may search and change it meanwhile.
    images : callable
        ``images(subject, positions)`` -> mapping of those positions to a `FingerImage`, to a print
        that was extracted already, or to `Unusable`; see
        `civid.dedup.folder.kept_prints.KeptPrints` for a folder. It is called in several threads.
        An error that it raises about a file stands for all of these fingers.
    parameters : ExtractionParameters, optional
        As for `civid.extract`.
    every : bool
        Fingers of today's extractor, too. A template that comes out the same, to the bit, is not
        written.
    gate : Gate, optional
        A print that it does not accept is left; one without minutiae always is.
    min_score : float
        What the new template has to score against the old one. It keeps a picture that is somebody
        else's, or was turned or rescaled, from taking the place of a good template. 0 = do not ask.
    threads : int, optional
        To read and extract with; as many as the process may use, unless given.
    on_progress : callable
        Called with (done, total) of the due fingers.
    on_left : callable
        Called with each finger that keeps its old template.

    Returns
    -------
    ReExtraction

    Raises
    ------
    SearchError
        `min_score` or `threads` make no sense.
    GalleryReadOnlyError
        It was opened to be read; nothing was read or extracted.
    GalleryStorageError
        The disk is full or cannot be written; what was changed until then stays.

    Notes
    -----
    In memory are the ids of all, and the images of one subject a thread. Old templates lie,
    unseen, in segments until these are written anew (`Gallery.compact`, ``purge``).

    Examples
    --------
    >>> from civid import Template
    >>> rows = [(9 * i, 8 * i, 0.1 * i, 1, 60) for i in range(20)]
    >>> gallery = Gallery()
    >>> gallery.enroll("a", Template(rows, 60, 200, 200, "civid-classical/0"))
    >>> re_extract(gallery, lambda subject, positions: {}).left
    {'no-image': 1}
    """
    check_score(min_score)
    if isinstance(gallery._store, SqliteStore):
        gallery._store.may_write()
    work = _Work(images, extractor_name(parameters), parameters, gate, min_score)
    done = ReExtraction(work.extractor)
    names: list[str] = []
    for subject in list(gallery):
        due, others = _due(gallery, subject, work.extractor, every)
        done.current += others
        if due:
            names.append(subject)
            done.fingers += len(due)
    done.subjects = len(names)
    told = _Told(done, on_left)
    batch: list[_Subject] = []
    seen = 0
    asked = (
        _Asked(subject, due)
        for subject in names
        if (due := _due(gallery, subject, work.extractor, every)[0])
    )
    for one in run_slices(work, asked, thread_count(threads)):
        told.take(one)
        if one.fresh:
            batch.append(one)
        if len(batch) == _BATCH:
            _write(gallery, batch, told)
        seen += len(one.due)
        if on_progress is not None:
            on_progress(seen, done.fingers)
    _write(gallery, batch, told)
    done.left = dict(told.left.most_common())
    return done


class _Asked(NamedTuple):
    subject: str
    #: The due fingers, as they are kept.
    due: dict[int, bytes]


class _Subject(NamedTuple):
    subject: str
    due: dict[int, bytes]
    fresh: dict[int, bytes]
    same: int
    left: list[Left]


@dataclass(slots=True)
class _Told:
    """Counts, and tells of each finger that is left."""

    done: ReExtraction
    on_left: Callable[[Left], None] | None
    left: Counter[str] = field(default_factory=Counter)

    def take(self, one: _Subject) -> None:
        self.done.same += one.same
        for finger in one.left:
            self.leave(finger)

    def leave(self, finger: Left) -> None:
        self.left[finger.code] += 1
        if self.on_left is not None:
            self.on_left(finger)


def _due(gallery: Gallery, subject: str, wanted: str, every: bool) -> tuple[dict[int, bytes], int]:
    """The due fingers of a subject, as they are kept, and how many others it has."""
    fingers = gallery._stored(subject) or {}
    due = {
        position: data
        for position, data in fingers.items()
        if encoding.count(data) >= 0 and (every or encoding.extractor(data) != wanted)
    }
    return due, len(fingers) - len(due)


@dataclass(frozen=True, slots=True)
class _Work:
    """From a subject's images to its new templates; called in several threads."""

    images: Images
    extractor: str
    parameters: ExtractionParameters | None
    gate: Gate | None
    min_score: float

    def __call__(self, asked: _Asked) -> _Subject:
        fresh: dict[int, bytes] = {}
        left: list[Left] = []
        same = 0
        positions = frozenset(map(Position, asked.due))
        kept: Mapping[Position, Kept]
        try:
            kept = self.images(asked.subject, positions)
        except (CividError, OSError) as error:
            kept = dict.fromkeys(positions, _reason(error))
        for number, held in asked.due.items():
            position = Position(number)
            made = self._template(kept.get(position, Unusable("no-image")), held)
            if isinstance(made, Unusable):
                name = encoding.extractor(held)
                left.append(Left(asked.subject, position, name, *made))
            elif made == held:
                same += 1
            else:
                fresh[number] = made
        return _Subject(asked.subject, asked.due, fresh, same, left)

    def _template(self, kept: Kept, held: bytes) -> bytes | Unusable:
        """What is to be kept instead of `held`, or why not."""
        if isinstance(kept, Unusable):
            return kept
        if isinstance(kept, FingerImage):
            try:
                kept = examine(kept, self.parameters)
            except CividError as error:
                return _reason(error)
        made = kept.template
        if made.extractor != self.extractor:
            return Unusable("no-image", "what was kept is a template, or of other parameters")
        if not len(made):
            return Unusable("no-minutiae", "no fingerprint was found in it")
        if self.gate is not None and not (verdict := self.gate.judge(kept)).accepted:
            return Unusable("poor-print", verdict.explained())
        before = encoding.decode(held)
        if self.min_score > 0 and len(before):
            score = compare(made, before).score
            if score < self.min_score:
                return Unusable(
                    "other-finger",
                    f"scores {score:.1f} against what is held; {self.min_score:g} is wanted",
                )
        return encoding.encode(made)


def _reason(error: CividError | OSError) -> Unusable:
    problem = explain(error)
    return Unusable("unreadable-image", str(error)) if problem is None else Unusable(
        problem.code, problem.message
    )  # fmt: skip


def _write(gallery: Gallery, batch: list[_Subject], told: _Told) -> None:
    """One transaction; whose fingers somebody else has changed meanwhile keeps them."""
    with gallery._writer:
        changes: list[tuple[str, ChangeOf]] = []
        for one in batch:
            now = gallery._stored(one.subject) or {}
            if any(now.get(number) != one.due[number] for number in one.fresh):
                for number in one.fresh:
                    name = encoding.extractor(one.due[number])
                    told.leave(Left(one.subject, Position(number), name, "changed-meanwhile"))
                continue
            changes.append((one.subject, _instead(one.fresh)))
            told.done.changed_subjects += 1
            told.done.changed += len(one.fresh)
        if changes:
            gallery._refinger_many(changes)
    batch.clear()


def _instead(fresh: dict[int, bytes]) -> ChangeOf:
    return lambda fingers: fingers | fresh
