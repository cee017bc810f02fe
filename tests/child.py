"""Processes that tests start: they run the civid that the tests run, wherever it was installed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext
from multiprocessing.reduction import DupFd
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: What scripts of `Script` import, kept ready for them.
READY = ("tests.register.people", "tests.search.segment_files", "civid.register.merge", "alembic")


def environment(**more: str) -> dict[str, str]:
    """The environment of a child that can import what this process can, and `tests`.

    Never the path of ``src``: a fresh checkout has no compiled part there.
    """
    paths = [str(ROOT), *(str(Path(path).resolve()) for path in sys.path if path)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), **more}


class Script:
    """A Python program in a process of its own, to be killed; ``stdout`` is what it prints.

    Where many are killed, starting Python and importing civid is most of the time. So these are
    forked, in a few ms, from one process that has imported `READY` and does nothing else; it has
    no thread, no open register and no gallery.

    >>> with Script("import sys; print(sys.argv[1])", "word") as script:
    ...     script.stdout.read()
    'word\\n'
    """

    def __init__(self, text: str, *arguments: str, **more: str):
        reading, writing = os.pipe()
        try:
            context = _ready()
            self._process = context.Process(
                target=_run,
                args=(text, arguments, environment(**more), (_Handed(writing), _Handed(2))),
            )
            self._process.start()
        finally:
            os.close(writing)
        self.stdout = os.fdopen(reading, encoding="utf-8")

    def kill(self) -> None:
        """SIGKILL, and what is left of the process is gone when this returns."""
        self._process.kill()
        self._process.join(30)
        assert self._process.exitcode is not None

    @property
    def was_killed(self) -> bool:
        """Whether it ended by `kill`, and not on its own."""
        return self._process.exitcode == -signal.SIGKILL

    def __enter__(self) -> Script:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stdout.close()
        if kind is not None:
            self._process.kill()
        self._process.join(60)


class _Handed:
    """A file descriptor for a child, which is handed over when the child is begun."""

    def __init__(self, number: int):
        self._number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (DupFd(self._number),)


def _taken(handed: Any) -> int:
    number: int = handed.detach()
    return number


@cache
def _ready() -> ForkServerContext:
    """Start the process of which scripts are forked."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["pytest", *READY])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
        forkserver.ensure_running()
    return context


def _run(
    text: str, arguments: tuple[str, ...], variables: Mapping[str, str], outputs: tuple[int, int]
) -> None:
    """What a forked process does."""
    for number, output in enumerate(outputs, 1):
        os.dup2(output, number)
        os.close(output)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["-c", *arguments]
    exec(compile(text, "<script>", "exec"), {"__name__": "__main__"})
