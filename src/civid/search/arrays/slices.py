"""Run slices of C work on several threads, in order, a bounded number ahead."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from civid.errors import SearchError

#: Called with (done, total).
Progress = Callable[[int, int], None]
Task = TypeVar("Task")
Result = TypeVar("Result")


def thread_count(threads: int | None) -> int:
    """None = as many as this process may use."""
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if threads < 1:
        raise SearchError("threads must be at least 1")
    return threads


def run_slices(
    work: Callable[[Task], Result], tasks: Iterable[Task], threads: int
) -> Iterator[Result]:
    """Yield work(task) of each task, in order. Closing the iterator drops what was not begun."""
    tasks = iter(tasks)
    head = list(itertools.islice(tasks, 2))
    if threads == 1 or len(head) < 2:
        yield from map(work, itertools.chain(head, tasks))
        return
    pending: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="civid-search")
    try:
        for task in itertools.chain(head, tasks):
            if len(pending) >= 2 * threads:
                yield pending.popleft().result()
            pending.append(pool.submit(work, task))
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
