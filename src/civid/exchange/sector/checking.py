"""`check`: a partner's table in, its readiness out; with a register only what a grant allows."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from civid.exchange.sector.judge.examining import Examined, examine_table
from civid.exchange.sector.judge.grading import Criteria, grade, judge, union
from civid.exchange.sector.judge.mending import mendings
from civid.exchange.sector.judge.rules import about
from civid.exchange.sector.match.bins import binned, step
from civid.exchange.sector.match.checkpoint import Checkpoint
from civid.exchange.sector.match.matching import Matching, match
from civid.exchange.sector.match.questions import Asker, Met
from civid.exchange.sector.readiness import EXAMPLES, Found, Matched, Readiness
from civid.exchange.sector.report.files import write_report
from civid.exchange.sector.table.source import Source
from civid.people.findings import Severity
from civid.problems import not_written

#: Told of every step: ``looking`` (bytes), ``examining``, ``asking``, ``writing`` (rows); how many
#: are done, and of how many.
Progress = Callable[[str, int, int], None]
_VERSION = 1


def check(
    table: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    asker: Asker | None = None,
    criteria: Criteria | None = None,
    as_of: date | None = None,
    output: str | os.PathLike[str] | None = None,
    on_progress: Progress | None = None,
) -> Readiness:
    """Is a table ready to be connected to the register of people?

    Memory: about 350 bytes a row. One thread. A run that was stopped while it asked goes on where
    it stood when it is started again with the same table, columns, day, grant and ``output``.

    Parameters
    ----------
    table : path
        CSV in any encoding and with any delimiter, XLSX (the first sheet that is not hidden and has
        titles that are understood) or Parquet.
    columns : mapping of str to str, optional
        Title -> field of `civid.people.findings.COLUMNS`, an empty field for a column to pass over;
        titles that are not named are guessed.
    encoding, delimiter : str, optional
        Of a CSV file; found out, unless given.
    asker : Asker, optional
        Asks a register; see `civid.exchange.sector.UnderGrant`. Without one the table alone is
        looked at.
    criteria : Criteria, optional
        Thresholds; those that come with civid, unless given.
    as_of : date, optional
        Day to judge by; today, unless given.
    output : path, optional
        Folder for ``readiness.vi.html``, ``readiness.en.html``, ``readiness.json`` (no person in
        them), ``rows.csv``, ``normalised.csv`` and ``mend.csv`` (for the partner's officer).
    on_progress : callable, optional
        See `Progress`.

    Returns
    -------
    Readiness

    Raises
    ------
    FormatError
        The file cannot be read, or is no table.
    FieldError
        A title, field or criterion that does not exist.
    AccessRefusedError
        The grant does not allow to ask at all.
    Problem
        A file cannot be written (``not-written``).
    UnavailableError
        An optional package is missing: openpyxl, pyarrow, or jinja2 for the page.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "customers.csv")
    ...     rows = ["Họ và tên;Ngày sinh;Số CCCD", "Lê An;05/03/2001;046301123456",
    ...             "Võ Bình;31/04/1960;046060123457"]
    ...     _ = file.write_text("\\n".join(rows), encoding="utf-8")
    ...     found = check(file, as_of=date(2026, 3, 1))
    >>> found.grade.value, [(one.rule.id, one.examples) for one in found.found]
    ('not ready', [('birth.impossible', (3,))])
    """
    tell = on_progress or (lambda stage, done, total: None)
    criteria = criteria or Criteria.read()
    day = as_of or date.today()
    folder = None if output is None else _folder(Path(output))
    source = Source.open(
        table, columns=columns, encoding=encoding, delimiter=delimiter,
        tell=lambda done, total: tell("looking", done, total),
    )  # fmt: skip
    most = source.about_rows()
    examined = examine_table(source, day, lambda done: tell("examining", done, max(done, most)))
    if asker is None:
        made = _readiness(source, day, criteria, examined, None)
        if folder is not None:
            _write(folder, made, source, examined, None, tell)
        return made
    with Checkpoint(folder, _key(source, day, asker)) as kept:
        size = len(examined.numbers)
        found = match(source, day, asker, kept, lambda done: tell("asking", done, size))
        made = _readiness(source, day, criteria, examined, found)
        if folder is not None:
            _write(folder, made, source, examined, found, tell)
        if not found.count(Met.LIMITED):
            kept.remove()
    return made


def _folder(path: Path) -> Path:
    """Made before any work is done, so that nobody waits in vain."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(path, error) from None
    return path


def _write(
    folder: Path, made: Readiness, source: Source, examined: Examined, found: Matching | None,
    tell: Progress,
) -> None:  # fmt: skip
    size = len(examined.numbers)
    write_report(folder, made, source, examined, found, lambda done: tell("writing", done, size))


def _key(source: Source, day: date, asker: Asker) -> str:
    said = [_VERSION, source.digest, source.columns, source.encoding, source.delimiter,
            day.isoformat(), asker.key, asker.batch]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _readiness(
    source: Source, day: date, criteria: Criteria, examined: Examined, found: Matching | None
) -> Readiness:
    matched = None if found is None else _matched(found, criteria.smallest_shown)
    judged = judge(criteria, examined, None if matched is None else matched.share)
    mend = mendings(criteria, examined, None if found is None else found.unmatched())
    return Readiness(
        table=source.path.name, kind=source.kind, encoding=source.encoding or "",
        sheet=source.sheet,
        digest=source.digest, as_of=day, rows=examined.size, clean=_clean(examined),
        columns=dict(source.columns),
        passed_over=tuple(one for one in source.titles if one and one not in source.columns),
        missing=tuple(one for one in criteria.needed if one not in examined.fields),
        has_empty_lines=source.has_empty_lines,
        grade=grade(criteria, examined, judged), judged=judged, found=_found(examined),
        mend=mend,
        matched=matched, criteria=criteria,
    )  # fmt: skip


def _clean(examined: Examined) -> int:
    known = about()
    counting = [name for name in examined.rows if known[name].severity > Severity.INFO]
    return examined.size - len(union(examined, counting))


def _found(examined: Examined) -> tuple[Found, ...]:
    known = about()
    made = [
        Found(known[name], len(rows), tuple(rows[:EXAMPLES].tolist()))
        for name, rows in examined.rows.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.rule.severity, -one.rows, one.rule.id)))


def _matched(found: Matching, width: int) -> Matched:
    parts = found.parts()
    askable = sum(parts.values())
    agree = parts["agrees"] + parts.get("renumbered", 0)
    # Of what is shown, so that the share tells no more than the ranges do.
    low = step(agree, askable, width).low
    return Matched(askable, low / askable if askable else 0.0, binned(parts, width))
