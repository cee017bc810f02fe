"""Parameters in a JSON file: ``{"comparison": {"pair_distance": 12}}``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from civid.errors import FieldError
from civid.fingerprint.comparison_parameters import ComparisonParameters
from civid.fingerprint.native_parameters import checked_names
from civid.fingerprint.parameters import ExtractionParameters
from civid.search.parameters.fusing import FusionParameters
from civid.search.parameters.searching import SearchParameters

_Part = ExtractionParameters | ComparisonParameters | FusionParameters | SearchParameters

#: Bytes; all of them take a few thousand.
_LONGEST = 1 << 20
#: What a file may hold, by the names of its parts.
_PARTS: Final[dict[str, type[_Part]]] = {
    "extraction": ExtractionParameters,
    "comparison": ComparisonParameters,
    "fusion": FusionParameters,
    "search": SearchParameters,
}


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
        The file is no such JSON; a name is unknown, or stands outside its part; a value is out of
        its range. ``field`` begins with the part that is at fault, as in
        ``extraction.sigma_along``, where one is.
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
    given = _in_parts(values)
    extraction, of_extraction = None, given.get("extraction")
    if of_extraction is not None:
        with _part("extraction", of_extraction):
            extraction = ExtractionParameters.from_dict(of_extraction)
    with _part("search", given.get("search", {})):
        search = checked_names(given.get("search", {}), list(SearchParameters().to_dict()))
    for name in ("comparison", "fusion"):
        if name in given and name in search:
            raise FieldError(name, "stands in the file twice")
        if name in given or name in search:
            with _part(name, one := {**search, **given}[name]):
                search[name] = _PARTS[name].from_dict(one).to_dict()
    with _part("search", search):
        return ParameterFile(extraction, SearchParameters.from_dict(search))


def _in_parts(values: Any) -> dict[str, Any]:
    """The parts of a file; a parameter that stands beside them is told where it belongs."""
    if not isinstance(values, Mapping):
        raise FieldError("parameters", "must be names with values")
    for name, value in values.items():
        if name in _PARTS:
            continue
        match _homes(name, value):
            case []:
                known = ", ".join(_PARTS)
                raise FieldError(name[:40], f"is no part of such a file, which are {known}")
            case [home]:
                raise FieldError(name, f'belongs one level down, into "{home}"')
            case [home, other, *_]:
                raise FieldError(name, f'belongs one level down, into "{home}" or "{other}"')
    return dict(values)


def _homes(name: str, value: object) -> list[str]:
    """The parts that know a parameter of this name, if possible only those that take this value."""
    known = [part for part, one in _PARTS.items() if name in one().to_dict()]
    taking = []
    for part, one in _PARTS.items():
        try:
            one.from_dict({name: value})
        except FieldError:
            continue
        taking.append(part)
    return taking or known


@contextmanager
def _part(name: str, values: object) -> Iterator[None]:
    """What is wrong inside is of this part of the file."""
    if not isinstance(values, Mapping):
        raise FieldError(name, "must be names with values")
    try:
        yield
    except FieldError as error:
        raise FieldError(f"{name}.{error.field}", error.reason) from None
