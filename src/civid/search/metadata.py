"""What is kept of a subject beside the fingers: a few plain values, and tags to search among.

Stored as a byte of version, 1, and JSON (RFC 8259) with sorted keys: ``{"tags": [...], "values":
{...}}``. `civid.search.store.notes` says where.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from civid.errors import FieldError, GalleryDamagedError, GalleryFormatError
from civid.search.fingers import barred_character

#: What a value may be.
Value = str | int | float | bool | None
#: Bytes of all of it, as it is stored.
MAX_BYTES = 2048
#: Values, tags, and characters of a key or tag.
MAX_VALUES, MAX_TAGS, MAX_NAME = 32, 16, 64
MAX_INT = (1 << 63) - 1
_VERSION = b"\1"


@dataclass(frozen=True, slots=True, repr=False)
class Metadata:
    """A few values of a subject, and its tags; immutable. It must not replace a register of people.

    Parameters
    ----------
    values : mapping of str to str, int, float, bool or None
        At most 32; keys of 1 to 64 characters; integers of 64 bits, floats finite.
    tags : iterable of str
        At most 16, of 1 to 64 characters, without control characters; a search can be made among
        those with one tag.

    Raises
    ------
    FieldError
        A key, value or tag cannot be that, or all of it takes more than 2048 bytes. ``field`` is
        ``metadata`` or ``tags``, and no key or value is in the message.

    >>> Metadata({"unit": "079", "year": 2026}, tags=["border"]).to_dict()
    {'values': {'unit': '079', 'year': 2026}, 'tags': ['border']}
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()

    def __init__(self, values: Mapping[str, Value] | None = None, tags: Iterable[str] = ()):
        checked = _values({} if values is None else values)
        object.__setattr__(self, "values", MappingProxyType(checked))
        object.__setattr__(self, "tags", _tags(tags))
        if len(encode(self)) > MAX_BYTES:
            raise FieldError("metadata", f"all of it may take {MAX_BYTES} bytes")

    def __bool__(self) -> bool:
        return bool(self.values or self.tags)

    def __hash__(self) -> int:
        return hash((frozenset(self.values.items()), self.tags))

    def __reduce__(self) -> tuple[type[Metadata], tuple[dict[str, Value], tuple[str, ...]]]:
        return type(self), (dict(self.values), tuple(sorted(self.tags)))

    def __repr__(self) -> str:
        return f"Metadata({len(self.values)} values, {len(self.tags)} tags)"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; tags in order."""
        return {"values": dict(self.values), "tags": sorted(self.tags)}


#: What methods take: a bare mapping has no tags.
MetadataLike = Metadata | Mapping[str, Value]


def metadata_of(given: MetadataLike) -> Metadata:
    """Check what was given as metadata; raises as `Metadata` does."""
    if isinstance(given, Metadata):
        return given
    if not isinstance(given, Mapping):
        raise FieldError("metadata", "must be a Metadata, or a mapping of str to a plain value")
    return Metadata(given)


def encode(metadata: Metadata) -> bytes:
    """The bytes that are stored."""
    text = json.dumps(metadata.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _VERSION + text.encode()


def decode(data: bytes) -> Metadata:
    """The metadata of `encode`.

    Raises
    ------
    GalleryFormatError
        Written by another version of civid.
    GalleryDamagedError
        It is not what `encode` writes.
    """
    if data[:1] != _VERSION:
        raise GalleryFormatError("metadata of a subject were written by another version of civid")
    try:
        found = json.loads(data[1:])
        return Metadata(found["values"], found["tags"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise GalleryDamagedError("metadata of a subject are damaged") from None


def tag_given(tag: str) -> str:
    """Check a tag.

    Raises
    ------
    FieldError
        Not a str, empty, too long, or with control characters.
    """
    if (
        not isinstance(tag, str)
        or not 1 <= len(tag) <= MAX_NAME
        or barred_character(tag) is not None
    ):
        raise FieldError("tags", f"a tag has 1 to {MAX_NAME} characters, none to control")
    return tag


def _values(given: Mapping[str, Value]) -> dict[str, Value]:
    if not isinstance(given, Mapping):
        raise FieldError("metadata", "must be a mapping of str to a plain value")
    if len(given) > MAX_VALUES:
        raise FieldError("metadata", f"at most {MAX_VALUES} values are kept")
    for key, value in given.items():
        if (
            not isinstance(key, str)
            or not 1 <= len(key) <= MAX_NAME
            or barred_character(key) is not None
        ):
            raise FieldError("metadata", f"a key has 1 to {MAX_NAME} characters, none to control")
        if value is not None and type(value) not in (str, int, float, bool):
            raise FieldError("metadata", "a value must be a str, int, float, bool or None")
        if isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise FieldError("metadata", "a value has a lone surrogate") from None
        if isinstance(value, int) and not -MAX_INT <= value <= MAX_INT:
            raise FieldError("metadata", "an integer must fit in 64 bits")
        if isinstance(value, float) and not math.isfinite(value):
            raise FieldError("metadata", "a number must be finite")
    return dict(given)


def _tags(given: Iterable[str]) -> frozenset[str]:
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise FieldError("tags", "must be a collection of str")
    found = frozenset(tag_given(one) for one in given)
    if len(found) > MAX_TAGS:
        raise FieldError("tags", f"at most {MAX_TAGS} are kept")
    return found


#: What a subject without metadata has.
NOTHING = Metadata()
