"""What was enrolled from a folder is found in it again, by the same rules."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.dedup.folder.test_print_files import card, image

from civid import FingerImage, Gallery, Position, Template, extract
from civid.dedup.folder.enrolling import enroll_prints
from civid.dedup.folder.grouping import Enrolment, find_prints, group
from civid.dedup.folder.kept_prints import KeptPrints
from civid.dedup.folder.naming import NamePattern
from civid.fingerprint.gate import Gate
from civid.fingerprint.parameters import ExtractionParameters
from civid.lab import synthetic
from civid.search.arrays import encoding
from civid.search.upkeep import Unusable, re_extract

OTHERWISE = ExtractionParameters(sigma_along=0.6, crowd_most=8)
EVERYTHING = frozenset(Position)


@pytest.fixture(scope="module")
def pixels() -> list[np.ndarray]:
    """Prints of three fingers."""
    return [
        synthetic.impression(synthetic.master(number), 1, difficulty=0.1).image.pixels
        for number in range(3)
    ]


@pytest.fixture
def folder(pixels: list[np.ndarray], tmp_path: Path) -> Path:
    """Files of every kind: pictures, a transaction, a record, a blank one, a broken one."""
    folder = tmp_path / "prints"
    folder.mkdir()

    def save(name: str, made: np.ndarray) -> None:
        Image.fromarray(made.astype(np.uint8)).save(folder / name, dpi=(500, 500))

    save("a_right-index.png", pixels[0])
    save("a_7.png", pixels[1])
    save("b_right-index.png", np.full((300, 260), 255))
    save("b_7.png", pixels[2])
    (folder / "c_2.png").write_bytes(b"this is no picture")
    record = extract(FingerImage(pixels[1], 500)).to_bytes(position=Position.RIGHT_INDEX)
    (folder / "d_2.fmr").write_bytes(record)
    save("d_7.png", pixels[0])
    (folder / "e_0.an2").write_bytes(card(image(pixels[0], 2), image(pixels[1], 7)))
    save("e_2.png", pixels[2])
    save("nobody.png", pixels[2])
    return folder


def enrolments_of(folder: Path) -> list[Enrolment]:
    return group(find_prints(folder), folder, NamePattern.parse("{subject}_{position}"))[0]


def enrolled(folder: Path, gate: Gate | None = None) -> Gallery:
    gallery = Gallery()
    enroll_prints(
        gallery, enrolments_of(folder), dpi=None, threads=1, progress=lambda *_: None, gate=gate
    )
    return gallery


@pytest.mark.parametrize("gate", [None, Gate(0, 44, retries=0)], ids=["all", "gate"])
def test_what_enrolment_takes_is_found_again(folder: Path, gate: Gate | None) -> None:
    gallery, kept = enrolled(folder, gate), KeptPrints(enrolments_of(folder), gate=gate)
    assert len(gallery) >= 2
    for subject in "abcde":
        taken = gallery.get(subject) if subject in gallery else {}
        found = kept(subject, EVERYTHING)
        prints = {
            position: one.template
            for position, one in found.items()
            if not isinstance(one, Unusable | FingerImage)
        }
        assert prints.keys() == taken.keys()
        for position, template in taken.items():
            assert encoding.encode(prints[position]) == encoding.encode(template)
            alone = kept(subject, frozenset({position}))
            assert alone.keys() == {position}
            (one,) = alone.values()
            assert not isinstance(one, Unusable | FingerImage)
            assert encoding.encode(one.template) == encoding.encode(template)


def test_why_a_print_cannot_be_used(folder: Path) -> None:
    kept = KeptPrints(enrolments_of(folder), gate=Gate(0, 200, retries=0))
    right = frozenset({Position.RIGHT_INDEX})

    def code(subject: str) -> str | None:
        one = kept(subject, right).get(Position.RIGHT_INDEX)
        return one.code if isinstance(one, Unusable) else None

    assert [code(subject) for subject in "abcdex"] == [
        "poor-print", "no-minutiae", "unreadable-image", "poor-print", "poor-print", None,
    ]  # fmt: skip
    assert "a" in kept
    assert "nobody" not in kept
    assert kept.may_have("e", Position.LEFT_THUMB)  # the transaction may hold it
    assert not kept.may_have("a", Position.LEFT_THUMB)
    assert not kept.may_have("x", Position.LEFT_THUMB)


def test_a_folder_brings_its_gallery_to_todays_extractor(folder: Path) -> None:
    wanted, gallery = enrolled(folder), Gallery()
    before = KeptPrints(enrolments_of(folder), parameters=OTHERWISE)
    for subject in wanted:
        earlier = {
            position: one.template
            for position, one in before(subject, EVERYTHING).items()
            if not isinstance(one, Unusable | FingerImage)
        }
        gallery.enroll(subject, earlier)
    record = gallery.get("d")[Position.RIGHT_INDEX]
    assert (record.extractor, OTHERWISE.name in gallery.extractors()) == ("", True)
    done = re_extract(gallery, KeptPrints(enrolments_of(folder)))
    assert (done.changed, done.left) == (6, {"no-image": 1})  # the record of another program
    for subject in wanted:
        mine, theirs = gallery.get(subject), wanted.get(subject)
        assert all(same(mine[position], theirs[position]) for position in theirs)
    assert same(gallery.get("d")[Position.RIGHT_INDEX], record)


def same(one: Template, other: Template) -> bool:
    return encoding.encode(one) == encoding.encode(other)


def test_ids_of_before_are_found_however_their_accents_were_copied(tmp_path: Path) -> None:
    typed, path = "Hòa", tmp_path / "none.png"
    kept = KeptPrints([Enrolment(typed, {Position.LEFT_THUMB: path})])
    for name in (typed, unicodedata.normalize("NFD", typed)):
        assert name in kept
        assert kept.may_have(name, Position.LEFT_THUMB)
        assert kept(name, EVERYTHING)[Position.LEFT_THUMB].code == "no-such-file"  # type: ignore[union-attr]
    assert "Hoa" not in kept
    assert 1 not in kept
