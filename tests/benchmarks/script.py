"""Run a script in a process that has what most of them import: forked, not started anew."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import runpy
import sys
from dataclasses import dataclass
from pathlib import Path

#: Loaded once, for all scripts.
HEAVY = ["scipy.stats", "sqlalchemy", "civid.lab.synthetic", "civid.register", "civid.dedup"]


@dataclass(frozen=True)
class Ended:
    """Exit status, and what was printed."""

    status: int
    out: str
    err: str


def _run(path: str, words: list[str], back: multiprocessing.connection.Connection) -> None:
    out, err = io.StringIO(), io.StringIO()
    sys.argv = [path, *words]
    sys.path.insert(0, str(Path(path).parent))  # as Python does for a script
    status: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as end:
            status = end.code or 0
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=err)
            status = 1
    back.send((status if isinstance(status, int) else 1, out.getvalue(), err.getvalue()))


def ended(path: Path, *words: str, patience: float = 120.0) -> Ended:
    """What comes of a script with these words behind it; TimeoutError after `patience` seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(HEAVY)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(str(path), list(words), theirs))
    process.start()
    theirs.close()
    try:
        if not ours.poll(patience):
            raise TimeoutError(f"{path.name} did not end")
        return Ended(*ours.recv())
    except EOFError:
        return Ended(1, "", "the process died")
    finally:
        ours.close()
        process.kill()
        process.join()
        process.close()
