"""Types of a record's fields: a writer that stumbles over one says which, by an error of civid's.

Records are plain dataclasses, whose annotations nobody enforces. They are looked at here only after
a writer has failed, so that good records cost nothing.
"""

from __future__ import annotations

import operator
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, wraps
from types import NoneType, UnionType
from typing import (
    Any,
    Concatenate,
    ParamSpec,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from civid.errors import CividError, FormatError

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
#: What Python says of a value of another type, wherever it was used.
_STUMBLES = (TypeError, AttributeError, ValueError, LookupError, OverflowError, struct.error)
_WORDS: dict[Any, str] = {
    int: "a whole number", float: "a number", str: "text", bytes: "bytes", bool: "true or false",
    NoneType: "None",
}  # fmt: skip


def typed(writer: Callable[Concatenate[T, P], R]) -> Callable[Concatenate[T, P], R]:
    """A ``build`` or ``validate`` that names the field of another type over which it stumbled."""

    @wraps(writer)
    def call(record: T, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return writer(record, *args, **kwargs)
        except CividError:
            raise
        except _STUMBLES:
            hints = _hints(writer)
            found = misfit(record, next(iter(hints.values()), Any))
            if found is None:  # a fault of ours
                raise
            raise found from None

    return cast(Callable[Concatenate[T, P], R], call)


def misfit(value: object, wanted: Any, path: str = "") -> FormatError | None:
    """The first field, at any depth, that is not of its type; None = all are.

    >>> misfit((1, "2"), tuple[int, ...], "views").field
    'views[1]'
    """
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (Union, UnionType):
        return _of_one(value, inner, path)
    if origin is not None:
        return _of_many(value, origin, inner, path)
    if not isinstance(wanted, type) or wanted in (Any, object):
        return None
    if is_dataclass(wanted):
        if not isinstance(value, wanted):
            return _other(f"a {wanted.__name__}", path)
        hints = _hints(type(value))
        parts = ((getattr(value, one.name), hints.get(one.name, Any), one.name)
                 for one in fields(value) if hasattr(value, one.name))  # fmt: skip
        return _first(parts, path)
    if issubclass(wanted, tuple) and hasattr(wanted, "_fields"):
        names = wanted._fields
        if not isinstance(value, tuple) or len(value) != len(names):
            return _other(f"a {wanted.__name__}", path)
        hints = _hints(wanted)
        pairs = zip(value, names, strict=True)
        return _first(((one, hints.get(name, Any), name) for one, name in pairs), path)
    return _of_plain(value, wanted, path)


def _of_plain(value: object, wanted: type, path: str) -> FormatError | None:
    if issubclass(wanted, Enum):
        try:
            wanted(value)
        except _STUMBLES:
            return _other(f"a {wanted.__name__}", path)
        return None
    if wanted is int:
        try:
            operator.index(value)  # type: ignore[arg-type]
        except TypeError:
            return _other(_WORDS[int], path)
        return None
    if wanted is str and isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return _other("text that can be written", path)
        return None
    allowed: Any = {float: (int, float), bytes: (bytes, bytearray, memoryview)}.get(wanted, wanted)
    if isinstance(value, allowed):
        return None
    return _other(_WORDS.get(wanted, f"a {wanted.__name__}"), path)


def _of_one(value: object, choices: tuple[Any, ...], path: str) -> FormatError | None:
    tried = [(one, misfit(value, one, path)) for one in choices]
    if any(found is None for _, found in tried):
        return None
    for one, found in tried:  # inside of the one that it is
        if isinstance(one, type) and isinstance(value, one):
            return found
    words = " or ".join(_WORDS.get(one, f"a {getattr(one, '__name__', one)}") for one in choices)
    return _other(words, path)


def _of_many(value: object, origin: Any, inner: tuple[Any, ...], path: str) -> FormatError | None:
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            return _other("a mapping", path)
        for key, one in value.items():
            if misfit(key, inner[0]):
                return _other("a mapping with other keys", path)
            if found := misfit(one, inner[1], f"{path}[...]"):
                return found
        return None
    if not isinstance(origin, type) or not issubclass(origin, Sequence):
        return None
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes, bytearray, memoryview)):
        return _other("a sequence", path)
    if origin is not tuple or inner[1:] == (...,):
        wanted: list[Any] = [inner[0] if inner else Any] * len(value)
    else:
        wanted = [] if inner == ((),) else list(inner)
    if len(wanted) != len(value):
        return _other(f"{len(wanted)} values", path)
    numbered = enumerate(zip(value, wanted, strict=True))
    return _first(((one, kind, f"[{at}]") for at, (one, kind) in numbered), path)


def _first(parts: Any, path: str) -> FormatError | None:
    for value, wanted, name in parts:
        inner = f"{path}{name}" if not path or name.startswith("[") else f"{path}.{name}"
        if (found := misfit(value, wanted, inner)) is not None:
            return found
    return None


def _other(wanted: str, path: str) -> FormatError:
    return FormatError(f"should be {wanted}", field=path or "record")


@cache
def _hints(one: Any) -> dict[str, Any]:
    try:
        return get_type_hints(one)
    except NameError:  # a name that is there for type checkers alone
        return {}
