"""The envelope of DG2, DG3 and DG4: ISO/IEC 7816-11 biometric information templates (CBEFF).

The templates themselves are read and written by `civid.formats.cbeff.icao`, which loads on use: a
card needs no record formats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from civid.cards.chip.tlv import children, only, unwrap
from civid.errors import FormatError

if TYPE_CHECKING:
    from civid.formats._reader import Finding
    from civid.formats.cbeff.icao import Block as BiometricBlock

__all__ = [
    "FACE",
    "FACE_19794_5",
    "FINGER",
    "FINGER_19794_4",
    "BiometricBlock",
    "read_blocks",
    "write_blocks",
]

_GROUP = 0x7F61
FACE, FINGER = 0x02, 0x08
FACE_19794_5, FINGER_19794_4 = 0x0008, 0x0007


def __getattr__(name: str) -> Any:
    if name == "BiometricBlock":
        from civid.formats.cbeff.icao import Block

        return Block
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def read_blocks(data: bytes, tag: int, name: str) -> tuple[BiometricBlock, ...]:
    """The blocks of one file.

    Raises
    ------
    FormatError
        Not such a file, or the number of blocks is not what it says.
    """
    from civid.formats.cbeff import icao

    group = only(children(unwrap(data, tag, name), name), _GROUP, name)
    return icao.read_group(group.value, group.start, name, _refuse_a_wrong_count).blocks


def _refuse_a_wrong_count(finding: Finding) -> None:
    if "announced" in finding.message:
        raise FormatError(finding.message, offset=finding.offset, field=finding.field)


def write_blocks(
    tag: int, blocks: tuple[BiometricBlock, ...], filler: bytes | None = None
) -> bytes:
    """A file of these blocks; an empty one carries ``filler`` so that its hash tells nothing."""
    from civid.formats.cbeff import icao

    return icao.build(icao.Record(blocks, tag, filler))
