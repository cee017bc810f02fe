"""Read ``right-index=file.png`` and the like into the fingers of one subject."""

from __future__ import annotations

from pathlib import Path

from civid.cli.naming import parse_position
from civid.cli.prints import load
from civid.cli.problems import Exit, Problem, usage
from civid.fingerprint.template import Template
from civid.position import Position


def assign(words: list[str], position: str | None) -> dict[Position, Path]:
    """Which file is which finger.

    ``position`` is for a single file; more than one file must each say its finger.

    Raises
    ------
    Problem
        A finger does not exist or is given twice.
    """
    files: dict[Position, Path] = {}
    for word in words:
        finger, path = _split(word)
        if finger is None:
            finger = Position.UNKNOWN if position is None else _position(position)
        elif position is not None:
            raise usage("a finger is given twice: before the file and with --position")
        if finger in files:
            raise usage(
                f"two files are for the finger {finger.name.lower().replace('_', '-')}",
                "say which finger each file is, for example: right-index=file.png",
            )
        files[finger] = path
    return files


def read_fingers(files: dict[Position, Path], dpi: float | None) -> dict[Position, Template]:
    """The templates of one subject; every file must be readable and hold a print."""
    templates = {position: load(path, dpi)[1] for position, path in files.items()}
    for position, template in templates.items():
        if len(template) == 0:
            raise Problem(
                Exit.INPUT,
                "no-minutiae",
                f"{files[position]}: no fingerprint was found in it",
                "look at it with: civid explain, and scan the finger again",
            )
    return templates


def _split(word: str) -> tuple[Position | None, Path]:
    before, equals, after = word.partition("=")
    if equals and after:
        try:
            return parse_position(before), Path(after)
        except ValueError:
            if not Path(word).exists():
                raise usage(
                    f"{before!r} is not a finger", "use 0-10 or a name such as right-index"
                ) from None
    return None, Path(word)


def _position(text: str) -> Position:
    try:
        return parse_position(text)
    except ValueError:
        raise usage(f"{text!r} is not a finger", "use 0-10 or a name such as right-index") from None
