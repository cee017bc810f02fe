"""Minutiae in no format's units: what every record is read into and written from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from civid.errors import FormatError
from civid.formats.minutiae.common import ExtendedBlock
from civid.formats.minutiae.extended import RidgeCounts, ZonalQuality

#: 500 dpi, as px/cm.
PER_CM_500_DPI = 500 / 2.54
#: What IBIA has registered for a vendor that is not known. ANSI records may not say 0; 0 stands for
#: it in the neutral form.
UNKNOWN_VENDOR = 0x0103


class NeutralMinutia(NamedTuple):
    """One minutia.

    ``kind`` 0 other, 1 ridge ending, 2 bifurcation; ``x``, ``y`` px of the view's resolution from
    the top left corner, y down; ``angle`` radians, counter-clockwise from +x as ISO/IEC 19794-2
    has it; ``quality`` 1..100, 0 = not known.
    """

    kind: int
    x: float
    y: float
    angle: float
    quality: int = 0


class NeutralCore(NamedTuple):
    """A core, in the units of `NeutralMinutia`; angle None = not known."""

    x: float
    y: float
    angle: float | None = None


class NeutralDelta(NamedTuple):
    """A delta, in the units of `NeutralMinutia`; angles None = not known."""

    x: float
    y: float
    angles: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class NeutralView:
    """One print of one finger.

    Parameters
    ----------
    minutiae : tuple of NeutralMinutia
        In the order of the record that they came from.
    width, height : int
        Size of the image in px; 0 = not known.
    x_per_cm, y_per_cm : float
        Resolution in px/cm, as it was stated; 197 stands for 500 dpi in most records.
    position : int
        0 unknown, 1..5 right thumb to little finger, 6..10 left; as in ISO/IEC 19794-2.
    number : int
        Counts the prints of one finger from 0.
    impression : int or None
        As in ISO/IEC 19794-2:2011; None = not known.
    quality : int or None
        0 worst .. 100 best; None = not known.
    quality_vendor, quality_algorithm : int
        Whose quality that is; 0 = not known.
    cores : tuple of NeutralCore
    deltas : tuple of NeutralDelta
    ridge_counts : RidgeCounts or None
        Minutiae are counted from 0; 255 stands for no neighbour, as in ISO/IEC 19794-2:2011.
    zones : ZonalQuality or None
        In px of this image.
    blocks : tuple of ExtendedBlock
        Extended data of a vendor, not interpreted.
    ridge_ending : int
        Where an ending lies: 0 at the bifurcation of the valley skeleton, 1 at the end of the
        ridge skeleton.
    captured : tuple of int or None
        As in ISO/IEC 19794-2:2011.
    technology, device_vendor, device_type : int
        Of the capture device; 0 = not known.
    """

    minutiae: tuple[NeutralMinutia, ...] = field(default=(), repr=False)
    width: int = 0
    height: int = 0
    x_per_cm: float = PER_CM_500_DPI
    y_per_cm: float = PER_CM_500_DPI
    position: int = 0
    number: int = 0
    impression: int | None = None
    quality: int | None = None
    quality_vendor: int = 0
    quality_algorithm: int = 0
    cores: tuple[NeutralCore, ...] = ()
    deltas: tuple[NeutralDelta, ...] = ()
    ridge_counts: RidgeCounts | None = None
    zones: ZonalQuality | None = None
    blocks: tuple[ExtendedBlock, ...] = ()
    ridge_ending: int = 0
    captured: tuple[int, ...] | None = None
    technology: int = 0
    device_vendor: int = 0
    device_type: int = 0

    def scaled(self, x_per_cm: float, y_per_cm: float) -> NeutralView:
        """The same print at another resolution.

        Angles turn where x and y are scaled differently; zonal quality, whose cells are whole
        pixels, is lost where the scale is not 1.

        Raises
        ------
        FormatError
            A resolution is 0.

        Examples
        --------
        >>> view = NeutralView((NeutralMinutia(1, 100, 50, 0.0),), 200, 300, 100, 100)
        >>> view.scaled(200, 200).minutiae[0].x
        200.0
        """
        if (x_per_cm, y_per_cm) == (self.x_per_cm, self.y_per_cm):
            return self
        if min(self.x_per_cm, self.y_per_cm, x_per_cm, y_per_cm) <= 0:
            raise FormatError("0 px/cm: nothing can be scaled by it", field="x resolution")
        across, down = x_per_cm / self.x_per_cm, y_per_cm / self.y_per_cm
        turned = _turn(across, down)
        return replace(
            self,
            x_per_cm=x_per_cm,
            y_per_cm=y_per_cm,
            width=max(1, round(self.width * across)) if self.width else 0,
            height=max(1, round(self.height * down)) if self.height else 0,
            minutiae=tuple(
                [
                    NeutralMinutia(kind, x * across, y * down, turned(angle), quality)
                    for kind, x, y, angle, quality in self.minutiae
                ]
            ),
            cores=tuple(
                NeutralCore(x * across, y * down, None if angle is None else turned(angle))
                for x, y, angle in self.cores
            ),
            deltas=tuple(
                NeutralDelta(
                    x * across,
                    y * down,
                    None
                    if angles is None
                    else (turned(angles[0]), turned(angles[1]), turned(angles[2])),
                )
                for x, y, angles in self.deltas
            ),
            zones=self.zones if across == down == 1 else None,
        )


class _turn:
    """Angles after a stretch; the same where both sides are stretched alike."""

    def __init__(self, across: float, down: float) -> None:
        self.across, self.down = across, down

    def __call__(self, angle: float) -> float:
        if abs(self.across - self.down) < 1e-12:
            return angle
        from math import atan2, cos, pi, sin

        return atan2(sin(angle) * self.down, cos(angle) * self.across) % (2 * pi)


@dataclass(frozen=True, slots=True)
class MinutiaeSet:
    """The prints of one record.

    Parameters
    ----------
    views : tuple of NeutralView
    product_owner, product_type : int
        CBEFF identifiers of who wrote the record; 0 = not known.
    capture_device : int
        Given by the vendor; 0 = not reported.
    """

    views: tuple[NeutralView, ...] = ()
    product_owner: int = 0
    product_type: int = 0
    capture_device: int = 0
