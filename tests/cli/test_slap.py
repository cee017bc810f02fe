"""``civid slap``: pictures and transactions in, one PNG a finger out."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from civid import read_image
from civid.fingerprint.slaps import segment
from civid.formats import ansi_nist, build
from civid.lab.synthetic import master
from civid.lab.synthetic.slaps import SyntheticSlap
from civid.lab.synthetic.slaps import slap as synthetic_slap

RIGHT = ["right-index", "right-little", "right-middle", "right-ring"]
DAY = date(2026, 1, 2)


@pytest.fixture(scope="module")
def right() -> SyntheticSlap:
    """A right hand of which all is known."""
    return synthetic_slap(3, code=13, masters=[master(40 + number) for number in range(4)])


@pytest.fixture
def scan(right: SyntheticSlap, tmp_path: Path) -> Path:
    path = tmp_path / "slap.png"
    Image.fromarray(right.image.pixels).save(path, dpi=(500, 500))
    return path


def transaction(path: Path, *records: Any) -> Path:
    made = ansi_nist.build_transaction(
        "CAR", DAY, origin="A", destination="B", control_number="1", records=list(records)
    )
    path.write_bytes(build(made))
    return path


def image_record(pixels: np.ndarray, position: int) -> Any:
    return ansi_nist.image_record(
        pixels, idc=position, position=position, dpi=500, source="A", day=DAY, compression="PNG"
    )


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_finger_becomes_a_picture(
    civid: Callable, scan: Path, right: SyntheticSlap, tmp_path: Path
) -> None:
    to = tmp_path / "out"
    run = civid("slap", scan, "-o", to, "--fingers", "13")
    assert (run.code, run.err) == (0, "")
    assert files(to) == [f"{name}.png" for name in RIGHT]
    for name in RIGHT:
        assert name in run.out
    assert f"4 fingers written to {to}" in run.out
    cut = read_image(to / "right-index.png")
    assert cut.dpi == 500
    for finger in segment(right.image, position=13).fingers:  # of the engine, all its pixels
        name = finger.position.name.lower().replace("_", "-")
        np.testing.assert_array_equal(read_image(to / f"{name}.png").pixels, finger.image.pixels)


def test_the_document_says_what_the_engine_found(
    civid: Callable, scan: Path, right: SyntheticSlap, tmp_path: Path
) -> None:
    to = tmp_path / "out"
    run = civid("slap", scan, "-o", to, "--fingers", "right-four", "--json")
    (told,) = run.json["slaps"]
    assert (told["slap"], told["hand"], told["hand_given"]) == ("right-four-fingers", "right", True)
    assert run.json["found"] == 4
    for one, true in zip(told["fingers"], right.fingers, strict=True):
        assert one["position"] == true.position.name.lower().replace("_", "-")
        assert one["written"] == str(to / f"{one['position']}.png")
        # Within 2 mm of where the synthetic hand was pressed.
        assert abs(one["box_px"]["x"] - true.centre[0]) < 40
        assert abs(one["box_px"]["y"] - true.centre[1]) < 40
        assert abs(one["rotation_degrees"] - math.degrees(true.angle)) < 15
        assert 0 < one["quality"] <= 100
        assert one["faults"] == []


def test_what_cannot_be_told_is_unknown_and_the_reason_is_said(
    civid: Callable, scan: Path, right: SyntheticSlap, tmp_path: Path
) -> None:
    pixels = right.image.pixels.copy()
    box = segment(right.image, position=13).fingers[0].box
    pixels[:, : round(box.x + box.width / 2) + 20] = 255  # the index finger is gone
    Image.fromarray(pixels).save(scan, dpi=(500, 500))
    first = civid("slap", scan, "-o", tmp_path / "a", "--fingers", "13")
    assert first.code == 0
    assert files(tmp_path / "a") == ["unknown.png", "unknown_2.png", "unknown_3.png"]
    assert "too-few-fingers. Fewer fingers were found" in first.out
    second = civid("slap", scan, "-o", tmp_path / "b", "--fingers", "13", "--missing", "2")
    assert second.code == 0
    assert files(tmp_path / "b") == [f"{name}.png" for name in RIGHT[1:]]
    assert "too-few" not in second.out


def test_every_slap_of_a_transaction_is_cut_as_what_it_says(
    civid: Callable, right: SyntheticSlap, tmp_path: Path
) -> None:
    mirrored = np.ascontiguousarray(right.image.pixels[:, ::-1])
    single = right.image.pixels[:400, :400]
    records = [image_record(single, 2), image_record(right.image.pixels, 13)]
    card = transaction(tmp_path / "a.an2", *records, image_record(mirrored, 14))
    to, picture = tmp_path / "out", tmp_path / "drawn.png"
    run = civid("slap", card, "-o", to, "--picture", picture, "--json")
    assert run.code == 0
    assert [one["slap"] for one in run.json["slaps"]] == ["right-four-fingers", "left-four-fingers"]
    left = [name.replace("right", "left") for name in RIGHT]
    assert files(to) == sorted(f"{name}.png" for name in RIGHT + left)
    with Image.open(picture) as drawn:
        colours = {colour for _, colour in drawn.getcolors(1 << 24) or ()}
    assert (0, 114, 178) in colours  # the first box
    only = civid("slap", card, "-o", tmp_path / "left", "--fingers", "14")
    assert only.code == 0
    assert files(tmp_path / "left") == sorted(f"{name}.png" for name in left)
    none = civid("slap", card, "-o", tmp_path / "thumbs", "--fingers", "15", "--json")
    assert (none.code, none.error["code"]) == (3, "nothing")
    assert "3 images: 0 right-index, 1 right-four-fingers" in none.error["message"]
    assert not (tmp_path / "thumbs").exists()


def test_a_finger_that_the_transaction_says_is_bandaged_is_not_waited_for(
    civid: Callable, right: SyntheticSlap, tmp_path: Path
) -> None:
    pixels = right.image.pixels.copy()
    box = segment(right.image, position=13).fingers[0].box
    pixels[:, : round(box.x + box.width / 2) + 20] = 255
    lost = ansi_nist.missing_record(idc=2, position=2, source="A", day=DAY)
    card = transaction(tmp_path / "a.an2", lost, image_record(pixels, 13))
    run = civid("slap", card, "-o", tmp_path / "out", "--json")
    assert run.code == 0
    assert run.json["slaps"][0]["faults"] == []
    assert files(tmp_path / "out") == [f"{name}.png" for name in RIGHT[1:]]


def test_one_slap_that_cannot_be_read_does_not_stop_the_others(
    civid: Callable, right: SyntheticSlap, tmp_path: Path
) -> None:
    tiny = np.zeros((20, 20), np.uint8)
    card = transaction(
        tmp_path / "a.an2", image_record(tiny, 14), image_record(right.image.pixels, 13)
    )
    run = civid("slap", card, "-o", tmp_path / "out", "--json")
    assert run.code == 3
    assert [one["error"]["code"] for one in run.json["failed"]] == ["unreadable-image"]
    assert len(files(tmp_path / "out")) == 4


def test_more_slaps_than_a_person_has_are_refused(civid: Callable, tmp_path: Path) -> None:
    tiny = np.full((100, 100), 255, np.uint8)
    many = [
        ansi_nist.image_record(tiny, idc=k, position=13, dpi=500, source="A", day=DAY)
        for k in range(1, 52)
    ]
    run = civid("slap", transaction(tmp_path / "a.an2", *many), "-o", tmp_path / "out", "--json")
    assert (run.code, run.error["code"]) == (3, "unreadable-record")
    assert "more than 50 slaps" in run.error["message"]


def test_a_whole_card(civid: Callable, right: SyntheticSlap, tmp_path: Path) -> None:
    card = np.full((1000, 4000), 255, np.uint8)
    small = right.image.pixels[:1000, :1600]
    card[: small.shape[0], 4000 - small.shape[1] :] = small
    Image.fromarray(card).save(tmp_path / "card.png", dpi=(500, 500))
    picture = tmp_path / "drawn.png"
    run = civid(
        "slap", tmp_path / "card.png", "-o", tmp_path / "out", "--fingers", "card",
        "--picture", picture, "--json",
    )  # fmt: skip
    assert run.code == 0
    names = [one["slap"] for one in run.json["slaps"]]
    assert names == ["left-four-fingers", "plain-left-thumb", "plain-right-thumb",
                     "right-four-fingers"]  # fmt: skip
    assert [len(one["fingers"]) for one in run.json["slaps"]] == [0, 0, 0, run.json["found"]]
    assert all(one["box_px"]["x"] > 2400 for one in run.json["slaps"][3]["fingers"])
    assert picture.exists()


def test_a_picture_without_a_print_is_found_empty(civid: Callable, tmp_path: Path) -> None:
    Image.new("L", (1600, 1500), 255).save(tmp_path / "white.png", dpi=(500, 500))
    run = civid("slap", tmp_path / "white.png", "-o", tmp_path / "out")
    assert run.code == 1
    assert "no finger was found" in run.out
    assert "slap: no-fingers. No print was found" in run.out
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_over(civid: Callable, scan: Path, tmp_path: Path) -> None:
    to = tmp_path / "out"
    to.mkdir()
    (to / "right-ring.png").write_bytes(b"mine")
    run = civid("slap", scan, "-o", to, "--fingers", "13", "--json")
    assert (run.code, run.error["code"]) == (5, "not-written")
    assert files(to) == ["right-ring.png"]
    assert civid("slap", scan, "-o", to, "--fingers", "13", "--force").code == 0
    assert files(to) == [f"{name}.png" for name in RIGHT]
    run = civid("slap", scan, "-o", scan, "--json")
    assert (run.code, run.error["code"]) == (5, "not-written")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fingers", "left foot"), "is no picture of several fingers"),
        (("--fingers", "2"), "is no picture of several fingers"),
        (("--missing", "right-toe"), "is not a finger"),
        (("--missing", "0"), "an unknown finger cannot be missing"),
        (("--picture", "a.xyz"), "a picture cannot be saved under this name"),
    ],
)
def test_a_wrong_option_is_said(
    words: tuple[str, str], said: str, civid: Callable, scan: Path, tmp_path: Path
) -> None:
    run = civid("slap", scan, "-o", tmp_path / "out", *words)
    assert (run.code, said in run.err) == (2, True)


def test_what_is_no_slap_is_said(
    civid: Callable, right: SyntheticSlap, prints: Path, scan: Path, tmp_path: Path
) -> None:
    record = tmp_path / "a.iso"
    assert civid("extract", prints / "1_right-index_1.png", "-o", record).code == 0
    run = civid("slap", record, "-o", tmp_path / "out", "--json")
    assert (run.code, run.error["code"]) == (3, "unreadable-record")
    Image.fromarray(right.image.pixels).save(scan)  # without a resolution
    run = civid("slap", scan, "-o", tmp_path / "out", "--json")
    assert (run.code, run.error["code"]) == (3, "no-resolution")
    assert run.error["message"].startswith(f"{scan}: the file does not say")
    assert civid("slap", scan, "-o", tmp_path / "out", "--dpi", 500).code == 0
    assert civid("slap", tmp_path / "none.png", "-o", tmp_path / "b").code == 3


def test_the_card_of_nist(civid: Callable, data: Path, tmp_path: Path) -> None:
    pytest.importorskip("wsq", reason="the images of the card are WSQ: civid[wsq]")
    card = data / "formats" / "an2" / "type-4-14-slaps.an2"
    run = civid("slap", card, "-o", tmp_path / "out", "--json")
    assert (run.code, run.json["found"]) == (0, 10)
    assert len(files(tmp_path / "out")) == 10
    assert not any(name.startswith("unknown") for name in files(tmp_path / "out"))
