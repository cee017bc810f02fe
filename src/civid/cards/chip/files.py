"""The files of the LDS 1 application: tags, file identifiers, names (Doc 9303-10 table 38)."""

from __future__ import annotations

from types import MappingProxyType

#: The application on the chip.
AID = bytes.fromhex("A0000002471001")
COM_TAG, SOD_TAG = 0x60, 0x77
#: Data group number -> tag of its file.
DG_TAGS = MappingProxyType(
    {
        1: 0x61, 2: 0x75, 3: 0x63, 4: 0x76, 5: 0x65, 6: 0x66, 7: 0x67, 8: 0x68, 9: 0x69,
        10: 0x6A, 11: 0x6B, 12: 0x6C, 13: 0x6D, 14: 0x6E, 15: 0x6F, 16: 0x70,
    }
)  # fmt: skip
DG_NUMBERS = MappingProxyType({tag: number for number, tag in DG_TAGS.items()})


def kind_of(data: bytes) -> str | None:
    """Which file these bytes look like by their first tag: ``COM``, ``SOD``, ``DG1`` to ``DG16``.

    >>> kind_of(bytes.fromhex("6100"))
    'DG1'
    """
    if not data:
        return None
    if data[0] in (COM_TAG, SOD_TAG):
        return "COM" if data[0] == COM_TAG else "SOD"
    number = DG_NUMBERS.get(data[0])
    return None if number is None else f"DG{number}"
