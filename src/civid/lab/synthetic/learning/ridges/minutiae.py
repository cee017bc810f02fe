"""Minutiae of a finger: the zeros of its complex field, with direction and kind.

Round a zero the phase makes a whole turn, so one side has a ridge (and a valley) more than the
other. The direction of ISO/IEC 19794-2 looks to that side: along the ridge that begins there, or
into the valley that does. Which of the two it is, the phase ahead of the zero says: a ridge (an
ending) or a valley (a fork). An ending lies at its zero; a fork, as the standard has it, where the
ridge's middle line branches, which is a little behind.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic import exact
from civid.lab.synthetic.learning.ridges import phase_kernels

ENDING, FORK = 1, 2
#: Zeros this near to the silhouette, px, are of the growth and not of the finger.
EDGE = 9
#: Two zeros of opposite sense nearer than this, px, are one nick in a ridge and no minutiae.
NICK = 4.5
#: Where a ridge's middle line forks: so many periods behind the zero, which is the valley's tip.
BEHIND = 0.3


def minutiae_of(
    field: npt.NDArray[np.float32],
    normals: npt.NDArray[np.float32],
    waves: npt.NDArray[np.float32],
    inside: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """(N, 4) x, y, angle, kind; arguments as `Finger` has them."""
    inner = _eroded(inside, EDGE)
    zeros = np.zeros((1024, 4))
    zeros = zeros[: phase_kernels.find_zeros(field, normals, inner, zeros)]
    zeros = zeros[_lasting(zeros)]
    flat = normals.reshape(-1, 2)
    rows = []
    for x, y, sense, where in zeros:
        nx, ny = flat[int(where)]
        # The direction as the ridges run there, with the sense of the filter's normal.
        c, s, wave = (float(value) for value in waves[int(y) // 2, int(x) // 2])
        double = exact.arctangent2(s, c) / 2
        ux, uy = exact.cosine(double), exact.sine(double)
        if ux * nx + uy * ny < 0:
            ux, uy = -ux, -uy
        # Along the ridge, the normal to the left (y down): right for a zero that turns with it.
        tx, ty = (-uy * sense, ux * sense)
        ahead = 0.0
        for far in (2.0, 3.0, 4.0, 5.0):
            ahead += _relief(field, x + far * tx, y + far * ty)
            ahead -= _relief(field, x - far * tx, y - far * ty)
        angle = exact.arctangent2(-ty, tx) % (2 * math.pi)
        kind = ENDING if ahead > 0 else FORK
        if kind == FORK:
            back = BEHIND * 2 * math.pi / wave
            x, y = x - back * tx, y - back * ty
        rows.append((x, y, angle, kind))
    return np.array(rows, np.float64).reshape(-1, 4)


def _relief(field: npt.NDArray[np.float32], x: float, y: float) -> float:
    return float(field[math.floor(y + 0.5), math.floor(x + 0.5), 0])


def _eroded(inside: npt.NDArray[np.bool_], radius: int) -> npt.NDArray[np.bool_]:
    """What is that far inside by rows, columns and both (an octagon is near enough)."""
    inner = inside.copy()
    inner[:radius] = inner[-radius:] = False
    inner[:, :radius] = inner[:, -radius:] = False
    slant = (radius * 7) // 10
    for dy, dx in ((radius, 0), (0, radius), (slant, slant), (slant, -slant)):
        inner &= np.roll(inside, (dy, dx), (0, 1)) & np.roll(inside, (-dy, -dx), (0, 1))
    return inner


def _lasting(zeros: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """All but pairs of opposite sense that are nearly one, nearest pairs first."""
    keep = np.ones(len(zeros), bool)
    dx = zeros[:, None, 0] - zeros[None, :, 0]
    dy = zeros[:, None, 1] - zeros[None, :, 1]
    far = np.sqrt(dx * dx + dy * dy)
    far[np.tril_indices(len(zeros))] = np.inf
    for flat in np.argsort(far, axis=None, kind="stable"):
        i, j = divmod(int(flat), len(zeros))
        if far[i, j] >= NICK:
            break
        if keep[i] and keep[j]:
            keep[i] = keep[j] = False
    return keep
