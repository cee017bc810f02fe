"""One pass over a table: which rows does each rule object to? No value is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from civid.exchange.sector.judge.rules import FORMULA, NAME_BIRTH, OLD, ROW_RULES, SERIAL
from civid.exchange.sector.table.normal import Chunk, chunk_of
from civid.exchange.sector.table.source import Source
from civid.people.findings import Table, examine
from civid.people.findings.pairs import group_pairs
from civid.register.bulk.outcome import Refused
from civid.spreadsheets import SIGNS

CHUNK = 20_000

Ints = Any


@dataclass(frozen=True, slots=True)
class Examined:
    """What the rules found.

    Attributes
    ----------
    size : int
        Rows of the file, those that could not be taken as well.
    rows : dict of str to (N,) int64
        Rule -> numbers of rows in the file, ascending, each once; rules without findings left out.
    numbers : (M,) int64
        Numbers of the rows that could be taken.
    fields : frozenset of str
        Fields that the table has.
    """

    size: int
    rows: dict[str, Ints]
    numbers: Ints
    fields: frozenset[str]

    def count(self, rule: str) -> int:
        """Rows that a rule objects to."""
        found = self.rows.get(rule)
        return 0 if found is None else len(found)


def chunks(
    source: Source, as_of: date, on_refused: Callable[[int, Refused], None] | None = None
) -> Iterator[Chunk]:
    """The table in chunks of at most `CHUNK` rows."""
    held: list[tuple[int, dict[str, str]]] = []
    for number, row in source.rows():
        if isinstance(row, Refused):
            if on_refused is not None:
                on_refused(number, row)
            continue
        held.append((number, row))
        if len(held) >= CHUNK:
            yield chunk_of(held, as_of)
            held = []
    if held:
        yield chunk_of(held, as_of)


def examine_table(
    source: Source, as_of: date, tell: Callable[[int], None] | None = None
) -> Examined:
    """Run every rule over a table.

    Memory: about 350 bytes a row beside one chunk. One thread.

    Parameters
    ----------
    source : Source
        The table.
    as_of : date
        Day to judge by.
    tell : callable, optional
        Told how many rows are done.

    Raises
    ------
    FormatError
        The file cannot be read any more.
    """
    import numpy as np

    own: dict[str, list[int]] = {}
    numbers: list[Ints] = []
    done = 0

    def refuse(number: int, refused: Refused) -> None:
        nonlocal done
        own.setdefault(ROW_RULES[refused.code], []).append(number)
        done += 1

    def tables() -> Iterator[Table]:
        nonlocal done
        for chunk in chunks(source, as_of, refuse):
            numbers.append(np.array(chunk.numbers, np.int64))
            for rule, found in ((OLD, chunk.old), (SERIAL, chunk.serial)):
                if hits := [n for n, hit in zip(chunk.numbers, found, strict=True) if hit]:
                    own.setdefault(rule, []).extend(hits)
            if hits := _formulas(chunk):
                own.setdefault(FORMULA, []).extend(hits)
            yield chunk.table
            done += len(chunk.numbers)
            if tell is not None:
                tell(done)

    examination = examine(tables())
    known = np.concatenate(numbers) if numbers else np.zeros(0, np.int64)
    rows = {name: known[examination.rows(name)] for name in examination.counts()}
    rows |= {name: np.array(found, np.int64) for name, found in own.items()}
    if examination.size:
        same = _same_name_and_birth(examination.register)
        if len(same):
            rows[NAME_BIRTH] = known[same]
    # Who has an old number alone is told so, and not that there is none.
    if OLD in rows and "number.missing" in rows:
        rows["number.missing"] = np.setdiff1d(rows["number.missing"], rows[OLD])
    size = len(known) + sum(len(own.get(name, ())) for name in ROW_RULES.values())
    kept = {name: found for name, found in rows.items() if len(found)}
    return Examined(size, kept, known, frozenset(source.columns.values()))


def _formulas(chunk: Chunk) -> list[int]:
    """Rows with a cell that a spreadsheet would compute; +84 and -5 are numbers."""
    hits = set()
    for field in chunk.table.columns:
        for number, text in zip(chunk.numbers, chunk.table.texts(field), strict=True):
            if text[:1] in SIGNS and len(text) > 1 and _is_formula(text):
                hits.add(number)
    return sorted(hits)


def _is_formula(text: str) -> bool:
    return text[0] in "=@＝＠" or not (text[1].isdigit() or text[1] in "-/ ")


def _same_name_and_birth(register: Any) -> Ints:
    """Rows whose name without accents and day of birth another row has, too."""
    import numpy as np

    key, birth = register.column("key"), register.column("birth").astype(np.int64)
    one, two = group_pairs([key, birth], (key != 0) & (birth > 0) & (birth % 100 > 0), window=1)
    return np.unique(np.concatenate([one, two]))
