"""Tasks on disk: what was asked, until it is answered, and the answer, until it is delivered.

One SQLite file, written through before 202 is answered. With keys, requests and answers are sealed
as rows of the engine's ledger are; what stands in clear is a task's state and its times. Once a
callback has taken an answer, nothing is left of the task but that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from civid.exchange.osia.answers import TaskStatus
from civid.exchange.osia.faults import unknown
from civid.exchange.osia.tasks.file import TaskFile
from civid.exchange.service import Refusal
from civid.search.segments.keys import KeyProvider

#: Tasks that may wait, and bytes of theirs; more are told to come back.
MOST_WAITING: Final = 10_000
MOST_BYTES: Final = 1 << 30
#: So long after its last change a task is forgotten.
KEPT_SECONDS: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, repr=False)
class Task:
    """One of them.

    Attributes
    ----------
    id : str
        As the client knows it.
    request : dict
        The call, its callback and its transaction, as JSON has it.
    answer : dict or None
        Status and body, once it is done.
    attempts : int
        How often the callback was called in vain.
    """

    id: str
    request: dict[str, Any]
    answer: dict[str, Any] | None = None
    attempts: int = 0

    def __repr__(self) -> str:
        return f"Task({self.id!r})"


class TaskStore:
    """Tasks of one service. Safe for threads; one process has it open. Close it, or use `with`.

    Parameters
    ----------
    path : path
        The file; made where there is none.
    keys : KeyProvider, optional
        As the engine was opened with.
    clock : callable
        Seconds since 1970.

    Raises
    ------
    GalleryFormatError
        The file is something else.
    GalleryKeyError
        It was sealed with a key that is not given, or is plain and a key is given.
    GalleryStorageError
        It cannot be made or written, or another process has it open.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        keys: KeyProvider | None = None,
        clock: Callable[[], float] = time.time,
    ):
        self._clock = clock
        self._file = TaskFile(path, keys)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what waits is done when it is opened again."""
        self._file.close()

    def add(self, task: str, owner: str, request: dict[str, Any], *, urgency: int = 0) -> None:
        """Accept one: when this returns, it is on the disk.

        Raises
        ------
        Refusal
            503: too many are waiting.
        """
        sealed = self._file.seal(request, task, "request")
        with self._file.changing() as db:
            count, size = db.execute(
                "SELECT count(*), coalesce(sum(length(request)), 0) FROM tasks"
                " WHERE state = 'PENDING'"
            ).fetchone()
            if count >= MOST_WAITING or size + len(sealed) > MOST_BYTES:
                raise Refusal("busy", "too many tasks are waiting", headers={"retry-after": "60"})
            now = self._clock()
            db.execute(
                "INSERT INTO tasks (id, owner, state, urgency, attempts, due, changed, request)"
                " VALUES (?, ?, 'PENDING', ?, 0, ?, ?, ?)",
                (task, self._file.owner(owner), urgency, now, now, sealed),
            )

    def next(self) -> Task | None:
        """The most urgent one that is not done; of equals the oldest."""
        with self._file.reading() as db:
            row = db.execute(
                "SELECT id, request FROM tasks WHERE state = 'PENDING'"
                " ORDER BY urgency DESC, number LIMIT 1"
            ).fetchone()
        return None if row is None else Task(row[0], self._file.opened(row[1], row[0], "request"))

    def done(self, task: str, answer: dict[str, Any]) -> None:
        """Keep what will be delivered. Of the request only the way back is left."""
        with self._file.changing() as db:
            row = db.execute("SELECT request FROM tasks WHERE id = ?", (task,)).fetchone()
            asked = self._file.opened(row[0], task, "request")
            way = {name: asked[name] for name in ("callback", "transaction")}
            now = self._clock()
            db.execute(
                "UPDATE tasks SET state = 'RESPONSE_SCHEDULED', request = ?, answer = ?, due = ?,"
                " changed = ? WHERE id = ?",
                (
                    self._file.seal(way, task, "request"),
                    self._file.seal(answer, task, "answer"),
                    now,
                    now,
                    task,
                ),
            )

    def due(self, most: int = 16) -> list[Task]:
        """Those whose callback is to be called now, the longest waiting first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT id, request, answer, attempts FROM tasks"
                " WHERE state IN ('RESPONSE_SCHEDULED', 'RESPONSE_RETRY') AND due <= ?"
                " ORDER BY due LIMIT ?",
                (self._clock(), most),
            ).fetchall()
        return [
            Task(
                one,
                self._file.opened(request, one, "request"),
                self._file.opened(answer, one, "answer"),
                attempts,
            )
            for one, request, answer, attempts in rows
        ]

    def next_due(self) -> float | None:
        """Seconds until a callback is to be called; None = none is planned."""
        with self._file.reading() as db:
            (due,) = db.execute(
                "SELECT min(due) FROM tasks WHERE state IN ('RESPONSE_SCHEDULED', 'RESPONSE_RETRY')"
            ).fetchone()
        return None if due is None else max(0.0, due - self._clock())

    def delivered(self, task: str) -> None:
        """The callback has taken it: request and answer are erased."""
        self._set(task, "COMPLETED", "request = NULL, answer = NULL")

    def undelivered(self, task: str, after: float | None) -> None:
        """The callback did not take it; try again after so many seconds, or not (None)."""
        if after is None:
            self._set(task, "RESPONSE_ERROR", "attempts = attempts + 1")
        else:
            self._set(task, "RESPONSE_RETRY", "attempts = attempts + 1", due=self._clock() + after)

    def status(self, task: str, owner: str) -> TaskStatus:
        """How far it is.

        Raises
        ------
        Fault
            404: there is no such task, or it is somebody else's.
        """
        with self._file.reading() as db:
            row = db.execute(
                "SELECT state FROM tasks WHERE id = ? AND owner = ?",
                (task, self._file.owner(owner)),
            ).fetchone()
        if row is None:
            raise unknown("task")
        return TaskStatus(row[0])

    def redeliver(self, task: str, owner: str) -> None:
        """Call the callback again, and be as patient as the first time.

        Raises
        ------
        Fault
            404: as `status`, or it was delivered and its answer is gone.
        """
        with self._file.lock:
            state = self.status(task, owner)
            if state is TaskStatus.COMPLETED:
                raise unknown("task: its answer was delivered, and is not kept")
            if state in (TaskStatus.RESPONSE_ERROR, TaskStatus.RESPONSE_RETRY):
                self._set(task, "RESPONSE_RETRY", "attempts = 0", due=self._clock())

    def kept_since(self) -> float:
        """What is older is forgotten; seconds since 1970."""
        return self._clock() - KEPT_SECONDS

    def forget_old(self) -> int:
        """Forget what was delivered, or could not be, long ago; -> how many."""
        with self._file.changing() as db:
            found = db.execute(
                "DELETE FROM tasks WHERE state IN ('COMPLETED', 'RESPONSE_ERROR') AND changed < ?",
                (self.kept_since(),),
            )
            return found.rowcount

    def _set(self, task: str, state: str, what: str, *, due: float | None = None) -> None:
        with self._file.changing() as db:
            now = self._clock()
            db.execute(
                f"UPDATE tasks SET state = ?, {what}, due = ?, changed = ? WHERE id = ?",
                (state, now if due is None else due, now, task),
            )
