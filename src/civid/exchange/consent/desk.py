"""Where consents are recorded, withdrawn and shown."""

from __future__ import annotations

from typing import Any

from civid.errors import FieldError, TransitionError
from civid.exchange.consent.record import By, ConsentRecord, How
from civid.exchange.sharing.grant import Grant
from civid.register import Register
from civid.register.actor import Capability
from civid.register.asking import consents
from civid.register.asking.consents import TermsRow
from civid.register.codes import note
from civid.register.ids import from_text, to_text
from civid.register.population import unions
from civid.register.population.people import held
from civid.register.session import Service, Work, changes, reads
from civid.register.sharing import consents as rows
from civid.register.sharing import grants
from civid.register.sharing.grants import ENDED, GrantRow

_YEARS = 10 * 366 * 86_400_000_000


class ConsentDesk(Service):
    """Consents of citizens (đồng ý), on terms that they can be shown. Safe for threads.

    A consent is to one version of one grant: partner, purpose and attributes. When the grant later
    gives more, who agreed before has not agreed to that, and is asked again; a grant that gives the
    same or less needs no new consent. Sharing asks for it when `Grant.consent` says so.

    Law 91/2025/QH15 Art 9: a consent is free, specific and informed (which data, what for, whose
    hands, which rights), and is expressed so that it can be printed and verified.

    Parameters
    ----------
    register : Register
    """

    def __init__(self, register: Register):
        super().__init__(register._session)

    @changes("consent.give", Capability.CORRECT)
    def give(
        self,
        work: Work,
        grant: str,
        person: str,
        how: How | str,
        evidence: str,
        *,
        by: By | str = By.SELF,
        until: int | None = None,
        text: str = "",
    ) -> ConsentRecord:
        """Record that somebody agreed to what a grant gives.

        Parameters
        ----------
        grant, person : str
            References.
        how, by : How, By
            How it was said, and by whom.
        evidence : str
            Reference of the paper, message or film; 1 to 64 printable characters.
        until : int, optional
            Microseconds since 1970, UTC; at most ten years from now; until it is withdrawn, unless
            given.
        text : str
            A note; sealed.

        Raises
        ------
        FieldError
            Not a way to agree, no evidence, or a moment that has passed.
        TransitionError
            The grant has ended.
        """
        body = {"how": _one_of(How, how, "how"), "by": _one_of(By, by, "by"), "note": note(text)}
        if not isinstance(evidence, str) or not evidence.strip() or not evidence.isprintable():
            raise FieldError("evidence", "expected 1 to 64 printable characters")
        if len(evidence) > 64:
            raise FieldError("evidence", "expected 1 to 64 printable characters")
        if until is not None and not work.now < until <= work.now + _YEARS:
            raise FieldError("until", "has passed, or lies more than ten years ahead")
        row = grants.load(work, from_text(grant))
        if row.state == ENDED:
            raise TransitionError("the grant has ended: there is nothing to agree to")
        record = held(work, person, None)
        who = (record.root or record).id
        consents.give(work, row, who, evidence, until, body)
        work.detail.update(grant=grant, version=row.version, how=body["how"])
        made = consents.of(work, [who])
        mine = [one for one in made if one.grant == row.id]
        return _record(work, max(mine, key=lambda one: one.seq))

    @changes("consent.withdraw", Capability.CORRECT)
    def withdraw(self, work: Work, grant: str, person: str) -> int:
        """End every consent of somebody to a grant, at once (rút lại sự đồng ý).

        Answers that were given before stay given.

        Returns
        -------
        int
            How many there were.
        """
        record = held(work, person, None)
        people = unions.entries(work.connection, (record.root or record).id)
        work.detail["grant"] = grant
        return rows.withdraw(work, grants.load(work, from_text(grant)).id, list(people))

    @reads("consent.read")
    def of(self, work: Work, person: str) -> tuple[ConsentRecord, ...]:
        """Every consent of somebody, oldest first: what the citizen is shown."""
        record = held(work, person, None)
        people = list(unions.entries(work.connection, (record.root or record).id))
        return tuple(_record(work, one) for one in consents.of(work, people))

    @reads("consent.read", Capability.VERIFY)
    def has_consent(self, work: Work, person: str, grant: str) -> bool:
        """Whether somebody has agreed to what the grant gives now."""
        record = held(work, person, None)
        people = list(unions.entries(work.connection, (record.root or record).id))
        row = grants.load(work, from_text(grant))
        return consents.agreed(work, row.id, row.version, row.body, people)


def _record(work: Work, one: TermsRow) -> ConsentRecord:
    agreed_to = grants.load(work, one.grant, one.version)
    latest = _in_force(work, one)
    said = Grant.from_dict(agreed_to.body)
    how = one.body.get("how")
    ended = [moment for moment in (one.until, one.withdrawn) if moment is not None]
    holds = all(work.now < moment for moment in ended)
    return ConsentRecord(
        f"{to_text(one.grant)}:{one.version}", said.partner, said.purpose_text or said.purpose,
        said.law, tuple(map(str, said.allows)), None if how is None else How(how),
        By(one.body.get("by", By.SELF)), one.evidence, one.given, one.until, one.withdrawn,
        holds and latest is not None and not consents.gives_more(agreed_to.body, latest.body),
    )  # fmt: skip


def _in_force(work: Work, one: TermsRow) -> GrantRow | None:
    body = grants.load(work, one.grant).body
    found = grants.in_force(work, body["partner"], body["purpose"])
    return found if found is not None and found.id == one.grant else None


def _one_of(kind: Any, text: str, field: str) -> str:
    try:
        return str(kind(text).value)
    except ValueError:
        raise FieldError(field, f"expected one of {', '.join(kind)}") from None
