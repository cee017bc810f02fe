"""Files of any format, and the names of formats."""

from __future__ import annotations

import shlex
from pathlib import Path

from civid import formats
from civid.cli.console.problems import Problem, explain, usage
from civid.errors import CividError, FormatError
from civid.formats import Format, Unwrapped
from civid.formats._registry import FORMATS, named
from civid.formats._wrappings import MAX_WRAPPED_BYTES, members

# How an archive answers to a name that is missing, or that it has not.
_WHICH = (" files", "has no such file inside")
# So many of its names are said.
_NAMED = 5
# What a shell makes of <(...), and a pipe.
_STREAMS = ("/dev/fd/", "/dev/stdin", "/proc/")


def read_bytes(path: Path) -> bytes:
    """What stands in a file.

    Raises
    ------
    Problem
        There is none, it is a folder, cannot be read, or is larger than any that is understood.
    """
    if path.is_dir():
        raise Problem("is-a-folder", f"{path}: is a folder", "give one file")
    if not path.exists():
        raise Problem("no-such-file", f"{path}: no such file")
    if not path.is_file() and not str(path).startswith(_STREAMS):  # nobody may ever write to it
        raise Problem("unreadable-file", f"{path}: is not a regular file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_WRAPPED_BYTES + 1)
    except PermissionError:
        raise Problem("not-allowed", f"{path}: you may not read it") from None
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise Problem("unreadable-file", f"{path}: {reason}") from error
    if len(data) > MAX_WRAPPED_BYTES:
        text = f"{path}: larger than {MAX_WRAPPED_BYTES >> 20} MiB"
        raise Problem("unreadable-record", text)
    return data


def unwrapped(path: Path, member: str | None) -> Unwrapped:
    """What stands in a file that may be wrapped.

    Raises
    ------
    Problem
        It cannot be read or opened, or is an archive of several files, and none was named.
    """
    data = read_bytes(path)
    try:
        return formats.unwrapped(data, member=member)
    except CividError as error:
        problem = explain(error, path)
        if problem is None:
            raise
        if problem.message.endswith(_WHICH):
            problem = Problem(problem.code, problem.message, _which(data))
        raise problem from error


def _which(data: bytes) -> str:
    """What to do where an archive holds several files: its first names are said."""
    names = members(data)
    if not names:  # an archive inside of gzip or base64
        return "say which file: --member NAME"
    shown = ", ".join(map(shlex.quote, names[:_NAMED])) + (", ..." if names[_NAMED:] else "")
    return f"say which file: --member NAME; it holds {shown}"


def format_of_name(name: str) -> Format:
    """The format that an option names.

    Raises
    ------
    Problem
        There is none; the nearest ones are named.
    """
    try:
        return named(name)
    except FormatError as error:
        raise usage(str(error).removeprefix("format: ")) from None


def format_of_suffix(path: Path) -> Format:
    """The format that a file's name stands for.

    Raises
    ------
    Problem
        None, or one that is not written.
    """
    suffix = path.suffix.lower()
    fitting = [one for one in FORMATS if suffix in one.suffixes and one.writes]
    if suffix and fitting:
        return fitting[0]
    raise usage(f"{path}: its name does not tell the format", "say it with --to NAME")
