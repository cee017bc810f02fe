"""Read ``right-index=file.png`` and the like into the fingers of one subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from civid.cli.console.problems import Problem, usage
from civid.dedup.folder.naming import parse_position
from civid.dedup.folder.print_records import kind_of
from civid.dedup.folder.prints import load_fingers, load_one, no_print
from civid.fingerprint.gate import Gate
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.template import Template
from civid.position import Position

#: Files of one subject, each with the finger that was given for it.
Files = list[tuple[Position | None, Path]]


def assign(words: list[str], position: str | None) -> Files:
    """Which file is which finger.

    ``position`` is for a single file; more than one file must each say its finger.

    Raises
    ------
    Problem
        A finger does not exist or is given twice.
    """
    files: Files = []
    for word in words:
        finger, path = _split(word)
        if finger is not None and position is not None:
            raise usage("a finger is given twice: before the file and with --position")
        if finger is None and position is not None:
            finger = read_position(position)
        files.append((finger, path))
    for finger, count in Counter(finger for finger, _ in files).items():
        records = sum(kind_of(path) != "picture" for given, path in files if given == finger)
        if count > 1 and (finger is not None or records < count):
            raise _clash(finger or Position.UNKNOWN)
    return files


def read_fingers(
    files: Files,
    dpi: float | None,
    gate: Gate | None = None,
    extraction: ExtractionParameters | None = None,
) -> dict[Position, Template]:
    """The templates of one subject; every file must be readable and hold a print.

    A record or transaction says itself which fingers it holds; where a finger was given and it
    holds several, that one is taken. What the gate does not take is a problem. With `extraction`
    pictures are extracted by it.
    """
    templates: dict[Position, Template] = {}
    for finger, path in files:
        if finger is None:
            prints = load_fingers(path, dpi, extraction)
        else:
            prints = (replace(load_one(path, dpi, finger, extraction), position=finger),)
        for one in prints:
            if len(one.template) == 0:
                raise no_print(path, one.image)
            verdict = None if gate is None else gate.judge(one)
            if verdict is not None and not verdict.accepted:
                text = f"{path}: {verdict.explained()}"
                raise Problem("poor-print", text, " ".join(verdict.advice()))
            if one.position in templates:
                raise _clash(one.position)
            templates[one.position] = one.template
    return templates


def extractors_of(templates: Iterable[Template]) -> dict[str, int]:
    """How many each extractor has made, by its name, for ``--json``; "" = it is not said.

    >>> extractors_of([Template([], quality=0, width=300, height=400)])
    {'': 1}
    """
    return dict(sorted(Counter(one.extractor for one in templates).items()))


def _clash(finger: Position) -> Problem:
    name = finger.name.lower().replace("_", "-")
    return usage(
        f"two prints are for the finger {name}",
        "say which finger each file is, for example: right-index=file.png",
    )


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


def read_position(text: str) -> Position:
    """The finger that ``--position`` names, or what is wrong with it."""
    try:
        return parse_position(text)
    except ValueError:
        raise usage(f"{text!r} is not a finger", "use 0-10 or a name such as right-index") from None
