"""The images inside of a file, whatever it is: a picture, a record, a transaction, an envelope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from civid.errors import FormatError, ImageError
from civid.formats._given import any_whole
from civid.formats._registry import Format
from civid.position import Position

#: An envelope in an envelope with a record in it.
MAX_DEPTH = 3
#: A transaction of a person has fewer.
MAX_IMAGES = 500
_CM_PER_INCH = 2.54
#: So many are listed in an error.
_LISTED = 20


@dataclass(frozen=True, slots=True)
class ImageInside:
    """One image, not decoded yet.

    Parameters
    ----------
    name : str
        Where it stands: ``"view 0"``, ``"record 3 (Type 14)"``.
    position : int
        Which finger as numbered by ISO/IEC 19794 and ANSI/NIST-ITL; 0 = not said.
    decode : callable
        Gives an object with ``pixels`` (H, W) uint8 and ``resolution``, across and down in pixels
        per inch or None; that of the record goes before that of the picture in it.
    """

    name: str
    position: int
    decode: Callable[[], Any] = field(repr=False)


def images_inside(found: Format, data: bytes, *, strict: bool = False) -> tuple[ImageInside, ...]:
    """All images of a file of this format, in its order.

    Raises
    ------
    FormatError
        It cannot be read, or has more than 500 images.
    """
    images = []
    for image in _walk(found, data, strict, 0):
        images.append(image)
        if len(images) > MAX_IMAGES:
            raise FormatError(f"more than {MAX_IMAGES} images are inside", field="file")
    return tuple(images)


def _walk(found: Format, data: bytes, strict: bool, depth: int) -> Iterator[ImageInside]:
    from civid.formats.image_files import picture

    if found.kind == "picture":
        yield ImageInside("image", 0, lambda: picture.decode(data))
        return
    if found.kind in ("minutiae", "message") or depth > MAX_DEPTH:
        return
    module = found.load()
    record = module.parse(data, strict=strict)
    if found.kind == "transaction":
        for entry in module.images(record):
            if entry.data:
                name = f"record {entry.record} (Type {entry.type})"
                yield ImageInside(name, entry.position, _later(module.decode, entry))
    elif found.kind == "image record":
        yield from _of_record(record, strict)
    else:
        yield from _of_members(module.members(record), strict, depth)


def _later(decode: Callable[..., Any], *what: Any, **how: Any) -> Callable[[], Any]:
    return lambda: decode(*what, **how)


def _of_record(record: Any, strict: bool) -> Iterator[ImageInside]:
    from civid.formats import image_records

    if hasattr(record, "representations"):  # ISO/IEC 39794
        for index, one in enumerate(record.representations):
            yield ImageInside(f"representation {index}", one.position.code, _later(_sampled, one))
        return
    for index, view in enumerate(record.views):
        decode = _later(image_records.decode, record, index, strict=strict)
        yield ImageInside(f"view {index}", view.position, decode)


def _sampled(representation: Any) -> Any:
    """An image of ISO/IEC 39794-4 with the sampling rate of its record."""
    from dataclasses import replace

    from civid.formats.image_files import picture

    decoded = picture.decode(representation.image)
    rate = representation.sampling
    if rate is None or rate.samples < 1:
        return decoded
    ppi = rate.samples * (_CM_PER_INCH if rate.unit else 1.0)
    return replace(decoded, resolution=(ppi, ppi))


def _of_members(
    members: tuple[tuple[str, bytes], ...], strict: bool, depth: int
) -> Iterator[ImageInside]:
    from civid.formats._door import sniffed

    for index, (_, data) in enumerate(members):
        found = sniffed(data)
        if found is None:
            continue
        for image in _walk(found, data, strict, depth + 1):
            name = f"member {index}" + ("" if image.name == "image" else f", {image.name}")
            yield ImageInside(name, image.position, image.decode)


def chosen(
    images: tuple[ImageInside, ...],
    view: int | None,
    position: int | None,
    *,
    noun: str = "image",
) -> ImageInside:
    """The one that is wanted.

    Raises
    ------
    ImageError
        There is none, or several and none was chosen; they are listed.
    FormatError
        What was given is no whole number.
    """
    view = None if view is None else any_whole(view, "view")
    position = None if position is None else any_whole(position, "position")
    if not images:
        raise ImageError(f"there is no {noun} in it")
    fitting = list(enumerate(images))
    if view is not None:
        fitting = [(at, one) for at, one in fitting if at == view]
    if position is not None and not (len(fitting) == 1 and not fitting[0][1].position):
        # A single image that does not say its finger may be that one.
        fitting = [(at, one) for at, one in fitting if one.position == position]
    if len(fitting) == 1:
        return fitting[0][1]
    if not fitting:
        raise ImageError(f"holds no such {noun}, but {listed(images, noun)}")
    hint = "view=... or position=..." if position is None else "view=..."
    raise ImageError(f"holds {listed(images, noun)}; say which one with {hint}")


def listed(images: tuple[ImageInside, ...], noun: str = "image") -> str:
    """In words: how many images, and of what.

    >>> listed((ImageInside("view 0", 2, dict), ImageInside("view 1", 13, dict)))
    '2 images: 0 right-index, 1 right-four-fingers'
    """
    words = [
        f"{at} {finger_name(one.position) if one.position else one.name}"
        for at, one in enumerate(images[:_LISTED])
    ]
    more = f" and {len(images) - _LISTED} more" if len(images) > _LISTED else ""
    count = f"1 {noun}" if len(images) == 1 else f"{len(images)} {noun}s"
    return f"{count}: {', '.join(words)}{more}"


#: Slaps, as ISO/IEC 19794-4 and ANSI/NIST-ITL number them.
_SLAPS = {
    11: "plain-right-thumb",
    12: "plain-left-thumb",
    13: "right-four-fingers",
    14: "left-four-fingers",
    15: "both-thumbs",
}


def finger_name(position: int) -> str:
    """Of a finger or slap, as on the command line, or of whatever else has a number.

    >>> finger_name(2), finger_name(14), finger_name(25)
    ('right-index', 'left-four-fingers', 'position-25')
    """
    if position in _SLAPS:
        return _SLAPS[position]
    try:
        return Position(position).word
    except ValueError:
        return f"position-{position}"
