"""From files to templates, one or many at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import civid
from civid.dedup.folder.print_files import PrintInside, PrintsInside, fingers_of, prints_inside
from civid.dedup.folder.print_records import STREAMS, kind_of, read_record
from civid.errors import FormatError
from civid.fingerprint.compare import prepare
from civid.fingerprint.image import FingerImage
from civid.fingerprint.quality import QualityReport, examine
from civid.fingerprint.template import Template
from civid.position import Position
from civid.problems import Problem, explain, named

# Files read ahead for each thread: enough that none waits, few enough that memory stays small.
_AHEAD = 4

Prints = list[tuple[Position, Template]]

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
    path: Path, dpi: float | None, finger: Position = Position.UNKNOWN
) -> tuple[FingerImage | None, Template]:
    """Read one print: a scan is extracted; a record of minutiae has no image.

    Of a file of several prints (an ANSI/NIST transaction, a record of several fingers) the one of
    ``finger`` is taken.

    Raises
    ------
    Problem
        It cannot be read or used, or holds several prints and none of them is meant.
    """
    _must_be_a_file(path)
    kind = kind_of(path)
    if kind == "minutiae":
        prints = load_record(path, dpi)
        fitting = prints if len(prints) == 1 else [one for one in prints if one[0] == finger]
        if len(fitting) != 1 or (len(prints) > 1 and not finger):
            raise _several(path, len(prints))
        return None, fitting[0][1]
    if kind == "several":
        return _read(_one(path, _inside(path, dpi), finger), path)
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
    if kind_of(path) != "picture":
        return load(path, dpi)[1], None
    image = load_image(path, dpi)
    try:
        return examine(image)
    except Exception as error:
        raise _named(error, path) from error


def load_record(path: Path, dpi: float | None = None) -> Prints:
    """Every print of a record of minutiae, with the finger that it says.

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


def load_fingers(path: Path, dpi: float | None) -> Prints:
    """Every print of a file of any kind, with the finger that it says.

    Slaps in a transaction are cut for the fingers that have no print of their own.

    Raises
    ------
    Problem
        It cannot be read or used.
    """
    _must_be_a_file(path)
    kind = kind_of(path)
    if kind == "minutiae":
        return load_record(path, dpi)
    if kind == "picture":
        return [(Position.UNKNOWN, load(path, dpi)[1])]
    inside = _inside(path, dpi)
    unknown = inside.of(Position.UNKNOWN)
    if len(unknown) > 1:  # which is which nobody can tell; nothing is extracted for it
        raise _several(path, len(inside.single))
    try:
        prints = fingers_of(inside)
        for _, template in prints:
            prepare(template)
        return prints
    except Exception as error:
        raise _named(error, path) from error


def _inside(path: Path, dpi: float | None) -> PrintsInside:
    try:
        inside = prints_inside(path, dpi)
    except FormatError as error:
        raise named("unreadable-image", error, path) from error
    except Exception as error:
        raise _named(error, path) from error
    if not (inside.single or inside.slaps):
        raise Problem("unreadable-image", f"{path}: {inside.name} without a print of a finger")
    return inside


def _one(path: Path, inside: PrintsInside, finger: Position) -> PrintInside:
    if len(inside.single) == 1 and not inside.slaps:
        return inside.single[0]
    fitting = inside.of(finger) if finger else []
    if len(fitting) == 1:
        return fitting[0]
    if inside.slaps and not inside.single:
        text = f"{path}: is a slap, several fingers in one picture; here one print is needed"
        raise Problem("several-prints", text, "cut it first: civid slap")
    raise _several(path, len(inside.single) + len(inside.slaps))


def _read(one: PrintInside, path: Path) -> tuple[FingerImage | None, Template]:
    try:
        image, template = one.read()
        prepare(template)
        return image, template
    except Exception as error:
        raise _named(error, path) from error


def _several(path: Path, count: int) -> Problem:
    text = f"{path}: is a record of {count} prints; here one is needed"
    return Problem("several-prints", text)


def load_print(path: Path, dpi: float | None, finger: Position) -> Prints:
    """The prints of a file that an enrolment has: of the finger that its name tells, or all.

    A file of one print is of an unknown finger where its name does not tell, whatever it says.

    Raises
    ------
    Problem
        It cannot be read or used.
    """
    if finger:
        return [(finger, load(path, dpi, finger)[1])]
    prints = load_fingers(path, dpi)
    return [(finger, prints[0][1])] if len(prints) == 1 else prints


def load_many(
    files: Iterable[tuple[Position, Path]], dpi: float | None, threads: int
) -> Generator[tuple[Path, Prints | Problem], None, None]:
    """`load_print` of many files in their order; an unreadable one gives its problem instead."""
    read = _in_order(lambda file: load_print(file[1], dpi, file[0]), files, threads)
    return ((path, found) for (_, path), found in read)


def load_many_rated(
    paths: Iterable[Path], dpi: float | None, threads: int
) -> Generator[tuple[Path, tuple[Template, QualityReport | None] | Problem], None, None]:
    """`load_rated` of many files in their order; an unreadable one gives its problem instead."""
    return _in_order(lambda path: load_rated(path, dpi), paths, threads)


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


def no_print(path: Path) -> Problem:
    """What to say of an image without a single minutia."""
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
