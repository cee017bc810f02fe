"""Kernels that press a grown finger of a synthetic gallery: what one template keeps of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid.lab._jit import kernel
from civid.lab.synthetic.draw_kernels import below, normal, uniform
from civid.lab.synthetic.exact import arctangent2, cosine, exponential, sine
from civid.lab.synthetic.finger_kernels import (
    ARCH,
    LOOP,
    MAX_POINTS,
    TENTED,
    WAVES,
    WHORL,
    draw_flow,
    draw_waves,
    grow_minutiae,
    minutia_angle,
    nearer,
    sum_waves,
)

#: Size of every template, px; the finger's contact is laid into its middle.
WIDTH, HEIGHT = 400, 500

#: Most minutiae of a finger, and of a template.
MOST_GROWN, MOST = 400, 255

_SUBJECT, _IMPRESSION = 4096, 8192  # streams that no finger position has


@kernel
def draw_pattern(subject: Any, finger: Any, position: int, model: Any) -> tuple[int, float]:
    """Pattern and lean of a finger; some are the subject's, mirrored on the other hand."""
    own = uniform(finger, 0.0, 1.0)
    shared = uniform(subject, 0.0, 1.0)
    at = shared if uniform(finger, 0.0, 1.0) < model.alike else own
    ulnar = model.ulnar_index if position == 2 or position == 7 else model.ulnar
    lean = 1.0 if uniform(finger, 0.0, 1.0) < ulnar else -1.0
    if position > 5:
        lean = -lean
    if position == 0 and uniform(finger, 0.0, 1.0) < 0.5:
        lean = -lean
    if at < model.arches:
        return ARCH, lean
    if at < model.arches + model.tented:
        return TENTED, lean
    if at < model.arches + model.tented + model.whorls:
        return WHORL, lean
    return LOOP, lean


@kernel
def press(
    finger: Any,
    state: Any,
    size: float,
    model: Any,
    nc: int,
    nd: int,
    cores: Any,
    deltas: Any,
    corrections: Any,
    arch: Any,
    bend: Any,
    wander: Any,
    grown: Any,
    known: int,
    floats: Any,
    bytes_: Any,
) -> tuple[int, int]:
    """Write the minutiae of one impression into rows of `floats` (x, y, angle, ..) and `bytes_`.

    Returns their number and the template's quality. `finger` draws what stays with the finger
    (where and how large its contact mostly is), `state` what is this impression's own.
    """
    wide = size * exponential(normal(finger, 0.0, model.own_size))
    wide *= exponential(normal(state, 0.0, model.press_size))
    across = model.half_width * wide * exponential(normal(state, 0.0, model.aspect))
    along = model.half_height * wide * exponential(normal(finger, 0.0, model.aspect))
    mid_x = normal(finger, 0.0, model.own_shift) + normal(state, 0.0, model.press_shift)
    mid_y = normal(finger, 0.0, model.own_shift) + normal(state, 0.0, model.press_shift)
    turn = normal(finger, 0.0, model.own_turn) + normal(state, 0.0, model.press_turn)
    poor = uniform(finger, 0.0, 1.0) * 0.5 + uniform(state, 0.0, 1.0) * 0.5
    poor = poor * poor
    kept = 1.0 - model.lost - model.lost_poor * poor
    loose = 1.0 + model.loose * poor
    stretch = np.empty((4, 5))
    draw_waves(state, stretch, 2, 1.0, 200.0, 450.0, model.stretch)
    c, s = cosine(turn), sine(turn)
    quality = 75.0 - 55.0 * poor + normal(state, 0.0, 7.0)
    placed = np.empty((MOST, 2))
    count = 0
    rough = int(known * (model.spurious + model.spurious_poor * poor) + uniform(state, 0.0, 1.0))
    for k in range(known + rough):
        border, side, jitter, angle = False, 0.0, 0.0, 0.0
        if k < known:
            x, y, angle, kind = grown[k, 0], grown[k, 1], grown[k, 2], grown[k, 3]
            strength = 0.8 * grown[k, 4] + 0.2 * uniform(state, 0.0, 1.0)
        else:
            kind, strength = 1.0 if uniform(state, 0.0, 1.0) < 0.5 else 2.0, 0.0
            side, jitter = uniform(state, -1.0, 1.0), normal(state, 0.0, 2 * model.jitter)
            round_ = uniform(state, 0.0, 2 * math.pi)
            out = math.sqrt(uniform(state, 0.0, 1.0))
            border = uniform(state, 0.0, 1.0) < model.border
            if border:
                out = 1.0 - 0.12 * out
            x = mid_x + across * out * cosine(round_)
            y = mid_y + along * out * sine(round_)
        u, v = abs(x - mid_x) / across, abs(y - mid_y) / along
        # Between an ellipse and a rectangle; ragged, because pressure fades at the rim.
        rim = u * u + v * v - 0.35 * u * u * v * v
        if rim > 1.0 + normal(state, 0.0, 0.08) or strength > kept:
            continue
        if k >= known:
            angle = jitter + minutia_angle(
                x, y, side, model, nc, nd, cores, deltas, corrections, arch, bend, wander
            )
        if border:  # a ridge that ends at the edge of the contact looks inwards
            inwards = cosine(angle) * (mid_x - x) * along + sine(angle) * (mid_y - y) * across
            if inwards < 0:
                angle += math.pi
        if uniform(state, 0.0, 1.0) < model.flip:
            angle += math.pi
        dx, dy = 0.0, 0.0
        for w in range(4):
            height = sine(stretch[w, 2] * x + stretch[w, 3] * y + stretch[w, 4])
            dx += stretch[w, 0] * height
            dy += stretch[w, 1] * height
        px = x - mid_x + dx + normal(state, 0.0, model.shake * loose)
        py = y - mid_y + dy + normal(state, 0.0, model.shake * loose)
        angle += turn + normal(state, 0.0, model.shake_angle * loose)
        left = math.floor(WIDTH / 2 + c * px - s * py + 0.5)
        top = math.floor(HEIGHT / 2 - s * px - c * py + 0.5)
        if left < 0 or top < 0 or left >= WIDTH or top >= HEIGHT:
            continue
        if count == MOST or nearer(left, top, placed, count, 4.0):
            continue
        placed[count, 0], placed[count, 1] = left, top
        floats[count, 0], floats[count, 1] = left, top
        steps = math.floor(angle * 128 / math.pi + 0.5) % 256
        floats[count, 2] = np.float32(steps * (math.pi / 128))
        bytes_[count, 12] = np.uint8(kind)
        sure = quality * (1.1 - 0.6 * strength - 0.4 * rim * rim) + normal(state, 0.0, 10.0)
        bytes_[count, 13] = np.uint8(min(99.0, max(1.0, sure)))
        count += 1
    return count, int(min(99.0, max(1.0, quality)))


@kernel
def fill_templates(
    key: Any,
    begin: int,
    end: int,
    positions: Any,
    number: int,
    model: Any,
    floats: Any,
    bytes_: Any,
    first: Any,
    quality: Any,
) -> None:
    """Impression `number` of the fingers of subjects begin..end-1, subject by subject.

    floats, bytes_: two views of MINUTIA_DTYPE rows, `MOST` for every template. first (int64),
    quality (uint8): one a template, and one more of `first`.
    """
    cores, deltas = np.empty((2, 2)), np.empty((2, 2))
    corrections, arch = np.empty((MAX_POINTS, 3, 2)), np.empty(5)
    bend, wander = np.empty((4, 5)), np.empty((WAVES, 4))
    grown = np.empty((MOST_GROWN, 5))
    person, finger, state = np.empty(1, np.uint64), np.empty(1, np.uint64), np.empty(1, np.uint64)
    at, slot = 0, 0
    for subject in range(begin, end):
        own = below(key, subject)
        for position in positions:
            person[0] = below(own, _SUBJECT)
            finger[0] = below(own, position)
            state[0] = below(below(finger[0], _IMPRESSION), number)
            pattern, lean = draw_pattern(person, finger, position, model)
            size = exponential(normal(person, 0.0, model.subject_size))
            nc, nd = draw_flow(
                finger, pattern, lean, model, cores, deltas, corrections, arch, bend, wander
            )
            known = grow_minutiae(
                finger, model, nc, nd, cores, deltas, corrections, arch, bend, wander, grown
            )
            count, good = press(
                finger,
                state,
                size,
                model,
                nc,
                nd,
                cores,
                deltas,
                corrections,
                arch,
                bend,
                wander,
                grown,
                known,
                floats[at:],
                bytes_[at:],
            )
            first[slot], quality[slot] = at, good
            at += count
            slot += 1
    first[slot] = at
