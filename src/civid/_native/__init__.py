"""The only door to C: `ffi`, `lib`, and the checks that belong to every call."""

from __future__ import annotations

from typing import Any

from civid.errors import NativeError

try:
    from civid._native._civid import ffi, lib
except ImportError as error:  # pragma: no cover - a broken installation
    raise ImportError(
        "the native part of civid is missing or was built for another platform; "
        "reinstall civid (from a checkout: make build)"
    ) from error

ABI_VERSION = 10

if lib.civid_abi_version() != ABI_VERSION:  # pragma: no cover - a broken installation
    raise ImportError("the native part of civid is of another version; reinstall civid")

from civid._native.isa import obey_environment as _obey_environment  # noqa: E402

_obey_environment()


def check(status: int) -> None:
    """Raise `NativeError` unless `status` is CIVID_OK."""
    if status != lib.CIVID_OK:
        raise NativeError(ffi.string(lib.civid_strerror(status)).decode())


def address(array: Any, ctype: str, *, writable: bool = False) -> Any:
    """A C pointer to the memory of a C-contiguous array or bytes; keeps it alive."""
    return ffi.from_buffer(ctype, array, require_writable=writable)


__all__ = ["address", "check", "ffi", "lib"]
