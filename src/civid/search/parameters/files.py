"""Parameters in a JSON file: ``{"comparison": {"pair_distance": 12}}``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civid.errors import FieldError
from civid.fingerprint.native_parameters import checked_names
from civid.fingerprint.parameters import ExtractionParameters
from civid.search.parameters.searching import SearchParameters

#: Bytes; all of them take a few thousand.
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class ParameterFile:
    """What a file of parameters holds; defaults where it says nothing.

    Attributes
    ----------
    extraction : ExtractionParameters or None
        None = the file does not speak of the extraction.
    search : SearchParameters
        With its ``comparison`` and ``fusion``.
    """

    extraction: ExtractionParameters | None
    search: SearchParameters


def read_parameters(path: str | os.PathLike[str]) -> ParameterFile:
    """Read parameters from a JSON file.

    The file holds an object with any of ``extraction``, ``comparison``, ``fusion`` and ``search``,
    each an object of values by their names (``ExtractionParameters().to_dict()`` shows them).

    Parameters
    ----------
    path : path

    Raises
    ------
    FieldError
        The file is no such JSON; a name is unknown; a value is out of its range.
    OSError
        The file cannot be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "narrow.json"
    ...     _ = file.write_text('{"comparison": {"pair_distance": 12}}')
    ...     read_parameters(file).search.name
    'civid-search/1;comparison.pair_distance=12'
    """
    with Path(path).open("rb") as file:
        content = file.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        raise FieldError("parameters", "the file is longer than 1 MiB")
    try:
        values: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise FieldError("parameters", "the file is no JSON") from None
    given = checked_names(values, ["extraction", "comparison", "fusion", "search"])
    extraction = given.pop("extraction", None)
    search = checked_names(given.pop("search", {}), list(SearchParameters().to_dict()))
    for name in given:
        if name in search:
            raise FieldError(name, "stands in the file twice")
    return ParameterFile(
        None if extraction is None else ExtractionParameters.from_dict(extraction),
        SearchParameters.from_dict({**search, **given}),
    )
