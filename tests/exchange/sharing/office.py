"""A register with people, a grant, and questions to it."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import Any

from civid.exchange.sharing import (
    Allow,
    Grant,
    Predicate,
    Question,
    Sharing,
    Subject,
    Wanted,
)
from civid.people.citizen import Claim, Source, claim
from civid.register import Actor, Capability, Register
from civid.search.segments.keys import StaticKeyProvider

BORN = date(2001, 3, 12)
AN, BINH = "046301123456", "046301123457"
NOBODY = "046301999999"
KEYS = StaticKeyProvider({"2026": bytes(range(32))})
_requests = itertools.count(1)


class Clock:
    """A clock that tests turn; begins at noon of 1 July 2026 in Hà Nội."""

    def __init__(self) -> None:
        self.now = 1_782_882_000_000_000

    def __call__(self) -> int:
        return self.now

    def later(self, *, days: float = 0, seconds: float = 0) -> None:
        """Turn it."""
        self.now += round((days * 86_400 + seconds) * 1e6)


def someone(number: str = AN, name: str = "Nguyễn Thị An", birth: str = "05/03/2001",
            unit: str = "46/19753", **more: str) -> list[Claim]:  # fmt: skip
    """Claims about somebody; a residence belongs to the unit."""
    said = {"name": name, "birth": birth, "number": number, "sex": "Nữ", **more}
    return [
        claim(field, text, Source.CIVIL_STATUS, BORN,
              unit=unit if field.endswith("residence") else "")
        for field, text in said.items() if text
    ]  # fmt: skip


def granted(*allows: str, **more: Any) -> Grant:
    """A grant of the social insurance, for people who are known by name and birth."""
    terms: dict[str, Any] = {
        "match": ("name", "birth"), "starts": date(2026, 1, 1), "ends": date(2026, 12, 31),
        "two_person": False, "purpose_text": "Cấp thẻ bảo hiểm y tế",
    }  # fmt: skip
    return Grant(
        more.pop("partner", "bhxh"), more.pop("purpose", "bhyt.cap-the"), "26/2023/QH15",
        "Luật Căn cước 2023, điều 10", tuple(map(Allow.of, allows)), **terms | more,
    )  # fmt: skip


def asked(*predicates: str, number: str | None = AN, name: str = "Nguyễn Thị An",
          birth: str = "05/03/2001", request: str = "", attributes: str = "",
          **more: Any) -> Question:  # fmt: skip
    """A question of the social insurance."""
    given = {"name": name, "birth": birth}
    return Question(
        request or f"r-{next(_requests)}", more.pop("partner", "bhxh"),
        more.pop("purpose", "bhyt.cap-the"), "1.004.222", "BHXH/46", "cb-0017",
        more.pop("subject", Subject(number=number)),
        given=more.pop("given", {field: text for field, text in given.items() if text}),
        predicates=tuple(map(Predicate.of, predicates)),
        attributes=tuple(map(Wanted.of, attributes.split())), **more,
    )  # fmt: skip


def office(folder: Path | str, clock: Clock | None = None, **more: Any) -> Register:
    """A new register in a folder, or on a server, with two people."""
    register = Register.open(folder, create=True, clock=clock or Clock(), actor="quan-tri", **more)
    register.people.add(someone(), unit="46/19753")
    register.people.add(someone(BINH, "Trần Văn Bình", "01/02/1960", sex="Nam"), unit="79/27000")
    return register


def partner(register: Register, code: str = "bhxh") -> Sharing:
    """What a partner sees of it."""
    actor = Actor(
        f"{code}-gateway", frozenset({Capability.VERIFY}), unit="", scope=(),
        roles=frozenset({f"partner:{code}"}),
    )  # fmt: skip
    return Sharing(register.acting_as(actor))
