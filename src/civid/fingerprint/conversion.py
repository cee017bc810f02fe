"""A file of one format made of a file of another: pictures, image records, minutiae records."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from civid.errors import FormatError, ImageError, ResolutionError
from civid.fingerprint.image import FingerImage, checked_dpi, stated_dpi
from civid.formats._door import _bytes, sniffed, unknown
from civid.formats._given import MAX_SIDE, pair
from civid.formats._images import ImageInside, chosen, images_inside
from civid.formats._registry import Format, named
from civid.position import Position

if TYPE_CHECKING:
    from civid.fingerprint.parameters import ExtractionParameters

#: Warnings of a source that are told one by one.
_TOLD = 5
#: Records that do not say how large the image was, and those that hold one print alone.
_UNSIZED = ("xyt", "xyt-m1", "iso19794-2:2005-card", "iso19794-2:2005-compact-card")
_SINGLE = (*_UNSIZED, "min")
_CM_PER_INCH = 2.54
_PLAIN, _ASN1 = "iso19794-2:2005", "iso39794-4:2019-ber"
#: How an image stands in a new image record.
_PAYLOADS = {"png": "PNG", "wsq": "WSQ", "jp2": "JPEG 2000 lossless", "raw": "raw"}


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was made.

    Parameters
    ----------
    data : bytes
        The new file.
    source, target : str
        Keys of the formats.
    notes : tuple of str
        What the target cannot hold, what was decided, and where the source departs from its
        standard.
    """

    data: bytes = field(repr=False)
    source: str
    target: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """How it is to be made; see `convert`."""

    dpi: float | None = None
    view: int | None = None
    position: Position | None = None
    quality: int | None = None
    bitrate: float | None = None
    payload: str = "png"
    product: tuple[int, int] = (0, 0)
    size: tuple[int, int] | None = None
    strict: bool = False
    parameters: ExtractionParameters | None = None


def convert(
    data: bytes | bytearray | memoryview,
    to: str,
    *,
    dpi: float | None = None,
    view: int | None = None,
    position: Position | None = None,
    quality: int | None = None,
    bitrate: float | None = None,
    payload: str = "png",
    product: tuple[int, int] = (0, 0),
    source: str | None = None,
    size: tuple[int, int] | None = None,
    strict: bool = False,
    parameters: ExtractionParameters | None = None,
) -> Conversion:
    """Make a file of another format.

    A picture, or an image out of a record or transaction, becomes another picture, an image
    record, or a minutiae record: then the minutiae are found anew by `civid.extract`. A minutiae
    record becomes a minutiae record of another standard. No picture is made of minutiae.

    Parameters
    ----------
    data : bytes-like
        The file.
    to : str
        Key of the format to make; see `civid.formats.names`.
    dpi : float, optional
        True resolution; goes before what the file says.
    view : int, optional
        Which image or view of a file that holds several, counted from 0.
    position : Position, optional
        Which finger of a file that holds several; of a file that does not say its finger, which
        one it is.
    quality, bitrate
        Of JPEG, and of WSQ; see `civid.formats.build`.
    payload : str
        How an image stands in a new image record: ``"png"``, ``"jp2"``, ``"wsq"`` or ``"raw"``.
    product : (int, int)
        CBEFF owner and type of the program that writes: ANSI/INCITS 381-2004 needs an owner.
    source : str, optional
        Key of the format of ``data``, where it does not say what it is: ``"xyt"``, cards.
    size : (int, int), optional
        Width and height in px of the image that minutiae of ``"xyt"`` were found in, which count y
        from its lower edge; of cards in the units of the format.
    strict : bool
        A source that departs from its standard is an error.
    parameters : ExtractionParameters, optional
        By which minutiae are found in an image, as for `civid.extract`.

    Raises
    ------
    FormatError
        The source is unknown or damaged, the target cannot be written or cannot hold it.
    ImageError, ResolutionError
        As `read_image`; the resolution has to be known, unless a picture becomes a picture.

    Notes
    -----
    Safe to call from several threads at once.

    Examples
    --------
    >>> made = convert(b"P5 2 3 255 " + bytes(6), "png", dpi=500)
    >>> made.source, made.data[1:4], made.notes
    ('pgm', b'PNG', ())
    """
    raw = _bytes(data)
    found, target = sniffed(raw) if source is None else named(source), named(to)
    if found is None:
        raise unknown(raw)
    foreign = target.key == _ASN1 and found != target
    if not target.writes or foreign or target.kind not in ("picture", "image record", "minutiae"):
        raise FormatError(f"{target.name} is not written by a conversion")
    given = None if dpi is None else checked_dpi(dpi)
    owner_and_type = pair(product, "product", 0, 0xFFFF)
    sides = None if size is None else pair(size, "size", 1, MAX_SIDE)
    wishes = Wishes(
        given, view, position, quality, bitrate, payload, owner_and_type, sides, strict, parameters
    )
    if target.kind != "picture" and not (quality is None and bitrate is None):
        raise FormatError("quality and bitrate are of pictures", field="format")
    if found.kind == "minutiae":
        made, notes = _of_minutiae(found, target, raw, wishes)
    elif found.kind == target.kind == "image record" and view is None and position is None:
        made, notes = _record_to_record(found, target, raw, wishes)
    else:
        made, notes = _of_image(found, target, raw, wishes)
    return Conversion(made, found.key, target.key, tuple(notes))


def _of_image(found: Format, target: Format, raw: bytes, wishes: Wishes) -> tuple[bytes, list[str]]:
    """A picture, image record or minutiae record of one image."""
    from civid.formats.image_files.writer import LOSSES, write

    if found.kind == "transaction" and target.kind == "minutiae":
        marked = _of_type_9(found, target, raw, wishes)
        if marked is not None:
            return marked
    if found.kind == "envelope" and target.kind == "minutiae":
        sealed = _of_members(found, target, raw, wishes)
        if sealed is not None:
            return sealed
    images = images_inside(found, raw, strict=wishes.strict)
    image = chosen(images, wishes.view, wishes.position)
    decoded = image.decode()
    notes = _told(getattr(decoded, "warnings", ()))
    if target.kind == "picture":
        resolution = decoded.resolution if wishes.dpi is None else (wishes.dpi, wishes.dpi)
        if target.key in LOSSES and target.key != found.key:
            notes.append(LOSSES[target.key])
        if resolution is None and target.key != "pgm":
            notes.append("the resolution is not stated in the source, nor in what was made")
        options = {"quality": wishes.quality, "bitrate": wishes.bitrate}
        return write(decoded.pixels, target.key, resolution, **options), notes  # type: ignore[arg-type]
    scan = FingerImage(decoded.pixels, wishes.dpi or stated_dpi(decoded.resolution))
    position = _position(image, wishes)
    if target.kind == "image record":
        return _image_record(scan, target, position, wishes), notes
    from civid.fingerprint.extract import extract

    template = extract(scan, wishes.parameters)
    if not len(template):
        raise ImageError("no fingerprint was found in it")
    notes.append(f"{len(template)} minutiae were found in the image by {template.extractor}")
    made, lost = _minutiae_record(template, target, position)
    return made, notes + lost


def _position(image: ImageInside, wishes: Wishes) -> Position:
    if wishes.position is not None:
        return wishes.position
    try:
        return Position(image.position)
    except ValueError:  # a slap or a palm
        return Position.UNKNOWN


def _told(warnings: Any) -> list[str]:
    told = [str(one) for one in warnings[:_TOLD]]
    more = len(warnings) - len(told)
    return told + ([f"and {more} more departures from the standard"] if more > 0 else [])


def _image_record(scan: FingerImage, target: Format, position: Position, wishes: Wishes) -> bytes:
    from civid.formats import build, image_records

    if not isinstance(wishes.payload, str) or wishes.payload not in _PAYLOADS:
        raise FormatError(f"should be one of {', '.join(_PAYLOADS)}", field="payload")
    record = image_records.encode(
        scan.pixels,
        scan.dpi,
        position=int(position),
        edition_name=target.name,
        payload=_PAYLOADS[wishes.payload],
        product=wishes.product,
    )
    return build(record)


def _record_to_record(
    found: Format, target: Format, raw: bytes, wishes: Wishes
) -> tuple[bytes, list[str]]:
    """All images of a record in another edition, as they are."""
    from civid.formats import build, image_records

    record = found.load().parse(raw, strict=wishes.strict)
    notes = _told(record.warnings)
    if found == target:
        return build(record), notes
    if hasattr(record, "representations"):
        return _of_image(found, target, raw, wishes)
    done = image_records.convert(record, target.name, product=wishes.product)
    return build(done.record), notes + _told(done.lost)


def _of_minutiae(
    found: Format, target: Format, raw: bytes, wishes: Wishes
) -> tuple[bytes, list[str]]:
    """A minutiae record of another standard, or of the same one written anew."""
    from civid.formats.minutiae import convert as neutral

    if target.kind != "minutiae":
        raise FormatError(f"{found.name} holds minutiae and no image")
    module = found.load()
    record = module.parse(raw, strict=wishes.strict)
    notes = _told(record.warnings)
    as_it_is = wishes.dpi is None and wishes.view is None and wishes.position is None
    if found == target and as_it_is:
        return bytes(module.build(record)), notes
    options = {"size": wishes.size} if found.key in _UNSIZED and wishes.size else {}
    read = neutral.read(record, found.key, **options)
    views = _views(read.minutiae.views, target, wishes)
    if found.key not in _SINGLE:
        notes += _doubts(views, target)
    written = neutral.write(replace(read.minutiae, views=views), target.key)
    notes += _told((*read.findings, *written.findings))
    return bytes(target.load().build(written.record)), notes


def _views(views: tuple[Any, ...], target: Format, wishes: Wishes) -> tuple[Any, ...]:
    """Those that are wanted, at the resolution and of the finger that is given."""
    alone = target.key in _SINGLE
    if wishes.view is not None or wishes.position is not None or (alone and len(views) > 1):
        places = [ImageInside(f"view {n}", one.position, list) for n, one in enumerate(views)]
        view = chosen(tuple(places), wishes.view, wishes.position, noun="print")
        views = (views[places.index(view)],)
    if wishes.position is not None:
        views = tuple(replace(one, position=int(wishes.position)) for one in views)
    if wishes.dpi is not None:
        per_cm = wishes.dpi / _CM_PER_INCH
        views = tuple(replace(one, x_per_cm=per_cm, y_per_cm=per_cm) for one in views)
    return views


def _doubts(views: tuple[Any, ...], target: Format) -> list[str]:
    """Of resolutions that no scanner has; an error where minutiae would be scaled by them."""
    from civid.fingerprint.records import doubt

    for one in views:
        for name, per_cm in (("x resolution", one.x_per_cm), ("y resolution", one.y_per_cm)):
            text = doubt(per_cm)
            if text and target.key in _SINGLE:
                raise ResolutionError(text)
            if text:
                return [f"{name}: {text.removesuffix('; give dpi=...')}"]
    return []


def _of_type_9(
    found: Format, target: Format, raw: bytes, wishes: Wishes
) -> tuple[bytes, list[str]] | None:
    """The minutiae of a transaction that holds some: people have marked or seen them."""
    from civid.fingerprint._ansi_nist import all_to_templates

    transaction = found.load().parse(raw, strict=wishes.strict)
    blocks = all_to_templates(transaction)
    if not blocks:
        return None
    places = tuple(
        ImageInside(f"record {one.record} (Type 9)", one.position, list) for one, _ in blocks
    )
    place = chosen(places, wishes.view, wishes.position, noun="print")
    _, template = blocks[places.index(place)]
    notes = [*_told(transaction.warnings), f"the minutiae are those of {place.name}"]
    made, lost = _minutiae_record(template, target, _position(place, wishes))
    return made, notes + lost


def _minutiae_record(template: Any, target: Format, position: Position) -> tuple[bytes, list[str]]:
    """A template as a record, and what that cannot hold."""
    from civid.formats.minutiae.convert import convert as convert_record

    data = template.to_bytes(target.key, position=position)
    if target.key == _PLAIN:
        return data, []
    # What is lost is that which a plain record of it would lose; the bytes are made without one.
    plain = template.to_bytes(_PLAIN, position=position)
    return data, _told(convert_record(plain, target.key, source=_PLAIN).findings)


def _of_members(
    found: Format, target: Format, raw: bytes, wishes: Wishes
) -> tuple[bytes, list[str]] | None:
    """The minutiae record in an envelope that holds one and no more."""
    module = found.load()
    record = module.parse(raw, strict=wishes.strict)
    inside = [(sniffed(data), data) for _, data in module.members(record)]
    records = [(one, data) for one, data in inside if one is not None and one.kind == "minutiae"]
    if len(records) != 1:
        return None
    (inner, data), *_ = records
    made, notes = _of_minutiae(inner, target, data, wishes)
    return made, [*_told(record.warnings), *notes]
