"""What a command prints, held against what its page says that it prints.

In a page ``...`` stands for what varies: within a line for any text, alone on a line for any lines.
Where a page runs on other people than its own, numbers count for nothing, rows of a table may be
more or fewer, and columns wider; the words have to be there, all of them and no others.
"""

from __future__ import annotations

import re

#: How far a command is, said in a log every ten seconds: a matter of the machine.
_PROGRESS = re.compile(r"[A-Z][\w ]*: [\d,]+ of [\d,]+ \(")
_NUMBER = re.compile(r"\d[\d.,:TZ-]*")
_SIZE = re.compile(r"# ([kMG]?B|billion|million|thousand|n?m?s|s)\b")


def differs(told: str, printed: str, *, exact: bool) -> str:
    """The first line of a page that is not what was printed; empty when all are.

    >>> differs("2 prints in ... s\\n...\\ndone", "2 prints in 0.3 s\\na\\nb\\ndone\\n", exact=True)
    ''
    >>> differs("3 prints", "2 prints", exact=True)
    "told: '3 prints'; printed: '2 prints'"
    >>> differs("3 prints", "2 prints", exact=False)
    ''
    """
    want, have = _lines(told, exact=exact), _lines(printed, exact=exact)
    at, anything = 0, False
    for line in want:
        if line == "...":
            anything = True
            continue
        fits = re.compile(".*?".join(map(re.escape, line.split("..."))))
        while anything and at < len(have) and not fits.fullmatch(have[at]):
            at += 1
        found = have[at] if at < len(have) else "nothing more"
        if at == len(have) or not fits.fullmatch(have[at]):
            return f"told: {line!r}; printed: {found!r}"
        at, anything = at + 1, False
    return "" if anything or at == len(have) else f"printed, and not told: {have[at]!r}"


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
