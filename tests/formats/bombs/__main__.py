"""Read each bomb of a group in a process of its own and print what it cost, a line of JSON each.

``python -m tests.formats.bombs GROUP [NAME]``, from the root. Costs are those of reading alone:
what reading loads is loaded before, and a bomb is built by the parent of the process that reads it.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import sys
import time
from contextlib import suppress

from tests.formats.bombs.kinds import BOMBS, Bomb

#: What ends a reader that would not end by itself.
_CPU_S, _ADDRESSES = 20, 8 << 30


def outcome(bomb: Bomb, data: object) -> str:
    """The result's type, or the error's; anything but a typed error is told with its text."""
    from civid.errors import CividError

    try:
        return type(bomb.read(data)).__name__
    except CividError as error:
        return type(error).__name__
    except BaseException as error:
        return f"UNTYPED {type(error).__name__}: {str(error)[:100]}"


def give_back() -> None:
    """Memory that building took, where the C library can: a reader begins with what is left."""
    gc.collect()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def measure(bomb: Bomb, data: object) -> dict[str, object]:
    """What reading costs a child. It begins with the memory that this process has now."""
    incoming, outgoing = os.pipe()
    start = time.monotonic()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
        os.write(outgoing, outcome(bomb, data).encode())
        os._exit(0)
    os.close(outgoing)
    _, _, used = os.wait4(child, 0)
    said = os.read(incoming, 1000).decode()
    os.close(incoming)
    return {
        "name": bomb.name,
        "seconds": round(used.ru_utime + used.ru_stime, 2),
        "elapsed": round(time.monotonic() - start, 2),
        "mib": used.ru_maxrss >> 10,
        "outcome": said or "KILLED",
    }


def load(bombs: list[Bomb]) -> None:
    """What their readers import on use: four hundred imports take longer than the bombs."""
    for read in {bomb.read: None for bomb in bombs}:
        with suppress(Exception):
            read(b"")


def main(group: str, only: str = "") -> None:
    importlib.import_module(f"tests.formats.bombs.{group}_bombs")
    load(BOMBS)
    gc.freeze()
    for bomb in BOMBS:
        if only in bomb.name:
            start = time.process_time()
            data = bomb.build()
            built = round(time.process_time() - start, 2)
            give_back()
            print(json.dumps({**measure(bomb, data), "built": built}), flush=True)
            del data


if __name__ == "__main__":
    main(*sys.argv[1:])
