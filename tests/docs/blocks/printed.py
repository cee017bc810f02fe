"""What a command prints, held against what its page says that it prints.

A page may leave lines out; those that it has are printed in this order, and ``...`` in one stands
for what varies. Where a page runs on other people than its own, numbers count for nothing, rows of
a table may be more or fewer, and columns wider.
"""

from __future__ import annotations

import re

#: How far a command is, said in a log every ten seconds: a matter of the machine.
_PROGRESS = re.compile(r"[A-Z][\w ]*: [\d,]+ of [\d,]+ \(")
_NUMBER = re.compile(r"\d[\d.,:TZ-]*")
_SIZE = re.compile(r"# ([kMG]?B|billion|million|thousand|n?m?s|s)\b")


def differs(told: str, printed: str, *, exact: bool) -> str:
    """The first line of a page that was not printed, in this order; empty when all were.

    >>> differs("2 prints in ... s\\ndone", "2 prints in 0.3 s\\na\\ndone\\n", exact=True)
    ''
    >>> differs("3 prints", "2 prints", exact=True)
    'not printed: 3 prints'
    >>> differs("3 prints", "2 prints", exact=False)
    ''
    """
    rest = iter(_lines(printed, exact=exact))
    for line in _lines(told, exact=exact):
        fits = re.compile(".*?".join(map(re.escape, line.split("..."))))
        if not any(map(fits.fullmatch, rest)):
            return f"not printed: {line}"
    return ""


def _lines(text: str, *, exact: bool) -> list[str]:
    rows = [row.rstrip() for row in text.splitlines() if not _PROGRESS.match(row)]
    rows = [row for row in rows if row.strip()]
    if exact:
        return rows
    plain = [_without_numbers(row) for row in rows if set(row) - set(" \u2500")]
    return [row for row, before in zip(plain, ["", *plain], strict=False) if row != before]


def _without_numbers(row: str) -> str:
    """A row of a table in which only numbers differ is that row."""
    return _SIZE.sub("# (unit)", " ".join(_NUMBER.sub("#", row).split()))
