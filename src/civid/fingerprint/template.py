"""A template: the minutiae of one print, and how good the print was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from civid.errors import FormatError, TemplateError
from civid.fingerprint.minutiae import MAX_MINUTIAE, MAX_SIDE, MINUTIA_DTYPE
from civid.position import Position

#: Longest name of an extractor, characters.
MAX_EXTRACTOR = 64

_TWO_PI = np.float32(2 * np.pi)
_SLOTS = ("minutiae", "quality", "width", "height", "extractor", "_prepared")


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """The minutiae of one print. Immutable, and safe to share between threads.

    Parameters
    ----------
    minutiae : (N,) structured array of `MINUTIA_DTYPE`
        Copied and made read-only. At most 255, all finite, inside ``width`` x ``height``. Rows
        ``(x, y, angle, kind, quality)`` will do too. Angles are wrapped to [0, 2 pi).
    quality : int
        0 (useless) .. 100 (perfect); see ``docs/explain/quality.md``.
    width, height : int
        Size of the print in px at 500 dpi.
    extractor : str
        Who found the minutiae: name and version, as in ``"civid-classical/1"``; at most 64
        printable ASCII characters. Empty = not known.

    Raises
    ------
    TemplateError
        A minutia is not finite or out of range, or there are too many.

    Examples
    --------
    >>> Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400)
    Template(1 minutiae, quality 80, 300x400 px)
    """

    minutiae: npt.NDArray[Any]
    quality: int
    width: int
    height: int
    extractor: str = ""
    #: The form that is compared, made at the first comparison. It belongs to this object alone:
    #: `replace`, `copy` and pickle make a new one.
    _prepared: list[bytes] = field(default_factory=list, init=False, repr=False, compare=False)

    if TYPE_CHECKING:  # what may be given is more than what is kept

        def __init__(
            self,
            minutiae: npt.ArrayLike,
            quality: int,
            width: int,
            height: int,
            extractor: str = "",
        ) -> None: ...

    def __post_init__(self) -> None:
        for name, high in (("quality", 100), ("width", MAX_SIDE), ("height", MAX_SIDE)):
            _check_whole(name, getattr(self, name), 0 if name == "quality" else 1, high)
            object.__setattr__(self, name, int(getattr(self, name)))
        _check_extractor(self.extractor)
        minutiae = _checked(self.minutiae, self.width, self.height)
        minutiae.setflags(write=False)
        object.__setattr__(self, "minutiae", minutiae)

    def to_iso19794_2(self, *, position: Position = Position.UNKNOWN, impression: int = 0) -> bytes:
        """The template as an ISO/IEC 19794-2:2005 record of one view at 197 px/cm (500 dpi).

        Coordinates are rounded to whole pixels, angles to 360/256 degrees; order is kept.

        Parameters
        ----------
        position : Position
            Which finger.
        impression : int
            0 live plain, 1 live rolled, 2 non-live plain, 3 non-live rolled, 8 swipe.

        Raises
        ------
        FormatError
            The position or the impression does not exist in the standard.
        """
        return self.to_bytes("iso19794-2:2005", position=position, impression=impression)

    @classmethod
    def from_iso19794_2(cls, data: bytes, *, view: int = 0, dpi: float | None = None) -> Template:
        """Read one view of an ISO/IEC 19794-2:2005 record, scaled to 500 dpi.

        Departures from the standard that leave the minutiae readable are tolerated;
        ``civid.formats.minutiae.iso19794_2_2005.parse`` tells them. Minutiae beyond the stated
        image are kept, and the size grows to hold them; a quality above 100 counts as not reported.

        Parameters
        ----------
        data : bytes
        view : int
            Which view, counted from 0.
        dpi : float, optional
            True resolution, where the record states another one.

        Raises
        ------
        FormatError
            Another format (the message names it), a truncated record, no such view, or a
            resolution that no print is scanned at, as where dpi were written for px/cm. It has
            the field and the byte offset.
        """
        return cls.from_bytes(data, format="iso19794-2:2005", view=view, dpi=dpi)

    @classmethod
    def all_from_iso19794_2(cls, data: bytes, *, dpi: float | None = None) -> list[Template]:
        """Every view of a record, as `from_iso19794_2` reads one; it is parsed once.

        Raises
        ------
        FormatError
            As there, or the record has no view.
        """
        return cls.all_from_bytes(data, format="iso19794-2:2005", dpi=dpi)

    def to_bytes(
        self,
        format: str = "iso19794-2:2005",  # noqa: A002 - as in numpy and pandas
        *,
        position: Position = Position.UNKNOWN,
        impression: int | None = None,
        **options: Any,
    ) -> bytes:
        """The template as a minutiae record of one view, in any format that civid writes.

        What the format cannot hold is left out; `civid.formats.minutiae.convert.write` tells it.

        Parameters
        ----------
        format : str
            ``"iso19794-2:2005"``, ``"iso19794-2:2011"``, ``"ansi378-2004"``, ``"ansi378-2009"``,
            ``"iso19794-2:2005-card"``, ``"iso19794-2:2005-compact-card"``, ``"xyt"``, ``"xyt-m1"``,
            ``"min"``;
            all keys of `civid.formats.minutiae.FORMATS`. Coordinates are rounded to whole px at
            500 dpi (cards: 0.01 or 0.1 mm), angles to the format's steps; order is kept except
            where a card's parameters ask for another.
        position : Position
            Which finger.
        impression : int, optional
            0 live plain, 1 live rolled, 2 non-live plain, 3 non-live rolled, 8 swipe. Unless given,
            0, or "unknown" where the format has it.
        **options
            Of the format: see `civid.formats.minutiae.convert.write`.

        Raises
        ------
        FormatError
            There is no such format, or the position or the impression does not exist in it.

        Examples
        --------
        >>> template = Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400)
        >>> Template.from_bytes(template.to_bytes("ansi378-2009")).minutiae["quality"]
        array([90], dtype=uint8)
        >>> template.to_bytes("xyt")
        b'10 380 266 90\\n'
        """
        from civid.fingerprint.records import record_bytes  # on use: it loads every format
        from civid.formats._given import whole

        return record_bytes(
            self.minutiae,
            format,
            quality=self.quality,
            size=(self.width, self.height),
            position=whole(position, "finger position", 0, 0xFF),
            impression=None if impression is None else whole(impression, "impression", 0, 0xFF),
            options=options,
        )

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        *,
        format: str | None = None,  # noqa: A002
        view: int = 0,
        dpi: float | None = None,
        size: tuple[int, int] | None = None,
    ) -> Template:
        """Read one view of a minutiae record in any format that civid reads, scaled to 500 dpi.

        Departures from the standard that leave the minutiae readable are tolerated; ``parse`` of
        the format's module tells them. Minutiae beyond the stated image are kept, and the size
        grows to hold them; a quality above 100 counts as not reported. Where a text holds more than
        255 minutiae, the best are taken.

        Parameters
        ----------
        data : bytes
        format : str, optional
            As in `to_bytes`. Without it the bytes have to say what they are: card formats,
            ``"xyt"`` and ``"xyt-m1"`` do not.
        view : int
            Which view, counted from 0.
        dpi : float, optional
            True resolution, where the record states another one. A card's unit is fixed.
        size : (int, int), optional
            Width and height of the image in px (cards: in their unit), for formats that do not say
            it: ``"xyt"`` counts y upwards from the lower edge. Without it the minutiae lie right to
            one another, which is all that a comparison needs.

        Raises
        ------
        FormatError
            Another format (the message names it), a truncated record, no such view, or a
            resolution that no print is scanned at.

        Examples
        --------
        >>> Template.from_bytes(b"10 380 266 90\\n", format="xyt", size=(300, 400)).minutiae["y"]
        array([20.], dtype=float32)
        """
        if isinstance(view, bool) or not isinstance(view, (int, np.integer)):
            raise FormatError("should be a whole number", field="view")
        return cls._all(data, format, dpi, size, int(view))[0]

    @classmethod
    def all_from_bytes(
        cls,
        data: bytes,
        *,
        format: str | None = None,  # noqa: A002
        dpi: float | None = None,
        size: tuple[int, int] | None = None,
    ) -> list[Template]:
        """Every view of a record, as `from_bytes` reads one; it is parsed once.

        Raises
        ------
        FormatError
            As there, or the record has no view.
        """
        return cls._all(data, format, dpi, size, None)

    @classmethod
    def _all(
        cls,
        data: bytes,
        key: str | None,
        dpi: float | None,
        size: tuple[int, int] | None,
        view: int | None,
    ) -> list[Template]:
        from civid.fingerprint.records import prints

        found = prints(data, key, view=view, dpi=_dpi_of(dpi), size=size)
        return [cls._checked_already(*one[1:]) for one in found]

    @classmethod
    def _checked_already(
        cls, minutiae: npt.NDArray[Any], quality: int, size: tuple[int, int]
    ) -> Template:
        """Of what `civid.fingerprint.records` made: in range, and nobody else's."""
        made = object.__new__(cls)
        minutiae.setflags(write=False)
        values: tuple[Any, ...] = (minutiae, quality, *size, "", [])
        for name, value in zip(_SLOTS, values, strict=True):
            object.__setattr__(made, name, value)
        return made

    def __reduce__(self) -> tuple[type[Template], tuple[Any, ...]]:
        """Copies and pickles are made anew: checked, read-only, without what was cached."""
        rows = np.array(self.minutiae)
        return type(self), (rows, self.quality, self.width, self.height, self.extractor)

    def to_dict(self) -> dict[str, Any]:
        """What it is, for JSON: how many minutiae, and none of them. `to_bytes` writes them.

        >>> Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400).to_dict()
        {'minutiae': 1, 'quality': 80, 'width': 300, 'height': 400, 'extractor': ''}
        """
        return {
            "minutiae": len(self),
            "quality": self.quality,
            "width": self.width,
            "height": self.height,
            "extractor": self.extractor,
        }

    def __len__(self) -> int:
        return len(self.minutiae)

    def __repr__(self) -> str:
        return (
            f"Template({len(self)} minutiae, quality {self.quality}, {self.width}x{self.height} px)"
        )


def _dpi_of(dpi: Any) -> float | None:
    from civid.fingerprint.image import checked_dpi

    return None if dpi is None else checked_dpi(dpi)


def _check_extractor(name: Any) -> None:
    if not isinstance(name, str) or len(name) > MAX_EXTRACTOR:
        raise TemplateError(f"extractor must be a text of at most {MAX_EXTRACTOR} characters")
    if not (name.isascii() and (name == "" or name.isprintable())):
        raise TemplateError("extractor must be printable ASCII")


def _check_whole(name: str, value: Any, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TemplateError(f"{name} must be a whole number")
    if not low <= value <= high:
        raise TemplateError(f"{name} must be {low}..{high}, not {value}")


def _checked(given: Any, width: int, height: int) -> npt.NDArray[Any]:
    """A checked copy in `MINUTIA_DTYPE`; its padding is zero, because C reads it."""
    names = getattr(getattr(given, "dtype", None), "names", None)
    try:
        if names is not None:
            source = np.atleast_1d(given)
            columns = {name: source[name] for name in MINUTIA_DTYPE.names or ()}
        else:
            rows = np.asarray(given, dtype=np.float64)
            source = rows.reshape(0, 5) if rows.size == 0 else rows
            if source.ndim != 2 or source.shape[1] != 5:
                raise TemplateError("minutiae must be rows of x, y, angle, kind, quality")
            columns = dict(zip(MINUTIA_DTYPE.names or (), source.T, strict=True))
    except (TypeError, ValueError) as error:
        if isinstance(error, TemplateError):
            raise
        raise TemplateError("minutiae need the fields x, y, angle, kind, quality") from None
    if names is not None and source.ndim != 1:
        raise TemplateError("minutiae must be a one-dimensional array")
    if len(source) > MAX_MINUTIAE:
        raise TemplateError(f"{len(source)} minutiae; at most {MAX_MINUTIAE} are supported")
    for name, values in columns.items():
        if values.dtype.kind not in "biuf" or not np.isfinite(values).all():
            raise TemplateError(f"the {name} of a minutia is not a finite number")
    for name, high in (("x", width), ("y", height), ("kind", 2), ("quality", 100)):
        values = columns[name]
        outside = (values < 0) | (values > high)
        if outside.any():
            first = int(np.argmax(outside))
            raise TemplateError(f"the {name} of minutia {first} is outside 0..{high}")
    minutiae = np.zeros(len(source), dtype=MINUTIA_DTYPE)
    for name, values in columns.items():
        minutiae[name] = values
    minutiae["angle"] = np.mod(columns["angle"].astype(np.float64), 2 * np.pi)
    minutiae["angle"][minutiae["angle"] >= _TWO_PI] = 0
    return minutiae


__all__ = ["MAX_EXTRACTOR", "MAX_MINUTIAE", "MAX_SIDE", "MINUTIA_DTYPE", "Template"]
