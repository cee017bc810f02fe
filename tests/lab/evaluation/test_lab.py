"""Evaluations from files to rates: failures count, nothing is computed twice."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from civid.fingerprint.template import Template
from civid.lab.errors import EvaluationError
from civid.lab.evaluation import Lab, PrintSet, Sample, evaluate, read_set
from civid.lab.evaluation.extraction import Progress
from civid.lab.evaluation.store import (
    Extracted,
    Store,
    load_arrays,
    load_template,
    save_template,
)
from civid.lab.peers import System

from .helpers import Alike, Counting, write_set


def system() -> System:
    return System("toy", Counting(), Alike(), "counting-1", "alike-1")


@pytest.fixture
def prints(tmp_path: Path) -> PrintSet:
    return read_set(write_set(tmp_path / "s"))


def calls(one: System) -> tuple[int, int]:
    assert isinstance(one.extractor, Counting)
    assert isinstance(one.matcher, Alike)
    return one.extractor.calls, one.matcher.calls


def test_failures_to_extract_count(prints: PrintSet, tmp_path: Path) -> None:
    found = Lab(tmp_path / "out").verify(prints, system())
    assert (len(found.genuine), len(found.impostor)) == (12, 54)
    assert [name for name, _ in found.acquired.failures] == ["2_3"]
    assert found.acquired.failures[0][1] == "RuntimeError: this one is too faint"
    assert found.acquired.failure_rate == 1 / 12
    assert (found.genuine == -np.inf).sum() == 2
    assert (found.impostor == -np.inf).sum() == 9
    assert found.zero_fmr.misses == 2
    document = json.loads(json.dumps(found.as_dict()))
    assert document["comparisons_failed"] == 11
    assert document["zero_fmr"]["value"] == pytest.approx(2 / 12)
    assert document["fmr1000"] == {**document["fmr1000"], "value": None, "measurable": False}
    assert "fmr1000" not in document["intervals_95"]


def test_failures_count_in_searches(prints: PrintSet, tmp_path: Path) -> None:
    found = Lab(tmp_path / "out").identify(prints, system())
    assert (found.found.gallery, found.mated) == (4, 8)
    assert found.found.hits(4) == 7
    assert found.enrol_failures == 0
    assert json.loads(json.dumps(found.as_dict()))["rank1"] == 7 / 8
    enrolled = Lab(tmp_path / "o").identify(
        prints, system(), enrolled=lambda one: one.impression == 3
    )
    assert enrolled.enrol_failures == 1
    assert enrolled.found.hits(4) == 6


def test_a_second_run_computes_nothing(prints: PrintSet, tmp_path: Path) -> None:
    first, second = system(), system()
    one = Lab(tmp_path / "out").verify(prints, first)
    assert calls(first) == (12, 11 * 10 // 2)
    other = Lab(tmp_path / "out").verify(prints, second)
    assert calls(second) == (0, 0)
    np.testing.assert_array_equal(one.compared.scores, other.compared.scores)
    assert other.acquired.failures == one.acquired.failures


def test_what_an_earlier_run_has_kept_is_counted_and_can_be_refused(
    prints: PrintSet, tmp_path: Path
) -> None:
    first = Lab(tmp_path / "out")
    first.verify(prints, system())
    assert first.store.reused == 0
    second = Lab(tmp_path / "out")
    second.verify(prints, system())
    assert second.store.reused == 12 + 1  # templates, and the scores
    third, all_again = Lab(tmp_path / "out", fresh=True), system()
    third.verify(prints, all_again)
    assert calls(all_again) == (12, 55)
    assert third.store.reused == 0


def test_another_version_or_image_is_computed_anew(prints: PrintSet, tmp_path: Path) -> None:
    Lab(tmp_path / "out").verify(prints, system())
    newer = system()
    newer.matcher_version = "alike-2"
    Lab(tmp_path / "out").verify(prints, newer)
    assert calls(newer) == (0, 55)
    path = prints.samples[0].path
    path.write_bytes(prints.samples[1].path.read_bytes())
    changed = system()
    Lab(tmp_path / "out").verify(read_set(path.parent), changed)
    assert calls(changed)[1] == 55


def test_an_interrupted_run_goes_on(
    prints: PrintSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civid.lab.evaluation.comparison._SAVE_EVERY", 0.0)

    class Stop(Exception):
        pass

    def stop_at(step: str, when: int) -> Progress:
        def told(name: str, done: int, total: int) -> None:
            if step in name and done >= when:
                raise Stop

        return told  # type: ignore[return-value]

    first = system()
    with pytest.raises(Stop):
        Lab(tmp_path / "out", on_progress=stop_at("extracting", 5)).verify(prints, first)  # type: ignore[arg-type]
    second = system()
    with pytest.raises(Stop):
        Lab(tmp_path / "out", on_progress=stop_at("comparing", 30)).verify(prints, second)  # type: ignore[arg-type]
    third = system()
    found = Lab(tmp_path / "out").verify(prints, third)
    assert calls(first)[0] + calls(second)[0] == 12
    assert calls(third)[0] == 0
    assert 0 < calls(third)[1] < 55
    assert calls(second)[1] + calls(third)[1] == 55
    whole = Lab(tmp_path / "other").verify(prints, system())
    np.testing.assert_array_equal(found.compared.scores, whole.compared.scores)


def test_damaged_files_are_computed_anew(prints: PrintSet, tmp_path: Path) -> None:
    Lab(tmp_path / "out").verify(prints, system())
    for path in (tmp_path / "out").rglob("*.*"):
        if path.suffix in (".tpl", ".npz"):
            path.write_bytes(path.read_bytes()[:40])
    again = system()
    Lab(tmp_path / "out").verify(prints, again)
    assert calls(again) == (12, 55)


def test_threads_change_nothing(prints: PrintSet, tmp_path: Path) -> None:
    class Parallel(Alike):
        parallel = True

    one = Lab(tmp_path / "a", threads=1).verify(prints, system())
    many = system()
    many.matcher = Parallel()
    other = Lab(tmp_path / "b", threads=3).verify(prints, many)
    np.testing.assert_array_equal(one.compared.scores, other.compared.scores)


def test_a_matcher_that_fails_on_a_pair_loses_that_pair(prints: PrintSet, tmp_path: Path) -> None:
    class Picky(Alike):
        def __call__(self, probe: bytes, reference: bytes) -> float:
            if reference == bytes([4, 3]):
                return float("nan")
            if probe == bytes([1, 1]) and reference == bytes([1, 2]):
                raise ValueError("no")
            return super().__call__(probe, reference)

    picky = system()
    picky.matcher = Picky()
    found = Lab(tmp_path / "out").verify(prints, picky)
    assert (found.compared.scores == -np.inf).sum() == 11 + 10 + 1


def test_a_system_that_never_works_is_an_error_not_a_rate(prints: PrintSet, tmp_path: Path) -> None:
    class Broken:
        def __call__(self, *given: object) -> float:
            raise ValueError("wrong kind")

    no_extractor, no_matcher = system(), system()
    no_extractor.extractor, no_matcher.matcher = Broken(), Broken()
    with pytest.raises(EvaluationError, match="none of its prints: ValueError: wrong kind"):
        Lab(tmp_path / "a").verify(prints, no_extractor)
    with pytest.raises(EvaluationError, match="every comparison"):
        Lab(tmp_path / "b").verify(prints, no_matcher)


def test_evaluate_runs_every_protocol(prints: PrintSet, tmp_path: Path) -> None:
    lab = Lab(tmp_path / "out", rounds=20)
    verifications, identifications = evaluate([prints], [system()], lab, ["fvc", "search"])
    assert [one.protocol for one in verifications] == ["fvc"]
    assert (len(verifications[0].genuine), len(verifications[0].impostor)) == (12, 6)
    assert len(identifications) == 1
    with pytest.raises(EvaluationError, match="no protocol is called fvd"):
        evaluate([prints], [system()], lab, ["fvd"])


def test_the_store_reads_back_or_not_at_all(tmp_path: Path) -> None:
    assert load_arrays(tmp_path / "none.npz") is None
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 not really")
    assert load_arrays(tmp_path / "bad.npz") is None
    store = Store(tmp_path)
    assert store.scores_path("a/b", "x") != store.scores_path("a/b", "y")
    assert store.scores_path("../../x", "x").parent == tmp_path / "scores"


def test_templates_need_no_extractor(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"1")
    samples = tuple(
        Sample(
            tmp_path / "f", str(finger), number, given=Template([(finger, 4, 1, 1, 9)], 5, 99, 90)
        )
        for finger in (1, 2)
        for number in (1, 2)
    )

    def same_place(one: Template, other: Template) -> float:
        return float(one.minutiae["x"][0] == other.minutiae["x"][0])

    alone = System("place", None, same_place)
    assert Lab(tmp_path / "out", rounds=20).verify(PrintSet("t", samples), alone).eer.value == 0


def test_a_kept_template_is_the_template_that_was_made(tmp_path: Path) -> None:
    """Its extractor, too: comparisons are calibrated by it."""
    made = Template([(3, 4, 1.0, 1, 50)], 61, 100, 90, "civid-classical/1")
    save_template(tmp_path / "t.tpl", Extracted(made, "", 61, 1, 0.5))
    kept = load_template(tmp_path / "t.tpl")
    assert kept is not None
    assert kept.template.extractor == made.extractor
    assert kept.template.minutiae.tobytes() == made.minutiae.tobytes()
    assert (kept.template.quality, kept.template.width, kept.template.height) == (61, 100, 90)


def test_sets_and_results_print_as_a_line(tmp_path: Path, prints: PrintSet) -> None:
    lab, fingers = Lab(tmp_path / "lab", rounds=5), len(set(prints.fingers))
    verified, found = lab.verify(prints, system()), lab.identify(prints, system())
    assert repr(prints) == f"PrintSet({prints.name}: {len(prints)} prints of {fingers} fingers)"
    counts = f"{len(verified.genuine)} genuine and {len(verified.impostor)} impostor comparisons"
    assert repr(verified).startswith(f"Verification(toy on {prints.name}, all-pairs: EER ")
    assert repr(verified).endswith(f"%, {counts})")
    assert repr(found).startswith(f"Identification(toy on {prints.name}: {found.found.hits(1)} of ")
