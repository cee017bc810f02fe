"""Kernels that read minutiae off a ridge skeleton."""

from __future__ import annotations

import math
from typing import Any

from civid._jit import kernel
from civid.lab.synthetic.exact import cosine, sine


@kernel
def neighbour(k: int) -> tuple[int, int]:
    """Row and column step to neighbour k of 8, counter-clockwise from the right."""
    dy = (0, -1, -1, -1, 0, 1, 1, 1)[k & 7]
    dx = (1, 1, 0, -1, -1, -1, 0, 1)[k & 7]
    return dy, dx


@kernel
def crossings(skeleton: Any, y: int, x: int) -> int:
    """Crossing number: 1 an ending, 2 on a ridge, 3 and more a fork."""
    count = 0
    for k in range(8):
        ay, ax = neighbour(k)
        by, bx = neighbour(k + 1)
        if not skeleton[y + ay, x + ax] and skeleton[y + by, x + bx]:
            count += 1
    return count


@kernel
def follow(skeleton: Any, y: int, x: int, k: int, most: int) -> tuple[int, int, int]:
    """Walk from (y, x) through neighbour k; the last pixel and the number of steps.

    Ends before the next ending or fork, after `most` steps, or at the edge.
    """
    before_y, before_x = y, x
    dy, dx = neighbour(k)
    y, x = y + dy, x + dx
    steps = 1
    while steps < most:
        if y < 1 or x < 1 or y >= skeleton.shape[0] - 1 or x >= skeleton.shape[1] - 1:
            break
        if steps > 2 and crossings(skeleton, y, x) != 2:
            break
        found = False
        # Straight neighbours first, so that a corner of the skeleton is no dead end.
        for turn in range(8):
            dy, dx = neighbour(2 * turn if turn < 4 else 2 * (turn - 4) + 1)
            ny, nx = y + dy, x + dx
            if not skeleton[ny, nx]:
                continue
            if abs(ny - before_y) <= 1 and abs(nx - before_x) <= 1:
                continue
            before_y, before_x, y, x = y, x, ny, nx
            found = True
            break
        if not found:
            break
        steps += 1
    return y, x, steps


@kernel
def find_minutiae(skeleton: Any, core: Any, flow: Any, shortest: int, reach: int, out: Any) -> int:
    """Fill rows (x, y, angle, kind) of `out`; return how many.

    core: (H, W) uint8, where a minutia may lie. flow: ridge direction, radians. An ending must
    have `shortest` px of ridge, a fork three branches of that length. The angle is the flow's,
    turned to where the ridge of an ending lies, or into the fork.
    """
    count = 0
    for y in range(reach, skeleton.shape[0] - reach):
        for x in range(reach, skeleton.shape[1] - reach):
            if not skeleton[y, x] or not core[y, x]:
                continue
            branches = crossings(skeleton, y, x)
            if branches != 1 and branches != 3:
                continue
            to_y, to_x = 0.0, 0.0
            good = True
            for k in range(8):
                ay, ax = neighbour(k)
                by, bx = neighbour(k + 1)
                if skeleton[y + ay, x + ax] or not skeleton[y + by, x + bx]:
                    continue
                # The run of neighbours starts here; its straight one leads on.
                start = k + 1
                if start & 1:
                    cy, cx = neighbour(k + 2)
                    if skeleton[y + cy, x + cx]:
                        start = k + 2
                end_y, end_x, steps = follow(skeleton, y, x, start, reach)
                if steps < shortest:
                    good = False
                    break
                size = math.sqrt(float((end_y - y) ** 2 + (end_x - x) ** 2))
                if size > 0:
                    to_y += (end_y - y) / size
                    to_x += (end_x - x) / size
            if not good or count == out.shape[0]:
                continue
            angle = flow[y, x]
            if to_x * cosine(angle) - to_y * sine(angle) < 0:
                angle += math.pi
            out[count, 0] = x
            out[count, 1] = y
            out[count, 2] = angle
            out[count, 3] = 1 if branches == 1 else 2
            count += 1
    return count
