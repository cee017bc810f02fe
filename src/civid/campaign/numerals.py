"""Numbers as Vietnamese and English write them (định dạng số): 1.234,5 and 1,234.5.

Counts are whole, so that ``1.234`` in a column of counts can only mean one thousand two hundred and
thirty-four; but whoever writes decimals with a point never meant that. `read_count` says therefore
which formats a text can be in, and `civid.campaign.sheets` decides for the file as a whole.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from civid.errors import CampaignError

#: Longest text that is looked at: no count of people has more characters.
_LONGEST = 32
#: Largest count: ten times the people of the country, and all sums of a campaign fit into int64.
MOST_COUNT = 1_000_000_000
_GROUPS = {
    "vi": re.compile(r"\d{1,3}(\.\d{3})+"),
    "en": re.compile(r"\d{1,3}(,\d{3})+"),
    "plain": re.compile(r"\d{1,3}([ \u00a0\u202f]\d{3})+|\d+"),
}
_DECIMALS = {"vi": re.compile(r"(.+),(\d+)"), "en": re.compile(r"(.+)\.(\d+)")}


class Numerals(StrEnum):
    """How numbers are written."""

    VI = "vi"  #: 1.234,5
    EN = "en"  #: 1,234.5
    PLAIN = "plain"  #: 1234, 1 234


def written(value: int | Decimal, style: Numerals | str = Numerals.VI) -> str:
    """A number in a style; decimals stay as many as they are.

    >>> written(98713820), written(Decimal("95.39")), written(Decimal("-1234.5"), "en")
    ('98.713.820', '95,39', '-1,234.5')
    """
    style = Numerals(style)
    text = f"{value:,}" if isinstance(value, int) else f"{value:,f}"
    if style is Numerals.PLAIN:
        return text.replace(",", "")
    return text if style is Numerals.EN else text.translate(str.maketrans(",.", ".,"))


def rounded(value: int | Decimal, of: int, decimals: int = 1) -> Decimal:
    """Per cent of a whole, halves rounded up, as reports do.

    >>> rounded(907763, 951633, 2), rounded(1, 8, 1)
    (Decimal('95.39'), Decimal('12.5'))
    """
    share = Decimal(value) * 100 / Decimal(of)
    return share.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def read_count(text: str) -> tuple[int, frozenset[Numerals]]:
    """A count, and the styles that it can be written in.

    Raises
    ------
    CampaignError
        Not a whole number from 0 on (``not-a-count``), or one whose groups are wrong; one of over
        10⁹ (``count-range``).

    >>> count, styles = read_count("1.234.567")
    >>> count, [style.value for style in styles]
    (1234567, ['vi'])
    >>> len(read_count("1234")[1])
    3
    """
    count, styles = _read(text.strip())
    if count > MOST_COUNT:
        raise CampaignError("a count of over 10⁹", code="count-range")
    return count, styles


def _read(shown: str) -> tuple[int, frozenset[Numerals]]:
    if len(shown) <= _LONGEST and shown.isascii() | ("\u00a0" in shown) | ("\u202f" in shown):
        if re.fullmatch(r"[0-9]+", shown):
            return int(shown), frozenset(Numerals)
        for style, pattern in _GROUPS.items():
            if pattern.fullmatch(shown):
                return int(re.sub(r"\D", "", shown)), frozenset({Numerals(style)})
        for style, pattern in _DECIMALS.items():  # 1.234,0: whole all the same
            found = pattern.fullmatch(shown)
            if found and set(found[2]) == {"0"} and len(found[2]) < 3:
                whole = found[1]
                if whole.isdigit() or _GROUPS[style].fullmatch(whole):
                    return int(re.sub(r"\D", "", whole)), frozenset({Numerals(style)})
    raise CampaignError("not a count: a whole number from 0 on is needed", code="not-a-count")


def is_unsure(text: str) -> bool:
    """Whether a text has one separator before three digits, which may be thousands or decimals.

    >>> is_unsure("1.234"), is_unsure("1.234.567"), is_unsure("12.5")
    (True, False, False)
    """
    return re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", text.strip()) is not None


def read_decimal(text: str, style: Numerals | str) -> Decimal:
    """A number with decimals, in a style that is known.

    Raises
    ------
    CampaignError
        Not a number in this style (``not-a-number``).

    >>> read_decimal("1.234,5", "vi"), read_decimal("95.39", "en")
    (Decimal('1234.5'), Decimal('95.39'))
    """
    style, shown = Numerals(style), text.strip()
    group, point = (".", ",") if style is Numerals.VI else (",", ".")
    pattern = rf"[0-9]{{1,3}}(\{group}[0-9]{{3}})*(\{point}[0-9]+)?|[0-9]+(\{point}[0-9]+)?"
    if len(shown) > _LONGEST or not re.fullmatch(pattern, shown):
        raise CampaignError("not a number in this format", code="not-a-number")
    return Decimal(shown.replace(group, "").replace(point, "."))


def about(value: int, style: Numerals | str = Numerals.VI, *, under: bool = False) -> str:
    """A number as speeches say it: down to the million or thousand below, or up to the next.

    >>> about(54_212_000), about(16_987_000, under=True), about(1_988, under=True)
    ('trên 54 triệu', 'gần 17 triệu', 'gần 2.000')
    """
    vietnamese = Numerals(style) is Numerals.VI
    unit = 1_000_000 if value >= 1_000_000 else 1_000
    times = -(-value // unit) if under else value // unit
    word = ("gần", "nearly") if under else ("trên", "more than")
    number = written(times * unit, style)
    if unit == 1_000_000:
        number = f"{written(times, style)} {'triệu' if vietnamese else 'million'}"
    return f"{word[0] if vietnamese else word[1]} {number}"
