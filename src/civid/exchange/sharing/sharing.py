"""Sharing (chia sẻ, khai thác) on an open register: grants, questions, who sees what of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from civid.errors import AccessRefusedError, FieldError
from civid.exchange.sharing import limiting
from civid.exchange.sharing.answer import Answer
from civid.exchange.sharing.asking import answered, describe
from civid.exchange.sharing.grant import partner_code
from civid.exchange.sharing.granting import Grants
from civid.exchange.sharing.question import Question
from civid.exchange.sharing.seen import ASK, Seen, seen_by
from civid.exchange.sharing.words import Refusal, RefusedError, Truth
from civid.register import Register
from civid.register.actor import Capability
from civid.register.population.people import held
from civid.register.session import Service, Session, Work, changes, check_capability, reads
from civid.register.sharing import aliases, counted
from civid.register.sharing.aliases import KeyState
from civid.register.sharing.operation import answer_or_refuse

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What a partner asked in some days (thống kê khai thác).

    Attributes
    ----------
    partner : str
    since, until : date
        First and last day.
    answered : int
        Questions that were answered.
    match : mapping of str to int
        Of these, by what became of the match: ``yes``, ``no``, ``unknown``, ``none`` (nothing was
        given).
    refused : mapping of str to int
        Questions that were refused, by `Refusal`.
    """

    partner: str
    since: date
    until: date
    answered: int
    match: dict[str, int]
    refused: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "partner": self.partner, "since": self.since.isoformat(),
            "until": self.until.isoformat(), "answered": self.answered, "match": self.match,
            "refused": self.refused,
        }  # fmt: skip


class Sharing(Service):
    """What a register gives to partners. Safe for threads; several processes may share a register.

    Parameters
    ----------
    register : Register
        Open. Who asks is its actor: with the capability to *verify*, and with the role
        ``partner:CODE`` (`Actor.roles`) or without any limit to roles.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from civid.exchange.sharing import Allow, Grant, Predicate, Question, Sharing, Subject
    >>> from civid.people.citizen import Source, claim
    >>> said = [claim(name, text, Source.CIVIL_STATUS, date(2001, 3, 12)) for name, text in
    ...         {"name": "Nguyễn Thị An", "birth": "05/03/2001", "number": "046301123456"}.items()]
    >>> adults = Grant("bhxh", "bhyt.cap-the", "26/2023/QH15", "Luật Căn cước 2023, điều 10",
    ...                allows=(Allow.of("birth:over_age:18"),), match=("name", "birth"),
    ...                starts=date(2000, 1, 1), ends=date(2099, 12, 31), two_person=False)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         _ = register.people.add(said, unit="46/19753")
    ...         sharing = Sharing(register)
    ...         _ = sharing.grants.add(adults)
    ...         answer = sharing.ask(Question("r-1", "bhxh", "bhyt.cap-the", "1.002", "46", "cb-7",
    ...             Subject(number="046301123456"),
    ...             given={"name": "NGUYEN THI AN", "birth": "2001-03-05"},
    ...             predicates=(Predicate.of("birth over_age 18"),)))
    >>> answer.match.value, answer.predicates[0].value
    ('yes', 'yes')
    """

    def __init__(self, register: Register | Session):
        super().__init__(register._session if isinstance(register, Register) else register)

    @property
    def grants(self) -> Grants:
        """Grants: add, confirm, revoke, list."""
        return Grants(self._session)

    def ask(self, question: Question) -> Answer:
        """Ask for a partner (khai thác): the least that answers, or a refusal; the log has either.

        The same question under the same request id gets the same answer, and counts once.

        Raises
        ------
        RefusedError
            Its `reason` says why. Nothing was answered or counted.
        AccessRefusedError
            Without the capability to verify.
        """
        session = self._session
        check_capability(session, ASK, Capability.VERIFY)
        session = session.acting_as(session.actor.doing(question.purpose))

        def refused(work: Work, error: AccessRefusedError) -> None:
            describe(work, question)
            reason = error.reason if isinstance(error, RefusedError) else None
            work.detail["reason"] = "" if reason is None else reason.value
            if reason is not Refusal.NOT_THE_PARTNER:  # others do not count as the partner's
                limiting.tally(work, question.partner, [f"refused.{reason}"])

        return answer_or_refuse(session, ASK, lambda work: answered(work, question), refused)

    @reads("share.seen")
    def seen_by(self, work: Work, person: str) -> tuple[Seen, ...]:
        """What somebody is told of the answers about them, oldest first.

        By whom, when, why and about what; no values, no officers. Answers of a grant that tells
        later are left out until their day.

        Parameters
        ----------
        person : str
            Reference.
        """
        record = held(work, person, None)
        return seen_by(work, (record.root or record).id)

    @reads("share.figures", Capability.ADMINISTER)
    def statistics(
        self, work: Work, partner: str, *, since: date | None = None, until: date | None = None
    ) -> Figures:
        """What a partner asked, from one day to another one; today, unless given."""
        partner_code(partner)
        last = until or work.session.today()
        first = since or last
        if first > last or (last - first).days > 3660:
            raise FieldError("since", "behind the last day, or more than ten years before it")
        days = range(_start(first), _start(last + timedelta(days=1)))

        def total(what: str) -> int:
            return sum(limiting.tallied(work, partner, what, days).values())

        work.detail["partner"] = partner
        return Figures(
            partner, first, last, total("answered"),
            {what: total(f"match.{what}") for what in (*map(str, Truth), "none")},
            {str(one): total(f"refused.{one}") for one in Refusal},
        )  # fmt: skip

    @changes("share.pseudonyms.rotate", Capability.ADMINISTER)
    def rotate_pseudonyms(self, work: Work, partner: str, *, days: int = 90) -> KeyState:
        """Give a partner new pseudonyms from now on; the old ones are understood for some days.

        Whoever asks under an old one, and for a pseudonym, gets the new one.
        """
        if not 0 <= days <= 3660:
            raise FieldError("days", "outside 0 to 3,660")
        work.detail["partner"] = partner_code(partner)
        return aliases.rotate(work, partner, work.now + days * _DAY)

    @changes("share.tidy", Capability.ADMINISTER)
    def tidy(self, work: Work, *, answers_days: int = 30) -> dict[str, int]:
        """Remove what is no longer needed; how many rows of each kind.

        Answers older than so many days are no longer given again to who repeats the question: it
        is asked anew then. Names that have ended go, and what was learned by guessing ten years
        ago.
        """
        if not 1 <= answers_days <= 3660:
            raise FieldError("answers_days", "outside 1 to 3,660")
        gone = counted.forget(
            work, answers=work.now - answers_days * _DAY, windows=work.now - 2 * _DAY,
            guessed=work.now - 3661 * _DAY,
        )  # fmt: skip
        return gone | {"names": aliases.forget(work)}


def _start(day: date) -> int:
    """The beginning of a day of the country's clock, microseconds since 1970."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)
    return int(start.timestamp()) * 1_000_000
