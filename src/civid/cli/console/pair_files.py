"""Write pairs to a file while they come: CSV, or JSON lines."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from civid.cli.console.problems import not_written, usage
from civid.cli.console.results import check_place
from civid.dedup.evidence import fingers_as_json
from civid.fingerprint.scores.odds import score_as_json
from civid.spreadsheets import write_rows

if TYPE_CHECKING:
    from civid.search import Duplicate

_CSV, _LINES = ".csv", ".jsonl"


def pair_as_json(one: Duplicate) -> dict[str, object]:
    """A pair as an object."""
    return {
        "a": one.subject,
        "b": one.other,
        **score_as_json(one.score, calibrated=one.calibrated),
        "calibrated": one.calibrated,
        "swapped": one.swapped,
        "fingers": fingers_as_json(one.evidence, "a", "b"),
    }


class PairFile:
    """Use as a context manager. The file has its name only when it is whole.

    Parameters
    ----------
    path : Path
        Ends in .csv or .jsonl.

    Raises
    ------
    Problem
        The name is another one, or it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in (_CSV, _LINES):
            raise usage(f"{path}: pairs cannot be written under this name", "let it end in .csv")
        check_place(path)
        self.path = path
        self._unfinished = path.with_name(path.name + ".part")

    def __enter__(self) -> Self:
        try:
            self._file = self._unfinished.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise not_written(self.path, error) from error
        if self.path.suffix.lower() == _CSV:
            self._row("a", "b", "score", "fingers", "swapped")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._file.close()
            if kind is None:
                self._unfinished.replace(self.path)
        except OSError as error:
            if kind is None:
                raise not_written(self.path, error) from error
        finally:
            self._unfinished.unlink(missing_ok=True)

    def write(self, one: Duplicate) -> None:
        """Add a pair."""
        if self.path.suffix.lower() == _CSV:
            fingers = len(one.evidence)
            self._row(one.subject, one.other, f"{one.score:.3f}", fingers, int(one.swapped))
        else:
            self._write(json.dumps(pair_as_json(one), ensure_ascii=False) + "\n")

    def _row(self, *cells: object) -> None:
        text = io.StringIO()
        write_rows(text, [cells], line_end="\n")
        self._write(text.getvalue())

    def _write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError as error:
            raise not_written(self.path, error) from error
