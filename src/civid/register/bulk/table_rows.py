"""Rows of a table as people: only the columns that the mapping names."""

from __future__ import annotations

from collections.abc import Mapping

from civid.people.citizen import FIELDS
from civid.register.bulk.mapping import EXTERNAL, UNIT
from civid.register.bulk.row import Row


def row_of(values: Mapping[str, str], key: str) -> Row:
    """A row out of field -> text."""
    said = {field: text for field, text in values.items() if text and field in FIELDS}
    external = values.get(key, "")
    if key != EXTERNAL:  # the number as digits: the same person, however it is written
        external = "".join(filter(str.isdigit, external))
    return Row(external, said, values.get(UNIT, ""))
