"""Whatever somebody sends with prints in it, read through one door: pictures, records, cards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import PurePath
from typing import BinaryIO, Final

from civid.errors import FormatError, ImageError
from civid.fingerprint.image import FingerImage, checked_dpi, image_in, read_source
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.slaps import Slap, SlapPosition, segment, segment_card
from civid.fingerprint.slaps.card import is_card
from civid.fingerprint.template import Template
from civid.fingerprint.upload.inside import Inside, prints_inside, templates_of
from civid.fingerprint.upload.model import Cut, Fingers, Upload
from civid.formats._door import sniffed
from civid.formats._registry import FORMATS, Format
from civid.formats.image_files.picture import MAX_FILE_BYTES
from civid.position import Position

#: Ten fingers with 255 minutiae and all their extended data take less. Whatever is larger is
#: something else: .iso is also the suffix of disk images.
MAX_RECORD_BYTES: Final = 1 << 20

#: What records of minutiae are called; ``.ist`` is an earlier name.  # codespell:ignore ist
RECORD_SUFFIXES: Final = frozenset({".ist"}).union(  # codespell:ignore ist
    *(one.suffixes for one in FORMATS if one.kind == "minutiae")
)


def read_upload(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    *,
    dpi: float | None = None,
    slap: SlapPosition | int | None = None,
    parameters: ExtractionParameters | None = None,
) -> Upload:
    """Read prints out of a file of any kind; which finger each is of is kept.

    Pictures (PNG, BMP, JPEG, TIFF, JPEG 2000, PGM, GIF, WSQ), minutiae records, finger image
    records, ANSI/NIST transactions and CBEFF envelopes. Slaps in them are cut into fingers, and so
    is a picture that is eight inches wide, a ten-print card. Of two prints of one finger the first
    is taken, minutiae before images, single and rolled before plain thumbs; palms are left out.

    Parameters
    ----------
    source : path, bytes or binary file
        The file, what stands in it, or an open one. A name helps with formats that do not say what
        they are, such as ``.xyt``.
    dpi : float, optional
        True resolution, 100..4000; it goes before what the file says.
    slap : SlapPosition or int, optional
        A picture shows this: 13 right four fingers, 14 left four, 15 both thumbs.
    parameters : ExtractionParameters, optional
        As for `civid.extract`; templates of records stay as they are.

    Returns
    -------
    Upload

    Raises
    ------
    FormatError
        A damaged record, one without a print, or one larger than 1 MiB; with field and offset.
    ImageError
        A picture that cannot be read or is damaged, or a file of no known kind, or larger than
        64 MiB.
    ResolutionError
        The resolution is missing in a picture, or ``dpi`` cannot be one.

    Notes
    -----
    For files of strangers: time and memory are bounded by those of the largest picture (16
    megapixels) or of 500 images in a record, and at most one image of each finger is extracted.
    Thread-safe.

    Examples
    --------
    >>> from civid import Template
    >>> made = Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400)
    >>> upload = read_upload(made.to_bytes("ansi378-2009", position=Position.LEFT_THUMB))
    >>> upload
    <Upload: ansi378-2009, 1 prints, 0 to cut>
    >>> [(one.position.name, len(one.template)) for one in upload.prints()]
    [('LEFT_THUMB', 1)]
    """
    given = None if dpi is None else checked_dpi(dpi)
    data, name, where = read_source(source, MAX_FILE_BYTES)
    return replace(_opened(data, name, where, given, slap, parameters), parameters=parameters)


def _opened(
    data: bytes,
    name: str,
    where: str,
    given: float | None,
    slap: SlapPosition | int | None,
    by: ExtractionParameters | None,
) -> Upload:
    found = format_of(data, where)
    if found is None and PurePath(where).suffix.lower() in RECORD_SUFFIXES:
        return _minutiae("", data, given)  # says why not
    if found is None or found.kind == "picture" or len(data) > MAX_FILE_BYTES:
        image = image_in(data, name, given, None, None)  # or says why not
        return _picture("" if found is None else found.key, image, slap, by)
    if found.kind == "minutiae":
        return _minutiae(found.key, data, given, None if found.says_so else found.key)
    several = prints_inside(found, data, given)
    cuts = tuple(_slap(number, read, by) for number, read in several.slaps.items())
    if not (several.single or cuts):
        raise FormatError(f"{found.name} without a print of a finger", field="file")
    return Upload(found.key, "several", tuple(several.single), cuts)


def format_of(data: bytes, name: str = "") -> Format | None:
    """What a file is. Its bytes are believed; its name is asked where they do not say it."""
    found = sniffed(data)
    if found is not None and found.says_so:
        return found
    suffix = PurePath(name).suffix.lower()
    if suffix:
        called = (one for one in FORMATS if not one.says_so and suffix in one.suffixes)
        return next(called, None)
    return None


def _minutiae(name: str, data: bytes, dpi: float | None, key: str | None = None) -> Upload:
    if len(data) > MAX_RECORD_BYTES:
        raise FormatError("larger than any fingerprint record", field="file")
    ready = templates_of(data, dpi, key)
    single = tuple(Inside(position, _ready(template)) for position, template in ready)
    return Upload(name, "minutiae", single)


def _picture(
    key: str,
    image: FingerImage,
    slap: SlapPosition | int | None,
    by: ExtractionParameters | None,
) -> Upload:
    if slap is not None:
        return Upload(key, "several", (), (_slap(int(slap), lambda: image, by),))
    if is_card(image):
        ten = tuple(Position(number) for number in range(1, 11))
        return Upload(key, "several", (), (Cut(ten, lambda: _card(image, by)),))
    return Upload(key, "picture", (Inside(Position.UNKNOWN, lambda: image),))


def _slap(number: int, read: Callable[[], FingerImage], by: ExtractionParameters | None) -> Cut:
    fingers = SlapPosition(number).fingers
    return Cut(fingers, lambda: _fingers([segment(read(), position=number, parameters=by)]))


def _card(image: FingerImage, by: ExtractionParameters | None) -> Fingers:
    return _fingers(segment_card(image, parameters=by).values())


def _fingers(slaps: Iterable[Slap]) -> Fingers:
    """The fingers that could be named; which is which is never guessed."""
    slaps = list(slaps)
    told: Fingers = [
        (finger.position, finger.image)
        for slap in slaps
        for finger in slap.fingers
        if finger.position is not Position.UNKNOWN
    ]
    if not told:
        faults = {fault for slap in slaps for fault in slap.faults}
        why = "; ".join(sorted(fault.value for fault in faults)) or "no finger was found"
        raise ImageError(f"no finger of the slap can be named: {why}")
    return told


def _ready(template: Template) -> Callable[[], FingerImage | Template]:
    return lambda: template
