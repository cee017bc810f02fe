"""What every representation of ISO/IEC 19794:2011 begins with: capture time, device, qualities."""

from __future__ import annotations

import struct
from collections.abc import Container, Iterable, Iterator, Sequence
from operator import contains
from typing import NamedTuple, Protocol

from civid.formats._fixed import Fixed
from civid.formats._reader import Finding, Reader

_TIME = struct.Struct(">H5BH")
_DEVICE = struct.Struct(">BHH")
_DEVICE_FIELDS = Fixed(
    ("capture device technology ID", 1),
    ("capture device vendor ID", 2),
    ("capture device type ID", 2),
    ("number of quality blocks", 1),
)
_QUALITY = struct.Struct(">BHH")
_CERTIFICATION = struct.Struct(">HB")
_TIME_LIMITS = ((0, 9999), (1, 12), (1, 31), (0, 23), (0, 59), (0, 60), (0, 999))
_TIME_UNKNOWN = (0xFFFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFFFF)
_WORD, _BYTE = range(0x10000), range(0x100)
#: What these may be, in the order in which `validate_capture` looks at them.
_NUMBERS = {
    "capture device technology ID": range(21),
    "capture device vendor ID": _WORD,
    "capture device type ID": _WORD,
    "number of quality blocks": _BYTE,
    "number of certification blocks": _BYTE,
}
_QUALITY_LIMITS = (frozenset((*range(101), 255)), _WORD, _WORD)


class Quality(NamedTuple):
    """A quality score 0..100 (255 = failed) and whose it is."""

    score: int
    vendor: int = 0
    algorithm: int = 0


class Certification(NamedTuple):
    """Who certified the device, and for what (1 AFIS, 2 verification, 3 optical sensor)."""

    authority: int
    scheme: int


class Capture(NamedTuple):
    """The beginning of a representation, as its view has it."""

    captured: tuple[int, ...] | None
    technology: int
    device_vendor: int
    device_type: int
    qualities: tuple[Quality, ...]
    certifications: tuple[Certification, ...]


class Captured(Protocol):
    """A view that has what `Capture` has."""

    @property
    def captured(self) -> tuple[int, ...] | None: ...
    @property
    def technology(self) -> int: ...
    @property
    def device_vendor(self) -> int: ...
    @property
    def device_type(self) -> int: ...
    @property
    def qualities(self) -> tuple[Quality, ...]: ...
    @property
    def certifications(self) -> tuple[Certification, ...]: ...


def read_capture(reader: Reader, *, certified: bool) -> Capture:
    """From the time to the certification blocks, which are there if the header says so."""
    time = _TIME.unpack(reader.take(_TIME.size, "capture date and time"))
    technology, vendor, device, count = _DEVICE_FIELDS.read(reader)
    qualities = tuple(map(Quality._make, _read_list(reader, "quality block", _QUALITY, count)))
    certifications: tuple[Certification, ...] = ()
    if certified:
        field = "certification block"
        count = reader.u8(f"number of {field}s")
        items = _read_list(reader, field, _CERTIFICATION, count)
        certifications = tuple(map(Certification._make, items))
    captured = None if time == _TIME_UNKNOWN else time
    return Capture(captured, technology, vendor, device, qualities, certifications)


def _read_list(
    reader: Reader, field: str, item: struct.Struct, count: int
) -> Iterable[tuple[int, ...]]:
    return item.iter_unpack(reader.take(count * item.size, field)) if count else ()


def build_capture(view: Captured, certified: int) -> bytes:
    """The same as bytes."""
    parts = [
        _TIME.pack(*(view.captured or _TIME_UNKNOWN)),
        _DEVICE.pack(view.technology, view.device_vendor, view.device_type),
        bytes((len(view.qualities),)),
        *(_QUALITY.pack(*quality) for quality in view.qualities),
    ]
    if certified:
        parts.append(bytes((len(view.certifications),)))
        parts += [_CERTIFICATION.pack(*item) for item in view.certifications]
    return b"".join(parts)


def is_time(captured: tuple[int, ...]) -> bool:
    """Whether each number of a capture date and time is in its range.

    >>> is_time((2024, 2, 29, 23, 59, 59, 999)), is_time((2024, 13, 1, 0, 0, 0, 0))
    (True, False)
    """
    return len(captured) == len(_TIME_LIMITS) and all(
        low <= value <= high for value, (low, high) in zip(captured, _TIME_LIMITS, strict=True)
    )


def validate_capture(view: Captured, index: int) -> Iterator[Finding]:
    """In what it departs from the standard."""
    values = (
        view.technology,
        view.device_vendor,
        view.device_type,
        len(view.qualities),
        len(view.certifications),
    )
    if not all(map(contains, _NUMBERS.values(), values)):
        for (field, limit), value in zip(_NUMBERS.items(), values, strict=True):
            if not 0 <= value <= limit[-1]:
                yield Finding(field, f"{value} is outside 0..{limit[-1]}", view=index)
    if view.qualities:
        yield from _validate_list("quality block", view.qualities, _QUALITY_LIMITS, index)
    if view.certifications:
        limits = (_WORD, _BYTE)
        yield from _validate_list("certification block", view.certifications, limits, index)
    if view.captured is not None and not is_time(view.captured):
        yield Finding("capture date and time", "there is no such time", view=index)


def _validate_list(
    field: str, items: Sequence[tuple[int, ...]], limits: Sequence[Container[int]], index: int
) -> Iterator[Finding]:
    """One finding for all blocks of a kind; it names the first that is wrong."""
    size = len(limits)
    if all(len(item) == size and all(map(contains, limits, item)) for item in items):
        return
    fits = [
        [value in limit for value in column]
        for column, limit in zip(zip(*items, strict=True), limits, strict=False)
    ]
    wrong = [number for number, fit in enumerate(zip(*fits, strict=True)) if not all(fit)]
    if wrong:
        text = f"{len(wrong)} out of range, the first is block {wrong[0]}"
        yield Finding(field, text, view=index)
