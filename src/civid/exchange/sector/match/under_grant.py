"""Questions about a table under a grant: what it lets be compared is compared, nothing else."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence

from civid.errors import FieldError
from civid.exchange.sector.match.questions import CONFIRMED, Answer, Met, Question, Said
from civid.exchange.sector.match.table_questions import TableQuestions
from civid.exchange.sharing import Answer as Told
from civid.exchange.sharing import Operator, Predicate, Refusal, RefusedError, Subject, Truth
from civid.exchange.sharing import Question as Put
from civid.register import Register

#: Refusals that would meet every row alike: the check ends with them.
_ENDING = frozenset({Refusal.NOT_THE_PARTNER, Refusal.NO_GRANT, Refusal.NOT_GRANTED,
                     Refusal.MATCH_NEEDED, Refusal.REQUEST_REUSED})  # fmt: skip
_SAID = {Truth.YES: Said.YES, Truth.NO: Said.NO, Truth.UNKNOWN: Said.UNKNOWN}
#: A limit whose window ends within so many seconds is waited for.
_PATIENCE = 60
_PERSONAL = 12


class UnderGrant:
    """An asker (`civid.exchange.sector.Asker`) that asks an open register. One thread.

    Parameters
    ----------
    register : Register
        Open; its actor has the capability to *verify* and acts for the partner.
    partner, purpose : str
        Codes; together they find the grant.
    procedure, unit, officer : str
        Who asks in which procedure, as in `civid.exchange.sharing.Question`.
    batch : int
        Questions in one transaction, and one entry of the log.
    wait : callable, optional
        Waits so many seconds when a limit by the minute is reached; `time.sleep` unless given.

    Raises
    ------
    RefusedError
        No grant is in force, or the actor does not act for the partner.
    FieldError
        The grant lets nothing of a table be compared, or wants what a table does not have.
    """

    def __init__(
        self,
        register: Register,
        *,
        partner: str,
        purpose: str,
        procedure: str,
        unit: str,
        officer: str,
        batch: int = 500,
        wait: Callable[[float], None] = time.sleep,
    ):
        self._questions = TableQuestions(register, purpose)
        reference, grant = self._questions.terms(partner, purpose)
        wanted = [name for name in grant.match if name not in CONFIRMED]
        if wanted:
            raise FieldError("grant", f"it asks for what is not compared here: {wanted[0]}")
        self.needed = tuple(grant.match)
        self.optional = tuple(
            one for one in grant.also_match if one in CONFIRMED and one not in grant.match
        )
        if not self.needed and not self.optional:
            raise FieldError("grant", "it lets nothing of a table be compared")
        self.told = (*self.needed, *self.optional) if grant.reasons else ()
        self.tells_nobody = grant.existence
        self.tells_renumbered = grant.answers("number", Operator.EQUAL, ())
        self.batch = batch
        self.key = "\0".join((reference, partner, purpose, procedure, unit, officer))
        self._shared = (partner, purpose, procedure, unit, officer)
        self._wait = wait
        self._limit: RefusedError | None = None

    def ask(self, questions: Sequence[Question], table: str) -> list[Answer]:
        """The answers, in the order of the questions.

        Parameters
        ----------
        table : str
            What the ids of the requests are made of: the same table, asked about again on the same
            day, gets the same answers, and they count once.

        Raises
        ------
        RefusedError
            The grant ended meanwhile, or the actor may not ask at all.
        """
        answers = [Answer(Met.NOT_ASKED)] * len(questions)
        left = {at: put for at, one in enumerate(questions) if (put := self._put(one, table))}
        while left:
            if self._limit is not None:
                for at in left:
                    answers[at] = Answer(Met.LIMITED)
                break
            again: dict[int, Put] = {}
            told = self._questions.ask(tuple(left.values()))
            for (at, put), one in zip(left.items(), told, strict=True):
                if isinstance(one, Told):
                    answers[at] = self._answer(one, put)
                elif one.reason in _ENDING:
                    raise one
                elif one.reason is Refusal.TOO_OFTEN:
                    again[at] = put
                    self._limit = one
                else:
                    answers[at] = Answer(Met.REFUSED)
            if again and self._limit is not None:
                seconds = self._limit.retry_after
                if seconds is not None and seconds <= _PATIENCE:
                    self._wait(seconds)
                    self._limit = None
            left = again
        return answers

    def _put(self, one: Question, table: str) -> Put | None:
        predicates: tuple[Predicate, ...] = ()
        if self.tells_renumbered and len(one.number) == _PERSONAL:
            predicates = (Predicate("number", Operator.EQUAL, (one.number,)),)
        said = f"{table}\0{one.row}\0{one.number}\0{sorted(one.fields.items())}"
        request = hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()
        try:
            subject = Subject(number=one.number)
            return Put(request, *self._shared, subject, dict(one.fields), predicates)
        except FieldError:  # such as a name that no register could hold
            return None

    def _answer(self, told: Told, put: Put) -> Answer:
        if told.match is Truth.YES:
            met = Met.AGREES
        elif told.match is Truth.UNKNOWN or told.match is None:
            met = Met.UNTOLD
        else:
            met = Met.NOBODY if told.found is Truth.NO else Met.DIFFERS
        fields = {name: _SAID[one] for name, one in told.reasons.items()}
        if met is Met.NOBODY:  # then nothing of them was compared
            fields = {}
        renumbered = Said.NOT_ASKED
        if put.predicates:
            renumbered = _SAID[told.predicates[0].negated]
        return Answer(met, fields, renumbered)
