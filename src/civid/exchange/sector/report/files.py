"""The files of a report: two pages and JSON to pass on; three tables for their owner."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from civid.exchange.sector.judge.examining import Examined, Ints, chunks
from civid.exchange.sector.judge.mending import by_all
from civid.exchange.sector.match.matching import Matching
from civid.exchange.sector.match.questions import Met, Said
from civid.exchange.sector.readiness import Readiness
from civid.exchange.sector.report.page import LANGUAGES, page
from civid.exchange.sector.report.whole_file import whole_file
from civid.exchange.sector.table.normal import NORMAL, normal
from civid.exchange.sector.table.source import Source
from civid.spreadsheets import write_rows

PAGE, JSON = "readiness.{}.html", "readiness.json"
ROWS, NORMALISED, MEND = "rows.csv", "normalised.csv", "mend.csv"


def write_report(
    folder: Path,
    made: Readiness,
    source: Source,
    examined: Examined,
    found: Matching | None,
    tell: Callable[[int], None],
) -> None:
    """Write all of them, each whole or not at all.

    Raises
    ------
    Problem
        One cannot be written (``not-written``).
    """
    for language in LANGUAGES:
        with whole_file(folder / PAGE.format(language)) as file:
            file.write(page(made, language))
    with whole_file(folder / JSON) as file:
        file.write(json.dumps(made.to_dict(), ensure_ascii=False, indent=1) + "\n")
    with whole_file(folder / ROWS, mark=True) as file:
        titles = ["row", "findings"] + ([] if found is None else ["register"])
        write_rows(file, [titles])
        write_rows(file, _rows(examined, found))
    with whole_file(folder / MEND, mark=True) as file:
        write_rows(file, [["finding", "rows", "could be asked", "could match", "hours"]])
        write_rows(file, _mend(made))
    with whole_file(folder / NORMALISED, mark=True) as file:
        write_rows(file, [["row", *NORMAL]])
        write_rows(file, _normalised(source, made, tell))


def _mend(made: Readiness) -> Iterator[list[str]]:
    for one in by_all(made.mend):
        matching = "" if one.matching is None else str(one.matching)
        yield [one.rule, str(one.rows), str(one.askable), matching, f"{one.hours:.1f}"]


def _rows(examined: Examined, found: Matching | None) -> Iterator[list[str]]:
    """Rows with a finding or an answer that is no plain yes, in the order of the file."""
    own = _by_row(examined.rows)
    told = _by_row({} if found is None else _answers(found))
    one, two = next(own, None), next(told, None)
    while one is not None or two is not None:
        row = min(found[0] for found in (one, two) if found is not None)
        cells = [str(row), "", ""]
        if one is not None and one[0] == row:
            cells[1], one = "; ".join(one[1]), next(own, None)
        if two is not None and two[0] == row:
            cells[2], two = "; ".join(two[1]), next(told, None)
        yield cells if found is not None else cells[:2]


def _by_row(rows: dict[str, Ints]) -> Iterator[tuple[int, list[str]]]:
    """Row and its codes, by row."""
    import numpy as np

    names = sorted(rows)
    if not names:
        return
    at = np.concatenate([rows[name] for name in names])
    which = np.concatenate([np.full(len(rows[name]), i) for i, name in enumerate(names)])
    order = np.lexsort((which, at))
    row, codes = -1, list[str]()
    for place in order:
        if at[place] != row and codes:
            yield row, codes
            codes = []
        row = int(at[place])
        codes.append(names[which[place]])
    yield row, codes


def _answers(found: Matching) -> dict[str, Ints]:
    """Code -> rows, of what the register said and the grant lets be told."""
    made = {
        f"register.{what.name.lower()}": found.rows(what)
        for what in (Met.DIFFERS, Met.NOBODY, Met.UNTOLD, Met.REFUSED, Met.LIMITED)
    }
    made |= {f"register.differs.{field}": found.differing(field) for field in found.fields}
    if found.tells_renumbered:
        made["register.renumbered"] = found.numbers[found.renumbered == Said.YES]
    return {name: rows for name, rows in made.items() if len(rows)}


def _normalised(
    source: Source, made: Readiness, tell: Callable[[int], None]
) -> Iterator[list[str]]:
    done = 0
    for chunk in chunks(source, made.as_of):
        columns = normal(chunk)
        for number, *values in zip(chunk.numbers, *(columns[n] for n in NORMAL), strict=True):
            yield [str(number), *values]
        done += len(chunk.numbers)
        tell(done)
