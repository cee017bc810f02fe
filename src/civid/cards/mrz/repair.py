"""What a badly read zone might have been. Suggestions only: a person or the chip decides.

Three steps: foreign characters and line lengths are put right; letters where only digits can
stand (and the other way round) are swapped for their look-alikes; what then still fails its
check digits is searched for at most two digits that OCR confuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, product

from civid.cards.mrz._read import read, split_lines
from civid.cards.mrz.check_digit import ALPHABET
from civid.errors import FormatError

_MOST, _LOOKED_AT = 5, 60  # suggestions; more would be no help
_MOST_UNREAD = 2  # places where a digit has to be and nothing like one was read
_LONGEST_LINE = 60
_SHORTEST_LINE = (20, 20, 3)  # the last is names and fillers, and OCR often loses the fillers
#: What OCR makes of fillers; « is two of them.
_FOREIGN = str.maketrans(dict.fromkeys("‹([{⟨≤＜_", "<") | {"«": "<<", "»": "<<"})
_BLANKS = re.compile(r"[ \t\u00a0]+")
_BETWEEN_WORDS = re.compile(r"(?<=[^<])[ \t\u00a0]+(?=[^<])")
_TO_DIGIT = str.maketrans("OQDUILJZASGTB", "0000111245678")
_TO_LETTER = str.maketrans("01245678", "OIZASGTB")
#: Digits that OCR takes for one another on OCR-B, the likely ones only.
_CONFUSED = {
    "0": "86", "1": "74", "2": "7", "3": "8", "4": "1", "5": "6", "6": "508", "7": "12",
    "8": "036", "9": "4",
}  # fmt: skip
_DIGITS = {0: [*range(5, 27), 29], 1: [*range(7), *range(8, 15), 29]}
_LETTERS = {2: range(30)}


@dataclass(frozen=True, slots=True)
class Repair:
    """One reading of a Vietnamese zone in which every check digit is right.

    Attributes
    ----------
    lines : tuple of str
        The three lines.
    changed : tuple of (int, int)
        Line and column, from 0, of the characters that differ from what was read.
    """

    lines: tuple[str, ...] = field(repr=False)
    changed: tuple[tuple[int, int], ...]


def suggest(lines: str | Sequence[str]) -> tuple[Repair, ...]:
    """Readings of a damaged zone of a Vietnamese card, the fewest changes first, at most five.

    Empty where nothing within two digits fits. A zone that is right as it stands comes back as
    the only suggestion, with no change.

    Examples
    --------
    >>> found = suggest(["IDVNM3O11234567O46301123456<<5",
    ...                  "0103059F2603058VNM<<<<<<<<<<<0",
    ...                  "NGUYEN<<THI<AN<<<<<<<<<<<<<<<<"])
    >>> found[0].changed
    ((0, 6), (0, 15))
    """
    try:
        start = _shape(lines)
    except FormatError:
        return ()
    if start is None or not _looks_vietnamese(start):
        return ()
    swapped = _swap(start)
    if not _failed(swapped):
        return (_repair(start, swapped),)
    found = [_repair(start, one) for one in islice(_search(swapped), _LOOKED_AT)]
    return tuple(sorted(found, key=_unlikely)[:_MOST])


def _shape(lines: str | Sequence[str]) -> list[str] | None:
    # Three lines of 30: the longest run of fillers gives or takes what is missing, in the line of
    # names the end, since the longest run of a cut line is that between surname and given names.
    given = split_lines(lines.splitlines() if isinstance(lines, str) and "\n" in lines else lines)
    if len(given) != 3:
        return None
    made = []
    for number, line in enumerate(given):
        text = line.upper().translate(_FOREIGN)
        if number == 2:
            text = _BETWEEN_WORDS.sub("<", text)
        text = _BLANKS.sub("", text)
        if not _SHORTEST_LINE[number] <= len(text) <= _LONGEST_LINE:
            return None
        text = "".join(letter if letter in ALPHABET else "<" for letter in text)
        if number == 2 and len(text.rstrip("<")) <= 30:
            made.append(text[:30].ljust(30, "<"))
            continue
        run = max(re.findall("<+", text), key=len, default="")
        missing = 30 - len(text)
        if missing and len(run) + missing < 0:
            return None
        if missing:
            at = text.rfind(run) if run else len(text)
            text = text[:at] + "<" * (len(run) + missing) + text[at + len(run) :]
        made.append(text)
    return made


def _looks_vietnamese(lines: list[str]) -> bool:
    read = (lines[0][:5] + lines[1][15:18]).translate(_TO_LETTER)
    return sum(one == other for one, other in zip(read, "IDVNMVNM", strict=True)) >= 5


def _swap(lines: list[str]) -> list[str]:
    grid = [list(line) for line in lines]
    for line, columns in _DIGITS.items():
        for column in columns:
            grid[line][column] = grid[line][column].translate(_TO_DIGIT)
    for line, places in _LETTERS.items():
        for column in places:
            grid[line][column] = grid[line][column].translate(_TO_LETTER)
    grid[0][:5], grid[1][15:18] = "IDVNM", "VNM"
    grid[0][27] = grid[0][28] = "<"
    if grid[1][7] in "NHW":
        grid[1][7] = "M"
    elif grid[1][7] in "EP":
        grid[1][7] = "F"
    return ["".join(row) for row in grid]


def _failed(lines: list[str]) -> list[str]:
    try:
        record = read(lines, strict=False)
    except FormatError:
        return ["MRZ"]
    wrong = list(record.failed_checks)
    if record.personal_number is None:
        wrong.append("personal_number")
    if record.birth is None and "<" not in record.birth_text:
        wrong.append("birth")
    if record.expires_on is None and not record.no_expiry:
        wrong.append("expiry")
    return wrong


def _unlikely(one: Repair) -> tuple[bool, int]:
    # A number that states another year of birth is lawful, but rare.
    return one.lines[0][19:21] != one.lines[1][:2], len(one.changed)


def _search(lines: list[str]) -> Iterator[list[str]]:
    places = [(line, column) for line, columns in _DIGITS.items() for column in columns]
    unread = [place for place in places if lines[place[0]][place[1]] not in _CONFUSED]
    if len(unread) > _MOST_UNREAD:
        return
    likely = [
        [(line, column, digit) for digit in _CONFUSED.get(lines[line][column], "0123456789")]
        for line, column in places
    ]
    # The last nine digits stand twice: where they differ, each may be the right one.
    for column in range(5, 14):
        first, second = lines[0][column], lines[0][column + 13]
        if first != second:
            likely[places.index((0, column))].append((0, column, second))
            likely[places.index((0, column + 13))].append((0, column + 13, first))
    seen = set[tuple[str, ...]]()
    for size in (1, 2):
        for chosen in combinations(likely, size):
            for changes in product(*chosen):
                made = _changed(lines, changes)
                if tuple(made) not in seen and not _failed(made):
                    seen.add(tuple(made))
                    yield made


def _changed(lines: list[str], changes: tuple[tuple[int, int, str], ...]) -> list[str]:
    made = list(lines)
    for line, column, letter in changes:
        made[line] = made[line][:column] + letter + made[line][column + 1 :]
    return made


def _repair(start: list[str], lines: list[str]) -> Repair:
    changed = tuple(
        (line, column)
        for line in range(3)
        for column in range(30)
        if start[line][column] != lines[line][column]
    )
    return Repair(tuple(lines), changed)
