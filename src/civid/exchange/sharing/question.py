"""A question (yêu cầu khai thác): who asks, in which procedure, about whom, and what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from civid.errors import FieldError
from civid.exchange.sharing.attributes import Attribute, Kind, attribute, form_of, operator_of
from civid.exchange.sharing.grant import partner_code
from civid.exchange.sharing.terms import Naming
from civid.exchange.sharing.words import Form, Operator, check_types, read_text
from civid.people import dates
from civid.people.citizen import field_of
from civid.register.codes import code
from civid.register.population.people import number_of
from civid.register.units import unit_code

_MOST = 64
_LONGEST = 64


@dataclass(frozen=True, slots=True, repr=False)
class Subject:
    """Whom a question is about: named in exactly one way; by nothing = by `Question.given`.

    Examples
    --------
    >>> Subject(number="046 301 123456").number
    '046301123456'
    """

    number: str | None = None
    pseudonym: str | None = None
    match_id: str | None = None

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.number, self.pseudonym, self.match_id)) > 1:
            raise FieldError("subject", "named in several ways")
        if self.number is not None:
            object.__setattr__(self, "number", number_of(self.number)[1])
        for name in ("pseudonym", "match_id"):
            text = getattr(self, name)
            if text is not None and not _is_token(text):
                raise FieldError(name, "not one that an answer gave")

    @property
    def naming(self) -> Naming:
        """In which way."""
        for name in (Naming.NUMBER, Naming.PSEUDONYM, Naming.MATCH_ID):
            if getattr(self, name) is not None:
                return name
        return Naming.ATTRIBUTES

    @property
    def name(self) -> str:
        """The name itself; empty for one by attributes."""
        return self.number or self.pseudonym or self.match_id or ""

    def __repr__(self) -> str:
        return f"<Subject by {self.naming}>"


def _is_token(text: object) -> bool:
    return isinstance(text, str) and 8 <= len(text) <= 64 and text.isascii() and text.isalnum()


@dataclass(frozen=True, slots=True, repr=False)
class Predicate:
    """A comparison: does the attribute stand in this relation to the value?

    Parameters
    ----------
    attribute : str
        A field of a citizen.
    operator : Operator or str
    values : tuple of str
        One; several for ``in``; none for ``is_alive``.

    Examples
    --------
    >>> Predicate.of("birth over_age 18"), Predicate.of("permanent_residence lives_in 46").values
    (<Predicate birth over_age>, ('46',))
    """

    attribute: str
    operator: Operator
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = attribute(self.attribute)
        object.__setattr__(self, "attribute", known.name)
        object.__setattr__(self, "operator", operator_of(self.operator))
        if self.operator not in known.operators:
            raise FieldError("operator", f"{known.name} has no comparison {self.operator}")
        listed = isinstance(self.values, tuple | list)
        if not listed or not all(isinstance(one, str) for one in self.values):
            raise FieldError("values", "must be texts")
        least, most = {Operator.IS_ALIVE: (0, 0), Operator.IN: (1, _MOST)}.get(
            self.operator, (1, 1)
        )
        if not least <= len(self.values) <= most:
            raise FieldError("values", "too few or too many for this comparison")
        object.__setattr__(
            self, "values", tuple(_read(known, self.operator, one) for one in self.values)
        )

    @classmethod
    def of(cls, text: str) -> Predicate:
        """Read ``ATTRIBUTE OPERATOR VALUE``; values of ``in`` are separated by ``|``."""
        name, _, rest = read_text(text, "predicate").strip().partition(" ")
        sign, _, value = rest.strip().partition(" ")
        many = operator_of(sign) is Operator.IN
        values = value.split("|") if many else [value]
        return cls(name, Operator(sign), tuple(one.strip() for one in values if one.strip()))

    def __repr__(self) -> str:
        return f"<Predicate {self.attribute} {self.operator}>"


def _read(known: Attribute, operator: Operator, text: str) -> str:
    """The value in one writing, so that the same question is the same bytes."""
    if operator is Operator.OVER_AGE:
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 120):
            raise FieldError("age", "expected 1 to 120 years")
        return str(int(text))
    if operator is Operator.LIVES_IN:
        return unit_code(text)
    if known.kind is Kind.DATE:
        return dates.parse(text).iso()
    field_of(known.name).read(text)
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Wanted:
    """An attribute in a form.

    >>> Wanted.of("birth:year")
    Wanted(attribute='birth', form=<Form.YEAR: 'year'>)
    """

    attribute: str
    form: Form = Form.FULL

    def __post_init__(self) -> None:
        known = attribute(self.attribute)
        object.__setattr__(self, "attribute", known.name)
        object.__setattr__(self, "form", form_of(self.form))
        if self.form is Form.YES_NO or self.form not in known.forms:
            raise FieldError("form", f"{known.name} is not given as {self.form}")

    @classmethod
    def of(cls, text: str) -> Wanted:
        """Read ``ATTRIBUTE:FORM``, or ``ATTRIBUTE`` for all of it."""
        name, _, form = read_text(text, "attribute").partition(":")
        return cls(name, form_of(form or Form.FULL))

    def __str__(self) -> str:
        return f"{self.attribute}:{self.form}"


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """One question; checked when it is made, so that what reaches the register can be read.

    Parameters
    ----------
    request : str
        Id of the request (mã yêu cầu), the partner's own. The same question under the same id is
        answered with the same answer, and counts once.
    partner, purpose : str
        Codes; together they find the grant.
    procedure : str
        Code of the procedure or public service (mã thủ tục, MaDVC).
    unit : str
        Unit that asks (MaDonVi).
    officer : str
        Who asks (MaCanBo): an account; goes into the log, and is not shown to the citizen.
    subject : Subject
    given : mapping of str to str
        What the asker says of the person; has to agree before anything else is answered.
    predicates : tuple of Predicate
    attributes : tuple of Wanted
    pseudonym, match_id : bool
        Whether these are wanted.
    as_relative : bool
        The person is asked about in somebody else's procedure. What they see of it leaves out
        procedure and unit: these would tell them of the other's affairs.

    Raises
    ------
    FieldError
        Something is missing or cannot be read.
    """

    request: str
    partner: str
    purpose: str
    procedure: str
    unit: str
    officer: str
    subject: Subject = field(default_factory=Subject)
    given: Mapping[str, str] = field(default_factory=dict)
    predicates: tuple[Predicate, ...] = ()
    attributes: tuple[Wanted, ...] = ()
    pseudonym: bool = False
    match_id: bool = False
    as_relative: bool = False

    def __post_init__(self) -> None:
        check_types(self)
        partner_code(self.partner)
        code(self.purpose, "purpose")
        for name in ("request", "procedure", "unit", "officer"):
            text = getattr(self, name)
            if not isinstance(text, str) or not text.strip() or not text.isprintable():
                raise FieldError(name, "missing")
            if len(text) > _LONGEST:
                raise FieldError(name, f"longer than {_LONGEST} characters")
        given = {}
        for name, value in self.given.items():
            known = attribute(name)
            if known.name in given:
                raise FieldError(known.name, "given twice")
            given[known.name] = _read(known, Operator.EQUAL, value)
        object.__setattr__(self, "given", given)
        for name in ("predicates", "attributes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if len(self.predicates) + len(self.attributes) > _MOST:
            raise FieldError("question", f"more than {_MOST} things asked at once")
        if self.subject.naming is Naming.ATTRIBUTES and not {"name", "birth"} <= set(given):
            raise FieldError("subject", "missing: a number, or name and birth")
        if not (given or self.predicates or self.attributes or self.pseudonym or self.match_id):
            raise FieldError("question", "nothing is asked")

    def canonical(self) -> str:
        """All of it in one writing: two questions are the same when these are."""
        return json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=True)

    @property
    def digest(self) -> str:
        """SHA-256 of `canonical`, hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; holds what was asked, so keep it as you keep personal data."""
        return {
            "request": self.request, "partner": self.partner, "purpose": self.purpose,
            "procedure": self.procedure, "unit": self.unit, "officer": self.officer,
            "subject": {
                name: getattr(self.subject, name)
                for name in Subject.__slots__ if getattr(self.subject, name) is not None
            },
            "given": dict(self.given),
            "predicates": [
                {"attribute": one.attribute, "operator": str(one.operator),
                 "values": list(one.values)}
                for one in self.predicates
            ],
            "attributes": [str(one) for one in self.attributes],
            "pseudonym": self.pseudonym, "match_id": self.match_id,
            "as_relative": self.as_relative,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Question:
        """The question of `to_dict`; `FieldError` for anything else."""
        try:
            found = dict(plain)
            return cls(**found | {
                "subject": Subject(**found.get("subject", {})),
                "given": dict(found.get("given", {})),
                "predicates": tuple(
                    Predicate(one["attribute"], one["operator"], tuple(one.get("values", ())))
                    for one in found.get("predicates", ())
                ),
                "attributes": tuple(map(Wanted.of, found.get("attributes", ()))),
            })  # fmt: skip
        except FieldError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError):
            raise FieldError("question", "not a question as to_dict writes it") from None

    def __repr__(self) -> str:
        return (
            f"<Question of {self.partner} for {self.purpose}: {len(self.given)} given, "
            f"{len(self.predicates)} predicates, {len(self.attributes)} attributes>"
        )
