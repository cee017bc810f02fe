"""Read each bomb of a group in a process of its own and print what it cost, a line of JSON each.

``python -m tests.formats.bombs GROUP [NAME]``, from the root. Costs are those of reading alone.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import resource
import sys
import tempfile
import time

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


def built(bomb: Bomb) -> object:
    """Made in a process of its own: what building takes is not given back."""
    with tempfile.TemporaryFile() as file:
        child = os.fork()
        if not child:
            pickle.dump(bomb.build(), file)
            file.flush()
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            raise RuntimeError(f"{bomb.name} is not built")
        file.seek(0)
        return pickle.load(file)


def measure(bomb: Bomb) -> dict[str, object]:
    data = built(bomb)
    incoming, outgoing = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
        os.write(outgoing, outcome(bomb, data).encode())
        os._exit(0)
    os.close(outgoing)
    del data
    start = time.monotonic()
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


def main(group: str, only: str = "") -> None:
    importlib.import_module(f"tests.formats.bombs.{group}_bombs")
    for bomb in BOMBS:
        if only in bomb.name:
            print(json.dumps(measure(bomb)), flush=True)


main(*sys.argv[1:])
