"""Fields that stand in for the extraction's own: mask, ridge direction and period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native import address, ffi
from civid.errors import CividError
from civid.fingerprint.extract import run
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template

#: Side of the block of pixels that has one value, px at 500 dpi.
BLOCK = 8
#: What C takes for a period, px.
SHORTEST, LONGEST = 4.0, 20.0

Map = npt.NDArray[np.float32]


class FieldsError(CividError, ValueError):
    """Fields are not of one size, or hold what is no direction or period."""


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """What is known of a print before it is extracted; block by block, at 500 dpi.

    Block ``[j, i]`` covers the pixels ``[8 j : 8 j + 8, 8 i : 8 i + 8]`` of the resampled picture,
    the last ones may hang over. What is None the extraction finds itself. Immutable; safe to share
    between threads.

    Parameters
    ----------
    name : str
        Whose fields they are: templates say so in their ``extractor``.
    direction : (2, H, W) float32, optional
        Cosine and sine of twice the ridge's direction, counter-clockwise on the screen; at most 1,
        both 0 where it is unknown.
    period : (H, W) float32, optional
        Px from ridge to ridge, 4..20.
    mask : (H, W) bool, optional
        Where there is print.
    look_again : bool
        Take the directions for a first look only, which the extraction's second one corrects.

    Raises
    ------
    FieldsError
        None is given, or their sizes differ, or a value is out of its range.

    Examples
    --------
    >>> Fields("none", mask=np.zeros((25, 20), bool)).blocks
    (25, 20)
    """

    name: str
    direction: Map | None = None
    period: Map | None = None
    mask: npt.NDArray[Any] | None = None
    look_again: bool = False
    blocks: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        maps = {"direction": np.float32, "period": np.float32, "mask": np.uint8}
        sizes = set()
        for name, dtype in maps.items():
            given = getattr(self, name)
            if given is None:
                continue
            array = np.ascontiguousarray(given, dtype)
            if array is given:
                array = array.copy()
            array.setflags(write=False)
            object.__setattr__(self, name, array)
            shape = array.shape[1:] if name == "direction" else array.shape
            if array.ndim != (3 if name == "direction" else 2):
                raise FieldsError(f"{name} has {array.ndim} dimensions")
            sizes.add(shape)
        if len(sizes) != 1:
            raise FieldsError("fields must be there, and of one size")
        object.__setattr__(self, "blocks", sizes.pop())
        if self.direction is not None and not (
            len(self.direction) == 2 and bool((np.abs(self.direction) <= 1).all())
        ):
            raise FieldsError("a direction is a cosine and a sine, at most 1")
        if self.period is not None and not bool(
            ((self.period >= SHORTEST) & (self.period <= LONGEST)).all()
        ):
            raise FieldsError(f"a period is {SHORTEST:g}..{LONGEST:g} px")

    def to_native(self) -> Any:
        """The ``civid_fields_t``; what it points at lives as long as this object."""
        made = ffi.new("civid_fields_t *")
        made.blocks_y, made.blocks_x = self.blocks
        made.look_again = self.look_again
        if self.direction is not None:
            made.cosine = address(self.direction[0], "float[]")
            made.sine = address(self.direction[1], "float[]")
        if self.period is not None:
            made.period = address(self.period, "float[]")
        if self.mask is not None:
            made.mask = address(self.mask, "uint8_t[]")
        return made


def extract_with(image: FingerImage, fields: Fields) -> Template:
    """`civid.extract` with these fields in place of its own.

    Raises
    ------
    civid.errors.NativeError
        The fields are not of the picture's size.

    Examples
    --------
    >>> blank = FingerImage(np.full((200, 160), 255, np.uint8), 500.0)
    >>> extract_with(blank, Fields("none", mask=np.zeros((25, 20), bool))).extractor
    'civid-classical/1;fields=none'
    """
    return run(image, fields=fields, method="classical")[0]


def explain_with(
    image: FingerImage, fields: Fields, stages: Iterable[str]
) -> tuple[Template, dict[str, npt.NDArray[Any]]]:
    """`civid.explain` with these fields in place of its own."""
    wanted = tuple(dict.fromkeys(stages))
    template, _, captured = run(image, wanted, fields=fields, method="classical")
    return template, captured
