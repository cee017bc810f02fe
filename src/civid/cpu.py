"""Which instruction set the native kernels use. All of them give the same bits.

The best one is chosen at first use. The environment variable ``CIVID_ISA``, read when the native
part is loaded, or `force` set another one for the whole process, which is meant for tests and
benchmarks; what is not available here is refused with an `UnavailableError` that lists what is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from civid._native import isa, lib


def available() -> tuple[str, ...]:
    """Names of the instruction sets that can be used here, slowest first.

    >>> "portable" in available()
    True
    """
    return isa.available()


def active() -> str:
    """Name of the instruction set in use."""
    number: int = lib.civid_cpu_active()
    return isa.NAMES[number]


def force(name: str | None) -> None:
    """Use this instruction set in the whole process; None = the best one again.

    Raises
    ------
    UnavailableError
        The name is unknown, or this CPU does not have it.
    """
    if name is None:
        lib.civid_cpu_force(-1)
    else:
        isa.force(name)


@contextmanager
def using(name: str) -> Iterator[None]:
    """`force` for the length of a with block; process-wide all the same."""
    before = active()
    force(name)
    try:
        yield
    finally:
        force(before)
