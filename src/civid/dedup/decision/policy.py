"""Policy (chính sách đối sánh) as data: what errors cost, and the thresholds that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from math import isfinite, log10
from typing import Any

from civid.dedup.decision.rules import RULES
from civid.errors import FieldError

_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits in decibans for the evidence of one candidate.

    Attributes
    ----------
    unique : float
        Up to here the machine says: somebody else.
    duplicate : float
        From here it says: the same person. Between them people decide.
    """

    unique: float
    duplicate: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"unique": round(self.unique, 2), "duplicate": round(self.duplicate, 2)}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a register wants of its decisions; thread-safe, like everything frozen.

    Attributes
    ----------
    cost_miss, cost_false_alarm, cost_review : float
        Of a duplicate let in, of somebody wrongly called one, and of a look by people, in one unit.
    fpir : float
        Most often that the machine alone may call somebody who is not here a duplicate.
    duplicates : float
        Share of enrolments that are of somebody already here.
    gallery : int
        People in the register; the number of people with prints, unless that is less.
    poor_quality, few_minutiae : int
        Below either, a print is poor: it says nothing against anybody.
    poor_most : float
        Most decibans that poor prints count for somebody, where there is no good one.
    wrong_finger : float
        Share of good fingers of one person that are not alike all the same: another finger was
        taken, or the print is useless unnoticed. Each finger by itself.
    wrong_person : float
        Share of dossiers of one person with the prints of another throughout. Prints of k fingers
        never speak against somebody by more than 10 log10(wrong_finger^k + wrong_person).
    trust : float
        How much a decibel beyond the measured 40 counts.
    most : float
        Most decibans that prints count. It has to leave room for data that are another's throughout
        in the largest register, or a second identity always goes to people.
    needs_prints : bool
        Never call anybody a duplicate on names and numbers alone: people decide.
    search_fpir : float
        Candidates of the search among everybody that are looked at closely.
    swapped, each_finger : bool
        Second opinions: hands or fingers exchanged; every finger searched for alone, which finds an
        operator's finger among others.
    stop_early : bool
        No further search once number, name or all fingers have led to a plain duplicate.
    most_candidates : int
        Most people compared from each source.
    off : mapping of str to str
        Rules that are switched off (`civid.dedup.decision.rules.RULES`), each with the reason.
    version : str
        Goes into every decision.

    Raises
    ------
    FieldError
        A figure makes no sense, or a rule is none or is off without a reason.

    Examples
    --------
    >>> limits = Policy().thresholds(1_000_000)
    >>> round(limits.unique, 1), round(limits.duplicate, 1)
    (60.0, 110.0)
    """

    cost_miss: float = 100.0
    cost_false_alarm: float = 1000.0
    cost_review: float = 1.0
    fpir: float = 1e-3
    duplicates: float = 0.01
    gallery: int = 1
    poor_quality: int = 20
    few_minutiae: int = 10
    poor_most: float = 30.0
    wrong_finger: float = 0.005
    wrong_person: float = 0.0005
    trust: float = 0.8
    most: float = 150.0
    needs_prints: bool = True
    search_fpir: float = 0.1
    swapped: bool = True
    each_finger: bool = True
    stop_early: bool = True
    most_candidates: int = 20
    off: Mapping[str, str] = field(default_factory=dict, hash=False)
    version: str = "default-4"

    def __post_init__(self) -> None:
        for name in ("cost_miss", "cost_false_alarm", "cost_review", "trust", "most", "poor_most"):
            value = getattr(self, name)
            if not isfinite(value) or value <= 0:
                raise FieldError(name, "must be a number above 0")
        if self.cost_miss <= self.cost_review or self.cost_false_alarm <= self.cost_review:
            raise FieldError("cost_review", "a look by people must cost less than an error")
        for name in ("fpir", "duplicates", "wrong_finger", "wrong_person", "search_fpir"):
            if not 0 < getattr(self, name) < 1:
                raise FieldError(name, "must lie between 0 and 1")
        if self.gallery < 1 or not 1 <= self.most_candidates <= 200:
            raise FieldError("policy", "at least one person, and 1 to 200 candidates")
        for rule, reason in self.off.items():
            if rule not in RULES:
                raise FieldError("off", "no rule of that name")
            if not reason.strip() or len(reason) > _LONGEST_REASON:
                raise FieldError("off", "a rule is switched off with a reason, 1 to 200 characters")

    def on(self, rule: str) -> bool:
        """Whether a rule is in force.

        >>> Policy(off={"agree:mother": "brothers and sisters"}).on("agree:mother")
        False
        """
        return rule not in self.off

    def thresholds(self, searched: int) -> Thresholds:
        """Limits for a register of so many people.

        Before any evidence, one of `searched` people is the enrolled one with chance
        duplicates / searched. `duplicate` is where calling them so costs less than a look by
        people, and no less than 10 log10(searched / fpir): a likelihood ratio of L or more happens
        to two people with chance 1 / L at most, whatever it is made of (Markov). `unique` is where
        letting them in costs less than a look.
        """
        people = max(searched, self.gallery, 1)
        prior = 10 * log10(people / self.duplicates)
        review = self.cost_review
        act = prior + 10 * log10((self.cost_false_alarm - review) / review)
        duplicate = max(act, 10 * log10(people / self.fpir))
        unique = prior - 10 * log10((self.cost_miss - review) / review)
        return Thresholds(min(unique, duplicate), duplicate)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a file of JSON; `from_dict` reads it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """A policy as `to_dict` wrote it; what is left out is as usual."""
        known = {one.name: one.type for one in fields(cls)}
        if not set(data) <= set(known):
            raise FieldError("policy", "has a field that is none")
        try:
            return cls(**data)
        except (TypeError, AttributeError):
            raise FieldError("policy", "a field is of the wrong type") from None
