"""A register with a grant for a partner, and people who are like rows of a table, or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tests.register.citizens import Clock, citizen

from civid.exchange.sector import UnderGrant
from civid.exchange.sharing import Grant, Sharing
from civid.register import Actor, Register

PARTNER, PURPOSE, UNIT = "bhxh", "bhyt.cap-the", "46/19753"
DAY = date(2026, 3, 2)
GRANT = Grant(
    PARTNER, PURPOSE, "46/2014/QH13", "Luật Bảo hiểm y tế", allows=(), match=("name", "birth"),
    starts=date(2026, 1, 1), ends=date(2026, 12, 31), two_person=False,
)  # fmt: skip
TITLES = "Họ và tên;Ngày sinh;Giới tính;Số CCCD"


def person(at: int) -> dict[str, str]:
    """Number, name, birth and sex of one of many people."""
    names = ("Trần Bích", "Lý Cường", "Hồ Dung", "Võ Giang", "Mai Hạnh", "Đỗ Khoa", "Vũ Lan")
    return {
        "number": f"0460{70 + at % 25}{at:06d}", "name": f"{names[at % 7]} {names[at // 7 % 7]}",
        "birth": f"{1 + at % 28:02d}/{2 + at % 11:02d}/{1970 + at % 25}", "sex": "Nam",
    }  # fmt: skip


def table(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    lines = [";".join((one["name"], one["birth"], one["sex"], one["number"])) for one in rows]
    path.write_text("\n".join([TITLES, *lines]) + "\n", encoding="utf-8")
    return path


@contextmanager
def register_of(
    folder: Path, people: Sequence[dict[str, str]], grant: Grant = GRANT, **more: Any
) -> Iterator[tuple[Register, Clock]]:
    clock = Clock(DAY)
    actor = replace(Actor.local(), name="cb-1", unit="46", scope=("",))
    with Register.open(folder, create=True, clock=clock, actor=actor) as register:
        for one in people:
            register.people.add(citizen(**one | more), unit=UNIT)
        Sharing(register).grants.add(grant)
        yield register, clock


def asker(register: Register, **more: Any) -> UnderGrant:
    return UnderGrant(register, partner=PARTNER, purpose=PURPOSE, procedure="1.002", unit="46",
                      officer="cb-7", **more)  # fmt: skip
