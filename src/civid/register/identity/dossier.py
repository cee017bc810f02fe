"""What a dossier (hồ sơ cấp thẻ) is: a request for a card on its way to delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from civid.cards.lifecycle import DossierState
from civid.cards.regimes import Area, Procedure


class Cause(StrEnum):
    """Why a card is late; those of 2021 as the ministry and the press named them."""

    EPIDEMIC = "epidemic"  #: dịch bệnh, tạm dừng
    DATA_CONFLICT = "data_conflict"  #: dữ liệu sai lệch
    MISSING_DATA = "missing_data"  #: thiếu thông tin
    OTHER_UNIT = "other_unit"  #: thu nhận ngoài nơi cư trú, chờ xác minh
    MATERIAL = "material"  #: thiếu phôi thẻ, chíp
    MISPRINT = "misprint"  #: thẻ in sai
    DUPLICATE = "duplicate"  #: nghi trùng
    POOR_CAPTURE = "poor_capture"  #: vân tay, ảnh không đạt
    NOT_COLLECTED = "not_collected"  #: công dân chưa nhận
    SYSTEM = "system"  #: sự cố hệ thống
    OTHER = "other"  #: khác


#: In these states nobody works on a dossier any more.
ENDED = frozenset({DossierState.DELIVERED, DossierState.REFUSED})


@dataclass(frozen=True, slots=True, repr=False)
class Dossier:
    """A dossier of the register.

    Attributes
    ----------
    reference, person : str
        Its key, and that of the person.
    unit : str
        Unit that took it in.
    procedure, area : Procedure, Area
        What is asked for, and where, as deadlines distinguish it.
    state : DossierState
        Where it stands in `civid.cards.lifecycle.dossier_machine`.
    todo : tuple of str
        Steps at the counter that are left, in order.
    filed, due : date
        Day of filing, and day by which the card is due under the law of the day of filing.
    law : str
        Such as ``cancuoc-2023``.
    working_days : int
        That the law gives.
    entered : int
        When it entered its state, microseconds since 1970, UTC.
    officer, station : str
        Who works on it at the counter.
    cause : str
        Why it is late (`Cause`), if somebody said so.
    waits : tuple of str
        Kinds of the cases that have to be closed before it goes on; ``decision`` for those that
        only who may identify is told of.
    exceptions : tuple of str
        Codes such as ``home_visit``.
    missing : dict
        Finger position -> why there is no print of it.
    version : int
        Give it back when you change the dossier.
    """

    reference: str
    person: str
    unit: str
    procedure: Procedure
    area: Area
    state: DossierState
    todo: tuple[str, ...]
    filed: date
    due: date
    law: str
    working_days: int
    entered: int
    officer: str
    station: str
    cause: str
    waits: tuple[str, ...]
    exceptions: tuple[str, ...]
    missing: dict[int, str]
    version: int

    @property
    def stage(self) -> str:
        """Where it lies: the step at the counter, or the state behind it."""
        return self.todo[0] if self.todo else self.state.value

    @property
    def ended(self) -> bool:
        """Whether nobody works on it any more."""
        return self.state in ENDED

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "procedure": self.procedure.value, "area": self.area.value, "state": self.state.value,
            "filed": self.filed.isoformat(), "due": self.due.isoformat(), "todo": list(self.todo),
            "waits": list(self.waits), "exceptions": list(self.exceptions), "stage": self.stage,
            "missing": {str(position): why for position, why in self.missing.items()},
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Dossier {self.state.value}, version {self.version}>"


@dataclass(frozen=True, slots=True)
class DossierEvent:
    """One thing that happened to a dossier.

    Attributes
    ----------
    at : int
        Microseconds since 1970, UTC.
    step : str
        A transition of the machine such as ``approve``; a step at the counter as ``step:prints``,
        its beginning as ``begin:prints``; ``exception``, ``cause``, ``contested``.
    state : str
        State since.
    seconds : int or None
        How long a step at the counter took.
    officer, station, role : str
        Who, where, in which role.
    reason : str
        A code.
    """

    at: int
    step: str
    state: str
    seconds: int | None
    officer: str
    station: str
    role: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, repr=False)
class Late:
    """A dossier whose card is overdue.

    Attributes
    ----------
    dossier : Dossier
        Which.
    working_days : int
        How late, in working days.
    cause : str
        Why: as somebody said, or as its state tells; ``other`` when nothing does.
    """

    dossier: Dossier
    working_days: int
    cause: str

    @property
    def reference(self) -> str:
        """Of the dossier."""
        return self.dossier.reference

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"dossier": self.dossier.to_dict(), "working_days": self.working_days,
                "cause": self.cause}  # fmt: skip

    def __repr__(self) -> str:
        return f"<Late by {self.working_days} working days>"


@dataclass(frozen=True, slots=True)
class Stage:
    """How long dossiers have been lying in one stage.

    Attributes
    ----------
    stage : str
        Step at the counter, or state.
    count, overdue : int
        How many dossiers, and how many of them are past their day.
    oldest_days, mean_days : float
        Since they entered it.
    by_age : tuple of int
        Counts of up to 3 days, up to 7, up to 15, and more.
    """

    stage: str
    count: int
    overdue: int
    oldest_days: float
    mean_days: float
    by_age: tuple[int, int, int, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "by_age": list(self.by_age)
        }


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long a step at the counter took.

    Attributes
    ----------
    step, station : str
        Which, and where; no station when all of them are taken together.
    count : int
        How many times.
    mean_seconds, longest_seconds : float, int
        While somebody worked at it; time in the line does not count.
    """

    step: str
    station: str
    count: int
    mean_seconds: float
    longest_seconds: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}
