"""One way to every format: what is it, read it, write it."""

from __future__ import annotations

from typing import Any

from civid.errors import FormatError
from civid.formats import _registry
from civid.formats._detect import detect
from civid.formats._registry import FORMATS, Format

_HEAD = 32


def known() -> tuple[Format, ...]:
    """Every format, with what can be done with it.

    >>> [one.name for one in known() if one.key == "iso19794-2:2005"]
    ['ISO/IEC 19794-2:2005']
    """
    return FORMATS


def names() -> tuple[str, ...]:
    """The keys of every format.

    >>> "iso19794-2:2005" in names()
    True
    """
    return tuple(one.key for one in FORMATS)


def sniff(data: bytes | bytearray | memoryview) -> str | None:
    """The key of the format that bytes look like, or None. Never raises; looks at the head only.

    >>> sniff(b"FMR" + bytes(1) + b" 20" + bytes(4) + b"abcdef")
    'iso19794-2:2005'
    >>> sniff(b"nothing known")
    """
    found = sniffed(data)
    return None if found is None else found.key


def sniffed(data: bytes | bytearray | memoryview) -> Format | None:
    """The same as its entry in the list."""
    try:
        head = bytes(memoryview(data).cast("B")[:_HEAD])
    except TypeError:
        return None
    picture = _picture(head)
    if picture is not None:
        return picture
    for one in FORMATS:
        if (
            one.module
            and (not one.starts or head.startswith(one.starts))
            and one.load().sniff(data)
        ):
            return one
    return None


def _picture(head: bytes) -> Format | None:
    from civid.formats.image_files import guards

    kind = guards.kind(head)
    return None if kind is None else _registry.PICTURES[kind]


def parse(
    data: bytes | bytearray | memoryview,
    format: str | None = None,  # noqa: A002
    *,
    strict: bool = False,
    unwrap: bool = False,
    member: str | None = None,
) -> Any:
    """Read a file of any format.

    Parameters
    ----------
    data : bytes-like
        The whole file.
    format : str, optional
        Its key, where it is known; otherwise the bytes are looked at.
    strict : bool
        Any departure from the standard is an error; a picture has none but damage.
    unwrap : bool
        Open base64, hexadecimal digits, data URLs, gzip and zip archives first; see `unwrapped`.
    member : str, optional
        Which file of a zip archive that holds several.

    Returns
    -------
    record
        The ``Record`` of the format's module, or a `Picture` with grey pixels.

    Raises
    ------
    FormatError
        Unknown, or not what ``format`` says, or damaged; with the field and the byte offset.
    ImageError
        A picture that cannot be decoded.

    Notes
    -----
    Safe to call from several threads at once.

    Examples
    --------
    >>> parse(b"P5 2 3 255 " + bytes(6)).pixels.shape
    (3, 2)
    """
    raw = _bytes(data)
    if unwrap:
        from civid.formats._wrappings import unwrapped

        raw = unwrapped(raw, member=member).data
    found = sniffed(raw) if format is None else _registry.named(format)
    if found is None:
        raise unknown(raw)
    if found.kind == "picture":
        from civid.formats.image_files import picture

        if format is not None and _picture(raw[:_HEAD]) != found:
            raise FormatError(f"{_looks(raw)}, not {found.name}")
        return picture.decode(raw)
    return found.load().parse(raw, strict=strict)


def build(obj: Any, format: str | None = None, **options: Any) -> bytes:  # noqa: A002
    """Write a record or a picture.

    Parameters
    ----------
    obj : record, Picture or FingerImage
        A ``Record`` of a format's module, or anything with ``pixels`` (H, W) uint8 and either
        ``dpi`` or ``resolution``.
    format : str, optional
        Key of the format to write; by default that of the record or picture.
    **options
        Of pictures: ``quality`` (JPEG, 1..100), ``bitrate`` (WSQ, bits a pixel).

    Raises
    ------
    FormatError
        What the standard forbids; a format that cannot be written; a record of another format:
        `civid.fingerprint.conversion.convert` makes one of the other.
    ImageError
        Pixels that cannot be a picture.

    Examples
    --------
    >>> picture = parse(b"P5 2 3 255 " + bytes(6))
    >>> sniff(build(picture, "png"))
    'png'
    """
    if hasattr(obj, "pixels"):
        from civid.formats.image_files.writer import write

        found = _target(obj, format)
        if found.kind == "picture" and found.writes:
            return write(obj.pixels, found.key, _resolution(obj), **options)
        raise FormatError(f"{found.name} is not written from pixels alone", field="format")
    own = _registry.of_record(obj)
    if not own:
        what = type(obj).__name__
        raise FormatError(f"neither a record nor a picture, but {what}", field="record")
    found = own[0] if format is None else _registry.named(format)
    if found not in own:
        raise FormatError(f"this is a record of {own[0].name}, not of {found.name}", field="record")
    if format is None and len(own) > 1:
        keys = " or ".join(one.key for one in own)
        raise FormatError(f"say as what it is to be written: {keys}", field="format")
    return bytes(found.load().build(obj, **options))


def _target(obj: Any, key: str | None) -> Format:
    if key is not None:
        return _registry.named(key)
    kind = getattr(obj, "kind", None)
    if kind not in _registry.PICTURES:
        raise FormatError("say as what the picture is to be written", field="format")
    return _registry.PICTURES[kind]


def _resolution(obj: Any) -> tuple[float, float] | None:
    dpi = getattr(obj, "dpi", None)
    return getattr(obj, "resolution", None) if dpi is None else (float(dpi), float(dpi))


def _bytes(data: Any) -> bytes:
    try:
        return bytes(memoryview(data).cast("B"))
    except TypeError:
        raise FormatError(f"a file is bytes, not {type(data).__name__}", field="file") from None


def unknown(data: bytes) -> FormatError:
    """What to say of bytes that no format fits."""
    if not data:
        return FormatError("the file is empty")
    return FormatError(_looks(data))


def _looks(data: bytes) -> str:
    from civid.formats._wrappings import wrapping

    name = detect(data)
    if name is None:
        return "this is of no kind that is known here"
    hint = "; unwrap it first (unwrap=True)" if wrapping(data) else ""
    return f"this looks like {name}{hint}"
