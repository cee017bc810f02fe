"""Templates that others made: NBIS ``.xyt``, CSV minutiae, ISO records."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

import numpy as np

from civid.errors import FormatError
from civid.fingerprint.template import MAX_MINUTIAE, MAX_SIDE, MINUTIA_DTYPE, Template
from civid.formats.minutiae.nbis import xyt
from civid.lab.errors import EvaluationError
from civid.lab.evaluation.prints import Sample

_MOST_BYTES = 1 << 20
_MARGIN = 16  # px beyond the last minutia: these formats do not say how large the image was


def template_of(rows: list[tuple[float, float, float, float]]) -> Template:
    """A template of rows ``x, y, angle, quality``: px at 500 dpi, y down, radians as in ISO.

    The best 255 are kept. The kind is not known. Sizes are as large as the minutiae need.
    """
    values = np.array(rows, dtype=np.float64).reshape(-1, 4)
    if not np.isfinite(values).all():
        raise FormatError("a minutia is not a finite number")
    if len(values) > MAX_MINUTIAE:
        values = values[np.sort(np.argsort(-values[:, 3], kind="stable")[:MAX_MINUTIAE])]
    x, y, angle, quality = values.T
    if len(values) and (values[:, :2].min() < 0 or values[:, :2].max() >= MAX_SIDE - _MARGIN):
        raise FormatError(f"a minutia is outside 0..{MAX_SIDE}")
    minutiae = np.zeros(len(values), MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"], minutiae["angle"] = x, y, angle
    minutiae["quality"] = np.clip(np.rint(quality), 0, 100)
    width, height = (1 + _MARGIN + int(side.max(initial=0)) for side in (x, y))
    mean = int(np.clip(np.rint(quality.mean()), 0, 100)) if len(values) else 0
    return Template(minutiae, quality=mean, width=width, height=height)


XytRow = tuple[float, float, float, float]


def xyt_rows(path: Path) -> list[XytRow]:
    """The numbers of a ``.xyt``: ``x y theta quality`` a line.

    Raises
    ------
    FormatError
        A line is not three or four numbers.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise FormatError("larger than any list of minutiae")
    return [
        (float(one.x), float(one.y), float(one.theta), float(one.quality or 0))
        for one in xyt.parse(path.read_bytes()).minutiae
    ]


def xyt_template(rows: list[XytRow], *, m1: bool) -> Template:
    """A template of a ``.xyt`` in one of the two forms that MINDTCT writes.

    ``m1`` (option ``-m1``, after ANSI INCITS 378): y downwards, theta in units of two degrees. Else
    NIST's own form: y upwards, theta in degrees and the other way round.
    """
    if m1:
        return template_of([(x, y, math.radians(2 * t), q) for x, y, t, q in rows])
    top = max((y for _, y, _, _ in rows), default=0.0) + _MARGIN
    return template_of([(x, top - y, math.radians(t + 180), q) for x, y, t, q in rows])


def is_m1(rows: list[XytRow]) -> bool:
    """Whether theta is in units of two degrees. Ask it of a whole set: one print may deceive."""
    return max((theta for _, _, theta, _ in rows), default=0.0) < 180


def read_record(path: Path) -> Template:
    """Read the first print of an ISO/IEC 19794-2:2005 record.

    Raises
    ------
    FormatError
        It is none, or damaged.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise FormatError("larger than any fingerprint record")
    return Template.from_iso19794_2(path.read_bytes())


def minutiae_csv(path: Path, rows: list[dict[str, str]]) -> list[Sample]:
    """Prints of a CSV with the columns ``finger, impression, x, y, theta_deg[, confidence]``.

    y counts downwards; theta_deg is in degrees, clockwise on the screen from the x axis.

    Raises
    ------
    EvaluationError
        A number makes no sense.
    """
    prints: defaultdict[tuple[str, int], list[tuple[float, float, float, float]]]
    prints = defaultdict(list)
    for line, row in enumerate(rows, 2):
        try:
            angle = -math.radians(float(row["theta_deg"]))
            quality = float(row.get("confidence") or 0)
            place = float(row["x"]), float(row["y"])
            prints[row["finger"], int(row["impression"])].append((*place, angle, quality))
        except (KeyError, TypeError, ValueError):
            raise EvaluationError(f"{path}, line {line}: not a minutia") from None
    try:
        return [
            Sample(path, finger, impression, given=template_of(minutiae))
            for (finger, impression), minutiae in prints.items()
        ]
    except FormatError as error:
        raise EvaluationError(f"{path}: {error}") from None
