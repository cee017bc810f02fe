"""A table of columns with names, for pandas, Arrow, CSV and notebooks."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.extras import need
from civid.spreadsheets import Writable, write_rows

_SHOWN = 10  # rows in a notebook
_AT_A_TIME = 65536  # rows in memory as Python values


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A column of names that come again and again: each name once, and where it stands.

    Attributes
    ----------
    codes : (N,) int32
        Index into the names.
    names : tuple of str
    """

    codes: npt.NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: list[str]) -> Labels:
        """Each name once, in the order in which it first occurs."""
        seen: dict[str, int] = {}
        codes = [seen.setdefault(value, len(seen)) for value in values]
        return cls(np.array(codes, np.int32), tuple(seen))

    def at(self, rows: npt.NDArray[np.integer]) -> Labels:
        """The labels of these rows."""
        return Labels(self.codes[rows], self.names)

    def __len__(self) -> int:
        return len(self.codes)


Column = npt.NDArray[Any] | Labels


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DataTable:
    """Columns of equal length. Immutable; safe to share between threads.

    Any library that reads Arrow takes it as it is (``polars.DataFrame(table)``,
    ``pyarrow.table(table)``, ``duckdb``), by the Arrow PyCapsule interface.

    Attributes
    ----------
    name : str
        What it is called; files are named after it.
    columns : mapping of str to (N,) array or `Labels`
        A figure that is not known, or not finite, is NaN in an array, and null elsewhere.
    about : str
        What has to be known to read it, such as the threshold behind its counts.

    Examples
    --------
    >>> columns = {"finger": Labels.of(["a", "b"]), "score": np.array([1.5, np.nan])}
    >>> table = DataTable("made", columns)
    >>> table
    DataTable(made: 2 rows; finger, score)
    >>> list(table.rows())
    [('a', 1.5), ('b', None)]
    >>> print(table.to_csv(), end="")
    finger,score
    a,1.5
    b,
    """

    name: str
    columns: Mapping[str, Column]
    about: str = ""

    def __post_init__(self) -> None:
        if len({len(column) for column in self.columns.values()}) > 1:
            raise ValueError("the columns of a table have one length")

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """One column as an array; of labels, the names."""
        column = self.columns[name]
        if isinstance(column, Labels):
            return np.array(column.names, dtype=object)[column.codes]
        return column

    def __repr__(self) -> str:
        return f"DataTable({self.name}: {len(self)} rows; {', '.join(self.columns)})"

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Rows as plain Python values; None where a figure is not known or not finite."""
        yield from zip(*(_plain(one, start, stop) for one in self.columns.values()), strict=True)

    def as_dicts(self) -> list[dict[str, Any]]:
        """A dict a row, for JSON."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows()]

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``; labels become categories.

        Raises
        ------
        UnavailableError
            pandas is not installed.
        """
        pandas = need("pandas", "a pandas table", "lab")
        made = {
            name: pandas.Categorical.from_codes(column.codes, list(column.names))
            if isinstance(column, Labels)
            else _finite(column)
            for name, column in self.columns.items()
        }
        frame = pandas.DataFrame(made)
        frame.attrs["about"] = self.about
        return frame

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``; labels become dictionaries.

        Raises
        ------
        UnavailableError
            pyarrow is not installed.
        """
        arrow = need("pyarrow", "an Arrow table", "lab")
        made = {
            name: arrow.DictionaryArray.from_arrays(column.codes, list(column.names))
            if isinstance(column, Labels)
            else arrow.array(_finite(column), from_pandas=True)
            for name, column in self.columns.items()
        }
        return arrow.table(made, metadata={"about": self.about})

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Arrow's way from one library to another."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_csv(self) -> str:
        """CSV with a line of names; names that a spreadsheet would compute are made harmless."""
        text = io.StringIO()
        self._write(text)
        return text.getvalue()

    def write_csv(self, path: Path) -> Path:
        """The same into a file, in UTF-8: whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        with temporary.open("w", encoding="utf-8", newline="") as file:
            self._write(file)
        return temporary.replace(path)

    def _write(self, file: Writable) -> None:
        write_rows(file, [list(self.columns)], line_end="\n")
        for start in range(0, len(self), _AT_A_TIME):
            write_rows(file, self.rows(start, start + _AT_A_TIME), line_end="\n")

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>"
            for row in self.rows(0, _SHOWN)
        )
        words = f"{self.name}: {len(self):,} rows" + (f"; {self.about}" if self.about else "")
        if len(self) > _SHOWN:
            words += f"; the first {_SHOWN} are shown"
        return (
            f"<table><caption>{escape(words)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
        )


def _plain(column: Column, start: int, stop: int | None) -> list[Any]:
    if isinstance(column, Labels):
        return [column.names[code] for code in column.codes[start:stop].tolist()]
    part = column[start:stop]
    if part.dtype.kind != "f":
        plain: list[Any] = part.tolist()
        return plain
    known = np.isfinite(part).tolist()
    return [
        value if is_known else None for value, is_known in zip(part.tolist(), known, strict=True)
    ]


def _finite(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.where(np.isfinite(column), column, np.nan) if column.dtype.kind == "f" else column


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return escape(f"{value:.4g}" if isinstance(value, float) else str(value))
