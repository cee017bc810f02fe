"""Messages as they travel: JSON in UTF-8, read within bounds."""

from __future__ import annotations

import json
from typing import Any

from civid.errors import FormatError

#: A gallery of 10,000 ids needs some 600 kB.
MAX_BYTES = 4 << 20
#: A message of the API nests four deep.
MAX_DEPTH = 16
#: Digits of a number.
_LONGEST = 18


def read_message(data: bytes | bytearray | memoryview | str) -> dict[str, Any]:
    """Read a message; whether it makes sense is for `handle` to say.

    Parameters
    ----------
    data : bytes-like or str
        At most 4 MiB of JSON; bytes are UTF-8. Nested at most 16 deep, numbers of at most 18
        digits, no key twice in an object, no NaN.

    Raises
    ------
    FormatError
        Not so. The answer to it is `refusal` with `Reason.INVALID_STRUCTURE`.

    >>> read_message(b'{"id": "mosip.abis.ping"}')
    {'id': 'mosip.abis.ping'}
    """
    if isinstance(data, str):
        if len(data) > MAX_BYTES:
            raise FormatError(f"more than {MAX_BYTES} bytes", field="message")
        text = data
    else:
        try:
            raw = bytes(memoryview(data).cast("B")[: MAX_BYTES + 1])
        except TypeError:
            raise FormatError("a message is bytes or text", field="message") from None
        if len(raw) > MAX_BYTES:
            raise FormatError(f"more than {MAX_BYTES} bytes", field="message")
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FormatError("not UTF-8", offset=error.start, field="message") from None
    _check_depth(text)
    try:
        found = json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_float=_number,
            parse_constant=_no_number,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        raise FormatError(f"not JSON: {error.msg}", offset=error.pos, field="message") from None
    if not isinstance(found, dict):
        raise FormatError("a message is an object", field="message")
    return found


def write_message(message: dict[str, Any]) -> bytes:
    """Write a message, in ASCII.

    >>> write_message({"returnValue": "1"})
    b'{"returnValue":"1"}'
    """
    return json.dumps(message, separators=(",", ":"), allow_nan=False).encode()


def _check_depth(text: str) -> None:
    """Before it is parsed: brackets outside of strings."""
    depth, inside, escaped = 0, False, False
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise FormatError("nests too deep", field="message")
        elif character in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FormatError("a key stands twice in an object", field="message")
    return found


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > _LONGEST:
        raise FormatError("a number has too many digits", field="message")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits) if len(digits) <= 40 else float("inf")
    if not abs(value) < 10.0**_LONGEST:
        raise FormatError("a number is too large", field="message")
    return value


def _no_number(word: str) -> float:
    raise FormatError("not a number", field="message")
