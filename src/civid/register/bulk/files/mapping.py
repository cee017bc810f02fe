"""Which column of a file is which field (bảng ánh xạ cột): given, or read from a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from civid.errors import FieldError
from civid.people.citizen import FIELDS
from civid.people.findings import COLUMNS
from civid.register.bulk.row import Row

#: The other system's own id of a person; the personal number, where no column has one.
EXTERNAL = "external"
UNIT = "unit"
_LARGEST, _LONGEST_TITLE = 1 << 20, 200
#: Field of a citizen -> column of the table that the survey looks at, where names differ.
_SURVEYED = {"ethnic": "ethnic_name", "residence_file": "household",
             "permanent_residence": "address", EXTERNAL: "reference"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """A checked mapping.

    Attributes
    ----------
    wanted : dict of str to str
        Title of a column -> field of `civid.people.citizen.FIELDS`, ``external``, ``unit``, or a
        column of `civid.people.findings.COLUMNS` that only the survey looks at.
    """

    wanted: dict[str, str]

    @property
    def key(self) -> str:
        """Which of them says who is meant."""
        fields = self.wanted.values()
        return EXTERNAL if EXTERNAL in fields else "number"

    def row(self, values: Mapping[str, str]) -> Row:
        """A person out of field -> text."""
        said = {field: text for field, text in values.items() if text and field in FIELDS}
        external = values.get(self.key, "")
        if self.key != EXTERNAL:  # the number as digits: the same person, however it is written
            external = "".join(filter(str.isdigit, external))
        return Row(external, said, values.get(UNIT, ""))

    def places(self, titles: Sequence[str]) -> dict[str, int]:
        """Field -> place in a row; `FieldError` when a title is not in the file, or twice."""
        found = {}
        for title, field in self.wanted.items():
            count = titles.count(title)
            if count != 1:
                said = "twice in the file" if count else "not in the file"
                raise FieldError("columns", f"the title for {field} is {said}")
            found[field] = titles.index(title)
        return found

    def surveyed(self, field: str) -> str:
        """The column of the survey's table; empty for what it does not look at."""
        column = _SURVEYED.get(field, field)
        return column if column in COLUMNS else ""


def columns_of(given: Mapping[str, str] | str | os.PathLike[str]) -> Columns:
    """Check a mapping, or a JSON file of one: title of a column -> field.

    Raises
    ------
    FieldError
        It names no column, a field that does not exist or one twice, or no way to know a person
        again (``external`` or ``number``); or the file is none.
    """
    wanted = _read(Path(given)) if isinstance(given, (str, os.PathLike)) else dict(given)
    if not wanted:
        raise FieldError("mapping", "names no column")
    seen: set[str] = set()
    for title, field in wanted.items():
        if not isinstance(title, str) or not 0 < len(title) <= _LONGEST_TITLE:
            raise FieldError("mapping", "a title is no text, empty or too long")
        if not isinstance(field, str) or field not in {*FIELDS, *COLUMNS, EXTERNAL, UNIT}:
            raise FieldError("mapping", "names a field that does not exist")
        if field in seen:
            raise FieldError("mapping", f"two columns for {field}")
        seen.add(field)
    if not seen & {EXTERNAL, "number"}:
        raise FieldError("mapping", "needs a column for external or for number")
    return Columns(wanted)


def _read(path: Path) -> dict[str, str]:
    try:
        if path.stat().st_size > _LARGEST:
            raise FieldError("mapping", "the file is too large to be one")
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FieldError("mapping", f"the file cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, FieldError):
            raise
        raise FieldError("mapping", "not a file of JSON") from None
    if not isinstance(found, dict):
        raise FieldError("mapping", "not an object of title and field")
    return found
