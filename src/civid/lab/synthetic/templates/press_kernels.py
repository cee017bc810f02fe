"""Kernels that press a grown finger of a synthetic gallery: what one template keeps of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid._jit import kernel
from civid.lab.synthetic.exact import cosine, exponential, sine
from civid.lab.synthetic.templates.draw_kernels import below, normal, uniform
from civid.lab.synthetic.templates.finger_kernels import (
    ARCH,
    LOOP,
    MOST_GROWN,
    TENTED,
    WHORL,
    Contact,
    draw_contact,
    draw_flow,
    draw_waves,
    grow_minutiae,
    nearer,
    rim,
)
from civid.lab.synthetic.templates.gallery_model import GalleryModel
from civid.lab.synthetic.templates.slope_kernels import Flow, flow_slope

#: Size of every template, px; the finger's contact is laid into its middle.
WIDTH, HEIGHT = 400, 500

#: Most minutiae of a template.
MOST = 255

_SUBJECT, _IMPRESSION = 4096, 8192  # streams that no finger position has


@kernel
def draw_pattern(
    subject: Any, finger: Any, position: int, model: GalleryModel
) -> tuple[int, float]:
    """Pattern and lean of a finger; some are the subject's, the same on all fingers."""
    own, shared = uniform(finger, 0.0, 1.0), uniform(subject, 0.0, 1.0)
    at = shared if uniform(finger, 0.0, 1.0) < model.alike else own
    ulnar = model.ulnar_index if position == 2 or position == 7 else model.ulnar
    lean = 1.0 if uniform(finger, 0.0, 1.0) < ulnar else -1.0
    if position > 5 or (position == 0 and uniform(finger, 0.0, 1.0) < 0.5):
        lean = -lean
    if at < model.arches:
        return ARCH, lean
    if at < model.arches + model.tented:
        return TENTED, lean
    if at < model.arches + model.tented + model.whorls:
        return WHORL, lean
    return LOOP, lean


@kernel
def draw_press(state: Any, usual: Contact, model: GalleryModel) -> Contact:
    """One contact of a finger that usually touches like `usual`."""
    wide = exponential(normal(state, 0.0, model.press_size))
    poor = 0.5 * (usual.poor + uniform(state, 0.0, 1.0))
    return Contact(
        usual.x + normal(state, 0.0, model.press_shift),
        usual.y + normal(state, 0.0, model.press_shift),
        usual.across * wide * exponential(normal(state, 0.0, model.aspect)),
        usual.along * wide,
        usual.turn + normal(state, 0.0, model.press_turn),
        poor * poor,
    )


@kernel
def add_spurious(
    state: Any, model: GalleryModel, flow: Flow, contact: Contact, out: Any, count: int
) -> int:
    """Append minutiae that are not there to the rows of `out`; how many rows there are then."""
    share = model.spurious + model.spurious_poor * contact.poor
    end: int = min(out.shape[0], count + int(count * share + uniform(state, 0.0, 1.0)))
    for k in range(count, end):
        turn, far = uniform(state, 0.0, 2 * math.pi), math.sqrt(uniform(state, 0.0, 1.0))
        border = uniform(state, 0.0, 1.0) < model.border
        if border:
            far = 1.0 - 0.12 * far
        u, v = far * cosine(turn), far * sine(turn)
        x, y = contact.x + contact.across * u, contact.y + contact.along * v
        angle, _, _ = flow_slope(x, y, flow)
        angle += normal(state, 0.0, 2 * model.jitter)
        against = uniform(state, 0.0, 1.0) < 0.5
        if border:  # a ridge that ends at the edge of the contact looks inwards
            against = cosine(angle) * u + sine(angle) * v > 0
        out[k, 0], out[k, 1] = x, y
        out[k, 2] = angle + math.pi if against else angle
        out[k, 3] = 1.0 if uniform(state, 0.0, 1.0) < 0.5 else 2.0
        out[k, 4] = -1.0
    return end


@kernel
def press(
    state: Any,
    model: GalleryModel,
    contact: Contact,
    finger: Any,
    known: int,
    floats: Any,
    bytes_: Any,
) -> tuple[int, int]:
    """Write one impression of the rows of `finger` into `floats` and `bytes_` (MINUTIA_DTYPE).

    Returns the number of minutiae and the template's quality.
    """
    kept = 1.0 - model.lost - model.lost_poor * contact.poor
    loose = 1.0 + model.loose * contact.poor
    stretch, placed = np.empty((4, 5)), np.empty((MOST, 2))
    draw_waves(state, stretch, 2, model.stretch, 200.0, 450.0)
    c, s = cosine(contact.turn), sine(contact.turn)
    quality = 75.0 - 55.0 * contact.poor + normal(state, 0.0, 7.0)
    count = 0
    for k in range(known):
        x, y, angle, strength = finger[k, 0], finger[k, 1], finger[k, 2], finger[k, 4]
        edge = rim(x, y, contact)
        weak = 0.8 * strength + 0.2 * uniform(state, 0.0, 1.0)
        # The edge is ragged, because pressure fades there.
        if edge > 1.0 + normal(state, 0.0, 0.08) or (strength >= 0 and weak > kept):
            continue
        if uniform(state, 0.0, 1.0) < model.flip:
            angle += math.pi
        x, y = x - contact.x, y - contact.y
        dx, dy = 0.0, 0.0
        for w in range(4):
            height = sine(stretch[w, 2] * x + stretch[w, 3] * y + stretch[w, 4])
            dx += stretch[w, 0] * height
            dy += stretch[w, 1] * height
        x += dx + normal(state, 0.0, model.shake * loose)
        y += dy + normal(state, 0.0, model.shake * loose)
        angle += contact.turn + normal(state, 0.0, model.shake_angle * loose)
        left = math.floor(WIDTH / 2 + c * x - s * y + 0.5)
        top = math.floor(HEIGHT / 2 - s * x - c * y + 0.5)
        if left < 0 or top < 0 or left >= WIDTH or top >= HEIGHT:
            continue
        if count == MOST or count == floats.shape[0] or nearer(left, top, placed, count, 4.0):
            continue
        placed[count, 0], placed[count, 1] = left, top
        floats[count, 0], floats[count, 1] = left, top
        steps = math.floor(angle * 128 / math.pi + 0.5) % 256
        floats[count, 2] = np.float32(steps * (math.pi / 128))
        bytes_[count, 12] = np.uint8(finger[k, 3])
        sure = quality * (1.1 - 0.6 * max(0.0, strength) - 0.4 * min(1.0, edge * edge))
        bytes_[count, 13] = np.uint8(min(99.0, max(1.0, sure + normal(state, 0.0, 10.0))))
        count += 1
    return count, int(min(99.0, max(1.0, quality)))


@kernel
def fill_templates(
    key: Any,
    begin: int,
    end: int,
    positions: Any,
    number: int,
    model: GalleryModel,
    floats: Any,
    bytes_: Any,
    first: Any,
    quality: Any,
) -> None:
    """Impression `number` of the fingers of subjects begin..end-1, subject by subject.

    floats, bytes_: two views of MINUTIA_DTYPE rows, `MOST` for every template. first (int64),
    quality (uint8): one a template, and one more of `first`.
    """
    grown = np.empty((MOST_GROWN, 5))
    person, finger, state = np.empty(1, np.uint64), np.empty(1, np.uint64), np.empty(1, np.uint64)
    at, slot = 0, 0
    for subject in range(begin, end):
        own = below(key, subject)
        for position in positions:
            person[0], finger[0] = below(own, _SUBJECT), below(own, position)
            state[0] = below(below(finger[0], _IMPRESSION), number)
            pattern, lean = draw_pattern(person, finger, position, model)
            size = exponential(normal(person, 0.0, model.subject_size))
            flow, core_x, core_y = draw_flow(finger, pattern, lean, model)
            usual = draw_contact(finger, size, model)
            known = grow_minutiae(finger, model, flow, core_x, core_y, usual, grown)
            contact = draw_press(state, usual, model)
            known = add_spurious(state, model, flow, contact, grown, known)
            count, good = press(state, model, contact, grown, known, floats[at:], bytes_[at:])
            first[slot], quality[slot] = at, good
            at += count
            slot += 1
    first[slot] = at
