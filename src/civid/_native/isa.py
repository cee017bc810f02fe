"""Instruction sets of the native kernels: names, which are here, and the one that is asked for."""

from __future__ import annotations

import os

from civid._native._civid import ffi, lib
from civid.errors import UnavailableError

VARIABLE = "CIVID_ISA"

NAMES: tuple[str, ...] = tuple(
    ffi.string(lib.civid_cpu_name(isa)).decode() for isa in range(lib.CIVID_ISA_COUNT)
)


def available() -> tuple[str, ...]:
    """Names of the instruction sets that can be used here, slowest first."""
    return tuple(name for isa, name in enumerate(NAMES) if lib.civid_cpu_available(isa))


def force(name: str, *, said: str = "instruction set ") -> None:
    """Use this one, or raise an `UnavailableError` that lists what there is. `said`: by whom."""
    if name not in available():
        raise UnavailableError(
            f"{said}{name!r} is not available here; there are {', '.join(available())}"
        )
    lib.civid_cpu_force(NAMES.index(name))


def obey_environment() -> None:
    """Use what ``CIVID_ISA`` names; empty counts as not set. Anything else is refused.

    Called when the native part is loaded: whoever asks for a kernel must not get another one.
    """
    if name := os.environ.get(VARIABLE):
        force(name, said=f"{VARIABLE}=")
