"""From files to templates, one or many at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import civid
from civid.dedup.folder.print_records import STREAMS, is_record
from civid.errors import FormatError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.template import Template
from civid.fingerprint.upload import Upload, UploadedPrint, read_upload
from civid.position import Position
from civid.problems import Problem, explain, named

# Files read ahead for each thread: enough that none waits, few enough that memory stays small.
_AHEAD = 4

Prints = tuple[UploadedPrint, ...]

F = TypeVar("F")
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


def load(
    path: Path,
    dpi: float | None,
    finger: Position = Position.UNKNOWN,
    parameters: ExtractionParameters | None = None,
) -> tuple[FingerImage | None, Template]:
    """Read one print: a scan is extracted; a record of minutiae has no image.

    Of a file of several prints (an ANSI/NIST transaction, a record of several fingers) the one of
    ``finger`` is taken.

    Raises
    ------
    Problem
        It cannot be read or used, or holds several prints and none of them is meant.
    """
    one = load_one(path, dpi, finger, parameters)
    return one.image, one.template


def load_one(
    path: Path,
    dpi: float | None,
    finger: Position = Position.UNKNOWN,
    parameters: ExtractionParameters | None = None,
) -> UploadedPrint:
    """The same with its quality report.

    Raises
    ------
    Problem
        As `load`.
    """
    upload = _opened(path, dpi, parameters)
    with _errors_named(path):
        found = upload.pick(finger)
    if found is not None:
        return found
    if upload.cuts and not upload.single:
        text = f"{path}: is a slap, several fingers in one picture; here one print is needed"
        raise Problem("several-prints", text, "cut it first: civid slap")
    raise _several(path, upload)


def load_fingers(
    path: Path, dpi: float | None, parameters: ExtractionParameters | None = None
) -> Prints:
    """Every print of a file of any kind, with the finger that it says.

    Slaps in a transaction are cut for the fingers that have no print of their own.

    Raises
    ------
    Problem
        It cannot be read or used.
    """
    upload = _opened(path, dpi, parameters)
    if upload.kind == "several" and upload.unnamed > 1:
        raise _several(path, upload)  # which is which nobody can tell; nothing is extracted for it
    with _errors_named(path):
        return upload.prints()


def _opened(path: Path, dpi: float | None, parameters: ExtractionParameters | None) -> Upload:
    _must_be_a_file(path)
    with _errors_named(path):
        return read_upload(path, dpi=dpi, parameters=parameters)


@contextmanager
def _errors_named(path: Path) -> Iterator[None]:
    """What is wrong becomes a problem of this file."""
    try:
        yield
    except FormatError as error:
        raise named(
            "unreadable-record" if is_record(path) else "unreadable-image", error, path
        ) from error
    except Exception as error:
        raise _named(error, path) from error


def _several(path: Path, upload: Upload) -> Problem:
    count = len(upload.single) + len(upload.cuts)
    text = f"{path}: is a record of {count} prints; here one is needed"
    return Problem("several-prints", text)


def load_print(
    path: Path,
    dpi: float | None,
    finger: Position,
    parameters: ExtractionParameters | None = None,
) -> Prints:
    """The prints of a file that an enrolment has: of the finger that its name tells, or all.

    A file of one print is of an unknown finger where its name does not tell, whatever it says.

    Raises
    ------
    Problem
        It cannot be read or used.
    """
    if finger:
        return (replace(load_one(path, dpi, finger, parameters), position=finger),)
    prints = load_fingers(path, dpi, parameters)
    return (replace(prints[0], position=finger),) if len(prints) == 1 else prints


def load_many(
    files: Iterable[tuple[Position, Path]],
    dpi: float | None,
    threads: int,
    parameters: ExtractionParameters | None = None,
) -> Generator[tuple[Path, Prints | Problem], None, None]:
    """`load_print` of many files in their order; an unreadable one gives its problem instead."""
    read = _in_order(lambda file: load_print(file[1], dpi, file[0], parameters), files, threads)
    return ((path, found) for (_, path), found in read)


def load_many_ones(
    paths: Iterable[Path],
    dpi: float | None,
    threads: int,
    parameters: ExtractionParameters | None = None,
) -> Generator[tuple[Path, UploadedPrint | Problem], None, None]:
    """`load_one` of many files in their order; an unreadable one gives its problem instead."""
    return _in_order(lambda path: load_one(path, dpi, parameters=parameters), paths, threads)


def _in_order(
    read: Callable[[F], T], files: Iterable[F], threads: int
) -> Generator[tuple[F, T | Problem], None, None]:
    """What is read of each file. Extraction releases the GIL: threads work at the same time."""

    def work(file: F) -> T | Problem:
        try:
            return read(file)
        except Problem as problem:
            return problem

    waiting: deque[tuple[F, Future[T | Problem]]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for file in files:
            waiting.append((file, pool.submit(work, file)))
            if len(waiting) >= threads * _AHEAD:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def no_print(path: Path, image: FingerImage | None) -> Problem:
    """What to say of an image, or a record (None), without a single minutia."""
    if image is None:
        return Problem(
            "no-minutiae",
            f"{path}: the record holds no minutiae",
            "whoever wrote it found no fingerprint: scan the finger again",
        )
    return Problem("no-minutiae", f"{path}: no fingerprint was found in it")


def _must_be_a_file(path: Path) -> None:
    if path.is_dir():
        raise Problem("is-a-folder", f"{path}: is a folder, not an image")
    if not path.exists():
        raise Problem("no-such-file", f"{path}: no such file")
    if not path.is_file() and not str(path).startswith(STREAMS):  # nobody may ever write to it
        raise Problem("unreadable-file", f"{path}: is not a regular file")


def _named(error: Exception, path: Path) -> Exception:
    return explain(error, path) or error
