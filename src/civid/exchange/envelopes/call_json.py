"""Calls as JSON, as the sharing platforms of provinces (LGSP) take them: one flat object.

>>> made = Call(Operation.LOOK_UP, "1", "2.001.1", "037", "an.ca", "46/474", number="046301123456")
>>> parse(build(made), Operation.LOOK_UP) == made
True
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

from civid.errors import FormatError
from civid.exchange.envelopes.call import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_TEXT,
    TEXTS,
    Call,
    Operation,
)
from civid.exchange.envelopes.check import check_call
from civid.exchange.envelopes.names import NDXP, Profile
from civid.formats import Finding
from civid.formats.safe_xml import Element

_NAME = "call"
_PARTS = (*TEXTS, "birth_day", "birth_year")


def parse(
    data: bytes | bytearray | memoryview,
    operation: Operation,
    *,
    profile: Profile = NDXP,
    strict: bool = False,
) -> Call:
    """Read a call; the operation stands in the address, not in the object.

    Parameters
    ----------
    data : bytes-like
        At most 64 KiB of JSON in UTF-8: texts and whole numbers by name.
    operation : Operation
        What was asked for.
    profile, strict
        As in `call_xml.parse`.

    Raises
    ------
    FormatError
        Not such a call; with the key, or the byte at which it is no JSON.
    """
    parts = {profile.json(part): part for part in _PARTS}
    said: dict[str, Any] = {}
    extras: list[Element] = []
    warnings: list[Finding] = []
    for key, value in _object(data).items():
        part = parts.get(key)
        if part is None:
            warnings.append(Finding(f"{_NAME}/{key[:64]}", "is not a part of this place"))
            extras.append(Element(key, json.dumps(value, ensure_ascii=False)))
        else:
            said[part] = _text(value, f"{_NAME}/{key}")
    call = Call(operation, **said, extras=tuple(extras))
    warnings += check_call(call, profile)
    if strict and warnings:
        raise warnings[0].error()
    return replace(call, warnings=tuple(warnings))


def _object(data: bytes | bytearray | memoryview) -> dict[str, Any]:
    try:
        raw = bytes(memoryview(data).cast("B")[: MAX_BYTES + 1])
    except TypeError:
        raise FormatError(f"a call is bytes, not {type(data).__name__}", field=_NAME) from None
    if len(raw) > MAX_BYTES:
        raise FormatError(f"more than {MAX_BYTES} bytes", field=_NAME)
    depth = 0
    for at, byte in enumerate(raw):  # those in texts count, too: nobody's name has so many
        depth += (byte in b"{[") - (byte in b"}]")
        if depth > MAX_DEPTH:
            raise FormatError(f"nests deeper than {MAX_DEPTH}", offset=at, field=_NAME)
    text = ""
    try:
        text = raw.decode("utf-8")
        found = json.loads(
            text, object_pairs_hook=_once, parse_float=_finite, parse_constant=_finite
        )
    except FormatError:
        raise
    except UnicodeDecodeError as error:
        raise FormatError("not UTF-8", offset=error.start, field=_NAME) from None
    except json.JSONDecodeError as error:
        offset = len(text[: error.pos].encode())
        raise FormatError(f"not JSON: {error.msg}", offset=offset, field=_NAME) from None
    except ValueError:  # thousands of digits
        raise FormatError("holds a number that is none", field=_NAME) from None
    if not isinstance(found, dict):
        raise FormatError("should be an object", offset=0, field=_NAME)
    if len(found) > MAX_ELEMENTS:
        raise FormatError(f"more than {MAX_ELEMENTS} values", field=_NAME)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):  # two readers would see two calls
        raise FormatError("a key stands there more than once", field=_NAME)
    return found


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise FormatError("holds a number that is none", field=_NAME)
    return number


def _text(value: object, field: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # a request is a count of milliseconds in some programs
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FormatError("should be text", field=field)
    text = value.strip()
    if len(text) > MAX_TEXT:
        raise FormatError(f"longer than {MAX_TEXT} characters", field=field)
    return text


def build(call: Call, *, profile: Profile = NDXP) -> bytes:
    """Write a call; unknown keys as they came, in UTF-8.

    Raises
    ------
    FormatError
        A part that cannot be written, or extras of a call that was read from XML.
    """
    for finding in check_call(call, profile, as_built=True):
        raise finding.error()
    made: dict[str, Any] = {
        profile.json(part): getattr(call, part) for part in _PARTS if getattr(call, part)
    }
    for one in call.extras:
        try:
            if one.space or one.children or one.name in made:
                raise ValueError
            made[one.name] = json.loads(one.text)
        except ValueError:
            raise FormatError("does not come from JSON", field=f"{_NAME}/{one.name[:64]}") from None
    try:
        return json.dumps(made, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise FormatError("a character that Unicode does not have", field=_NAME) from None
