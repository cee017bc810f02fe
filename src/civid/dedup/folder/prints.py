"""From files to templates, one or many at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import civid
from civid.dedup.folder.print_records import is_record, read_record
from civid.fingerprint.compare import prepare
from civid.fingerprint.image import FingerImage
from civid.fingerprint.quality import QualityReport, extract_and_assess
from civid.fingerprint.template import Template
from civid.position import Position
from civid.problems import Problem, explain

# Files read ahead for each thread: enough that none waits, few enough that memory stays small.
_AHEAD = 4

# What a shell makes of <(...).
_STREAMS = ("/dev/fd/", "/proc/")

T = TypeVar("T")


def load_image(path: Path, dpi: float | None) -> FingerImage:
    """Read a scan; ``dpi`` goes before what the file states.

    Raises
    ------
    Problem
        It cannot be read.
    """
    _must_be_a_file(path)
    try:
        return civid.read_image(path, dpi=dpi)
    except Exception as error:
        raise _named(error, path) from error


def load(path: Path, dpi: float | None) -> tuple[FingerImage | None, Template]:
    """Read a scan and extract it, or read an ISO record of one print, which has no image.

    Raises
    ------
    Problem
        It cannot be read or used.
    """
    _must_be_a_file(path)
    if is_record(path):
        prints = load_record(path, dpi)
        if len(prints) > 1:
            raise Problem(
                "several-prints",
                f"{path}: is a record of {len(prints)} prints; here one is needed",
            )
        return None, prints[0][1]
    image = load_image(path, dpi)
    try:
        return image, civid.extract(image)
    except Exception as error:
        raise _named(error, path) from error


def load_rated(path: Path, dpi: float | None) -> tuple[Template, QualityReport | None]:
    """`load` a template, and of a scan (not of a record) why it is not better.

    Raises
    ------
    Problem
        It cannot be read or used.
    """
    _must_be_a_file(path)
    if is_record(path):
        return load(path, dpi)[1], None
    image = load_image(path, dpi)
    try:
        return extract_and_assess(image)
    except Exception as error:
        raise _named(error, path) from error


def load_record(path: Path, dpi: float | None = None) -> list[tuple[Position, Template]]:
    """Every print of an ISO record, with the finger that it says.

    Raises
    ------
    Problem
        It cannot be read.
    """
    _must_be_a_file(path)
    try:
        prints = read_record(path, dpi)
        for _, template in prints:
            prepare(template)  # what cannot be compared is refused here, where its file is known
        return prints
    except Exception as error:
        raise _named(error, path) from error


def load_many(
    paths: Iterable[Path], dpi: float | None, threads: int
) -> Generator[tuple[Path, Template | Problem], None, None]:
    """Templates of many files in their order; an unreadable one gives its problem instead."""
    return _in_order(lambda path: load(path, dpi)[1], paths, threads)


def load_many_rated(
    paths: Iterable[Path], dpi: float | None, threads: int
) -> Generator[tuple[Path, tuple[Template, QualityReport | None] | Problem], None, None]:
    """`load_rated` of many files in their order; an unreadable one gives its problem instead."""
    return _in_order(lambda path: load_rated(path, dpi), paths, threads)


def _in_order(
    read: Callable[[Path], T], paths: Iterable[Path], threads: int
) -> Generator[tuple[Path, T | Problem], None, None]:
    """What is read of each path. Extraction releases the GIL: threads work at the same time."""

    def work(path: Path) -> T | Problem:
        try:
            return read(path)
        except Problem as problem:
            return problem

    waiting: deque[tuple[Path, Future[T | Problem]]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for path in paths:
            waiting.append((path, pool.submit(work, path)))
            if len(waiting) >= threads * _AHEAD:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def no_print(path: Path) -> Problem:
    """What to say of an image without a single minutia."""
    return Problem("no-minutiae", f"{path}: no fingerprint was found in it")


def _must_be_a_file(path: Path) -> None:
    if path.is_dir():
        raise Problem("is-a-folder", f"{path}: is a folder, not an image")
    if not path.exists():
        raise Problem("no-such-file", f"{path}: no such file")
    if not path.is_file() and not str(path).startswith(_STREAMS):  # nobody may ever write to it
        raise Problem("unreadable-file", f"{path}: is not a regular file")


def _named(error: Exception, path: Path) -> Exception:
    return explain(error, path) or error
