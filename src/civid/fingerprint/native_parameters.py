"""What the parameters of extraction, comparison and fusion have in common: C holds their ranges."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import Field, fields
from functools import lru_cache
from typing import Any, ClassVar, Final, Self, cast

from civid._native import check, ffi, lib
from civid.errors import FieldError

#: Between whose parameters they are and what was changed of them, in every name.
CHANGED: Final = ";"
#: Metadata of a field that C's struct has not.
NOT_IN_C: Final = {"native": False}
_LONGEST: Final = 64  # of a name

Number = int | float
Range = tuple[float, float]


class NativeParameters:
    """A frozen dataclass that is a struct of C, too: the base of the public ones.

    A subclass sets what it is called and which set of ``civid.h`` it is; its fields have the names,
    and stand in the order, of the struct, but those that say `NOT_IN_C`.
    """

    __slots__ = ()
    about: ClassVar[str]
    native_set: ClassVar[int]
    native_type: ClassVar[str]

    def __post_init__(self) -> None:
        known = ranges_of(self.native_set)
        for one in _fields(self):
            checked_number(one.name, getattr(self, one.name), *known[one.name])
        wrong, native = ffi.new("int32_t *"), self.to_native()
        status = lib.civid_parameters_check(self.native_set, native, ffi.sizeof(native[0]), wrong)
        if status != lib.CIVID_OK:  # the range was right: what is left is the order of two
            at = wrong[0]
            others = [one.name for one in _fields(self)]
            raise FieldError(others[at], f"is less than {others[at - 1]}")

    def to_native(self) -> Any:
        """The struct of these values, as C takes it."""
        made = ffi.new(f"{self.native_type} *")
        for one in _fields(self):
            setattr(made, one.name, getattr(self, one.name))
        return made

    def changes(self) -> dict[str, Number]:
        """The values that are not the defaults."""
        return {
            one.name: getattr(self, one.name)
            for one in _fields(self)
            if getattr(self, one.name) != one.default
        }

    def to_dict(self) -> dict[str, Number | str]:
        """All values by their names, for JSON."""
        return {one.name: getattr(self, one.name) for one in _every(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Parameters with these values, and defaults for the rest: what a JSON file holds.

        Raises
        ------
        FieldError
            There is no field of a name, or its value is none.
        """
        return cls(**checked_names(values, [one.name for one in _every(cls)]))

    @property
    def name(self) -> str:
        """Whose parameters, of which version, and what was changed; at most 64 characters.

        Where that takes more, eight digits of its SHA-256 stand for what was changed.
        """
        return named(self.about, self.changes())


def _every(of: object) -> tuple[Field[Any], ...]:
    return fields(cast(Any, of))  # the subclasses are dataclasses


def _fields(of: object) -> tuple[Field[Any], ...]:
    """Those that C's struct has."""
    return tuple(one for one in _every(of) if one.metadata.get("native", True))


def named(about: str, changes: Mapping[str, Number | str]) -> str:
    """A name with what was changed, or with a digest of it where that is long."""
    told = ",".join(
        f"{name}={value if isinstance(value, str) else format(value, '.9g')}"
        for name, value in changes.items()
    )
    if not told:
        return about
    if len(about) + len(CHANGED) + len(told) > _LONGEST:
        told = hashlib.sha256(told.encode("ascii")).hexdigest()[:8]
    return f"{about}{CHANGED}{told}"


def checked_names(values: object, known: list[str]) -> dict[str, Any]:
    """These values, if all of their names are known.

    Raises
    ------
    FieldError
        One is not, or `values` is no mapping of names.
    """
    if not isinstance(values, Mapping):
        raise FieldError("parameters", "must be names with values")
    for name in values:
        if name not in known:
            raise FieldError(str(name)[:40], "is no parameter of these")
    return dict(values)


def checked_number(name: str, value: object, kind: type, least: float, most: float) -> None:
    """Refuse what is not a number of this kind, or lies outside its range.

    Raises
    ------
    FieldError
        It is and does.
    """
    kinds = (int,) if kind is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise FieldError(name, "must be a whole number" if kind is int else "must be a number")
    if not least <= value <= most:  # before C: a whole number may not fit its field
        raise FieldError(name, f"must lie in {least:g}..{most:g}")


@lru_cache(maxsize=8)
def ranges_of(native_set: int) -> dict[str, tuple[type, float, float]]:
    """By name: the kind (int or float), the least and the largest value, as C checks them."""
    count, size = ffi.new("int32_t *"), ffi.new("uint64_t *")
    check(lib.civid_parameters_size(native_set, count, size))
    name, kind = ffi.new("char const **"), ffi.new("int32_t *")
    least, most = ffi.new("double *"), ffi.new("double *")
    found: dict[str, tuple[type, float, float]] = {}
    for field in range(count[0]):
        check(lib.civid_parameters_field(native_set, field, name, kind, least, most))
        key = ffi.string(name[0]).decode("ascii")
        found[key] = (int if kind[0] == lib.CIVID_KEPT_INT32 else float, least[0], most[0])
    return found


@lru_cache(maxsize=64)
def native_or_null(parameters: NativeParameters) -> Any:
    """What C takes: NULL for the defaults, else the struct, to be held while C reads it."""
    return parameters.to_native() if parameters.changes() else ffi.NULL


def ranges(parameters: type[NativeParameters]) -> dict[str, Range]:
    """The least and largest value of every parameter, as C checks them.

    >>> from civid import ExtractionParameters
    >>> ranges(ExtractionParameters)["crowd_most"]
    (0.0, 255.0)
    """
    return {name: (low, high) for name, (_, low, high) in ranges_of(parameters.native_set).items()}
