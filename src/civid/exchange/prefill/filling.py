"""Filling forms from what is held (điền sẵn): given, to be confirmed, or to be asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from civid.exchange.prefill.forms import Box, FormSheet
from civid.exchange.sharing import Form, Grant, Wanted
from civid.exchange.sharing.judging import held
from civid.people.citizen import Citizen, Claim, Source, field_of
from civid.people.dates import PartialDate, Precision

#: Years after which what life changes is shown for confirmation and not taken as it is.
OLD_YEARS = 5


class Filled(StrEnum):
    """What became of a box."""

    FILLED = "filled"  #: điền sẵn, không hỏi lại
    CONFIRM = "confirm"  #: điền sẵn, cần công dân xác nhận
    ASK = "ask"  #: hỏi công dân


class Why(StrEnum):
    """Why a box was not simply filled."""

    ONLY_THE_CITIZEN = "only_the_citizen"  #: no field of the register
    NOT_GRANTED = "not_granted"
    NOT_HELD = "not_held"
    UNREAD = "unread"  #: what was written could not be read
    DISPUTED = "disputed"  #: sources of one rank disagree
    INCOMPLETE = "incomplete"  #: a date without day or month
    WEAK_DAY = "weak_day"  #: 1 January: often stands for a day that nobody knew
    SELF_DECLARED = "self_declared"  #: nobody but the citizen has said so
    OLD = "old"  #: life may have changed it since


@dataclass(frozen=True, slots=True, repr=False)
class FilledBox:
    """One box, filled or not.

    Attributes
    ----------
    label : str
    field : str or None
    state : Filled
    value : str
        Text for the box; empty where it is asked.
    why : Why or None
    """

    label: str
    field: str | None
    state: Filled
    value: str = ""
    why: Why | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        return f"<FilledBox {self.field} {self.state.value}>"


@dataclass(frozen=True, slots=True, repr=False)
class FilledForm:
    """A form with what is known filled in.

    Attributes
    ----------
    sheet : FormSheet
    boxes : tuple of FilledBox
        In the order of the form.
    """

    sheet: FormSheet
    boxes: tuple[FilledBox, ...]

    def count(self, state: Filled) -> int:
        """How many boxes have a state."""
        return sum(one.state is state for one in self.boxes)

    @property
    def not_asked_again(self) -> int:
        """Boxes that the citizen does not have to write: filled, or only to be confirmed."""
        return len(self.boxes) - self.count(Filled.ASK)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "form": self.sheet.key, "title": self.sheet.title, "basis": self.sheet.basis,
            "boxes": [one.to_dict() for one in self.boxes],
            "filled": self.count(Filled.FILLED), "confirm": self.count(Filled.CONFIRM),
            "ask": self.count(Filled.ASK), "not_asked_again": self.not_asked_again,
        }  # fmt: skip

    def text(self) -> str:
        """The form as text, to be printed: what is in it, what to confirm, what is left open."""
        width = max(len(one.label) for one in self.boxes)
        marks = {Filled.FILLED: "[x]", Filled.CONFIRM: "[?]", Filled.ASK: "[ ]"}
        lines = [
            f"{marks[one.state]} {one.label.ljust(width)}  {one.value or '.' * 30}"
            for one in self.boxes
        ]
        known = f"Không phải khai lại: {self.not_asked_again}/{len(self.boxes)}"
        confirm = f"[?] cần xác nhận: {self.count(Filled.CONFIRM)}"
        return "\n".join([self.sheet.title, *lines, f"{known}; {confirm}"]) + "\n"

    def __repr__(self) -> str:
        return f"<FilledForm {self.sheet.key}, {self.not_asked_again} of {len(self.boxes)}>"


def fill(
    sheet: FormSheet, citizen: Citizen, *, today: date, allowed: Collection[str] | None = None
) -> FilledForm:
    """Fill a form from what is held of a citizen. A pure function.

    Parameters
    ----------
    today : date
        By which what is old is told.
    allowed : collection of str, optional
        Fields that may be given; every one, unless given.

    Examples
    --------
    >>> from civid.exchange.prefill.forms import CT01
    >>> from civid.people.citizen import claim
    >>> an = Citizen("p-1").with_claims(
    ...     claim("name", "Bùi Thị An", Source.CIVIL_STATUS, date(2001, 3, 12)),
    ...     claim("birth", "2001", Source.CIVIL_STATUS, date(2001, 3, 12)))
    >>> made = fill(CT01, an, today=date(2026, 11, 29))
    >>> [(one.field, one.state.value) for one in made.boxes[:3]], made.not_asked_again
    ([('name', 'filled'), ('birth', 'confirm'), ('sex', 'ask')], 2)
    """
    names = None if allowed is None else {field_of(one).name for one in allowed}
    return FilledForm(
        sheet, tuple(_box(one.label, one.field, citizen, today, names) for one in sheet.boxes)
    )


def _box(
    label: str, field: str | None, citizen: Citizen, today: date, allowed: Collection[str] | None
) -> FilledBox:
    def ask(why: Why) -> FilledBox:
        return FilledBox(label, field, Filled.ASK, why=why)

    if field is None:
        return ask(Why.ONLY_THE_CITIZEN)
    if allowed is not None and field not in allowed:
        return ask(Why.NOT_GRANTED)
    current = citizen.current(field)
    if current is None:
        return ask(Why.NOT_HELD)
    if not current.is_read:
        return ask(Why.UNREAD)
    if held(citizen, field) is None:
        return ask(Why.DISPUTED)
    doubt = _doubt(field, current, today)
    state = Filled.FILLED if doubt is None else Filled.CONFIRM
    return FilledBox(label, field, state, current.recorded_as, doubt)


def _doubt(field: str, current: Claim, today: date) -> Why | None:
    day = _doubtful_day(field, current.value)
    if day is not None:
        return day
    if current.source is Source.CITIZEN:
        return Why.SELF_DECLARED
    # A number is life's, too, and does not grow old: it is cancelled or it is not.
    if field_of(field).changes and field not in ("number", "cmnd9"):
        first = date(max(today.year - OLD_YEARS, 1), today.month, min(today.day, 28))
        return Why.OLD if current.recorded < first else None
    return None


def _doubtful_day(field: str, value: object) -> Why | None:
    if not isinstance(value, PartialDate):
        return None
    if value.precision is not Precision.DAY:
        return Why.INCOMPLETE
    return Why.WEAK_DAY if field == "birth" and (value.month, value.day) == (1, 1) else None


def wanted(sheet: FormSheet, grant: Grant) -> tuple[Wanted, ...]:
    """What to ask the sharing service for, so that a form can be filled: the granted whole values.

    >>> from civid.exchange.prefill.forms import CT01
    >>> from civid.exchange.sharing import Allow
    >>> allows = tuple(map(Allow.of, ("name:full", "birth:year", "blood:full")))
    >>> terms = {"starts": date(2026, 1, 1), "ends": date(2026, 12, 31), "match": ("name",)}
    >>> wanted(CT01, Grant("bhxh", "bhyt", "46/2014", "Luật BHYT", allows, **terms))
    (Wanted(attribute='name', form=<Form.FULL: 'full'>),)
    """
    fields = dict.fromkeys(one.field for one in sheet.boxes if one.field is not None)
    return tuple(Wanted(one) for one in fields if grant.gives(one, Form.FULL))


def fill_from_answer(sheet: FormSheet, values: Mapping[str, str | None]) -> FilledForm:
    """Fill a form from what the sharing service answered (`Answer.values`). A pure function.

    The service answers nothing that is disputed or unread. Where a value came from and how old it
    is does not leave the register, so that days alone can be doubtful here.

    Raises
    ------
    FieldError
        A value that is none of its field.
    """
    return FilledForm(sheet, tuple(_answered(one, values) for one in sheet.boxes))


def _answered(one: Box, values: Mapping[str, str | None]) -> FilledBox:
    if one.field is None:
        return FilledBox(one.label, None, Filled.ASK, why=Why.ONLY_THE_CITIZEN)
    key = f"{one.field}:full"
    text = values.get(key)
    if text is None:
        why = Why.NOT_HELD if key in values else Why.NOT_GRANTED
        return FilledBox(one.label, one.field, Filled.ASK, why=why)
    doubt = _doubtful_day(one.field, field_of(one.field).read(text))
    state = Filled.FILLED if doubt is None else Filled.CONFIRM
    return FilledBox(one.label, one.field, state, text, doubt)
