"""The check: each source against each other one, against itself and against the law."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from civid.cards.card import CardRecord
from civid.cards.chip.dg13 import Dg13Record
from civid.cards.crosscheck.comparators import FIELDS
from civid.cards.crosscheck.facets import Facets, of_card, of_dg13, of_mrz, of_qr
from civid.cards.mrz import MrzRecord
from civid.cards.qr import QrRecord
from civid.cards.validity import expires_on
from civid.errors import FieldError
from civid.people import number_check, personal_number
from civid.people.sex import Sex

CONFLICT, NOTE = "conflict", "note"
_IDENTITY: dict[str, Callable[[Facets], object]] = {
    "personal_number": lambda view: view.personal_number,
    "name": lambda view: view.full_name or view.names,
    "birth": lambda view: view.birth,
}
_SPOKEN = {"personal_number": "personal number", "name": "name", "birth": "date of birth"}
_WRONG = "a check digit is wrong"
_FORMS = {
    "number_form": "line 1 has no personal number in its form",
    "optional_2": "letters stand where fillers have to be",
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field in which sources differ. It names them and never repeats their values.

    Attributes
    ----------
    field : str
        ``personal_number``, ``name``, ``birth``, ``sex``, ``expiry``, ``issued`` ...
    sources : tuple of str
        Which sources differ: ``qr``, ``mrz``, ``dg1``, ``dg13``, ``register``, ``law``.
    severity : str
        ``conflict``: one of them is wrong. ``note``: both can be right.
    message : str
        How they differ.
    """

    field: str
    sources: tuple[str, ...]
    severity: str
    message: str


def crosscheck(
    *,
    qr: QrRecord | None = None,
    mrz: MrzRecord | None = None,
    dg1: MrzRecord | None = None,
    dg13: Dg13Record | None = None,
    register: CardRecord | None = None,
) -> tuple[Disagreement, ...]:
    """What disagrees among the sources that are given; empty when all agree.

    A source that does not state number, name or birth, which another states, gives a note: what
    could not be compared does not agree. Names are compared with accents where both sources have
    them, and after transliteration against a machine-readable zone. Each source is also held
    against itself: check digits, the digits of the number, the expiry date against the law.

    Examples
    --------
    >>> from civid.cards import qr
    >>> one = qr.parse("046301123456||Nguyễn Thị An|05032001|Nữ|Huế|10062021")
    >>> two = qr.parse("046301123456||Nguyễn Thị An|06032001|Nữ|Huế|10062021")
    >>> from civid.cards.parts import to_mrz
    >>> crosscheck(qr=one)
    ()
    """
    for source, kind in ((qr, QrRecord), (mrz, MrzRecord), (dg1, MrzRecord), (dg13, Dg13Record),
                         (register, CardRecord)):  # fmt: skip
        if source is not None and not isinstance(source, kind):
            raise FieldError("source", f"should be a {kind.__name__} or None")
    views = list[Facets]()
    if qr is not None:
        views.append(of_qr(qr))
    views += [of_mrz(one, name) for one, name in ((mrz, "mrz"), (dg1, "dg1")) if one is not None]
    if dg13 is not None:
        views.append(of_dg13(dg13))
    if register is not None:
        views.append(of_card(register))
    alone = (one for view in views for one in _alone(view))
    return (*_pairs(views), *_not_compared(views), *alone, *_law(views))


def _pairs(views: list[Facets]) -> Iterator[Disagreement]:
    for name, differ in FIELDS.items():
        for first, second in combinations(views, 2):
            found = differ(first, second)
            if found is not None:
                severity, message = found
                yield Disagreement(name, (first.source, second.source), severity, message)


def _not_compared(views: list[Facets]) -> Iterator[Disagreement]:
    # Who a card is of: what one source does not state of it, no other source confirms.
    for name, states in _IDENTITY.items():
        silent = [view.source for view in views if not states(view)]
        if silent and len(silent) < len(views):
            message = f"the {_SPOKEN[name]} could not be compared: not every source states it"
            yield Disagreement(name, tuple(silent), NOTE, message)


def _alone(view: Facets) -> Iterator[Disagreement]:
    for name in view.failed_checks:
        yield Disagreement(name, (view.source,), CONFLICT, _FORMS.get(name, _WRONG))
    number = view.personal_number
    if number and not personal_number.is_valid(number):
        yield Disagreement("personal_number", (view.source,), CONFLICT, "is no 12-digit number")
    elif number:
        year = int(view.birth[4:]) if view.birth and len(view.birth) == 8 else None
        sex = view.sex or Sex.UNKNOWN
        for one in number_check.check(number, sex=sex, birth_year=year):
            yield Disagreement("personal_number", (view.source,), NOTE, one.message)


def _law(views: list[Facets]) -> Iterator[Disagreement]:
    # Birth and issue from whoever states them, the expiry of each source against the law.
    birth = next((view.birth_date for view in views if view.birth_date), None)
    issued = next((view.issued for view in views if view.issued), None)
    if birth is None or issued is None:
        return
    try:
        lawful = expires_on(birth, issued)
    except FieldError as error:
        yield Disagreement("issued", ("law",), CONFLICT, error.reason)
        return
    wanted = "never" if lawful is None else f"{lawful:%y%m%d}"
    leap = lawful is not None and (birth.month, birth.day) == (2, 29) and lawful.day == 28
    for view in views:
        if view.expiry is not None and view.expiry != wanted:
            severity = NOTE if leap else CONFLICT
            message = "the expiry date is not what the law says"
            yield Disagreement("expiry", (view.source, "law"), severity, message)
