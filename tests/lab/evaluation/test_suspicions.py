"""Sets with a fault of each kind, and one without."""

from __future__ import annotations

import shutil
from pathlib import Path

from civid.lab.evaluation import Lab, PrintSet, Sample, read_set
from civid.lab.evaluation.suspicions import suspicions, suspicious_set
from civid.lab.peers import System

from .helpers import Alike, Counting, write_set


def kinds(prints: PrintSet) -> list[str]:
    return [one.kind for one in suspicious_set(prints)]


def test_a_set_without_faults_is_not_suspected(tmp_path: Path) -> None:
    assert kinds(read_set(write_set(tmp_path / "s", fingers=12))) == []


def test_the_same_file_twice_is_told(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "s", fingers=12)
    shutil.copy(folder / "1_1.png", folder / "1_4.png")
    shutil.copy(folder / "2_1.png", folder / "13_1.png")
    within, across = sorted(suspicious_set(read_set(folder)), key=lambda one: one.kind)
    assert (within.kind, within.about) == ("same-file", ("1_1 = 1_4",))
    assert (across.kind, across.about) == ("same-file-two-fingers", ("2_1 = 13_1",))


def test_one_person_few_fingers_and_single_impressions_are_told(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "s", fingers=4, impressions=1)
    samples = tuple(
        Sample(path, str(k), 1, person="A") for k, path in enumerate(sorted(folder.iterdir()))
    )
    assert kinds(PrintSet("s", samples)) == ["one-person", "few-fingers", "single-impressions"]


def test_a_finger_under_two_names_is_found_by_its_scores(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "s", fingers=11)
    for impression in (1, 2, 3):  # finger 5 again, one grey level lighter, so another file
        from PIL import Image

        with Image.open(folder / f"5_{impression}.png") as image:
            image.point(lambda value: value + (value > 9)).save(
                folder / f"99_{impression}.png", dpi=(500, 500)
            )
    prints = read_set(folder, "s")
    toy = System("toy", Counting(), Alike(), "counting-1", "alike-1")
    found = suspicions([prints], [Lab(tmp_path / "out", rounds=20).verify(prints, toy)])
    assert [one.kind for one in found] == ["one-finger-two-names"]
    assert found[0].about == ("s:5 = s:99",)


def test_a_finger_that_never_matches_and_labels_without_sense_are_told(tmp_path: Path) -> None:
    class Blind(Alike):
        """Knows all but finger 3."""

        def __call__(self, probe: bytes, reference: bytes) -> float:
            if probe[0] == reference[0] == 3:
                return -9.0
            return super().__call__(probe, reference)

    class Random(Alike):
        def __call__(self, probe: bytes, reference: bytes) -> float:
            return float((31 * probe[0] + 7 * reference[0] + 13 * probe[1] * reference[1]) % 17)

    prints = read_set(write_set(tmp_path / "s", fingers=11), "s")
    lab = Lab(tmp_path / "out", rounds=20)
    blind = lab.verify(prints, System("blind", Counting(), Blind(), "c", "blind"))
    guess = lab.verify(prints, System("random", Counting(), Random(), "c", "random"))
    assert [one.about for one in suspicions([prints], [blind])] == [("s:3",)]
    assert [one.kind for one in suspicions([prints], [guess])] == ["mislabelled"]
    # One good system is enough to trust the labels of the rest.
    assert [one.kind for one in suspicions([prints], [guess, blind])] == ["never-matches"]
