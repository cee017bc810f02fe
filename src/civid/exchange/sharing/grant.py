"""A grant (cho phép khai thác): what one partner may ask for one purpose, within which bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from civid.errors import FieldError
from civid.exchange.sharing.attributes import attribute
from civid.exchange.sharing.terms import Allow, GuessBound, Limit, Naming, Telling
from civid.exchange.sharing.words import Form, Operator, check_types
from civid.register.actor import under
from civid.register.codes import code
from civid.register.units import unit_code

_PARTNER = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}")
_PURPOSE = 48
VERSION = 1


@dataclass(frozen=True, slots=True)
class Grant:
    """What one partner may ask for one purpose. Immutable; a change is a new version.

    Parameters
    ----------
    partner : str
        Code of the organisation, such as ``bhxh`` (bảo hiểm xã hội), ``toa-an``, ``thue``.
    purpose : str
        A code (mục đích), such as ``bhyt.cap-the``; at most 48 characters.
    law_code, law : str
        Legal basis (căn cứ pháp lý): its code, and the words of it.
    purpose_text : str
        What the citizen reads.
    allows : tuple of Allow
        Attributes, forms and comparisons.
    match : tuple of str
        Attributes that every question by number has to give and that all have to agree before
        anything else is answered. Needed unless `existence` is granted.
    also_match : tuple of str
        Attributes that may be given as well.
    naming : tuple of Naming
        How people may be named.
    units : tuple of str
        Only people whose record belongs to these units; empty = everybody.
    consent : bool
        Only people who agreed (đồng ý của công dân); see `civid.exchange.consent`.
    limits : tuple of Limit
        How often.
    bound : GuessBound
    existence : bool
        Whether an answer may say that there is no such person.
    reasons : bool
        Whether an answer may say which attributes did not agree. They are a guessing oracle, and
        say who exists; needs `existence`.
    pseudonym : bool
        Whether an answer may give the partner's pseudonym of the person.
    match_minutes : int
        How long a match id is valid; 0 = none is given.
    telling : Telling
    starts, ends : date
        First and last day.
    two_person : bool
        Whether another officer than who made it has to confirm it.

    Examples
    --------
    >>> made = Grant("bhxh", "bhyt.cap-the", "46/2014/QH13", "Luật Bảo hiểm y tế",
    ...              starts=date(2026, 1, 1), ends=date(2026, 12, 31),
    ...              allows=(Allow.of("birth:over_age:18"),), match=("name", "birth"))
    >>> Grant.from_dict(made.to_dict()) == made
    True
    """

    partner: str
    purpose: str
    law_code: str
    law: str
    allows: tuple[Allow, ...]
    starts: date
    ends: date
    purpose_text: str = ""
    match: tuple[str, ...] = ()
    also_match: tuple[str, ...] = ()
    naming: tuple[Naming, ...] = (Naming.NUMBER,)
    units: tuple[str, ...] = ()
    consent: bool = False
    limits: tuple[Limit, ...] = ()
    bound: GuessBound = field(default_factory=GuessBound)
    existence: bool = False
    reasons: bool = False
    pseudonym: bool = False
    match_minutes: int = 0
    telling: Telling = field(default_factory=Telling)
    two_person: bool = True

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "naming", tuple(Naming(one) for one in self.naming))
        except (TypeError, ValueError):
            raise FieldError("naming", f"expected some of {', '.join(Naming)}") from None
        check_types(self)
        partner_code(self.partner)
        if len(code(self.purpose, "purpose")) > _PURPOSE:
            raise FieldError("purpose", f"longer than {_PURPOSE} characters")
        for name, least, most in (("law_code", 1, 64), ("law", 1, 500), ("purpose_text", 0, 500)):
            text = getattr(self, name)
            if not least <= len(text.strip()) <= len(text) <= most or not text.isprintable():
                raise FieldError(name, f"expected {least} to {most} printable characters")
        for name in ("starts", "ends"):
            if isinstance(getattr(self, name), datetime):
                raise FieldError(name, "expected a day, without a time")
        for name in ("match", "also_match"):
            object.__setattr__(
                self, name, tuple(attribute(one).name for one in getattr(self, name))
            )
        if not self.naming:
            raise FieldError("naming", "people have to be named in some way")
        for name in ("allows", "units", "limits"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for unit in self.units:
            unit_code(unit)
        if self.starts > self.ends:
            raise FieldError("ends", "before it starts")
        if not 0 <= self.match_minutes <= 525_600:
            raise FieldError("match_minutes", "outside 0 to 525,600")
        self._check_existence()

    def _check_existence(self) -> None:
        if not self.allows and not self.match:
            raise FieldError("allows", "the grant lets nothing be asked")
        if Naming.NUMBER in self.naming and not self.existence and not self.match:
            raise FieldError(
                "match", "without it, or the right to learn who exists, any question by number "
                "would say who does",
            )  # fmt: skip
        if self.reasons and not self.existence:
            raise FieldError("reasons", "they say who exists: that has to be granted as well")
        if Naming.ATTRIBUTES in self.naming and not {"name", "birth"} <= set(self.match):
            raise FieldError("match", "people are found by attributes only with name and birth")

    def gives(self, name: str, form: Form) -> bool:
        """Whether the value of an attribute may be given in a form."""
        return form is not Form.YES_NO and any(
            one.attribute == name and one.form is form for one in self.allows
        )

    def answers(self, name: str, operator: Operator, values: tuple[str, ...]) -> bool:
        """Whether a comparison may be answered: granted, or the whole attribute is."""
        return self.gives(name, Form.FULL) or any(
            one.attribute == name
            and operator in one.operators
            and (not one.values or set(values) <= set(one.values))
            for one in self.allows
        )

    def is_about(self, unit: str) -> bool:
        """Whether people of a unit may be asked about."""
        return not self.units or any(under(unit, top) for top in self.units)

    def runs(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts <= day <= self.ends

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return plain | {
            "v": VERSION,
            "allows": [
                {"attribute": one.attribute, "form": one.form.value,
                 "operators": [str(sign) for sign in one.operators], "values": list(one.values)}
                for one in self.allows
            ],
            "starts": self.starts.isoformat(), "ends": self.ends.isoformat(),
            "match": list(self.match), "also_match": list(self.also_match),
            "naming": [one.value for one in self.naming], "units": list(self.units),
            "limits": [str(one) for one in self.limits],
            "bound": {name: getattr(self.bound, name) for name in GuessBound.__slots__},
            "telling": {
                "days": self.telling.days,
                "on": self.telling.on and self.telling.on.isoformat(),
            },
        }  # fmt: skip

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Grant:
        """The grant of `to_dict`; `FieldError` for anything else."""
        try:
            found = dict(plain)
            if found.pop("v", VERSION) != VERSION:
                raise FieldError("grant", "written by a newer version of civid")
            on = found.get("telling", {}).get("on")
            made: dict[str, Any] = {
                "allows": tuple(
                    Allow(one["attribute"], one["form"], one.get("operators", ()),
                          one.get("values", ()))
                    for one in _list(found["allows"])
                ),
                "starts": date.fromisoformat(found["starts"]),
                "ends": date.fromisoformat(found["ends"]),
                "limits": tuple(map(Limit.of, _list(found.get("limits", ())))),
                "bound": GuessBound(**found.get("bound", {})),
                "telling": Telling(
                    found.get("telling", {}).get("days", 0), on and date.fromisoformat(on)
                ),
                **{name: tuple(_list(found[name]))
                   for name in ("match", "also_match", "naming", "units") if name in found},
            }  # fmt: skip
            return cls(**found | made)
        except FieldError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError):
            raise FieldError("grant", "not a grant as to_dict writes it") from None


def _list(plain: Any) -> Any:
    """A list of JSON; a text or a mapping is none, though Python would go over either."""
    if not isinstance(plain, list | tuple):
        raise TypeError("not a list")
    return plain


def partner_code(text: str) -> str:
    """Check a partner's code: small letters, digits, ``_ . -``; at most 32.

    >>> partner_code("bhxh")
    'bhxh'
    """
    if not isinstance(text, str) or not _PARTNER.fullmatch(text):
        raise FieldError("partner", "expected a code such as bhxh or toa-an")
    return text
