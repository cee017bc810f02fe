"""How a print is taken, in numbers: every effect has a strength, and 0 switches it off.

Strengths scale what a finger or a draw has; 1 is natural. `clean` has all of them off: what is left
is the finger's relief itself, which tests of the truth and ablations start from.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, ClassVar

from civid.lab.synthetic.streams import SyntheticError


class _Checked:
    """Numbers within the ranges that the class names."""

    RANGES: ClassVar[dict[str, tuple[float, float]]]

    def __post_init__(self) -> None:
        for name, (low, high) in self.RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise SyntheticError(f"{name} must be {low:g}..{high:g}")


@dataclass(frozen=True)
class Skin(_Checked):
    """What lasts on the finger, as strengths 0..2 of what the person has.

    Parameters
    ----------
    pores, incipient, creases, scars, cuts, worn : float
        Sweat pores; thin ridges in the valleys; white lines; healed wounds; fresh cuts; patches
        where the relief is gone.
    rough : float
        How frayed the edges of ridges are.
    """

    pores: float = 1.0
    incipient: float = 1.0
    creases: float = 1.0
    scars: float = 1.0
    cuts: float = 1.0
    worn: float = 1.0
    rough: float = 1.0
    RANGES: ClassVar = dict.fromkeys(
        ("pores", "incipient", "creases", "scars", "cuts", "worn", "rough"), (0.0, 2.0)
    )


@dataclass(frozen=True)
class Contact(_Checked):
    """How the finger lies on the sensor.

    Parameters
    ----------
    turn : float
        Degrees, -180..180, counter-clockwise.
    right, up : float
        Where the finger's middle lies from the picture's middle, mm, -15..15.
    area : float
        Half axes of the contact against those of a firm, flat one, 0.25..1.6.
    aside, ahead : float
        Where the contact's middle lies on the finger, mm, -12..12: to the side, towards the tip.
    pressure : float
        -1 (a touch) .. 1 (squeezed: valleys close).
    distortion : float
        Strength of drag, torsion and uneven stretch, 0..2.
    rim : float
        How ragged the outline is, 0..2.
    """

    turn: float = 0.0
    right: float = 0.0
    up: float = 0.0
    area: float = 1.0
    aside: float = 0.0
    ahead: float = 0.0
    pressure: float = 0.0
    distortion: float = 1.0
    rim: float = 1.0
    RANGES: ClassVar = {
        "turn": (-180.0, 180.0),
        "right": (-15.0, 15.0),
        "up": (-15.0, 15.0),
        "area": (0.25, 1.6),
        "aside": (-12.0, 12.0),
        "ahead": (-12.0, 12.0),
        "pressure": (-1.0, 1.0),
        "distortion": (0.0, 2.0),
        "rim": (0.0, 2.0),
    }


@dataclass(frozen=True)
class Surface(_Checked):
    """Between skin and sensor.

    Parameters
    ----------
    moisture : float
        -1 (dry: crumbs and thin ridges) .. 1 (wet: valleys flooded).
    uneven : float
        How moisture and pressure differ from place to place, 0..2.
    smudge, ghost, dirt : float
        Strength, 0..2, of a slip of the finger, of the residue of another one, and of specks,
        hairs and scratches on the platen.
    """

    moisture: float = 0.0
    uneven: float = 1.0
    smudge: float = 0.0
    ghost: float = 0.0
    dirt: float = 1.0
    RANGES: ClassVar = {
        "moisture": (-1.0, 1.0),
        "uneven": (0.0, 2.0),
        "smudge": (0.0, 2.0),
        "ghost": (0.0, 2.0),
        "dirt": (0.0, 2.0),
    }


class SensorKind(Enum):
    """Principle of the sensor."""

    OPTICAL = "optical"
    CAPACITIVE = "capacitive"
    SWEEP = "thermal sweep"
    INK = "ink"


@dataclass(frozen=True)
class Sensor(_Checked):
    """What makes grey values of contact.

    Parameters
    ----------
    kind : SensorKind
        Principle: decides on the ground, and on the noise that is its own.
    height, width : int
        Picture, px, 64..1500.
    dpi : float
        Pixels an inch, 250..1100.
    blur : float
        Standard deviation of the point spread, mm, 0..0.15.
    ground, ridge, empty : float
        Grey of a valley, of a ridge in full contact, and of the sensor where no finger is, 0..255.
    softness : float
        Width of the step from valley to ridge against the relief's height, 0.1..2: large ones show
        the relief as a wave, small ones are nearly black and white.
    noise : float
        Strength, 0..2, of grain and of the kind's own noise (columns, bands, paper).
    light : float
        Strength, 0..2, of uneven light or sensitivity.
    compression : str
        "none", "jpeg" or "wsq".
    ratio : float
        How many times smaller "wsq" makes it, 2..60; "jpeg" takes a quality to match.
    """

    kind: SensorKind = SensorKind.OPTICAL
    height: int = 400
    width: int = 320
    dpi: float = 500.0
    blur: float = 0.03
    ground: float = 245.0
    ridge: float = 40.0
    empty: float = 245.0
    softness: float = 0.8
    noise: float = 1.0
    light: float = 1.0
    compression: str = "none"
    ratio: float = 12.0
    RANGES: ClassVar = {
        "height": (64, 1500),
        "width": (64, 1500),
        "dpi": (250.0, 1100.0),
        "blur": (0.0, 0.15),
        "ground": (0.0, 255.0),
        "ridge": (0.0, 255.0),
        "empty": (0.0, 255.0),
        "softness": (0.1, 2.0),
        "noise": (0.0, 2.0),
        "light": (0.0, 2.0),
        "ratio": (2.0, 60.0),
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.compression not in ("none", "jpeg", "wsq"):
            raise SyntheticError('compression must be "none", "jpeg" or "wsq"')


@dataclass(frozen=True)
class Condition:
    """All of one capture.

    Examples
    --------
    >>> Condition(surface=Surface(moisture=-0.8)).surface.moisture
    -0.8
    """

    skin: Skin = Skin()
    contact: Contact = Contact()
    surface: Surface = Surface()
    sensor: Sensor = Sensor()


#: Names of the effects that `without` switches off, with where they stand.
EFFECTS = {
    **{field.name: "skin" for field in fields(Skin)},
    **dict.fromkeys(("pressure", "distortion", "rim"), "contact"),
    **{field.name: "surface" for field in fields(Surface)},
    **dict.fromkeys(("blur", "noise", "light", "compression"), "sensor"),
}


def without(condition: Condition, *effects: str) -> Condition:
    """The same capture with some effects switched off; all else stays, bit for bit.

    Parameters
    ----------
    effects : str
        Names of `EFFECTS`.

    Raises
    ------
    SyntheticError
        There is no such effect.

    Examples
    --------
    >>> without(Condition(), "dirt").surface.dirt
    0.0
    """
    from dataclasses import replace

    for name in effects:
        part = EFFECTS.get(name)
        if part is None:
            raise SyntheticError(f"no such effect; there are: {', '.join(EFFECTS)}")
        off: Any = "none" if name == "compression" else 0.0
        changed = replace(getattr(condition, part), **{name: off})
        condition = replace(condition, **{part: changed})
    return condition


def clean(condition: Condition) -> Condition:
    """The same place, size and resolution with every effect off.

    Examples
    --------
    >>> clean(Condition()).skin.pores
    0.0
    """
    return without(condition, *EFFECTS)
