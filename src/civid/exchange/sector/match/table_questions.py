"""Many questions of one partner in one transaction, with one entry of the log that names everybody.

What one question may learn and how it is counted is `civid.exchange.sharing`'s alone: each is
answered by its `answered`, in a savepoint of its own, so that a refusal undoes that one question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from civid.exchange.sharing import Answer, Grant, Question, Refusal, RefusedError, limiting
from civid.exchange.sharing.asking import answered
from civid.exchange.sharing.seen import ASK
from civid.register import Register
from civid.register.actor import Capability
from civid.register.audit.access import TOLD
from civid.register.session import Service, Work, changes, reads
from civid.register.sharing import grants

#: Of a question's own entry: what stands in that of many is said once.
_SHARED = ("partner", "purpose", "procedure", "unit", "officer", "by", "grant", "version", TOLD)


class TableQuestions(Service):
    """Questions about the rows of a table. Safe for threads.

    Parameters
    ----------
    register : Register
        Open; its actor has the capability to *verify*, and the role ``partner:CODE`` or no limit
        to roles.
    purpose : str
        Of the grant; stands in every entry of the log.
    """

    def __init__(self, register: Register, purpose: str):
        session = register._session
        super().__init__(session.acting_as(session.actor.doing(purpose)))

    @reads("share.terms", Capability.VERIFY)
    def terms(self, work: Work, partner: str, purpose: str) -> tuple[str, Grant]:
        """Reference with version, and terms, of the grant in force; no person is looked at.

        Raises
        ------
        RefusedError
            There is none, or the actor does not act for the partner.
        """
        work.detail.update(partner=partner, purpose=purpose)
        if not work.actor.acts_as(f"partner:{partner}"):
            raise RefusedError(Refusal.NOT_THE_PARTNER, "you do not act for this partner")
        row = grants.in_force(work, partner, purpose)
        grant = None if row is None else Grant.from_dict(row.body)
        if row is None or grant is None or not grant.runs(work.session.today()):
            raise RefusedError(
                Refusal.NO_GRANT, "no grant for this partner and purpose is in force today"
            )
        return f"{row.id.hex()}:{row.version}", grant

    @changes(ASK, Capability.VERIFY)
    def ask(self, work: Work, questions: Sequence[Question]) -> list[Answer | RefusedError]:
        """The answer to each, or why there is none, in their order.

        Once a limit is reached, the questions behind are refused for it without being put.
        """
        made: list[Answer | RefusedError] = []
        refused: Counter[str] = Counter()
        limit: RefusedError | None = None
        asked, requests, repeated = set[str](), list[str](), 0
        for question in questions:
            if limit is not None:
                made.append(limit)
                continue
            one = Work(work.connection, work.session, work.now)
            try:
                with work.connection.begin_nested():
                    made.append(answered(one, question))
            except RefusedError as error:
                made.append(error)
                refused[error.reason.value] += 1
                limit = error if error.reason is Refusal.TOO_OFTEN else None
                continue
            if "repeated" in one.detail:
                repeated += 1
                continue
            work.about(*one.subjects)
            _merge(work.detail, one.detail)
            asked.update(one.detail["asked"])
            requests.append(one.detail["request"])
        for reason, count in sorted(refused.items()):
            for _ in range(count):
                limiting.tally(work, questions[0].partner, [f"refused.{reason}"])
        said = work.vault.token("requests", "\0".join(requests)).hex()
        work.detail.update(
            asked=sorted(asked), questions=len(requests), requests=said, refused=dict(refused)
        )
        if not requests:
            work.detail["repeated"] = repeated
        return made


def _merge(into: dict[str, Any], detail: dict[str, Any]) -> None:
    for name in _SHARED:
        if name in detail:
            into[name] = detail[name]
