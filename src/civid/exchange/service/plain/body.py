"""The fingers in the body of a request: a form with files, or JSON with base64. All bounded."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from civid.errors import FieldError
from civid.exchange.service.bounds import Limits
from civid.exchange.service.house import house_of
from civid.exchange.service.plain.prints import WORDS, position_of
from civid.exchange.service.problem import Refusal
from civid.position import Position

_LONGEST_FIELD = 256


class Sent(NamedTuple):
    """One file: the finger that was said for it (None = it says itself), and its bytes."""

    field: str
    finger: Position | None
    data: bytes


class Fingers(NamedTuple):
    """What a body holds."""

    files: list[Sent]
    dpi: float | None


async def read_fingers(request: Request) -> Fingers:
    """The files of a body.

    Raises
    ------
    Refusal
        400, 413, 415 or 422: it cannot be read, is too large, another kind, or names no finger.
    """
    house = house_of(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _form(request, house.limits)
    if kind == "application/json":
        data = bytearray()
        async for chunk in request.stream():  # the guard bounds it
            data += chunk
        return await house.work(_json, bytes(data), house.limits)
    raise Refusal("media-type", headers={"accept": "multipart/form-data, application/json"})


class _InMemory(MultiPartParser):
    """A parser that puts no print on a disk."""

    def __init__(self, request: Request, limits: Limits):
        self.spool_max_size = limits.body + 1
        super().__init__(
            request.headers, request.stream(), max_files=limits.parts, max_fields=4,
            max_part_size=_LONGEST_FIELD,
        )  # fmt: skip


async def _form(request: Request, limits: Limits) -> Fingers:
    try:
        form = await _InMemory(request, limits).parse()
    except MultiPartException as error:
        if "Too many" in error.message:
            raise Refusal("large", parts=limits.parts) from None
        raise Refusal("request", "the form cannot be read; let your client write it") from None
    try:
        files, dpi = [], None
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files.append(Sent(name[:40], _finger(name), await value.read()))
            elif name == "dpi":
                dpi = _dpi(value)
            else:
                raise FieldError(
                    name[:40],
                    "is not a field; a finger is sent as a file (curl: -F right-index=@FILE)",
                )
    finally:
        await form.close()
    return _some(files, dpi)


def _json(data: bytes, limits: Limits) -> Fingers:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise Refusal("request", "this is not JSON") from None
    if not isinstance(body, dict) or not isinstance(body.get("fingers"), list):
        raise FieldError("fingers", "a list is needed")
    if unknown := next((name for name in body if name not in ("fingers", "dpi")), None):
        raise FieldError(unknown[:40], "is not a field")
    if len(body["fingers"]) > limits.parts:
        raise Refusal("large", parts=limits.parts)
    dpi = None if body.get("dpi") is None else _dpi(body["dpi"])
    return _some(list(_files(body["fingers"])), dpi)


def _files(found: list[Any]) -> Iterator[Sent]:
    for place, one in enumerate(found):
        field = f"fingers.{place}"
        if not isinstance(one, dict) or one.keys() - {"position", "data"}:
            raise FieldError(field, "must be {position, data}")
        data = one.get("data")
        try:
            if not isinstance(data, str):
                raise ValueError("no text")
            decoded = base64.b64decode(data, validate=True)
        except (ValueError, binascii.Error):
            raise FieldError(f"{field}.data", "must be base64") from None
        said = one.get("position")
        finger = None if said is None else _finger(said, f"{field}.position")
        yield Sent(field, finger, decoded)


def _some(files: list[Sent], dpi: float | None) -> Fingers:
    if not files:
        raise FieldError("fingers", "there is none")
    return Fingers(files, dpi)


def _finger(said: Any, field: str = "") -> Position | None:
    if said == "record":
        return None
    found = position_of(said)
    if found is None:
        raise FieldError(field or str(said)[:40], f"is no finger: {WORDS}, or record")
    return found


def _dpi(said: Any) -> float:
    try:
        if isinstance(said, bool):
            raise ValueError("bool")
        return float(said)
    except (TypeError, ValueError, OverflowError):
        raise FieldError("dpi", "must be a number") from None
