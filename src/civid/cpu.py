"""Which instruction set the native kernels use. All of them give the same bits.

The best one is chosen at first use; the environment variable ``CIVID_ISA`` or `force` set
another one for the whole process, which is meant for tests and benchmarks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from civid._native import ffi, lib
from civid.errors import UnavailableError

_NAMES: tuple[str, ...] = tuple(
    ffi.string(lib.civid_cpu_name(isa)).decode() for isa in range(lib.CIVID_ISA_COUNT)
)


def available() -> tuple[str, ...]:
    """Names of the instruction sets that can be used here, slowest first.

    >>> "portable" in available()
    True
    """
    return tuple(name for isa, name in enumerate(_NAMES) if lib.civid_cpu_available(isa))


def active() -> str:
    """Name of the instruction set in use."""
    isa: int = lib.civid_cpu_active()
    return _NAMES[isa]


def force(name: str | None) -> None:
    """Use this instruction set in the whole process; None = the best one again.

    Raises
    ------
    UnavailableError
        The name is unknown, or this CPU does not have it.
    """
    if name is not None and name not in available():
        raise UnavailableError(
            f"instruction set {name!r} is not available here; there are {', '.join(available())}"
        )
    lib.civid_cpu_force(-1 if name is None else _NAMES.index(name))


@contextmanager
def using(name: str) -> Iterator[None]:
    """`force` for the length of a with block; process-wide all the same."""
    before = active()
    force(name)
    try:
        yield
    finally:
        force(before)


if _wanted := os.environ.get("CIVID_ISA"):
    force(_wanted)
