"""What can be asked of a gallery: who is this, and who is here twice?"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from civid.errors import SearchError, SubjectNotFoundError
from civid.position import Position
from civid.search.arrays.packing import view_of
from civid.search.arrays.parts import View
from civid.search.arrays.slices import Progress, run_slices, thread_count
from civid.search.backends.base import Backend, PairsQuery, Question, Questions, SearchQuery
from civid.search.backends.many.searches import search_many, search_several
from civid.search.checkpoint import Checkpoint, backend_key
from civid.search.evidence import candidates_of, compared, duplicates_of, how_compared
from civid.search.filters import check_slot, slot_of
from civid.search.fingers import Fingers, FingerSet, finger_set, finger_sets
from civid.search.parameters.explaining import GalleryExplaining
from civid.search.parameters.meaning import (
    How,
    checkpoint_key,
    how_of,
    least_score,
    rules_of,
    whole_limit,
)
from civid.search.parameters.searching import SearchParameters
from civid.search.results import Candidate, Duplicate, Verification
from civid.search.subject_directory import SubjectDirectory


class GalleryQueries(GalleryExplaining):
    """The asking half of `Gallery`."""

    def search(
        self,
        probe: Fingers,
        limit: int | None = 10,
        *,
        min_score: float = 0.0,
        max_fpir: float | None = None,
        swapped: bool = False,
        pairs: bool = False,
        among: Iterable[str] | None = None,
        without: Iterable[str] = (),
        tag: str | None = None,
        threads: int | None = None,
        on_progress: Progress | None = None,
    ) -> list[Candidate]:
        """Who is this? Compare a probe with the gallery (1:N).

        Fingers of the same known position are compared; an unknown finger with those left over,
        the best counting, corrected for the choice. Subjects without a finger to compare are not
        candidates. How much of a large gallery is compared in full is the backend's choice
        (``docs/explain/search.md``); the scores are the same with all of them.

        Parameters
        ----------
        probe : Template or mapping of Position to Template
            A bare template is a finger of unknown position.
        limit : int or None
            Most candidates to return; None = all that the backend has.
        min_score : float
            Least score of a candidate.
        max_fpir : float, optional
            Least score such that a probe of nobody here finds a candidate at most this often.
        swapped : bool
            Find mixed hands and exchanged fingers, too: compares every finger with every other.
        pairs : bool
            Fill in `FingerEvidence.minutiae`.
        among : iterable of str, optional
            Look among these subjects only. Ids that are not enrolled are passed over.
        without : iterable of str
            Do not look at these subjects.
        tag : str, optional
            Look among the subjects with this tag only (`set_metadata`).
        threads : int, optional
            As many as the process may use, unless given. The answer does not depend on it.
        on_progress : callable
            Called with (done, total) subjects.

        Returns
        -------
        list of Candidate
            Best first; the one enrolled first among equals. `max_fpir`, `Candidate.fpir` and
            `Candidate.searched` are of those among whom the probe was looked for.

        Raises
        ------
        SearchError
            limit, min_score, max_fpir, among, without or threads make no sense.
        TemplateError
            The probe is not a template, or not a mapping of position to template.
        GalleryDamagedError
            What would have been compared fails its checks.
        """
        (found,) = self.search_many(
            [probe],
            limit,
            min_score=min_score,
            max_fpir=max_fpir,
            swapped=swapped,
            pairs=pairs,
            among=among,
            without=without,
            tag=tag,
            threads=threads,
            on_progress=on_progress,
        )
        return found

    def search_many(
        self,
        probes: Iterable[Fingers],
        limit: int | None = 10,
        *,
        min_score: float = 0.0,
        max_fpir: float | None = None,
        swapped: bool = False,
        pairs: bool = False,
        among: Iterable[str] | None = None,
        without: Iterable[str] = (),
        tag: str | None = None,
        threads: int | None = None,
        on_progress: Progress | None = None,
    ) -> list[list[Candidate]]:
        """`search` for several probes at once: the same answers, sooner.

        All look at the gallery as it was when the call began. An exact search unpacks each
        reference once for all probes, inverted lists are gone through by some together, and of a
        scan threads take a probe each (``docs/explain/gallery.md``). Keep a call to some hundred
        probes: what it finds is in memory until it returns.

        Parameters
        ----------
        probes : iterable of Template or mapping
            As for `search`.
        limit, min_score, max_fpir, swapped, pairs, among, without, tag, threads
            As for `search`, of each probe.
        on_progress : callable
            Called with (done, total) probes; of a single probe with subjects.

        Returns
        -------
        list of list of Candidate
            By probe, in the order given.

        Raises
        ------
        TemplateError
            A probe is none; the message tells its place, from 0. None was searched.

        >>> from civid import Gallery, Template
        >>> gallery = Gallery()
        >>> print_of_a = Template([(9 * i, 8 * i, 0.1 * i, 1, 60) for i in range(20)], 60, 200, 200)
        >>> gallery.enroll("a", print_of_a)
        >>> [len(found) for found in gallery.search_many([print_of_a, print_of_a])]
        [1, 1]
        """
        self._open_only()
        sets = finger_sets(probes)
        own = [view_of(one) for one in sets]
        backend, parameters = self._how
        how = how_of(parameters)
        directory = self._directory
        view = self._filter(among, without, tag).view(directory)
        try:
            query = SearchQuery(
                limit=whole_limit(limit, view),
                min_score=least_score(min_score, max_fpir, view.living, parameters),
                threads=thread_count(threads),
                on_progress=on_progress,
                rules=rules_of(parameters, swapped),
            )
            found = (
                [backend.search(own[0], view, query)]
                if len(own) == 1
                else search_many(backend, own, view, query)
            )
            answers = run_slices(
                partial(candidates_of, view, query.rules, pairs),
                ((one, how, hits) for one, hits in zip(own, found, strict=True)),
                query.threads,
            )
            return list(answers)
        finally:
            del view
            directory.index.wipe()

    def verify_subject(
        self, subject: str, probe: Fingers, *, swapped: bool = False, pairs: bool = False
    ) -> Verification:
        """Is this the enrolled subject that they say they are? Compare with one (1:1).

        The score is that of a search that finds the subject, and no other subject is looked at. It
        is the chance for one comparison: 30 says that one in a thousand others would reach it.

        Parameters
        ----------
        subject : str
            Who they say they are.
        probe : Template or mapping of Position to Template
            A bare template is a finger of unknown position: any of the subject's.
        swapped : bool
            Find mixed hands and exchanged fingers, too; the score pays for the choice.
        pairs : bool
            Fill in `FingerEvidence.minutiae`.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject.
        TemplateError
            The probe is not a template, or not a mapping of position to template.
        GalleryDamagedError
            What would have been compared fails its checks.

        >>> from civid import Gallery, Template
        >>> gallery = Gallery()
        >>> print_of_a = Template([(9 * i, 8 * i, 0.1 * i, 1, 60) for i in range(20)], 60, 200, 200)
        >>> gallery.enroll("a", print_of_a)
        >>> gallery.verify_subject("a", print_of_a).fmr < 1e-3
        True
        """
        self._open_only()
        fingers, parameters = finger_set(probe), self._how[1]
        own, how = view_of(fingers), how_of(parameters)
        rules = rules_of(parameters, swapped)
        directory = self._directory
        view, slot = slot_of(directory, subject)
        try:
            if slot is None:
                raise SubjectNotFoundError("no such subject in this gallery")
            check_slot(view, slot)
            score, terms = compared(own, 0, view, slot, rules, pairs=pairs, how=how)
            return Verification(score, terms, *how_compared(how, terms))
        finally:
            del view
            directory.index.wipe()

    def duplicates(
        self,
        other: GalleryQueries | None = None,
        max_fpir: float | None = 1e-3,
        *,
        min_score: float = 0.0,
        swapped: bool = False,
        checkpoint: str | os.PathLike[str] | None = None,
        threads: int | None = None,
        on_progress: Progress | None = None,
    ) -> Iterator[Duplicate]:
        """Who is here twice, or here and in another gallery?

        They come while the work goes on, in order of enrolment of the first subject and best
        first within it. Within one gallery each unordered pair comes once; between two, subjects
        of this one are compared with those of the other. The galleries may be used, and changed,
        meanwhile; the answer is about the subjects that are here now.

        Parameters
        ----------
        other : Gallery, optional
            Compare with this gallery (a station's day with the centre) instead of within.
        max_fpir : float or None
            How often a subject without a duplicate may be reported with one: each is a non-mated
            search of all the others. None = only `min_score` decides.
        checkpoint : path, optional
            Write down what is done. The same call on unchanged galleries goes on from there, and
            first gives again what was found. The file holds no ids and no templates. It names the
            engine: one with other scores does not go on with it.
        min_score, swapped, threads, on_progress
            As for `search`; progress counts pairs.

        Yields
        ------
        Duplicate
            Unpacks to subject, other, score, evidence.

        Raises
        ------
        SearchError
            The options make no sense; or the checkpoint is of other galleries, options or engine,
            damaged, or none.
        GalleryStorageError
            The checkpoint cannot be written.
        GalleryDamagedError
            What would have been compared fails its checks.
        """
        self._open_only()
        if other is not None:
            if not isinstance(other, GalleryQueries):
                raise SearchError("other must be a gallery; give max_fpir by its name")
            other._open_only()
        backend, parameters = self._how
        rules, workers = rules_of(parameters, swapped), thread_count(threads)
        directories = [self._directory if other is None else other._directory, self._directory]
        references = directories[0].view()
        view = references if directories[0] is directories[1] else directories[1].view()
        size = references.living - (references is view)
        least = least_score(min_score, max_fpir, size, parameters)
        mark = Checkpoint.of(
            None if checkpoint is None else Path(checkpoint),
            view,
            references,
            f"{least!r} {rules} {backend_key(backend.name)}{checkpoint_key(parameters)}",
        )
        query = PairsQuery(
            min_score=least,
            threads=workers,
            on_progress=on_progress,
            rules=rules,
            start=mark.start,
        )
        how = how_of(parameters)
        return self._duplicates(backend, how, view, references, query, mark, directories)

    def _duplicates(
        self,
        backend: Backend,
        how: How,
        view: View,
        references: View,
        query: PairsQuery,
        mark: Checkpoint,
        directories: list[SubjectDirectory],
    ) -> Iterator[Duplicate]:
        try:
            with closing(mark):
                yield from duplicates_of(view, references, mark.found, query.rules, how)
                for following, hits in backend.pairs(view, references, query):
                    found = [(a, b, score) for a, b, score, _ in hits.tolist()]
                    yield from duplicates_of(view, references, found, query.rules, how)
                    mark.write(following, hits)
        finally:
            del view, references
            for directory in directories:
                directory.index.wipe()


class Asked(NamedTuple):
    """`Gallery.search` with some of a probe's fingers.

    Attributes
    ----------
    positions : collection of Position
        With which.
    max_fpir : float
    swapped : bool
        As for `Gallery.search`.
    many : bool
        With as many comparisons in full as `Gallery.duplicates` makes for each subject.
    """

    positions: Collection[Position]
    max_fpir: float
    swapped: bool = False
    many: bool = False


def ask_many(
    gallery: GalleryQueries, probes: Sequence[tuple[Fingers, Sequence[Asked]]], limit: int
) -> list[list[list[Candidate]]]:
    """``gallery.search``, or ``duplicates``, of each question about each probe, to the bit, sooner.

    What a finger finds in the inverted lists of a position is found once for all questions that ask
    it (``docs/explain/sublinear.md``). All look at one state of the gallery.
    """
    gallery._open_only()
    backend, parameters = gallery._how
    directory = gallery._directory
    view = gallery._filter(None, (), None).view(directory)
    try:
        hows: list[list[How]] = []
        questions: list[Questions] = []
        for probe, asked in probes:
            whole = finger_set(probe)
            made = [_question(view, parameters, whole, one, limit) for one in asked]
            hows.append([one[0] for one in made])
            questions.append(Questions(view_of(whole), [one[1] for one in made]))
        found = search_several(backend, questions, view)
        return [
            [
                candidates_of(view, one.query.rules, False, (one.fingers, how, hits))
                for one, how, hits in zip(each.questions, own, row, strict=True)
            ]
            for each, own, row in zip(questions, hows, found, strict=True)
        ]
    finally:
        del view
        directory.index.wipe()


def _question(
    view: View, parameters: SearchParameters, whole: FingerSet, asked: Asked, limit: int
) -> tuple[How, Question]:
    fingers = tuple(one for one in whole if one[0] in asked.positions)
    query = SearchQuery(
        limit=whole_limit(limit, view),
        min_score=least_score(0.0, asked.max_fpir, view.living, parameters),
        threads=thread_count(None),
        rules=rules_of(parameters, asked.swapped),
    )
    return how_of(parameters), Question(view_of(fingers), query, asked.many)
