"""Files of every format that holds prints: by their bytes, and of several prints by finger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import civid
from civid import FingerImage, Gallery, Position, Template, read_image
from civid.dedup import duplicates_in_folder
from civid.dedup.folder.enrolling import enroll_prints
from civid.dedup.folder.grouping import find_prints, group
from civid.dedup.folder.job import FolderOptions
from civid.dedup.folder.naming import NamePattern
from civid.dedup.folder.print_records import is_record, kind_of
from civid.dedup.folder.prints import load, load_fingers
from civid.fingerprint._ansi_nist import from_template
from civid.fingerprint.upload import read_upload
from civid.formats import ansi_nist, build, image_records
from civid.lab import synthetic
from civid.lab.synthetic import slaps as synthetic_slaps
from civid.problems import Problem

DAY = date(2026, 1, 2)


@pytest.fixture(scope="module")
def pixels() -> list[np.ndarray]:
    """Prints of three fingers."""
    return [
        synthetic.impression(synthetic.master(number), 1, difficulty=0.1).image.pixels
        for number in range(3)
    ]


@pytest.fixture(scope="module")
def template(pixels: list[np.ndarray]) -> Template:
    return civid.extract(FingerImage(pixels[0], 500))


def fingers_in(path: Path) -> dict[Position, Template]:
    return {one.position: one.template for one in load_fingers(path, None)}


def card(*records: Any) -> bytes:
    return build(
        ansi_nist.build_transaction(
            "CAR", DAY, origin="A", destination="B", control_number="1", records=list(records)
        )
    )


def image(pixels: np.ndarray, position: int, idc: int | None = None) -> Any:
    return ansi_nist.image_record(
        pixels,
        idc=idc or position or 99,
        position=position,
        dpi=500,
        source="A",
        day=DAY,
        record_type=15 if position > 20 else 14,
        impression=10 if position > 20 else 0,
    )


@pytest.mark.parametrize("name", ["a.iso", "a.fmr", "a.dat", "a.png"])
@pytest.mark.parametrize(
    "key", ["iso19794-2:2005", "iso19794-2:2011", "ansi378-2004", "ansi378-2009", "min"]
)
def test_minutiae_of_every_standard_are_known_by_their_bytes(
    key: str, name: str, template: Template, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(template.to_bytes(key, position=Position.LEFT_INDEX))
    assert is_record(path)
    read = read_upload(path).one().template
    assert len(read) == len(template)
    assert civid.compare(read, template).score > 100
    assert load(path, None)[0] is None
    assert find_prints(tmp_path) == [path]


def test_a_text_of_minutiae_is_known_by_its_name(template: Template, tmp_path: Path) -> None:
    path = tmp_path / "a.xyt"
    path.write_bytes(template.to_bytes("xyt"))
    assert kind_of(path) == "minutiae"
    assert civid.compare(load(path, None)[1], template).score > 100


@pytest.mark.parametrize("name", ["a.iso", "a.fir", "a.ist", "a.dat"])
def test_an_image_record_is_an_image_whatever_its_name(
    name: str, pixels: list[np.ndarray], template: Template, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(build(image_records.encode(pixels[0], 500, position=2, payload="PNG")))
    assert not is_record(path)
    seen, read = load(path, None)
    assert seen is not None
    np.testing.assert_array_equal(seen.pixels, pixels[0])
    np.testing.assert_array_equal(read.minutiae, template.minutiae)
    assert list(fingers_in(path)) == [2]


def test_a_picture_that_is_called_a_record_is_a_picture(
    pixels: list[np.ndarray], tmp_path: Path
) -> None:
    path = tmp_path / "a.iso"
    Image.fromarray(pixels[0]).save(path, "PNG", dpi=(500, 500))
    assert kind_of(path) == "picture"
    assert load(path, None)[0] is not None


def test_the_fingers_of_a_transaction(pixels: list[np.ndarray], tmp_path: Path) -> None:
    path = tmp_path / "a.an2"
    thumb, palm = image(pixels[1], 11), image(pixels[2], 25)
    path.write_bytes(card(thumb, image(pixels[0], 2), image(pixels[2], 1), palm))
    fingers = fingers_in(path)
    assert sorted(fingers) == [1, 2]
    # Of two thumbs the rolled one is taken.
    np.testing.assert_array_equal(
        fingers[Position.RIGHT_THUMB].minutiae, civid.extract(FingerImage(pixels[2], 500)).minutiae
    )
    with pytest.raises(Problem, match="is a record of 2 prints") as caught:
        load(path, None)
    assert caught.value.code == "several-prints"
    seen, _ = load(path, None, Position.RIGHT_INDEX)
    assert seen is not None
    np.testing.assert_array_equal(seen.pixels, pixels[0])
    with pytest.raises(Problem, match="is a record of 2 prints"):
        load(path, None, Position.LEFT_RING)


def test_minutiae_that_people_marked_go_before_the_image(
    pixels: list[np.ndarray], template: Template, tmp_path: Path
) -> None:
    marked = Template(template.minutiae[:20], quality=1, width=300, height=400)
    record = from_template(marked, idc=2, position=Position.RIGHT_INDEX, blocks=("M1", "NIST"))
    path = tmp_path / "a.an2"
    path.write_bytes(card(image(pixels[0], 2), image(pixels[1], 7), record))
    fingers = fingers_in(path)
    assert {position: len(one) for position, one in fingers.items()} == {
        Position.RIGHT_INDEX: 20,
        Position.LEFT_INDEX: len(civid.extract(FingerImage(pixels[1], 500))),
    }
    latent = from_template(marked, idc=9, blocks=("M1", "NIST"))
    path.write_bytes(card(image(pixels[0], 0, 9), latent))
    assert len(load(path, None)[1]) == 20


def test_a_slap_is_cut_for_the_fingers_that_have_no_print(
    pixels: list[np.ndarray], tmp_path: Path
) -> None:
    made = synthetic_slaps.slap(3, code=13, masters=[synthetic.master(40 + k) for k in range(4)])
    path = tmp_path / "a.an2"
    path.write_bytes(card(image(made.image.pixels, 13)))
    with pytest.raises(Problem, match="is a slap"):
        load(path, None)
    assert sorted(fingers_in(path)) == [2, 3, 4, 5]
    path.write_bytes(card(image(made.image.pixels, 13), image(pixels[0], 3)))
    fingers = fingers_in(path)
    assert sorted(fingers) == [2, 3, 4, 5]
    alone = civid.extract(FingerImage(pixels[0], 500))
    np.testing.assert_array_equal(fingers[Position.RIGHT_MIDDLE].minutiae, alone.minutiae)


def test_prints_of_no_finger_that_can_be_told(pixels: list[np.ndarray], tmp_path: Path) -> None:
    path = tmp_path / "a.an2"
    path.write_bytes(card(image(pixels[0], 25)))
    with pytest.raises(Problem, match="without a print of a finger") as caught:
        load_fingers(path, None)
    assert caught.value.code == "unreadable-image"
    path.write_bytes(card(image(pixels[0], 0, 1), image(pixels[1], 0, 2)))
    with pytest.raises(Problem, match="is a record of 2 prints"):
        load_fingers(path, None)


def test_a_folder_of_transactions_is_of_people(pixels: list[np.ndarray], tmp_path: Path) -> None:
    again = synthetic.impression(synthetic.master(0), 2, difficulty=0.1).image.pixels
    (tmp_path / "a.an2").write_bytes(card(image(pixels[0], 2), image(pixels[1], 7)))
    (tmp_path / "b.an2").write_bytes(card(image(again, 2), image(pixels[2], 8)))
    (tmp_path / "c.iso").write_bytes(
        build(image_records.encode(pixels[1], 500, position=7, payload="PNG"))
    )
    report = duplicates_in_folder(tmp_path)
    assert (report.subjects, report.filling.prints, report.skipped) == (3, 5, [])
    found = {frozenset((one.subject, one.other)) for one in report.duplicates}
    assert found == {frozenset(("a.an2", "b.an2")), frozenset(("a.an2", "c.iso"))}


def test_a_name_with_a_finger_takes_that_one(pixels: list[np.ndarray], tmp_path: Path) -> None:
    data = card(image(pixels[0], 2), image(pixels[1], 7))
    for finger in ("right-index", "left-index", "left-ring"):
        (tmp_path / f"p_{finger}.an2").write_bytes(data)
    pattern = NamePattern.parse("{subject}_{position}")
    report = duplicates_in_folder(tmp_path, FolderOptions(pattern=pattern))
    assert (report.subjects, report.filling.prints) == (1, 2)
    assert [(one.path.name, one.code) for one in report.skipped] == [
        ("p_left-ring.an2", "several-prints")
    ]


def test_what_is_enrolled_from_elsewhere_is_told_of_a_file_of_several(
    pixels: list[np.ndarray], template: Template, tmp_path: Path
) -> None:
    (tmp_path / "a.an2").write_bytes(card(image(pixels[0], 2), image(pixels[1], 7)))
    how: dict[str, Any] = {"dpi": None, "threads": 1, "progress": lambda done, total: None}
    enrolments, _ = group(find_prints(tmp_path), tmp_path, None)
    gallery = Gallery()
    gallery.enroll("a.an2", {Position.RIGHT_INDEX: template})
    done = enroll_prints(gallery, enrolments, **how)
    assert (done.extended, done.prints, done.skipped) == (1, 1, [])  # the finger that it lacked
    other = Gallery()
    other.enroll("a.an2", {Position.LEFT_INDEX: template})
    done = enroll_prints(other, enrolments, **how)
    assert (done.present, len(other.get("a.an2"))) == (0, 1)
    told = [(one.path.name, one.code) for one in done.skipped]
    assert told == [("a.an2", "subject-exists")] * 2
    fresh = Gallery()
    assert enroll_prints(fresh, enrolments, **how).enrolled == 1
    assert enroll_prints(fresh, enrolments, **how).reused == 1


def test_samples_of_nist(data: Path) -> None:
    pytest.importorskip("wsq", reason="the images of the card are WSQ: civid[wsq]")
    folder = data / "formats" / "an2"
    rolled = fingers_in(folder / "type-14-tpcard-nqm.an2")
    assert sorted(rolled) == list(range(1, 11))
    plain = fingers_in(folder / "type-4-slaps.an2")
    assert sorted(plain) == list(range(1, 11))
    # The same person's card: of most fingers the plain print finds the rolled one.
    scores = [civid.compare(rolled[finger], plain[finger]).score for finger in plain]
    assert sum(score > 25 for score in scores) >= 9
    marked = fingers_in(folder / "type9-efs.an2k")
    assert sorted(int(position) for position in marked) == [2, 3, 4, 5, 7, 8, 9, 10]


def test_a_picture_of_a_pair_out_of_transactions(pixels: list[np.ndarray], tmp_path: Path) -> None:
    from civid.cli.console.pair_pictures import save_pairs

    hand: Callable[..., Any] = synthetic_slaps.slap
    made = hand(3, code=13, masters=[synthetic.master(40 + k) for k in range(4)])
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.an2").write_bytes(card(image(made.image.pixels, 13)))
    (source / "b.an2").write_bytes(card(image(made.image.pixels, 13), image(pixels[0], 7)))
    report = duplicates_in_folder(source)
    assert len(report.duplicates) == 1
    saved = save_pairs(
        report.duplicates, report.enrolments, tmp_path / "out", None, lambda done, total: None
    )
    (a, b), evidence = report.duplicates[0][:2], report.duplicates[0].evidence
    best = max(evidence, key=lambda finger: finger.score).probe_position.word
    assert [path.name for path in saved] == [f"0001_{a[:-4]}_{b[:-4]}_{best}.png"]
    assert read_image(saved[0], dpi=500).pixels.size > 10_000
