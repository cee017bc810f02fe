"""Streams that a command outlives: a reader that left, a full disk, a stream that is closed.

What a command found does not depend on who listens. A stream that cannot be written any more goes
to the null device from then on, and the command goes on; whether a result was lost that way is
asked at the end (`Patient.error`).
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast


class Patient:
    """A text stream that never raises OSError; everything else is as of the stream inside."""

    def __init__(self, inside: TextIO | None) -> None:
        self._inside: TextIO = io.StringIO() if inside is None else inside
        self._there = inside is not None
        #: The first error that was not a reader leaving.
        self.error: OSError | None = None
        if isinstance(inside, io.TextIOWrapper):  # a name that is no text must not stop us
            inside.reconfigure(errors="backslashreplace")

    def write(self, text: str) -> int:
        """See `TextIO`."""
        if self._there:
            try:
                self._inside.write(text)
            except OSError as error:
                self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """See `TextIO`."""
        if self._there:
            try:
                self._inside.flush()
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        if not isinstance(error, BrokenPipeError):
            self.error = self.error or error
        with suppress(OSError, ValueError):  # what is in the buffer must have a place to go
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._inside.fileno())
            os.close(null)

    @property
    def encoding(self) -> str:
        """See `TextIO`."""
        return getattr(self._inside, "encoding", None) or "utf-8"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inside, name)


@contextmanager
def patient_streams() -> Iterator[tuple[Patient, Patient]]:
    """stdout and stderr of this process, patient as long as the block runs."""
    before = sys.stdout, sys.stderr
    out, err = Patient(sys.stdout), Patient(sys.stderr)
    sys.stdout, sys.stderr = cast(TextIO, out), cast(TextIO, err)
    try:
        yield out, err
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = before
