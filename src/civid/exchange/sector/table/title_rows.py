"""Where the titles of a table stand (dòng tiêu đề), in forms that put other things above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from civid.exchange.sector.table.headings import field_of

#: Rows among which the titles are looked for.
SEARCHED = 30
#: So many titles must be understood before a row further down is taken for that of the titles.
_ENOUGH = 2
#: The row below the titles in which forms number their columns.
_NUMBERED = re.compile(r"\(?(\d{1,3}|[A-Z])\)?")


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of a table.

    Attributes
    ----------
    titles : tuple of str
        Each once: of two alike the second is called ``Số CCCD (2)``.
    skipped : int
        How many rows that are not empty stand before the first person.
    """

    titles: tuple[str, ...]
    skipped: int


def find_titles(rows: Sequence[Sequence[str]]) -> Titles:
    """Find the titles among the first rows that are not empty.

    They may be in two rows (a title over several columns, and theirs below it), and the columns may
    be numbered in one more.

    >>> find_titles([["DANH SÁCH"], ["STT", "Họ và tên", "Ngày sinh", "Giấy tờ", ""],
    ...              ["", "", "", "Số CCCD", "Ngày cấp"], ["(1)", "(2)", "(3)", "(4)", "(5)"]])
    Titles(titles=('STT', 'Họ và tên', 'Ngày sinh', 'Số CCCD', 'Ngày cấp'), skipped=4)
    """
    known = [_known(row) for row in rows[:SEARCHED]]
    best = max(range(len(known)), key=lambda at: known[at], default=0)
    at = best if known and known[best] >= max(_ENOUGH, known[0]) else 0
    titles = list(rows[at]) if rows else []
    at += 1
    if at < len(rows) and _is_below(titles, rows[at]):
        width = max(len(titles), len(rows[at]))
        above, below = _padded(titles, width), _padded(rows[at], width)
        titles = [low or high for high, low in zip(above, below, strict=True)]
        at += 1
    if at < len(rows) and _numbers_columns(rows[at]):
        at += 1
    return Titles(_each_once(titles), at)


def _known(row: Sequence[str]) -> int:
    return len({field for field in map(field_of, row) if field})


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _is_below(titles: Sequence[str], row: Sequence[str]) -> bool:
    """A second row of titles: it says what those above do not, and leaves the others alone."""
    above = [bool(field_of(title)) for title in _padded(titles, len(row))]
    alone = not any(cell and taken for cell, taken in zip(row, above, strict=False))
    return alone and _known(row) > 0


def _numbers_columns(row: Sequence[str]) -> bool:
    cells = [cell for cell in row if cell]
    found = [match[1] for cell in cells if (match := _NUMBERED.fullmatch(cell))]
    if len(cells) < 3 or len(found) != len(cells):
        return False
    counts = [int(one) for one in found if one.isdigit()]
    return counts == list(range(counts[0], counts[0] + len(counts))) if counts else True


def _each_once(titles: Sequence[str]) -> tuple[str, ...]:
    made: list[str] = []
    for title in titles:
        one, count = title, 1
        while one and one in made:
            count += 1
            one = f"{title} ({count})"
        made.append(one)
    return tuple(made)
