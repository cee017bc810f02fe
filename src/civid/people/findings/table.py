"""A table of people in columns, and its columns as numbers, made once each.

numpy loads with the first array, not with the module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from civid.errors import FieldError
from civid.people import dates, sex
from civid.people.findings.columns import COLUMNS
from civid.people.findings.name_flags import NameFlag, name_flags
from civid.people.kinds import day_of, text_of
from civid.people.names.canonical import canonical
from civid.people.names.misread import is_misread
from civid.people.names.repairs import repairs
from civid.people.sex import Sex

#: Arrays of bool and of int64, one element a row. Any, because numpy types a comparison of arrays
#: as Any, and because numpy is not imported here.
Mask = Any
Ints = Any

#: Values of `Table.date`: nothing recorded, no date, a day that the calendar lacks.
MISSING, UNREADABLE, IMPOSSIBLE = 0, -1, -2
#: Values of `Table.number`.
NO_NUMBER, MALFORMED = -2, -1
TYPING, ENCODING = 1, 2
_MEMO_SIZE = 1 << 17


class Memo(dict[str, int]):
    """Text -> int by a function, remembered; emptied when full."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[str], int]):
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> int:
        value = self._read(text)
        if len(self) >= _MEMO_SIZE:
            self.clear()
        if len(text) <= 64:
            self[text] = value
        return value


def _date_value(text: str) -> int:
    reading = dates.read(text)
    if reading.date is None:
        if not text.strip():
            return MISSING
        return IMPOSSIBLE if reading.problem.startswith("no such day") else UNREADABLE
    found = reading.date
    return found.year * 10_000 + (found.month or 0) * 100 + (found.day or 0)


def _sex_value(text: str) -> int:
    try:
        return {Sex.UNKNOWN: 0, Sex.MALE: 1, Sex.FEMALE: 2}[sex.parse(text)]
    except ValueError:
        return -1


_DATES, _SEXES = Memo(_date_value), Memo(_sex_value)


class Table:
    """Rows of people in columns.

    Not for several threads at once: arrays are made on use.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Columns of `COLUMNS`, all of one length; those left out are empty, and no rule calls them
        missing.
    as_of : date
        Day the table is judged by.

    Raises
    ------
    FieldError
        For an unknown column or columns of different lengths.
    """

    def __init__(self, columns: Mapping[str, Sequence[str]], as_of: date):
        if not isinstance(columns, Mapping):
            raise FieldError("columns", "should be a mapping of column to texts")
        unknown = set(columns) - set(COLUMNS)
        if unknown:
            raise FieldError("columns", "unknown: " + ", ".join(sorted(map(str, unknown)))[:200])
        for name, column in columns.items():
            _check_column(name, column)
        lengths = {len(column) for column in columns.values()}
        if len(lengths) > 1:
            raise FieldError("columns", "of different lengths")
        self.size = lengths.pop() if lengths else 0
        self.as_of = day_of(as_of.date() if isinstance(as_of, datetime) else as_of, "as_of")
        self._columns = columns
        self._made: dict[str, Any] = {}

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]], as_of: date) -> Table:
        """Make a table from rows; columns they lack are empty."""
        listed = list(rows)
        names = {name for row in listed for name in row}
        return cls({name: [row.get(name, "") for row in listed] for name in names}, as_of)

    @property
    def today(self) -> int:
        """`as_of` as a number like 20260305."""
        return self.as_of.year * 10_000 + self.as_of.month * 100 + self.as_of.day

    def texts(self, column: str) -> Sequence[str]:
        """A column as it was given."""
        found = self._columns.get(column)
        return [""] * self.size if found is None else found

    def row(self, at: int, columns: Iterable[str]) -> dict[str, str]:
        """Some columns of one row."""
        return {name: self.texts(name)[at] for name in columns}

    def memo(self, column: str, read: Memo) -> Ints:
        """A column through a memo, as int64."""
        import numpy as np

        texts = self.texts(column)
        return np.fromiter(map(read.__getitem__, texts), np.int64, self.size)

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def has(self, column: str) -> Mask:
        """Rows where a column is not empty."""

        def make() -> Mask:
            import numpy as np

            found = self._columns.get(column)
            if found is None:
                return np.zeros(self.size, bool)
            return np.fromiter(map(bool, found), bool, self.size)

        return self._once(f"has {column}", make)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that were given."""
        return frozenset(self._columns)

    def stated(self, *columns: str) -> bool:
        """Whether one of the columns was given at all: what a file does not have is not missing."""
        return any(column in self._columns for column in columns)

    def missing(self, *columns: str) -> Mask:
        """Rows that are empty in all of the columns; none where the table has none of them."""
        import numpy as np

        if not self.stated(*columns):
            return np.zeros(self.size, bool)
        return ~np.logical_or.reduce([self.has(column) for column in columns])

    def date(self, column: str) -> Ints:
        """Dates as 20260305, 20260300, 20260000; 0, -1 or -2 where there is none."""
        return self._once(f"date {column}", lambda: self.memo(column, _DATES))

    def day(self, column: str) -> Ints:
        """Dates known to the day as 20260305; 0 elsewhere."""

        def make() -> Ints:
            values = self.date(column)
            return values * ((values > 0) & (values % 100 > 0))

        return self._once(f"day {column}", make)

    def number(self, column: str) -> Ints:
        """Personal numbers as integers; NO_NUMBER or MALFORMED elsewhere."""
        return self._once(f"number {column}", lambda: digits(self.texts(column), 12))

    def cmnd9(self) -> Ints:
        """Old numbers as integers; NO_NUMBER or MALFORMED elsewhere."""
        return self._once("cmnd9", lambda: digits(self.texts("cmnd9"), 9))

    def sex(self) -> Ints:
        """0 unknown, 1 male, 2 female, -1 unreadable."""
        return self._once("sex", lambda: self.memo("sex", _SEXES))

    def year(self) -> Ints:
        """Year of birth; 0 where not known."""

        def make() -> Ints:
            births = self.date("birth")
            return (births // 10_000) * (births > 0)

        return self._once("year", make)

    def age(self) -> Ints:
        """Whole years on the day of the table, by the earliest birth; -1 where not known."""

        def make() -> Ints:
            births = self.date("birth")
            known = births > 0
            age = (self.today - births) // 10_000
            return age * known - ~known

        return self._once("age", make)

    def name_flags(self) -> Ints:
        """`NameFlag` bits of the name."""

        def make() -> Ints:
            import numpy as np

            return np.fromiter(map(name_flags, self.texts("name")), np.int64, self.size)

        return self._once("flags", make)

    def flagged(self, flag: NameFlag) -> Mask:
        """Rows whose name has one of the flags."""
        return (self.name_flags() & int(flag)) != 0

    def canonical_names(self) -> list[str]:
        """Canonical names; empty where the name cannot be one."""

        def make() -> list[str]:
            return [_canonical(name) for name in self.texts("name")]

        found: list[str] = self._once("canonical", make)
        return found

    def misread(self, column: str) -> Mask:
        """Rows whose text was read in a wrong encoding: nothing in them may be tidied."""

        def make() -> Mask:
            import numpy as np

            return np.fromiter(map(is_misread, self.texts(column)), bool, self.size)

        return self._once(f"misread {column}", make)

    def damage(self) -> Ints:
        """TYPING or ENCODING where a repair of the name is suggested; 0 elsewhere."""

        def make() -> Ints:
            import numpy as np

            odd = NameFlag.NO_SYLLABLE | NameFlag.DIGIT | NameFlag.SYMBOL | NameFlag.SPACES
            found = np.zeros(self.size, np.int64)
            names = self.texts("name")
            unreadable = self.flagged(NameFlag.UNREADABLE)
            for at in np.flatnonzero(self.flagged(odd) & ~unreadable).tolist():
                suggested = repairs(names[at])
                if suggested:
                    typed = suggested[0].kind in ("telex", "vni", "viqr")
                    found[at] = TYPING if typed else ENCODING
            found[self.misread("name")] = ENCODING
            return found

        return self._once("damage", make)


def _check_column(name: str, column: Sequence[str]) -> None:
    if isinstance(column, (str, bytes)) or not isinstance(column, Sequence):
        raise FieldError(name, "a column should be a list or tuple of texts")
    if not set(map(type, column)) <= {str}:
        for value in column:
            text_of(value, name)


def _canonical(name: str) -> str:
    try:
        return canonical(name)
    except ValueError:
        return ""


def digits(texts: Sequence[str], length: int) -> Ints:
    """Texts of exactly `length` ASCII digits as integers, vectorised.

    NO_NUMBER for empty text, MALFORMED for everything else.
    """
    import numpy as np

    size = len(texts)
    lengths = np.fromiter(map(len, texts), np.int64, size)
    right = [text if len(text) == length else "" for text in texts]
    codes = np.array(right, dtype=f"<U{length}").view("<u4").reshape(size, length)
    places = codes.astype(np.int64) - 48
    fine = (lengths == length) & ((places >= 0) & (places <= 9)).all(axis=1)
    values = places @ (10 ** np.arange(length - 1, -1, -1, dtype=np.int64))
    empty = np.where(lengths == 0, NO_NUMBER, MALFORMED)
    return np.where(fine, values, empty)
