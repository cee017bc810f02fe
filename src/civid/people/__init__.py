"""People: numbers, names, dates, places, citizens, households, forms and findings.

The subpackages load on first use; none loads numpy before a table is examined, nor pydantic before
`civid.people.documents` is.

>>> from civid import people
>>> people.personal_number.parse("046301123456").birth_year
2001
"""

from importlib import import_module as _import_module

_MODULES = frozenset((
    "border", "citizen", "cmnd12", "cmnd9", "codes", "dates", "documents", "findings", "forms",
    "household", "messages", "names", "number_check", "numbers", "personal_number", "places",
    "residence", "sex", "synthetic",
))  # fmt: skip

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'civid.people' has no attribute {name!r}")
    return _import_module(f"civid.people.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
