"""Calls as XML in an envelope of SOAP, as the population service takes them.

>>> made = Call(Operation.CONFIRM, "1", "2.001.1", "003", "an.ca", "46/474", name="Bùi Thị An")
>>> parse(build(made)) == made
True
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from civid.errors import FormatError
from civid.exchange.envelopes.call import (
    MAX_BYTES,
    MAX_ELEMENTS,
    MAX_TEXT,
    TEXTS,
    Call,
    Operation,
)
from civid.exchange.envelopes.check import check_call
from civid.exchange.envelopes.names import NDXP, Profile
from civid.exchange.envelopes.soap import unwrapped, wrapped
from civid.formats import Finding
from civid.formats.safe_xml import Children, Element

_NAME = "call"


def parse(
    data: bytes | bytearray | memoryview, *, profile: Profile = NDXP, strict: bool = False
) -> Call:
    """Read a call.

    Parameters
    ----------
    data : bytes-like
        At most 64 KiB of XML, in an envelope of SOAP or bare.
    profile : Profile
        How the platform calls things.
    strict : bool
        Any departure is an error, an unknown element and a missing part as well; else all of them
        are told in `Call.warnings` and unknown elements are kept in `Call.extras`.

    Raises
    ------
    FormatError
        Not such a call; with the path of the element and its byte offset.
    """
    header, root = unwrapped(data, most_bytes=MAX_BYTES, max_elements=MAX_ELEMENTS, name=_NAME)
    asked = {profile.xml(one.value): one for one in Operation}
    if root.space != profile.space or root.name not in asked:
        raise FormatError("asks for something unknown", offset=root.offset, field=_NAME)
    warnings: list[Finding] = []
    inside = Children(root, _NAME, warnings, strict=strict)
    said: dict[str, Any] = {part: _text(inside, profile.xml(part)) for part in TEXTS}
    birth = inside.one(profile.xml("birth"))
    if birth is not None:
        said |= _birth(inside.inside(birth), birth, profile)
    extras = tuple(element for _, element in inside.rest())
    call = Call(asked[root.name], **said, extras=extras, header=header)
    for one in check_call(call, profile):
        inside.note(replace(one, offset=root.offset))
    return replace(call, warnings=tuple(warnings))


def _text(inside: Children, name: str) -> str:
    text = (inside.text(name) or "").strip()
    if len(text) > MAX_TEXT:
        raise FormatError(
            f"longer than {MAX_TEXT} characters", offset=inside.element.offset,
            field=inside.place(name),
        )  # fmt: skip
    return text


def _birth(inside: Children, birth: Element, profile: Profile) -> dict[str, str]:
    if not birth.children and birth.text.strip():  # written without the element inside
        inside.complain("", "holds text where an element should be", birth.offset)
        text = birth.text.strip()[:MAX_TEXT]
        return {"birth_year" if len(text) == 4 else "birth_day": text}
    inside.ordered = False  # both orders are in use
    found = {part: _text(inside, profile.xml(part)) for part in ("birth_day", "birth_year")}
    inside.end()
    return found


def build(call: Call, *, profile: Profile = NDXP) -> bytes:
    """Write a call in an envelope of SOAP 1.1; always strictly, in UTF-8.

    Raises
    ------
    FormatError
        The first of what `check_call` finds, or a text that XML cannot hold.
    """
    for finding in check_call(call, profile, as_built=True):
        raise finding.error()
    children = [
        Element(profile.xml(part), getattr(call, part), space=profile.space)
        for part in TEXTS
        if getattr(call, part)
    ]
    day = [
        Element(profile.xml(part), getattr(call, part), space=profile.space)
        for part in ("birth_day", "birth_year")
        if getattr(call, part)
    ]
    if day:
        name = profile.xml("birth")
        children.append(Element(name, children=tuple(day), space=profile.space))
    root = Element(
        profile.xml(call.operation.value), children=(*children, *call.extras), space=profile.space
    )
    return wrapped(root, {profile.space: "dan"}, header=call.header, name=_NAME)
