"""What can be shared of a person: attributes, the forms each has, and how each is compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from civid.errors import FieldError
from civid.exchange.sharing.words import Form, Operator
from civid.people.citizen import FIELDS, field_of

_EQUALITY = frozenset({Operator.EQUAL, Operator.DIFFERENT, Operator.IN})
_ORDER = frozenset({Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST})


class Kind(StrEnum):
    """Kinds of attributes by how they are compared and cut short."""

    NAME = "name"
    DATE = "date"
    NUMBER = "number"
    PLACE = "place"
    CONTACT = "contact"
    OTHER = "other"


class Topic(StrEnum):
    """What a citizen is told that was asked about: a topic, never a value."""

    IDENTITY = "identity"  #: nhân thân
    ORIGIN = "origin"  #: gốc tích
    FAMILY = "family"  #: gia đình
    RESIDENCE = "residence"  #: cư trú
    STATUS = "status"  #: tình trạng
    PAPERS = "papers"  #: giấy tờ
    CONTACT = "contact"  #: liên hệ
    HEALTH = "health"  #: sức khỏe


_TOPICS = {
    Topic.IDENTITY: "name other_name number birth sex cmnd9",
    Topic.ORIGIN: "birth_place birth_registration_place home_town ethnic religion nationality",
    Topic.FAMILY: "father_name father_number mother_name mother_number spouse_name spouse_number "
    "representative_name representative_number relation head_name head_number",
    Topic.RESIDENCE: "permanent_residence temporary_residence current_residence temporary_absence "
    "residence_file household_book",
    Topic.STATUS: "marital death",
    Topic.PAPERS: "card_issued card_expires",
    Topic.CONTACT: "phone email",
    Topic.HEALTH: "blood",
}
_TOPIC_OF = {name: topic for topic, names in _TOPICS.items() for name in names.split()}
_DATES = frozenset({"birth", "card_issued", "card_expires", "death"})
_RESIDENCES = frozenset({"permanent_residence", "temporary_residence"})
_PLACES = _RESIDENCES | {"current_residence", "birth_place", "birth_registration_place",
                         "home_town"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of a citizen as it can be shared.

    Attributes
    ----------
    name : str
        Of the field, as `civid.people.citizen.FIELDS` has it.
    kind : Kind
    forms : frozenset of Form
        In which it can be given.
    operators : frozenset of Operator
        By which it can be asked about.
    """

    name: str
    kind: Kind
    forms: frozenset[Form]
    operators: frozenset[Operator]

    @property
    def topic(self) -> Topic:
        """What the citizen is told that was asked about."""
        return _TOPIC_OF[self.name]

    @property
    def vietnamese(self) -> str:
        """Term of the law."""
        return FIELDS[self.name].vietnamese


def attribute(name: str) -> Attribute:
    """An attribute by the name of its field, or by the one that cards have for it.

    Raises
    ------
    FieldError
        There is none of that name.

    >>> attribute("full_name").name, attribute("birth").kind.value
    ('name', 'date')
    """
    return _ATTRIBUTES[field_of(name).name]


def _kind(name: str) -> Kind:
    if name in _DATES:
        return Kind.DATE
    if name in _PLACES:
        return Kind.PLACE
    if name in ("phone", "email"):
        return Kind.CONTACT
    if name.endswith("name"):
        return Kind.NAME
    return Kind.NUMBER if name.endswith("number") or name == "cmnd9" else Kind.OTHER


def _made(name: str) -> Attribute:
    kind = _kind(name)
    forms, operators = {Form.FULL, Form.YES_NO}, set(_EQUALITY)
    if kind in (Kind.NAME, Kind.NUMBER, Kind.CONTACT):
        forms.add(Form.MASKED)
    if kind is Kind.DATE:
        forms |= {Form.MONTH, Form.YEAR}
        operators |= _ORDER
    if name == "birth":
        operators.add(Operator.OVER_AGE)
    if name == "death":
        operators.add(Operator.IS_ALIVE)
    if name in _RESIDENCES:
        forms.add(Form.PROVINCE)
        operators.add(Operator.LIVES_IN)
    return Attribute(name, kind, frozenset(forms), frozenset(operators))


_ATTRIBUTES = {name: _made(name) for name in FIELDS}


def form_of(text: str) -> Form:
    """A form by its word; `FieldError` for anything else."""
    try:
        return Form(text)
    except ValueError:
        raise FieldError("form", f"expected one of {', '.join(Form)}") from None


def operator_of(text: str) -> Operator:
    """A comparison by its sign or word; `FieldError` for anything else."""
    try:
        return Operator(text)
    except ValueError:
        raise FieldError("operator", f"expected one of {', '.join(Operator)}") from None
