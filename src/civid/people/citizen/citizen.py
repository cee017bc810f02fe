"""A citizen (công dân): every field as the claims made about it, none ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from civid.errors import FieldError
from civid.people.citizen.claim import Claim
from civid.people.citizen.fields import FIELDS, field_of


@dataclass(frozen=True, slots=True)
class Retraction:
    """A claim found to be wrong: it stays in the history and no longer counts.

    Parameters
    ----------
    claim : Claim
        Which.
    recorded : date
        From when the register knows.
    reason : str
        Why; who may decide is the register's matter.
    """

    claim: Claim
    recorded: date
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class Citizen:
    """A person of the register. Immutable: changes give a new one.

    Two times are kept apart: from when something holds (`on`) and when the register knew it
    (`known`), so that any past answer can be given again.

    Parameters
    ----------
    reference : str
        Key in the register; not the personal identification number, which may change.
    claims : tuple of Claim
        In the order they were recorded.
    retractions : tuple of Retraction
        Claims that no longer count.

    Examples
    --------
    >>> from civid.people.citizen import Citizen, Source, claim
    >>> an = Citizen("p-1").with_claims(
    ...     claim("name", "Nguyễn Thị An", Source.CIVIL_STATUS, date(2001, 3, 12)),
    ...     claim("permanent_residence", "Huế", Source.RESIDENCE, date(2001, 4, 1)),
    ...     claim("permanent_residence", "Hà Nội", Source.RESIDENCE, date(2020, 9, 1)))
    >>> an.value("permanent_residence", on=date(2010, 1, 1)), an.value("permanent_residence")
    ('Huế', 'Hà Nội')
    """

    reference: str
    claims: tuple[Claim, ...] = ()
    retractions: tuple[Retraction, ...] = field(default=())

    def with_claims(self, *claims: Claim) -> Citizen:
        """Add claims; nothing is removed."""
        if not all(isinstance(one, Claim) for one in claims):
            raise FieldError("claims", "should be claims, made by claim()")
        return Citizen(self.reference, (*self.claims, *claims), self.retractions)

    def retract(self, claim: Claim, recorded: date, reason: str) -> Citizen:
        """Mark a claim as wrong; `FieldError` when this citizen has no such claim."""
        if claim not in self.claims:
            raise FieldError(claim.field, "not a claim of this citizen")
        made = Retraction(claim, recorded, reason)
        return Citizen(self.reference, self.claims, (*self.retractions, made))

    @property
    def counting(self) -> tuple[Claim, ...]:
        """Every claim that was not found to be wrong, in the order they were recorded."""
        wrong = [made.claim for made in self.retractions]
        return tuple(one for one in self.claims if one not in wrong)

    def history(self, name: str, *, known: date | None = None) -> tuple[Claim, ...]:
        """Claims about a field that counted on the day `known` (today's when left out)."""
        name = field_of(name).name
        retracted = [
            made.claim for made in self.retractions if known is None or made.recorded <= known
        ]
        return tuple(
            claim
            for claim in self.claims
            if claim.field == name
            and (known is None or claim.recorded <= known)
            and claim not in retracted
        )

    def current(
        self, name: str, *, on: date | None = None, known: date | None = None
    ) -> Claim | None:
        """Return the claim that holds on a day.

        Of a field that life changes the latest in effect wins, then the better source; of one that
        only corrections change the better source wins, then the later recorded. Claims that could
        not be read never win over one that could.
        """
        in_effect = [
            (order, claim)
            for order, claim in enumerate(self.history(name, known=known))
            if on is None or claim.effective <= on
        ]
        if not in_effect:
            return None
        changes = field_of(name).changes

        def rank(entry: tuple[int, Claim]) -> tuple[object, ...]:
            order, claim = entry
            if changes:
                return claim.is_read, claim.effective, claim.source, claim.recorded, order
            return claim.is_read, claim.source, claim.recorded, order

        return max(in_effect, key=rank)[1]

    def value(self, name: str, *, on: date | None = None, known: date | None = None) -> object:
        """Value of a field on a day; None when nothing (readable) is claimed."""
        held = self.current(name, on=on, known=known)
        return None if held is None else held.value

    def text(self, name: str, *, on: date | None = None, known: date | None = None) -> str:
        """What was written for the field that holds on a day; empty when nothing."""
        held = self.current(name, on=on, known=known)
        return "" if held is None else held.recorded_as

    def conflicts(self, *, on: date | None = None) -> dict[str, tuple[Claim, ...]]:
        """Fields that only corrections change and whose claims disagree, with the claims."""
        found: dict[str, tuple[Claim, ...]] = {}
        for name in _claimed(self.claims):
            if FIELDS[name].changes:
                continue
            claims = [c for c in self.history(name) if on is None or c.effective <= on]
            if len({_comparable(name, c.value) for c in claims if c.is_read}) > 1:
                found[name] = tuple(claims)
        return found

    def __repr__(self) -> str:
        return f"<Citizen with {len(self.claims)} claims>"


def _claimed(claims: Iterable[Claim]) -> list[str]:
    return sorted({claim.field for claim in claims})


def _comparable(name: str, value: object) -> object:
    if name.endswith("name") and isinstance(value, str):
        from civid.people.names.canonical import canonical

        return canonical(value)
    return value
