"""Numba, and the only place with its options.

Whoever has kernels keeps them in files of their own, and imports those on use. Kernels release the
GIL and are compiled once a machine. No fastmath and no ``parallel=True``: the same arithmetic in
the same order gives the same bits everywhere, and the caller owns the threads.

Numba's cache files are pickles, so whoever can write them can run code. They are kept in a folder
of the user's own (``CIVID_NUMBA_CACHE``, else ``$XDG_CACHE_HOME/civid``, else ``~/.cache/civid``)
that must belong to the user and be writable by nobody else; otherwise nothing is cached. The
folder's name holds a digest of all sources in rooms with kernels, because Numba looks at the file
of a kernel only and would keep stale copies of the kernels that it calls. ``CIVID_NUMBA_CACHE=0``
turns the cache off.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from civid.extras import need

numba = need("numba", "compiled code (made prints, simulations)", "lab")

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

_CONFIG = threading.Lock()


def kernel(function: Kernel) -> Kernel:
    """Compile a function that takes numbers and arrays, and fills arrays, on its first call."""
    options: Any = numba.config
    compiled: Any
    folder = _cache_folder(function.__module__.split(".")[1])
    if folder is None:
        compiled = numba.njit(nogil=True)(function)
    else:
        # The folder is read when the dispatcher is made; other users of Numba keep their own.
        with _CONFIG:
            before = options.CACHE_DIR
            options.CACHE_DIR = str(folder)
            try:
                compiled = numba.njit(nogil=True, cache=True)(function)
            finally:
                options.CACHE_DIR = before
    result: Kernel = compiled
    return result


@cache
def _cache_folder(package: str) -> Path | None:
    wanted = os.environ.get("CIVID_NUMBA_CACHE", "")
    if wanted == "0":
        return None
    try:
        root = Path(wanted) if wanted else _user_cache() / "civid"
        folder = root / f"kernels-{package}-{_digest(package)}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if _is_private(folder) else None
    except (OSError, RuntimeError):  # a read-only disk, or no home folder
        return None


def _user_cache() -> Path:
    given = os.environ.get("XDG_CACHE_HOME", "")
    return Path(given) if given else Path.home() / ".cache"


def _digest(package: str) -> str:
    """Of every source file in a room with kernels, so that a changed one empties the cache.

    Kernels take constants from their neighbours, and from nowhere else.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    here = Path(__file__)
    rooms = {
        path.parent
        for path in (here.parent / package).rglob("*.py")
        if b"from civid._jit import kernel" in path.read_bytes()
    }
    for path in (here, *sorted(path for room in rooms for path in room.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _is_private(folder: Path) -> bool:
    if not hasattr(os, "getuid"):  # Windows: the user's folder is private by its access list
        return os.access(folder, os.W_OK)
    status = folder.stat()
    mine = status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return mine and os.access(folder, os.W_OK)
