"""Bulk work on a register: synchronise, import, survey, number."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from civid.people.citizen import Source
from civid.people.numbers import Coverage
from civid.register.actor import Capability
from civid.register.bulk import numbering, runs
from civid.register.bulk.files import csv_file, parquet_file
from civid.register.bulk.files.mapping import Columns, columns_of
from civid.register.bulk.files.reading import Reader
from civid.register.bulk.numbering import Allocated
from civid.register.bulk.outcome import Outcome, Refused
from civid.register.bulk.row import Defaults
from civid.register.bulk.runs import Run
from civid.register.bulk.survey import Survey
from civid.register.bulk.survey import survey as look
from civid.register.bulk.synchronise import BATCH, Progress, Synchroniser
from civid.register.session import Work, changes, check_capability, reads
from civid.register.units import unit_code

Path = str | os.PathLike[str]
#: Stands for "no unit yet" while a file is only looked at.
_NO_UNIT = "0"


class Bulk(Synchroniser):
    """Bulk work on a register. Safe for threads; one run a system at a time is sensible.

    >>> from civid.register import Register
    >>> import tempfile
    >>> rows = [("P1", {"name": "Nguyễn Thị An", "number": "046301123456"}),
    ...         ("P2", {"name": "Trần Văn Ba", "number": "04620112345"})]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         made = register.bulk.synchronise(rows, source="old system", unit="46")
    >>> made.new, made.refused, [(one.row, one.code) for one in made.named]
    (1, 1, [(2, 'number')])
    """

    def import_csv(
        self,
        path: Path,
        mapping: Mapping[str, str] | Path,
        *,
        source: str,
        unit: str,
        encoding: str | None = None,
        delimiter: str | None = None,
        **how: Any,
    ) -> Outcome:
        """Take over a CSV file of another system (nhập dữ liệu cũ); look at its `survey` first.

        Parameters
        ----------
        path : path
            Any size; UTF-8 or UTF-16 by its mark, or the encoding that is named.
        mapping : mapping or path
            Title of a column -> field, or a JSON file of that; ``external`` is the other system's
            id of a person (the personal number is, where there is none), ``unit`` the unit of a
            row.
        encoding, delimiter : str, optional
            Found out, unless given.
        **how
            As `synchronise` has it.

        Raises
        ------
        FieldError
            The mapping names no column, or one that is not in the file.
        FormatError
            The file cannot be read.
        """
        for wanted in (Capability.ENROL, Capability.CORRECT):
            check_capability(self._session, "bulk.synchronise", wanted)
        columns = columns_of(mapping)
        rows = csv_file.read(path, columns, encoding=encoding, delimiter=delimiter)
        return self._take(rows, columns, source, unit, how)

    def import_parquet(
        self, path: Path, mapping: Mapping[str, str] | Path, *, source: str, unit: str, **how: Any
    ) -> Outcome:
        """Take over a Parquet file, as `import_csv` a CSV file; needs ``civid[parquet]``.

        Raises
        ------
        UnavailableError
            pyarrow is not installed.
        FieldError, FormatError
            As `import_csv`.
        """
        for wanted in (Capability.ENROL, Capability.CORRECT):
            check_capability(self._session, "bulk.synchronise", wanted)
        columns = columns_of(mapping)
        return self._take(parquet_file.read(path, columns), columns, source, unit, how)

    def _take(
        self,
        rows: Iterable[dict[str, str] | Refused],
        columns: Columns,
        source: str,
        unit: str,
        how: dict[str, Any],
    ) -> Outcome:
        people = (
            one if isinstance(one, Refused) else columns.row(one) for one in rows
        )  # fmt: skip
        return self.synchronise(people, source=source, unit=unit, **how)

    def survey(
        self,
        path: Path,
        mapping: Mapping[str, str] | Path,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        strict: bool = False,
        as_of: date | None = None,
    ) -> Survey:
        """Look at a CSV file, or one of Parquet (``.parquet``), before it is imported.

        Nobody is written; only that somebody looked is logged.

        Parameters
        ----------
        path, mapping, encoding, delimiter, strict
            As `import_csv` has them; the mapping may name columns of
            `civid.people.findings.COLUMNS`, too.
        as_of : date, optional
            Day to judge by; today, unless given.
        """
        check_capability(self._session, "bulk.survey", Capability.READ)
        columns = columns_of(mapping)
        day = as_of or self._session.today()
        defaults = Defaults(_NO_UNIT, Source.SECTOR_DATABASE, day, strict=strict)
        reader = Reader(self._session.vault, "", defaults)
        if os.fspath(path).endswith(".parquet"):
            rows = parquet_file.read(path, columns)
        else:
            rows = csv_file.read(path, columns, encoding=encoding, delimiter=delimiter)
        found = look(rows, columns, reader, day)
        self._surveyed(found.rows)
        return found

    @reads("bulk.survey", Capability.READ)
    def _surveyed(self, work: Work, rows: int) -> None:
        work.detail["rows"] = rows

    def allocate(
        self, *, unit: str, batch: int = 500, on_progress: Progress | None = None
    ) -> Allocated:
        """Give personal numbers to people of a unit who have none (Decree 70/2024 Art 11).

        A number is drawn once for a person and never again for anybody; what a crash left behind
        is taken up by the next call.

        Parameters
        ----------
        unit : str
            The unit, with all below it.
        batch : int
            People a transaction.

        Returns
        -------
        Allocated
            How many got one, and who did not, and why.
        """
        check_capability(self._session, "bulk.allocate", Capability.ENROL)
        unit = unit_code(unit)
        after, looked_at, given = b"", 0, 0
        without: list[tuple[str, str]] = []
        while True:
            last, made = self._allocate(unit, after, batch)
            if last is None:
                return Allocated(looked_at, given, tuple(without))
            after, looked_at, given = last, looked_at + made.looked_at, given + made.given
            without += made.without
            if on_progress is not None:
                on_progress(looked_at, 0)

    @changes("bulk.allocate", Capability.ENROL)
    def _allocate(
        self, work: Work, unit: str, after: bytes, batch: int
    ) -> tuple[bytes | None, Allocated]:
        work.within(unit)
        people = numbering.lacking(work, unit, after, batch)
        made = numbering.allocate(work, people)
        work.detail.update(given=made.given, without=len(made.without))
        return (people[-1].id if people else None), made

    @reads("bulk.coverage", Capability.READ)
    def coverage(self, work: Work, *, unit: str) -> Coverage:
        """How many people of a unit have a number, and who has none, and why (tỷ lệ cấp số).

        Only those without one are read; everybody who is listed is named in the log.
        """
        work.within(unit_code(unit))
        found = numbering.covered(work, unit, BATCH)
        work.detail.update(total=found.total, numbered=found.numbered)
        return found

    @reads("bulk.runs", Capability.READ)
    def runs(self, work: Work, *, limit: int = 50) -> tuple[Run, ...]:
        """The last runs, newest first; one without an end was killed, or is under way."""
        return runs.listed(work, max(1, min(limit, 1000)))
