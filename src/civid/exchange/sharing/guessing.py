"""The bound on guesses: what a partner has learned of one attribute by asking, and what is left.

Two kinds of answers let somebody who does not know a value find it. A comparison for equality that
fails rules one guess out: so many are answered. Any other comparison is an answer of a decision
tree: so many that say anything new are answered, whichever comparison it is. Whether a question is
refused depends on the question and on earlier answers alone, never on the value: a refusal says
nothing (Kenthapadi, Mishra, Nissim: Simulatable Auditing, PODS 2005).

The arithmetic is in docs/explain/sharing.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from civid.errors import RegisterDamagedError
from civid.exchange.sharing.attributes import Kind, attribute
from civid.exchange.sharing.judging import precise, youngest
from civid.exchange.sharing.question import Predicate
from civid.exchange.sharing.terms import GuessBound
from civid.exchange.sharing.words import Operator, Truth
from civid.people.dates import parse

_DAY = 86_400_000_000
#: Answers that are remembered, so that asking again costs nothing; and moments of each kind: more
#: than any bound lets be answered.
_REMEMBERED = 32


@dataclass(frozen=True, slots=True, repr=False)
class Learned:
    """What one partner has learned of one attribute of one person. Immutable.

    Attributes
    ----------
    wrong, bits : tuple of int
        When guesses failed, and when answers said something new (microseconds since 1970). Moments
        and not counts: grants of one partner may look back over windows of different lengths.
    least, most : str
        Days between which a date must lie by the answers so far; empty = not known.
    known : tuple of str
        Digests of comparisons that were answered.
    now : int
        The moment of the question; is not kept.
    """

    wrong: tuple[int, ...] = ()
    bits: tuple[int, ...] = ()
    least: str = ""
    most: str = ""
    known: tuple[str, ...] = ()
    now: int = field(default=0, compare=False)

    def at(self, now: int) -> Learned:
        """The same at the moment of a question; what was learned stays learned."""
        return replace(self, now=now)

    def _within(self, moments: Sequence[int], days: int) -> int:
        """How many lie in the window that ends now; those ahead of a clock set back do too."""
        return sum(self.now - one < days * _DAY for one in moments)

    def allows(
        self, guesses: int, asked: Sequence[Predicate], bound: GuessBound, today: date
    ) -> bool:
        """Whether so many guesses and these comparisons may be answered, at their worst cost."""
        fresh = {_key(one, today) for one in asked if self._costs(one, today)}
        wrong = guesses + sum(map(_is_guess, asked))
        missed = self._within(self.wrong, bound.wrong_days)
        answers = self._within(self.bits, bound.bits_days)
        return (not wrong or missed + wrong <= bound.wrong) and (
            not fresh or answers + len(fresh) <= bound.bits
        )

    def guessed(self, answer: Truth) -> Learned:
        """After a guess of a match was answered."""
        return self if answer is Truth.YES else self._missed()

    def _missed(self) -> Learned:
        return replace(self, wrong=(*self.wrong, self.now)[-_REMEMBERED:])

    def answered(self, asked: Predicate, answer: Truth, today: date) -> Learned:
        """After a comparison was answered."""
        if _is_guess(asked):
            right = Truth.YES if asked.operator is Operator.EQUAL else Truth.NO
            return self if answer is right else self._missed()
        if not self._costs(asked, today):
            return self
        known = (*self.known, _key(asked, today))[-_REMEMBERED:]
        bits = (*self.bits, self.now)[-_REMEMBERED:]
        return replace(self, bits=bits, known=known)._narrowed(asked, answer, today)

    def _costs(self, asked: Predicate, today: date) -> bool:
        """Whether an answer would say anything that does not follow from earlier ones."""
        if _is_guess(asked) or _key(asked, today) in self.known:
            return False
        edge, low, high = _edge(asked, today), self.least, self.most
        return edge is None or not ((high and high <= edge) or (low and low > edge))

    def _narrowed(self, asked: Predicate, answer: Truth, today: date) -> Learned:
        edge = _edge(asked, today)
        if edge is None or answer is Truth.UNKNOWN:
            return self
        up_to = asked.operator in (Operator.LESS, Operator.AT_MOST, Operator.OVER_AGE)
        if up_to is (answer is Truth.YES):
            return replace(self, most=min(edge, self.most or edge))
        after = (date.fromisoformat(edge) + timedelta(days=1)).isoformat()
        return replace(self, least=max(after, self.least))

    def to_json(self) -> bytes:
        """Bytes to be sealed."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in _KEPT}
        return json.dumps(plain, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_json(cls, data: bytes) -> Learned:
        """What `to_json` gave; `RegisterDamagedError` for anything else."""
        try:
            found = json.loads(data)
            lists = {name: tuple(found[name]) for name in ("wrong", "bits", "known")}
            return cls(**found | lists)
        except (ValueError, TypeError, KeyError):
            raise RegisterDamagedError("what a partner has learned cannot be read") from None

    def __repr__(self) -> str:
        return f"<Learned by {len(self.wrong)} wrong guesses and {len(self.bits)} answers>"


_KEPT = tuple(name for name in Learned.__slots__ if name != "now")


def _edge(asked: Predicate, today: date) -> str | None:
    """A comparison of order as "on this day or earlier", or its opposite; None for any other."""
    if asked.operator is Operator.OVER_AGE:
        return youngest(today, int(asked.values[0])).isoformat()
    if asked.operator in (Operator.LESS, Operator.AT_LEAST):
        return (parse(asked.values[0]).earliest - timedelta(days=1)).isoformat()
    if asked.operator in (Operator.MORE, Operator.AT_MOST):
        return parse(asked.values[0]).latest.isoformat()
    return None


def _is_guess(asked: Predicate) -> bool:
    """Whether it compares with one whole value; one with a year alone halves like any other."""
    if asked.operator not in (Operator.EQUAL, Operator.DIFFERENT):
        return False
    return attribute(asked.attribute).kind is not Kind.DATE or precise(asked.values[0])


def _key(asked: Predicate, today: date) -> str:
    """The same for comparisons that say the same."""
    about: object = _edge(asked, today)
    if about is None:
        about = [asked.operator, sorted(asked.values)]
    text = json.dumps([asked.attribute, about])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
