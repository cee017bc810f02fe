"""People who do not exist, their claims and prints, and a register with some of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.search.prints import impression, template

from civid.dedup.decision import Decision, Deduplicator, Enrolment, Policy
from civid.fingerprint.template import Template
from civid.people.citizen import Claim, Source, claim
from civid.position import Position
from civid.register import Register

DAY = date(2021, 3, 1)
RIGHT, LEFT = Position.RIGHT_INDEX, Position.LEFT_INDEX
AN = {
    "name": "Nguyễn Thị An", "birth": "05/03/2001", "sex": "Nữ", "number": "046301123456",
    "father_name": "Nguyễn Văn Khoa", "mother_name": "Trần Thị Lụa", "home_town": "Huế",
    "permanent_residence": "12 Lê Lợi, Huế", "residence_file": "HH0001",
}  # fmt: skip
BA = {
    "name": "Trần Văn Ba", "birth": "19/11/1970", "sex": "Nam", "number": "001070654321",
    "father_name": "Trần Văn Tám", "mother_name": "Lê Thị Mười", "home_town": "Hà Nội",
    "permanent_residence": "3 Hàng Bông, Hà Nội", "residence_file": "HH0002",
}  # fmt: skip
#: A stranger to both, in nothing alike.
CU = {
    "name": "Phạm Hoàng Cường", "birth": "30/07/1985", "sex": "Nam", "number": "079085000111",
    "father_name": "Phạm Hoàng Long", "mother_name": "Vũ Thị Đào", "home_town": "Cần Thơ",
    "permanent_residence": "8 Hùng Vương, Cần Thơ", "residence_file": "HH0003",
}  # fmt: skip


def claims(values: dict[str, str], **changed: str) -> tuple[Claim, ...]:
    merged = {name: text for name, text in {**values, **changed}.items() if text}
    return tuple(claim(name, text, Source.CIVIL_STATUS, DAY) for name, text in merged.items())


def finger(seed: int, place: Position = RIGHT) -> Template:
    """A good print of a finger that nobody has."""
    return replace(template((seed, int(place))), quality=70)


def prints(seed: int, *places: Position) -> dict[Position, Template]:
    return {place: finger(seed, place) for place in places or (RIGHT, LEFT)}


def again(fingers: dict[Position, Template], seed: int = 99) -> dict[Position, Template]:
    return {place: impression(one, (seed, int(place))) for place, one in fingers.items()}


def poor(fingers: dict[Position, Template]) -> dict[Position, Template]:
    return {place: replace(one, quality=5) for place, one in fingers.items()}


def enrol(
    register: Register, values: dict[str, str], fingers: dict[Position, Template] | None = None,
    **changed: str,
) -> str:  # fmt: skip
    reference = register.people.add(claims(values, **changed), unit="46").reference
    if fingers:
        register.prints.enrol(reference, fingers)
    return reference


def check(
    register: Register, values: dict[str, str], fingers: dict[Position, Template] | None = None,
    policy: Policy | None = None, **changed: str,
) -> Decision:  # fmt: skip
    return Deduplicator(register, policy).check(Enrolment(claims(values, **changed), fingers))
