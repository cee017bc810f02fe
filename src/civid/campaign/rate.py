"""A rate (tỷ lệ): numerator, denominator, share and remainder, which always belong together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from civid.campaign.numerals import rounded
from civid.campaign.words import Language, say
from civid.errors import CampaignError


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many.

    Rates above 100 % are normal; then nothing remains and some are over. Of a denominator of zero
    there is no rate: `percent` is None.

    Attributes
    ----------
    done, of : int
        Numerator and denominator.

    Raises
    ------
    CampaignError
        Less than nothing (``negative``).

    >>> rate = Rate(1_187_439, 1_226_109)
    >>> rate.remaining, rate.percent(), rate.percent_remaining()
    (38670, Decimal('96.8'), Decimal('3.2'))
    >>> Rate(54, 50).over, Rate(54, 50).remaining, Rate(1, 0).percent()
    (4, 0, None)
    """

    done: int
    of: int

    def __post_init__(self) -> None:
        if self.done < 0 or self.of < 0:
            raise CampaignError("less than nothing", code="negative")

    @property
    def remaining(self) -> int:
        """What is left; 0 when it is done."""
        return max(0, self.of - self.done)

    @property
    def over(self) -> int:
        """What was done beyond it."""
        return max(0, self.done - self.of)

    @property
    def share(self) -> Fraction | None:
        """Exactly; None of nothing."""
        return Fraction(self.done, self.of) if self.of else None

    @property
    def is_met(self) -> bool:
        """Whether it is done, and there was something to do."""
        return self.of > 0 and self.done >= self.of

    def percent(self, decimals: int = 1) -> Decimal | None:
        """Per cent, halves rounded up; None of nothing."""
        return rounded(self.done, self.of, decimals) if self.of else None

    def percent_remaining(self, decimals: int = 1) -> Decimal | None:
        """Per cent that is left."""
        return rounded(self.remaining, self.of, decimals) if self.of else None

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.done + other.done, self.of + other.of)

    def text(self, language: Language | str = Language.VI, decimals: int = 1) -> str:
        """One sentence, as reports write it.

        >>> Rate(514739, 558040).text()
        '514.739/558.040, đạt 92,2%, còn lại 43.301 (chiếm 7,8%)'
        >>> Rate(54, 50).text("en")
        '54/50, 108.0%, 4 over'
        >>> Rate(7, 0).text()
        '7/0, không có tỷ lệ'
        """
        percent, left = self.percent(decimals), self.percent_remaining(decimals)
        if percent is None or left is None:
            return say("rate-none", language, done=self.done, of=self.of)
        key = "rate-over" if self.over else "rate-left" if self.remaining else "rate-met"
        return say(key, language, done=self.done, of=self.of, percent=percent, over=self.over,
                   left=self.remaining, percent_left=left)  # fmt: skip

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON; ``percent`` with two decimals."""
        percent = self.percent(2)
        return {"done": self.done, "of": self.of, "remaining": self.remaining, "over": self.over,
                "percent": None if percent is None else float(percent)}  # fmt: skip


def whole_behind(done: int, percent: Decimal) -> tuple[int, int]:
    """The least and the greatest denominator behind a numerator and a rounded rate.

    >>> whole_behind(907_763, Decimal("95.39"))
    (951584, 951683)
    """
    half = Fraction(1, 2) / Fraction(10) ** -int(percent.as_tuple().exponent)
    low, high = Fraction(percent) - half, Fraction(percent) + half  # [low, high) is rounded to it
    least = Fraction(done * 100) / high
    greatest = Fraction(done * 100) / low
    return int(least) + 1, int(greatest)
