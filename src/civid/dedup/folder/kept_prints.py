"""The images of a folder that a gallery was enrolled from, to be extracted again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from civid.dedup.folder.enrolling import EnrolmentReport, Person
from civid.dedup.folder.grouping import Enrolment
from civid.dedup.folder.naming import as_typed
from civid.dedup.folder.prints import load_print
from civid.fingerprint.gate import Gate
from civid.fingerprint.parameters import ExtractionParameters
from civid.position import Position
from civid.problems import Problem
from civid.search.upkeep.re_extracting import Kept, Unusable


class KeptPrints:
    """What `civid.search.upkeep.re_extract` asks for a subject's images, of a folder.

    Files are read, and their prints chosen, by the code that enrols a folder: what was enrolled
    from one is found in it again.

    Parameters
    ----------
    enrolments : iterable of Enrolment
        Who is in the folder; `civid.dedup.folder.job.plan_folder` makes them.
    dpi : float, optional
        Resolution of files that do not state it; goes before what they state.
    parameters : ExtractionParameters, optional
        The same as `re_extract` is given.
    gate : Gate, optional
        The same. Where a finger has several prints, the first one that it accepts is taken.

    Notes
    -----
    Thread-safe: nothing is changed once it is made.

    Examples
    --------
    >>> kept = KeptPrints([Enrolment("a", {Position.LEFT_THUMB: Path("none.png")})])
    >>> kept("a", frozenset({Position.LEFT_THUMB}))[Position.LEFT_THUMB].code
    'no-such-file'
    >>> kept("b", frozenset({Position.LEFT_THUMB}))
    {}
    """

    def __init__(
        self,
        enrolments: Iterable[Enrolment],
        *,
        dpi: float | None = None,
        parameters: ExtractionParameters | None = None,
        gate: Gate | None = None,
    ):
        self._enrolments = {one.subject: one for one in enrolments}
        self._dpi, self._parameters, self._gate = dpi, parameters, gate

    def __contains__(self, subject: object) -> bool:
        return isinstance(subject, str) and self._of(subject) is not None

    def may_have(self, subject: str, position: Position) -> bool:
        """Is there a file of this finger, or one of several fingers? It is not read."""
        enrolment = self._of(subject)
        return enrolment is not None and not {position, Position.UNKNOWN}.isdisjoint(
            enrolment.files
        )

    def __call__(self, subject: str, wanted: frozenset[Position]) -> Mapping[Position, Kept]:
        """The prints of these fingers, extracted, or why not."""
        enrolment = self._of(subject)
        if enrolment is None:
            return {}
        person = Person(enrolment, self._gate, EnrolmentReport())
        found: dict[Position, Kept] = {}
        for position, path in enrolment.files.items():
            if position and position not in wanted:
                continue
            problem = self._read(person, position, path)
            if problem is not None:
                for one in [position] if position else wanted:
                    found.setdefault(one, Unusable(problem.code, problem.message))
        for outcome in person.done.outcomes:
            if outcome.code and outcome.position is not None:
                found.setdefault(outcome.position, Unusable(outcome.code, outcome.detail))
        found.update((position, one) for position, one in person.prints.items())
        return {position: one for position, one in found.items() if position in wanted}

    def _of(self, subject: str) -> Enrolment | None:
        # Galleries of before have ids as the folder had them, accents taken apart or not.
        return self._enrolments.get(subject) or self._enrolments.get(as_typed(subject))

    def _read(self, person: Person, position: Position, path: Path) -> Problem | None:
        try:
            prints = load_print(path, self._dpi, position, self._parameters)
        except Problem as problem:
            return problem
        return person.take(path, prints)
