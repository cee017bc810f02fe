"""From files of any kind to templates, a set of fingers of one person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from civid.dedup.folder.naming import parse_position
from civid.errors import CividError, FieldError, ImageError
from civid.exchange.service.problem import Refusal, problem_of
from civid.fingerprint.gate import Gate
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.template import Template
from civid.fingerprint.upload import UploadedPrint, read_upload
from civid.position import Position

WORDS = "right-thumb ... left-little, or 1 to 10, or unknown"


def position_of(said: Any) -> Position | None:
    """The finger that a word or number names; None = none.

    >>> position_of("left-thumb"), position_of(2), position_of("nose")
    (<Position.LEFT_THUMB: 6>, <Position.RIGHT_INDEX: 2>, None)
    """
    if isinstance(said, bool) or not isinstance(said, (str, int)):
        return None
    try:
        return parse_position(str(said)[:40])
    except ValueError:
        return None


def prints(
    files: list[tuple[str, Position | None, bytes]],
    dpi: float | None,
    gate: Gate | None = None,
    extraction: ExtractionParameters | None = None,
) -> dict[Position, UploadedPrint]:
    """The fingers of one person out of files: pictures, minutiae records, image records, slaps.

    Raises
    ------
    Refusal
        One cannot be read, holds no print, is refused by the gate, or two are of one finger;
        ``file`` says which.
    """
    made: dict[Position, UploadedPrint] = {}
    for field, finger, data in files:
        try:
            upload = read_upload(data, dpi=dpi, parameters=extraction)
            if finger is None:
                found = upload.prints()
            else:
                found = (replace(upload.one(finger), position=finger),)
            for one in found:
                if gate is not None:  # first: it has advice, also where no print was seen
                    _pass(gate, one, field)
                if not len(one.template):
                    raise ImageError("no fingerprint was found in it")
                if one.position in made:
                    raise FieldError(one.position.word, "two prints are of this finger")
                made[one.position] = one
        except CividError as error:
            raise Refusal.of(problem_of(error), file=field) from None
    return made


def _pass(gate: Gate, one: UploadedPrint, field: str) -> None:
    """No operator tries again within a request: what has to be captured again is refused."""
    verdict = gate.judge(one, attempt=gate.retries + 1)
    if not verdict.accepted:
        told = verdict.to_dict()
        members = {name: told[name] for name in ("quality", "minutiae", "reasons", "advice")}
        raise Refusal(
            "poor-print", verdict.explained(), file=field, **members, advice_vi=told["advice_vi"]
        )


def templates(
    files: list[tuple[str, Position | None, bytes]],
    dpi: float | None,
    gate: Gate | None = None,
    extraction: ExtractionParameters | None = None,
) -> dict[Position, Template]:
    """The same as templates."""
    found = prints(files, dpi, gate, extraction)
    return {position: one.template for position, one in found.items()}
