"""The terms of a grant: what is allowed, how often, how much guessing, and when one is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from civid.errors import FieldError
from civid.exchange.sharing.attributes import attribute, form_of, operator_of
from civid.exchange.sharing.words import Form, Operator, check_types, read_text

_MOST = 1_000_000_000


class Naming(StrEnum):
    """How a question may name whom it is about."""

    NUMBER = "number"  #: personal number or CMND
    PSEUDONYM = "pseudonym"
    MATCH_ID = "match_id"
    ATTRIBUTES = "attributes"  #: name and birth alone: a search among everybody


class Per(StrEnum):
    """Windows of a limit: minutes and days of the country's clock (UTC+7)."""

    MINUTE = "minute"
    DAY = "day"
    TOTAL = "total"


class Counted(StrEnum):
    """What a limit counts."""

    PARTNER = "partner"  #: all questions of the partner, under all its grants
    PURPOSE = "purpose"  #: those for this purpose
    PERSON = "person"  #: those of the partner about one person


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many answers (hạn mức).

    >>> Limit.of("person/day=3")
    Limit(counted=<Counted.PERSON: 'person'>, per=<Per.DAY: 'day'>, most=3)
    """

    counted: Counted
    per: Per
    most: int

    def __post_init__(self) -> None:
        check_types(self)
        if not 1 <= self.most <= _MOST:
            raise FieldError("limit", f"outside 1 to {_MOST:,}")

    @classmethod
    def of(cls, text: str) -> Limit:
        """Read ``person/day=3``; `FieldError` for anything else."""
        found = re.fullmatch(r"([a-z]+)/([a-z]+)=([0-9]{1,10})", read_text(text, "limit"))
        try:
            if found is not None:
                return cls(Counted(found[1]), Per(found[2]), int(found[3]))
        except ValueError as error:
            if isinstance(error, FieldError):
                raise
        raise FieldError("limit", "expected one such as person/day=3 or partner/minute=600")

    def __str__(self) -> str:
        return f"{self.counted}/{self.per}={self.most}"


@dataclass(frozen=True, slots=True)
class Allow:
    """An attribute in a form, or comparisons with it.

    Parameters
    ----------
    attribute : str
        A field of a citizen.
    form : Form
        Of the value; `Form.YES_NO` lets nothing out but answers to comparisons.
    operators : tuple of Operator
        With `Form.YES_NO`: which comparisons.
    values : tuple of str
        With `Form.YES_NO`: only these may be compared with, such as ``18``; empty = any.

    Examples
    --------
    >>> Allow.of("birth:year"), Allow.of("birth:over_age:18").values
    (Allow(attribute='birth', form=<Form.YEAR: 'year'>, operators=(), values=()), ('18',))
    """

    attribute: str
    form: Form
    operators: tuple[Operator, ...] = ()
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = attribute(self.attribute)
        if not isinstance(self.operators, tuple | list) or not isinstance(
            self.values, tuple | list
        ):
            raise FieldError("allows", "operators and values are lists")
        object.__setattr__(self, "attribute", known.name)
        object.__setattr__(self, "form", form_of(self.form))
        object.__setattr__(self, "values", tuple(self.values))
        object.__setattr__(self, "operators", tuple(map(operator_of, self.operators)))
        if self.form not in known.forms:
            raise FieldError("form", f"{known.name} has no form {self.form}")
        if (self.form is Form.YES_NO) != bool(self.operators):
            raise FieldError("operators", "comparisons are what the form yes_no consists of")
        if not set(self.operators) <= known.operators:
            raise FieldError("operators", f"{known.name} has no such comparison")
        if self.values and self.form is not Form.YES_NO:
            raise FieldError("values", "only comparisons have values")
        if len(self.values) > 100 or not all(_is_short(one) for one in self.values):
            raise FieldError("values", "expected at most 100 short texts")

    @classmethod
    def of(cls, text: str) -> Allow:
        """Read ``name:full``, ``birth:year``, ``birth:over_age:18``, ``death:is_alive``."""
        name, _, rest = read_text(text, "allows").partition(":")
        word, _, values = rest.partition(":")
        if word in set(Form):
            return cls(name, Form(word))
        return cls(
            name, Form.YES_NO, (operator_of(word),), tuple(one for one in values.split(",") if one)
        )

    def __str__(self) -> str:
        if self.form is not Form.YES_NO:
            return f"{self.attribute}:{self.form}"
        values = f":{','.join(self.values)}" if self.values else ""
        return " ".join(f"{self.attribute}:{one}{values}" for one in self.operators)


def _is_short(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text) <= 200 and text.isprintable()


@dataclass(frozen=True, slots=True)
class Telling:
    """When the citizen is told (thông báo cho công dân): at once, after days, or on a day.

    Later than at once is for what the law lets be kept back, such as an investigation. The day is
    fixed when the answer is given: a later version of the grant does not move it.
    """

    days: int = 0
    on: date | None = None

    def __post_init__(self) -> None:
        check_types(self)
        if isinstance(self.on, datetime):
            raise FieldError("telling", "expected a day, without a time")
        if not 0 <= self.days <= 3660:
            raise FieldError("telling", "expected 0 to 3,660 days")
        if self.on is not None and self.days:
            raise FieldError("telling", "either after days or on a day")

    def told(self, now: int) -> int:
        """Microseconds since 1970 from which an answer of now may be told; 0 = at once."""
        if self.on is not None:
            start = datetime.combine(self.on, time(), UTC) - timedelta(hours=7)
            return max(0, int(start.timestamp() * 1e6)) if start.timestamp() * 1e6 > now else 0
        return now + self.days * 86_400_000_000 if self.days else 0


@dataclass(frozen=True, slots=True)
class GuessBound:
    """How much guessing is answered, for one partner, attribute and person (giới hạn dò tìm).

    Parameters
    ----------
    wrong : int
        Comparisons for equality that failed, within `wrong_days`.
    bits : int
        Other yes/no answers that said anything new, within `bits_days`.
    """

    wrong: int = 5
    wrong_days: int = 30
    bits: int = 3
    bits_days: int = 365

    def __post_init__(self) -> None:
        for name, least, most in (
            ("wrong", 1, 20), ("wrong_days", 1, 3660), ("bits", 0, 8), ("bits_days", 1, 3660),
        ):  # fmt: skip
            value = getattr(self, name)
            if not isinstance(value, int) or not least <= value <= most:
                raise FieldError(name, f"outside {least} to {most}")
