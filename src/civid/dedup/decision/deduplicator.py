"""Is this person already here? One enrolment, or a day's, against a register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from civid.dedup.decision.candidates import by_data
from civid.dedup.decision.decision import Decision
from civid.dedup.decision.policy import Policy
from civid.dedup.decision.prints.reader import PrintReader
from civid.dedup.decision.question import Enrolment, Question
from civid.dedup.decision.rules import CASE
from civid.dedup.decision.weights import Weights
from civid.errors import FieldError
from civid.register import Register

#: Dossiers whose searches may share one pass through the gallery.
_MOST_TOGETHER = 10_000


class Deduplicator:
    """Decides whether somebody is in a register already. Safe for threads.

    The actor needs the capabilities to read and to identify. A duplicate anywhere in the country is
    only found by an actor whose scope is the country: people outside the scope are left out.

    Parameters
    ----------
    register : Register
        Open, with its prints.
    policy : Policy, optional
        Costs, limits, what a poor print is.
    weights : Weights, optional
        m and u of the fields; see `estimate`.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from civid.people.citizen import Source, claim
    >>> day = date(2021, 3, 1)
    >>> said = tuple(claim(name, text, Source.CIVIL_STATUS, day) for name, text in
    ...              {"name": "Nguyễn Thị An", "birth": "05/03/2001"}.items())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         made = register.people.add(said, unit="46")
    ...         decision = Deduplicator(register).check(Enrolment(said))
    >>> decision.outcome.value, len(decision.candidates)
    ('adjudicate', 1)
    """

    def __init__(
        self, register: Register, policy: Policy | None = None, weights: Weights | None = None
    ):
        self._register = register
        self.policy = Policy() if policy is None else policy
        self.weights = Weights() if weights is None else weights
        self._reader = PrintReader(register._session)

    def __repr__(self) -> str:
        return f"<Deduplicator, policy {self.policy.version}, weights {self.weights.version}>"

    def check(self, enrolment: Enrolment, *, also: Iterable[str] = ()) -> Decision:
        """Decide about one enrolment; nothing is changed but the register's log.

        Parameters
        ----------
        enrolment : Enrolment
            Somebody at the counter.
        also : iterable of str
            References of people to compare, whatever leads to them: a search named them before.

        Raises
        ------
        AccessRefusedError
            The actor lacks a capability.
        TemplateError, FieldError
            The fingers or claims are none.
        """
        return self._check([enrolment], tuple(also))[0]

    def check_many(
        self, enrolments: Iterable[Enrolment], *, together: int = 1
    ) -> Iterator[Decision]:
        """Decide about enrolments one after the other, each when it is asked for.

        Whoever is taken into the register before the next decision is asked for is compared with
        the next: two dossiers of one person on one day are found.

        Parameters
        ----------
        together : int
            How many are decided at once. Their prints are then looked for in one pass through the
            gallery, which is faster in a large one; but they are not compared with each other:
            `civid.dedup.batch.check_day` does that, too.
        """
        if not 1 <= together <= _MOST_TOGETHER:
            raise FieldError("together", f"outside 1 to {_MOST_TOGETHER}")
        source = iter(enrolments)
        while part := list(islice(source, together)):
            yield from self._check(part)

    def _check(self, enrolments: Sequence[Enrolment], also: Sequence[str] = ()) -> list[Decision]:
        """Each step for all of them before the next one."""
        questions = [Question(one, self.policy, self.weights) for one in enrolments]
        searched = self._reader.size()
        limits = self.policy.thresholds(searched)
        for one in questions:
            one.limits = limits
            by_data(self._register, one.one, self.policy, one.found)
            if also:
                one.found.add_all(also, CASE, self._reader)
            self._compare(one)
        foreseen = [one.foreseen() for one in questions]
        searches = self._reader.searches(foreseen, self.policy.most_candidates)
        open_ones = [(at, one.looks()) for at, one in enumerate(questions)]
        while steps := [
            (at, rest, step) for at, rest in open_ones if (step := next(rest, None)) is not None
        ]:
            wanted = [(at, look) for at, _, step in steps for look in step]
            for (at, look), hits in zip(wanted, searches.search(wanted), strict=True):
                questions[at].found.add_all(hits, look.way, self._reader)
            for at, _, _ in steps:
                self._compare(questions[at])
            open_ones = [(at, rest) for at, rest, _ in steps]
        return [one.decision(searched) for one in questions]

    def _compare(self, one: Question) -> None:
        new = one.uncompared()
        if new and one.probe:
            one.compared(self._reader.compare(new, one.probe, self.policy))

    def searched(self) -> int:
        """People with prints in the register now."""
        return self._reader.size()
