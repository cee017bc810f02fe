"""What a card asks for: how many minutiae, in which order, with which other features.

The biometric comparison parameters stand in object B1 of a biometric information template
(ISO/IEC 7816-11, ISO/IEC 19794-2:2005 annex on cards).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from civid.errors import FormatError
from civid.formats._reader import Reader
from civid.formats.minutiae.card.tlv import read_objects, write_object

#: Group of templates, template, header template: what the parameters may be inside of.
_OUTER = (0x7F61, 0x7F60, 0xA1)
_PARAMETERS, _COUNTS, _ORDER, _FEATURES = 0xB1, 0x81, 0x82, 0x83


class Order(IntEnum):
    """By what minutiae are sorted; the numbers are those of the standard."""

    NONE = 0x00
    XY = 0x04
    YX = 0x08
    ANGLE = 0x0C
    POLAR = 0x10


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a card asks for.

    Parameters
    ----------
    least, most : int
        Number of minutiae, 0..255.
    order : Order
        ``XY``: by x, then y; ``YX``: by y, then x; ``ANGLE``; ``POLAR``: by the distance from the
        centre of mass of all, then the angle.
    descending : bool
        The largest first.
    features : int
        Flags of what else the card compares: 1 ridge counts, 2 cores, 4 deltas, 8 cell quality.
    coordinate_extension : bool
        Compact coordinates may run over 255 in their order (flag 0x20); neither written nor undone
        here.
    """

    least: int = 0
    most: int = 255
    order: Order = Order.NONE
    descending: bool = False
    features: int = 0
    coordinate_extension: bool = False


def parse_parameters(data: bytes | bytearray | memoryview) -> Parameters:
    """Read them from object B1, or from a biometric information template (7F60, 7F61) around it.

    Raises
    ------
    FormatError
        There are none, or they make no sense.

    Examples
    --------
    >>> parse_parameters(bytes.fromhex("b107 8102 0c3c 8201 05"))
    Parameters(least=12, most=60, order=<Order.XY: 4>, descending=False, features=0, \
coordinate_extension=False)
    """
    content, base = _inside(bytes(data) if isinstance(data, (bytes, bytearray)) else _plain(data))
    found = {
        tag: (base + place, value) for tag, place, value in reversed(read_objects(Reader(content)))
    }
    least, most, order, features = 0, 255, 0, 0
    if _COUNTS in found:
        place, value = found[_COUNTS]
        if len(value) != 2 or value[0] > value[1]:
            raise FormatError("not two numbers", offset=place, field="number of minutiae")
        least, most = value
    for tag, name in ((_ORDER, "minutiae order"), (_FEATURES, "feature handling indicator")):
        if tag in found and len(found[tag][1]) != 1:
            raise FormatError("not one byte", offset=found[tag][0], field=name)
    if _ORDER in found:
        order = found[_ORDER][1][0]
    if _FEATURES in found:
        features = found[_FEATURES][1][0]
    method = order & 0x1C
    if order & 0xC0 or order & 3 == 3 or method > Order.POLAR:
        place = found[_ORDER][0]
        raise FormatError(f"{order:#04x} does not exist", offset=place, field="minutiae order")
    return Parameters(least, most, Order(method), bool(order & 2), features, bool(order & 0x20))


def _plain(data: object) -> bytes:
    try:
        return bytes(memoryview(data))  # type: ignore[arg-type]
    except TypeError:
        raise FormatError(
            f"parameters are bytes, not {type(data).__name__}", field="parameters"
        ) from None


def _inside(content: bytes) -> tuple[bytes, int]:
    """The inside of the first B1, and where it begins."""
    base = 0
    for _ in range(len(_OUTER) + 1):
        objects = read_objects(Reader(content))
        wanted = (_PARAMETERS, *_OUTER)
        tag, place, value = next((one for one in objects if one[0] in wanted), (0, 0, b""))
        if tag == 0:
            break
        content, base = value, base + place
        if tag == _PARAMETERS:
            return content, base
    raise FormatError(
        "there is no object B1", offset=0, field="biometric comparison algorithm parameters"
    )


def build_parameters(parameters: Parameters) -> bytes:
    """Object B1.

    Raises
    ------
    FormatError
        A number is out of range.

    Examples
    --------
    >>> build_parameters(Parameters(12, 60, Order.XY)).hex()
    'b10781020c3c820105'
    """
    for name, value in (("least", parameters.least), ("most", parameters.most)):
        if not 0 <= value <= 255:
            raise FormatError(f"{name} {value} is outside 0..255", field="number of minutiae")
    if parameters.least > parameters.most:
        raise FormatError("the least is above the most", field="number of minutiae")
    if not 0 <= parameters.features <= 15:
        raise FormatError("four flags", field="feature handling indicator")
    order = int(parameters.order)
    if parameters.order is not Order.NONE:
        order |= 2 if parameters.descending else 1
    order |= 0x20 if parameters.coordinate_extension else 0
    inside = write_object(_COUNTS, bytes((parameters.least, parameters.most)))
    inside += write_object(_ORDER, bytes((order,)))
    if parameters.features:
        inside += write_object(_FEATURES, bytes((parameters.features,)))
    return write_object(_PARAMETERS, inside)
