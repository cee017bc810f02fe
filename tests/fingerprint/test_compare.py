"""Comparison: what must hold for every pair of templates."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid import cpu
from civid._native import lib
from civid.errors import TemplateError
from civid.fingerprint.compare import (
    calibrate,
    check_prepared,
    compare,
    compare_many,
    pack,
    prepare,
)
from civid.fingerprint.template import MINUTIA_DTYPE, Template


def template(minutiae: npt.NDArray[np.void]) -> Template:
    return Template(minutiae, quality=50, width=2048, height=2048)


def random_print(count: int, seed: int, side: float = 300.0) -> Template:
    """Minutiae spread over a square, at least a ridge apart where there is room."""
    rng = np.random.default_rng(seed)
    minutiae = np.zeros(count, MINUTIA_DTYPE)
    places: list[npt.NDArray[np.float64]] = []
    while len(places) < count:
        place = rng.uniform(1024 - side / 2, 1024 + side / 2, 2)
        if all(np.hypot(*(place - other)) > 9 for other in places) or rng.random() < 0.05:
            places.append(place)
    if count:
        minutiae["x"], minutiae["y"] = np.array(places).T
    minutiae["angle"] = rng.uniform(0, 2 * np.pi, count)
    minutiae["kind"] = rng.integers(0, 3, count)
    minutiae["quality"] = rng.integers(0, 101, count)
    return template(minutiae)


def moved(original: Template, degrees: float, shift: tuple[float, float]) -> Template:
    """The same print, turned counter-clockwise about its middle, then shifted."""
    turn = np.deg2rad(degrees)
    minutiae = original.minutiae.copy()
    x, y = minutiae["x"].astype(float), minutiae["y"].astype(float)
    middle = x.mean(), y.mean()
    dx, dy = x - middle[0], y - middle[1]
    minutiae["x"] = middle[0] + np.cos(turn) * dx + np.sin(turn) * dy + shift[0]
    minutiae["y"] = middle[1] - np.sin(turn) * dx + np.cos(turn) * dy + shift[1]
    minutiae["angle"] = np.mod(minutiae["angle"] + turn, 2 * np.pi)
    return template(minutiae)


def noisy(original: Template, seed: int, lost: float = 0.2) -> Template:
    """Another impression: minutiae lost, others found, places and directions disturbed."""
    rng = np.random.default_rng(seed)
    minutiae = original.minutiae[rng.random(len(original)) > lost].copy()
    minutiae["x"] += rng.normal(0, 2, len(minutiae))
    minutiae["y"] += rng.normal(0, 2, len(minutiae))
    minutiae["angle"] = np.mod(minutiae["angle"] + rng.normal(0, 0.1, len(minutiae)), 2 * np.pi)
    extra = random_print(max(1, int(len(original) * lost)), seed + 1).minutiae
    return template(np.concatenate([minutiae, extra]))


def test_score_is_symmetric() -> None:
    for seed in range(20):
        a, b = random_print(10 + seed, seed), noisy(random_print(30, 3), seed)
        there, back = compare(a, b), compare(b, a)
        assert (there.score, there.raw) == (back.score, back.raw)
        assert {tuple(p) for p in there.pairs} == {tuple(p[::-1]) for p in back.pairs}


def test_another_impression_scores_far_above_every_impostor() -> None:
    original = random_print(40, 1)
    mated = compare(original, noisy(original, 2)).score
    others = [compare(original, random_print(40, seed)).score for seed in range(100, 200)]
    assert mated > max(others) + 20


def test_self_comparison_scores_highest_and_pairs_every_minutia_with_itself() -> None:
    original = random_print(40, 5)
    itself = compare(original, original)
    assert (itself.pairs[:, 0] == itself.pairs[:, 1]).all()
    assert len(itself.pairs) == 40
    rest = [noisy(original, 1), *(random_print(40, seed) for seed in range(100, 150))]
    assert itself.raw > max(compare(original, other).raw for other in rest)


@pytest.mark.parametrize("degrees", range(0, 360, 15))
def test_turned_and_shifted_prints_still_match(degrees: int) -> None:
    original = random_print(40, 9)
    still = compare(original, noisy(original, 4)).raw
    turned = compare(original, moved(noisy(original, 4), degrees, (340.5, 276.75))).raw
    assert abs(turned - still) < 0.15 * still


def test_order_of_the_minutiae_does_not_matter() -> None:
    a, b = random_print(45, 11), noisy(random_print(45, 11), 12)
    order = np.random.default_rng(0).permutation(len(b))
    shuffled = template(b.minutiae[order])
    plain, other = compare(a, b), compare(a, shuffled)
    assert plain.raw == other.raw
    assert {tuple(p) for p in plain.pairs} == {(p, order[r]) for p, r in other.pairs}


def test_pairs_are_one_to_one_and_inside() -> None:
    a = random_print(60, 20)
    pairs = compare(a, noisy(a, 21)).pairs
    assert len(pairs) > 20
    assert len(set(pairs[:, 0])) == len(pairs) == len(set(pairs[:, 1]))
    assert (pairs >= 0).all()


def everywhere(count: int) -> npt.NDArray[np.void]:
    minutiae = np.zeros(count, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = 100, 100
    return minutiae


def edges() -> list[Template]:
    corners = np.zeros(4, MINUTIA_DTYPE)
    corners["x"], corners["y"] = [0, 2048, 0, 2048], [0, 0, 2048, 2048]
    line = np.zeros(255, MINUTIA_DTYPE)
    line["x"] = np.arange(255) * 8
    grid = np.zeros(225, MINUTIA_DTYPE)
    grid["x"], grid["y"] = np.divmod(np.arange(225) * 10, 150)
    return [
        *(random_print(n, n) for n in (0, 1, 2, 3, 7, 8, 9, 16, 17, 48, 49)),
        random_print(255, 1, 180.0),
        random_print(255, 2, 1900.0),
        *(template(everywhere(n)) for n in (1, 2, 40, 255)),
        *(template(m) for m in (corners, line, grid)),
    ]


def test_every_instruction_set_gives_the_same_bits() -> None:
    prints = edges() + [noisy(random_print(40, 1), seed) for seed in range(10)]
    results = {}
    for isa in cpu.available():
        with cpu.using(isa):
            fresh = [template(p.minutiae) for p in prints]
            results[isa] = [
                (c.score, c.raw, c.pairs.tolist())
                for c in (compare(a, b) for a in fresh for b in fresh)
            ] + [prepare(p) for p in fresh]
    first = results.popitem()[1]
    assert all(other == first for other in results.values())


def test_edges_neither_crash_nor_break_symmetry() -> None:
    prints = edges()
    for a in prints:
        for b in prints:
            there = compare(a, b)
            assert there.raw == compare(b, a).raw >= 0
            assert np.isfinite(there.score)
            assert there.score >= 0
            assert len(there.pairs) <= min(len(a), len(b))


def test_many_gives_the_scores_of_one_by_one() -> None:
    probe, references = random_print(40, 1), [noisy(random_print(30, s), s) for s in range(12)]
    expected = np.array([compare(probe, r).score for r in references], np.float32)
    assert (compare_many(probe, references) == expected).all()
    assert (compare_many(probe, pack(references)) == expected).all()
    assert len(compare_many(probe, [])) == 0


def test_prepared_template_is_small_and_its_own_check_passes() -> None:
    for count in (0, 1, 8, 40, 255):
        prepared = prepare(random_print(count, count))
        check_prepared(prepared)
        assert len(prepared) % 64 == 0
        assert len(prepared) <= 64 + 40 * (count + 7)


def test_damaged_prepared_templates_are_refused() -> None:
    prepared = prepare(random_print(9, 3))
    for at in range(len(prepared)):
        damaged = bytearray(prepared)
        damaged[at] ^= 0x41
        with pytest.raises(TemplateError):
            check_prepared(bytes(damaged))
    for length in range(len(prepared)):
        with pytest.raises(TemplateError):
            check_prepared(prepared[:length])


@pytest.mark.parametrize("field", ["x", "y", "angle"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
def test_nonsense_numbers_are_refused_by_c(field: str, value: float) -> None:
    from civid._native import ffi

    minutia = ffi.new("civid_minutia_t *")
    setattr(minutia, field, value)
    memory = ffi.new("uint64_t[48]")
    assert lib.civid_prepare(minutia, 1, 0, memory, 384) == lib.CIVID_E_VALUE


def test_calibration_rises_with_the_raw_similarity() -> None:
    scores = [calibrate(raw) for raw in range(0, 20000, 7)]
    assert (np.diff(scores) >= 0).all()
    assert scores[0] == 0 < scores[-1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 2048)] * 2, st.integers(0, 255)), max_size=60), st.data()
)
def test_any_minutiae_can_be_compared(
    points: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    minutiae = np.zeros(len(points), MINUTIA_DTYPE)
    for k, (x, y, angle) in enumerate(points):
        minutiae[k] = (x, y, angle * np.pi / 128, 0, 0)
    keep = data.draw(st.lists(st.booleans(), min_size=len(points), max_size=len(points)))
    a, b = template(minutiae), template(minutiae[np.array(keep, bool)])
    there, back = compare(a, b), compare(b, a)
    assert there.raw == back.raw
    assert len(set(there.pairs[:, 0])) == len(there.pairs) == len(set(there.pairs[:, 1]))


def test_threads_give_the_scores_of_one_thread() -> None:
    references = pack([noisy(random_print(40, s), s) for s in range(60)])
    probes = [random_print(40, s) for s in range(16)]
    alone = [compare_many(probe, references) for probe in probes]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda probe: compare_many(probe, references), probes))
    assert all((a == b).all() for a, b in zip(alone, together, strict=True))


def test_impostors_spread_evenly_over_the_false_match_rate() -> None:
    """About a tenth of impostors reach 10, whatever their counts. Random minutiae are not
    prints, so the bounds are wide: a wrong unit or sign would be far outside."""
    for count in (25, 40, 70):
        prints = [random_print(count, 1000 + s) for s in range(40)]
        block = pack(prints)
        scores = np.concatenate([compare_many(p, block)[k + 1 :] for k, p in enumerate(prints)])
        assert 0.3 < 10 ** (-np.median(scores) / 10) <= 1.0
        assert (scores >= 10).mean() < 0.3
        assert (scores >= 30).mean() < 0.02


@pytest.mark.parametrize(
    ("count", "side", "middle"), [(6, 300.0, 15), (12, 300.0, 12), (20, 360.0, 7), (30, 700.0, 7)]
)
def test_few_or_scattered_minutiae_resemble_nobody(count: int, side: float, middle: float) -> None:
    """They hardly pair, and little stays alone where they hardly overlap: that is no likeness."""
    prints = [random_print(count, 2000 + s, side) for s in range(40)]
    block = pack(prints)
    scores = np.concatenate([compare_many(p, block)[k + 1 :] for k, p in enumerate(prints)])
    assert np.median(scores) < middle
    assert (scores >= 20).mean() < 0.03
    assert scores.max() < 40


def test_a_comparison_prints_as_a_line() -> None:
    found = compare(random_print(40, 1), random_print(40, 1))
    assert (
        repr(found) == f"Comparison(score {found.score:.2f}, {len(found.pairs)} pairs of minutiae)"
    )
    assert "not calibrated" in repr(replace(found, calibrated=False))
