"""Who is in a gallery, and how that is changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from civid.errors import (
    GalleryError,
    SubjectExistsError,
    SubjectIdError,
    SubjectNotFoundError,
    TemplateError,
)
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.arrays import encoding
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.slices import Progress, thread_count
from civid.search.fingers import (
    Fingers,
    FingerSet,
    encoded,
    encoded_many,
    finger_set,
    placed,
    subject_id,
)
from civid.search.metadata import NOTHING, Metadata, MetadataLike, metadata_of, tag_given
from civid.search.store.background import BackgroundCompactor
from civid.search.store.base import Store, Transaction
from civid.search.subject_directory import SubjectDirectory, batches

#: From the fingers of a subject, as they are kept, to those that it shall have.
ChangeOf = Callable[[dict[int, bytes]], dict[int, bytes]]


@dataclass(slots=True)
class _Change:
    transaction: Transaction
    names: list[str] = field(default_factory=list)
    sequences: list[int] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


class GalleryEnrolment:
    """The changing half of `Gallery`."""

    _store: Store
    _writer: threading.RLock
    _shown: SubjectDirectory
    _compactor: BackgroundCompactor | None
    _generation: int
    _busy: int

    @property
    def _directory(self) -> SubjectDirectory:
        raise NotImplementedError

    def _open_only(self) -> None:
        raise NotImplementedError

    def _catch_up(self) -> bool:
        raise NotImplementedError

    def _sequence(self, subject: str) -> int:
        raise NotImplementedError

    # ---- one subject

    def get(self, subject: str) -> dict[Position, Template]:
        """The templates of a subject, exactly as they were enrolled.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject (any more).
        GalleryDamagedError
            What is stored of it fails its checks.
        """
        with self._writer:
            self._open_only()
            records = self._store.get(self._sequence(subject))
            if records is None:
                raise SubjectNotFoundError("this subject was removed; refresh() the gallery")
        return {Position(position): encoding.decode(data) for position, data in records}

    def enroll(
        self,
        subject: str,
        fingers: Fingers,
        *,
        replace: bool = False,
        metadata: MetadataLike | None = None,
    ) -> None:
        """Add a subject; when this returns, a durable gallery has it on the disk.

        Parameters
        ----------
        subject : str
            1 to 128 characters without control characters. Kept as it is.
        fingers : Template or mapping of Position to Template
            A bare template is a finger of unknown position.
        replace : bool
            A subject of this id that is there already is removed in the same step, its metadata
            with it.
        metadata : Metadata or mapping, optional
            To be kept with the subject; see `set_metadata`.

        Raises
        ------
        SubjectExistsError
            It is enrolled already; nothing was changed.
        SubjectIdError, TemplateError, FieldError
            The id, the templates or the metadata cannot be used; nothing was changed.
        GalleryStorageError
            The disk is full or cannot be written; nothing was changed.
        """
        self.enroll_many(
            [(subject, fingers)],
            replace=replace,
            metadata=None if metadata is None else {subject: metadata},
        )

    def enroll_many(
        self,
        subjects: Iterable[tuple[str, Fingers]] | Mapping[str, Fingers],
        *,
        replace: bool = False,
        metadata: Mapping[str, MetadataLike] | None = None,
        threads: int | None = None,
        on_progress: Progress | None = None,
    ) -> int:
        """Add subjects in one transaction: all of them, or none when one cannot be.

        Parameters
        ----------
        subjects : iterable of (id, fingers), or mapping
            As for `enroll`. It may be a generator; it must not change this gallery.
        replace : bool
            As for `enroll`.
        metadata : mapping of id to Metadata or mapping, optional
            To be kept with those of the subjects that are named in it.
        threads : int, optional
            To prepare templates with; as many as the process may use, unless given.
        on_progress : callable
            Called with (done, total); total is `done` where `subjects` has no length.

        Returns
        -------
        int
            How many were added.

        Raises
        ------
        SubjectExistsError
            One is enrolled already or comes twice; the message tells its place, from 0, and
            ``subject_id`` says which.
        TemplateError, SubjectIdError
            Fingers or an id cannot be; the message tells its place.
        """
        items = subjects.items() if isinstance(subjects, Mapping) else subjects
        total = len(items) if isinstance(items, Sized) else None
        workers = thread_count(threads)
        with self._changing() as change:
            taken: set[str] = set()
            for batch in batches(items):
                names, sets = list[str](), list[FingerSet]()
                for place, (name, fingers) in enumerate(batch, len(change.names)):
                    try:
                        sets.append(finger_set(fingers))
                        names.append(subject_id(name))
                    except (TemplateError, SubjectIdError) as error:
                        if total == 1:
                            raise
                        raise placed(error, "subject", place) from error
                there = self._shown.sequences_of(names)
                replaced: list[int] = []
                for place, name in enumerate(names, len(change.names)):
                    if name in taken or (name in there and not replace):
                        which = "the subject" if total == 1 else f"subject {place} of this call"
                        raise SubjectExistsError(f"{which} is enrolled already", subject_id=name)
                    if name in there:
                        replaced.append(there[name])
                        change.removed.append(name)
                    taken.add(name)
                if replaced:
                    change.transaction.remove_many(replaced)
                subjects_of, made = encoded_many(sets)
                first = change.transaction.add_many(list(zip(names, subjects_of, strict=True)))
                for i, name in enumerate(names if metadata else ()):
                    if metadata and name in metadata:
                        change.transaction.set_metadata(first + i, metadata_of(metadata[name]))
                change.names += names
                change.sequences += range(first, first + len(names))
                self._shown.index.append(names, subjects_of, workers, made)
                if on_progress is not None:
                    done = len(change.names)
                    on_progress(done, done if total is None else total)
        return len(change.names)

    def remove(self, subject: str) -> None:
        """Remove a subject; its bytes are overwritten in the database and leave its log.

        While another process reads, old bytes can stay in the log until it has finished and this
        gallery is changed again or closed.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject.
        """
        self.remove_many([subject])

    def remove_many(self, subjects: Iterable[str]) -> None:
        """Remove subjects in one transaction: all of them, or none when one is not here."""
        with self._changing() as change:
            sequences: dict[str, int] = {}
            for name in subjects:
                sequence = self._sequence(name)
                if name in sequences:
                    raise SubjectNotFoundError("a subject to remove is named twice")
                sequences[name] = sequence
            change.transaction.remove_many(list(sequences.values()))
            change.removed += sequences

    # ---- a part of a subject

    def put_finger(self, subject: str, position: Position, template: Template) -> None:
        """Add a finger to a subject, or replace the one of this position.

        The subject keeps its other fingers and its metadata. In the order of enrolment it comes
        last from now on, as after ``enroll(replace=True)``.

        Parameters
        ----------
        subject : str
        position : Position
            UNKNOWN is a position, too: a subject has at most one finger of it.
        template : Template

        Raises
        ------
        SubjectNotFoundError
            There is no such subject.
        TemplateError
            Not a position, or not a template; nothing was changed.

        >>> from civid import Gallery, Position, Template
        >>> gallery = Gallery()
        >>> print_of_a = Template([(9 * i, 8 * i, 0.1 * i, 1, 60) for i in range(20)], 60, 200, 200)
        >>> gallery.enroll("a", {Position.RIGHT_INDEX: print_of_a})
        >>> gallery.put_finger("a", Position.LEFT_INDEX, print_of_a)
        >>> [position.word for position in gallery.get("a")]
        ['right-index', 'left-index']
        """
        ((place, data),) = encoded({position: template})
        self._refinger(subject, lambda fingers: fingers | {place: data})

    def remove_finger(self, subject: str, position: Position) -> None:
        """Remove one finger of a subject, which has others; see `put_finger` and `remove`.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject, or it has no finger of this position.
        TemplateError
            It is the only one: remove the subject.
        """

        def without(fingers: dict[int, bytes]) -> dict[int, bytes]:
            if position not in fingers:
                raise SubjectNotFoundError("this subject has no finger of this position")
            if len(fingers) == 1:
                raise TemplateError("the only finger of a subject cannot be removed: remove it all")
            return {place: data for place, data in fingers.items() if place != position}

        self._refinger(subject, without)

    def _refinger(self, subject: str, change_of: ChangeOf) -> None:
        self._refinger_many([(subject, change_of)])

    def _refinger_many(self, changes: Iterable[tuple[str, ChangeOf]]) -> None:
        """Change fingers of subjects, each named once, in one transaction: of all, or of none."""
        with self._changing() as change:
            names: list[str] = []
            made: list[EncodedFingers] = []
            for subject, change_of in changes:
                before = self._sequence(subject)
                records = self._store.get(before)
                if records is None:
                    raise SubjectNotFoundError("no such subject in this gallery")
                fingers: EncodedFingers = tuple(sorted(change_of(dict(records)).items()))
                metadata = change.transaction.metadata(before)
                change.transaction.remove(before)
                change.removed.append(subject)
                sequence = change.transaction.add(subject, fingers)
                if metadata:
                    change.transaction.set_metadata(sequence, metadata)
                change.names.append(subject)
                change.sequences.append(sequence)
                names.append(subject)
                made.append(fingers)
            self._shown.index.append(names, made)

    def _stored(self, subject: str) -> dict[int, bytes] | None:
        """What is kept of a subject, as it is kept; None = it is not here (any more)."""
        with self._writer:
            self._open_only()
            sequence = self._directory.sequence(subject)
            records = None if sequence is None else self._store.get(sequence)
        return None if records is None else dict(records)

    def metadata(self, subject: str) -> Metadata:
        """What is kept of a subject beside the fingers, as of now; empty where nothing is.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject (any more).
        GalleryDamagedError
            What is stored of it fails its checks.
        """
        with self._writer:
            self._open_only()
            return self._store.metadata(self._sequence(subject)) or NOTHING

    def set_metadata(self, subject: str, metadata: MetadataLike) -> None:
        """Keep a few values and tags of a subject, instead of those that it had; ``{}`` = none.

        They are stored, and encrypted, as the fingers are, and leave with the subject. At most
        2048 bytes of a subject: the rest belongs into a register.

        Parameters
        ----------
        subject : str
        metadata : Metadata or mapping of str to str, int, float, bool or None
            A mapping has no tags.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject.
        FieldError
            A key, value or tag cannot be kept; nothing was changed.

        >>> from civid import Gallery, Template
        >>> from civid.search import Metadata
        >>> gallery = Gallery()
        >>> print_of_a = Template([(9 * i, 8 * i, 0.1 * i, 1, 60) for i in range(20)], 60, 200, 200)
        >>> gallery.enroll("a", print_of_a)
        >>> gallery.set_metadata("a", Metadata({"unit": "079"}, tags=["border"]))
        >>> gallery.metadata("a").values["unit"], len(gallery.search(print_of_a, tag="border"))
        ('079', 1)
        """
        self.set_metadata_many({subject: metadata})

    def set_metadata_many(self, metadata: Mapping[str, MetadataLike]) -> None:
        """`set_metadata` of many in one transaction: all, or none when one cannot be."""
        with self._changing() as change:
            for subject, given in metadata.items():
                change.transaction.set_metadata(self._sequence(subject), metadata_of(given))

    def _tagged(self, tag: str) -> npt.NDArray[np.int64]:
        with self._writer:
            self._open_only()
            return self._store.tagged(tag_given(tag))

    def _changes_itself(self) -> None:
        if self._busy == threading.get_ident():  # an iterator of enroll_many does
            raise GalleryError("a gallery cannot be changed from inside its own enroll_many")

    @contextmanager
    def _changing(self) -> Iterator[_Change]:
        with self._writer:
            self._open_only()
            self._changes_itself()
            self._catch_up()
            self._busy = threading.get_ident()
            change: _Change | None = None
            try:
                with self._store.transaction() as transaction:
                    change = _Change(transaction)
                    yield change
            finally:
                self._busy = 0
                if change is not None and change.transaction.committed:
                    self._shown.publish(change.names, change.sequences, change.removed)
                    self._shown.apply_tombstones(self._store.segments())
                    self._generation = self._store.generation
                    if self._compactor is not None:
                        self._compactor.look()
                else:
                    self._shown.index.discard()
