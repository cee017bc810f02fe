"""EF.COM: which data groups are on the chip (Doc 9303-10 section 4.6.1). It is not signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civid.cards.chip.files import COM_TAG, DG_NUMBERS, DG_TAGS
from civid.cards.chip.tlv import build as build_tlv
from civid.cards.chip.tlv import children, unwrap
from civid.errors import FormatError

_LDS_VERSION, _UNICODE_VERSION, _TAG_LIST = 0x5F01, 0x5F36, 0x5C


@dataclass(frozen=True, slots=True)
class Com:
    """The content list of a chip: data group numbers in their order, and two versions."""

    groups: tuple[int, ...]
    lds_version: str = "0107"
    unicode_version: str = "040000"


def parse(data: bytes) -> Com:
    """Read EF.COM.

    Raises
    ------
    FormatError
        Not such a file, an unknown data group, or one listed twice.
    """
    found = {one.tag: one for one in children(unwrap(data, COM_TAG, "EF.COM"), "EF.COM")}
    if _TAG_LIST not in found:
        raise FormatError("has no list of data groups", field="EF.COM")
    listed = found[_TAG_LIST]
    for place, tag in enumerate(listed.value):
        if tag not in DG_NUMBERS or tag in listed.value[:place]:
            raise FormatError(
                "an unknown data group, or one listed twice",
                offset=listed.start + place,
                field="EF.COM",
            )
    return Com(
        tuple(DG_NUMBERS[tag] for tag in listed.value),
        _version(found[_LDS_VERSION].value, 4) if _LDS_VERSION in found else "",
        _version(found[_UNICODE_VERSION].value, 6) if _UNICODE_VERSION in found else "",
    )


def build(groups: Com | Iterable[int]) -> bytes:
    """Write EF.COM.

    >>> build([1, 2, 13]).hex()
    '60155f0104303130375f36063034303030305c0361756d'
    """
    com = groups if isinstance(groups, Com) else Com(tuple(groups))
    if not set(com.groups) <= set(DG_TAGS) or len(set(com.groups)) != len(com.groups):
        raise FormatError("data groups are 1 to 16, each once", field="EF.COM")
    values = [build_tlv(_TAG_LIST, bytes(DG_TAGS[number] for number in com.groups))]
    if com.unicode_version:
        values.insert(0, build_tlv(_UNICODE_VERSION, _digits(com.unicode_version, 6)))
    if com.lds_version:
        values.insert(0, build_tlv(_LDS_VERSION, _digits(com.lds_version, 4)))
    return build_tlv(COM_TAG, *values)


def _version(raw: bytes, size: int) -> str:
    if len(raw) != size or not raw.isdigit():
        raise FormatError(f"a version has {size} digits", field="EF.COM")
    return raw.decode("ascii")


def _digits(text: str, size: int) -> bytes:
    if len(text) != size or not (text.isascii() and text.isdigit()):
        raise FormatError(f"a version has {size} digits", field="EF.COM")
    return text.encode("ascii")
