"""What a citizen sees of the questions about them (ai đã khai thác thông tin của tôi)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from civid.errors import NotInRegisterError
from civid.exchange.sharing.asking import topics
from civid.exchange.sharing.grant import Grant
from civid.exchange.sharing.words import Refusal
from civid.register.audit import log
from civid.register.audit.access import AS_RELATIVE, may_be_told
from civid.register.audit.entry import DONE, REFUSED, Entry
from civid.register.ids import from_text
from civid.register.population import unions
from civid.register.session import Work
from civid.register.sharing import grants

#: Operation of an answer in the log.
ASK = "share.ask"


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer about a person, as the person sees it. No value, and no officer.

    Attributes
    ----------
    at : int
        Microseconds since 1970, UTC.
    partner : str
    unit, procedure : str
        Empty where the person was asked about in somebody else's procedure: these would tell them
        of the other's affairs.
    purpose : str
        What for, in words where the grant has any.
    law : str
        Legal basis.
    topics : tuple of str
        What was asked about, such as ``identity`` or ``residence``.
    as_relative : bool
        In somebody else's procedure.
    """

    at: int
    partner: str
    unit: str
    procedure: str
    purpose: str
    law: str
    topics: tuple[str, ...]
    as_relative: bool = False

    @property
    def time(self) -> datetime:
        """When, UTC."""
        return datetime.fromtimestamp(self.at / 1e6, UTC)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return found | {"topics": list(self.topics), "time": self.time.isoformat()}


def seen_by(work: Work, person: bytes) -> tuple[Seen, ...]:
    """Answers about a person that may be told now, oldest first; from the log."""
    entries = {
        one.seq: one
        for who in unions.entries(work.connection, person)
        for one in log.about(work.connection, who)
        if one.operation == ASK and _said_something(one) and may_be_told(one, work.now)
    }  # fmt: skip
    known: dict[tuple[str, int], Grant | None] = {}
    return tuple(_seen(work, entries[seq], known) for seq in sorted(entries))


def _said_something(entry: Entry) -> bool:
    """Whether the partner learned anything: by an answer, or by hearing that consent is missing."""
    if entry.outcome == DONE:
        return "repeated" not in entry.detail
    return entry.outcome == REFUSED and entry.detail.get("reason") == Refusal.NO_CONSENT


def _seen(work: Work, entry: Entry, known: dict[tuple[str, int], Grant | None]) -> Seen:
    detail = entry.detail
    where = str(detail.get("grant", "")), int(detail.get("version", 0))
    if where not in known:
        known[where] = _grant(work, *where)
    grant = known[where]
    others = bool(detail.get(AS_RELATIVE))
    purpose = grant.purpose_text if grant is not None and grant.purpose_text else ""
    return Seen(
        entry.at, str(detail.get("partner", "")),
        "" if others else str(detail.get("unit", "")),
        "" if others else str(detail.get("procedure", "")),
        purpose or str(detail.get("purpose", "")),
        "" if grant is None else grant.law,
        topics(detail.get("asked", ())), others,
    )  # fmt: skip


def _grant(work: Work, reference: str, version: int) -> Grant | None:
    try:
        return Grant.from_dict(grants.load(work, from_text(reference), version).body)
    except NotInRegisterError:
        return None
