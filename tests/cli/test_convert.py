"""``civid convert``: one file, a folder, what is lost, what fails, and nothing half written."""

from __future__ import annotations

import gzip
import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import civid as library
from civid import formats, read_image
from civid.cli.console import results
from civid.formats import ansi_nist, image_records
from civid.formats.ansi_nist.type9 import points
from civid.formats.cbeff import mosip_xml
from civid.formats.minutiae import iso19794_2_2005 as iso


@pytest.fixture
def scan(prints: Path, tmp_path: Path) -> Path:
    """One print as PNG."""
    return Path(shutil.copy(prints / "1_right-index_1.png", tmp_path / "scan.png"))


@pytest.fixture
def card(scan: Path) -> Path:
    """A transaction of two fingers."""
    pixels = read_image(scan).pixels
    how: dict[str, Any] = {"dpi": 500, "source": "civid", "day": date(2026, 1, 2)}
    records = [
        ansi_nist.image_record(pixels, idc=position, position=position, **how)
        for position in (2, 7)
    ]
    made = ansi_nist.build_transaction(
        "CAR", date(2026, 1, 2), origin="A", destination="B", control_number="1", records=records
    )
    path = scan.with_name("card.an2")
    path.write_bytes(formats.build(made))
    return path


@pytest.mark.parametrize("name", ["a.bmp", "a.tif", "a.jp2"])
def test_a_picture_becomes_another_without_loss(civid: Callable, scan: Path, name: str) -> None:
    to = scan.with_name(name)
    run = civid("convert", scan, to)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"{to}: ")
    before, after = read_image(scan), read_image(to)
    np.testing.assert_array_equal(before.pixels, after.pixels)
    assert after.dpi == before.dpi == 500


def test_what_a_format_cannot_hold_is_said(civid: Callable, scan: Path) -> None:
    told = civid("convert", scan, scan.with_name("a.pgm"))
    assert (told.code, "no place for the resolution" in told.err) == (0, True)
    told = civid("convert", scan, scan.with_name("a.jpg"), "--json")
    assert told.json["files"][0]["notes"] == ["JPEG changes grey values; PNG keeps them"]
    assert told.err == ""
    assert civid("convert", scan, scan.with_name("b.jpg"), "--quiet").err == ""


def test_an_image_becomes_minutiae_and_this_is_said(civid: Callable, scan: Path) -> None:
    to = scan.with_name("a.iso")
    run = civid("convert", scan, to, "--position", "right-index")
    assert run.code == 0
    assert "minutiae were found in the image by civid-neural" in run.err
    record = iso.parse(to.read_bytes(), strict=True)
    assert record.views[0].position == 2
    assert len(record.views[0].minutiae) == len(library.extract(read_image(scan)))


def test_records_of_images_and_back(civid: Callable, scan: Path) -> None:
    first, second, back = (scan.with_name(name) for name in ("a.fir", "b.fir", "back.png"))
    assert civid("convert", scan, first, "-p", "7").code == 0
    assert formats.parse(first.read_bytes(), strict=True).views[0].position == 7
    run = civid("convert", first, second, "--to", "iso19794-4:2005")
    assert run.code == 0
    assert "acquisition level" in run.err
    assert formats.sniff(second.read_bytes()) == "iso19794-4:2005"
    assert civid("convert", second, back).code == 0
    np.testing.assert_array_equal(read_image(back).pixels, read_image(scan).pixels)


def test_the_kind_of_image_in_a_record_can_be_chosen(civid: Callable, scan: Path) -> None:
    to = scan.with_name("a.fir")
    assert civid("convert", scan, to, "--payload", "raw").code == 0
    assert formats.parse(to.read_bytes()).views[0].compression == 0
    run = civid("convert", scan, to, "--payload", "gif", "--force")
    assert (run.code, "should be one of png" in run.err) == (3, True)


def test_a_record_that_names_its_maker(civid: Callable, scan: Path) -> None:
    to = scan.with_name("a.fir")
    assert civid("convert", scan, to, "--to", "ansi381-2004", "--product", "257:1").code == 0
    record = formats.parse(to.read_bytes(), "ansi381-2004", strict=True)
    assert (record.product_owner, record.product_type) == (257, 1)


def test_dpi_goes_before_what_the_file_says(civid: Callable, scan: Path) -> None:
    to = scan.with_name("a.png")
    assert civid("convert", scan, to, "--dpi", 1000).code == 0
    assert read_image(to).dpi == 1000


def test_of_several_images_one_is_chosen_or_all_go_to_a_folder(
    civid: Callable, card: Path, tmp_path: Path
) -> None:
    to = card.with_name("a.png")
    run = civid("convert", card, to, "--json")
    assert (run.code, run.error["code"]) == (3, "several-prints")
    assert "2 images: 0 right-index, 1 left-index" in run.error["message"]
    assert "--view N or --position" in run.error["advice"]
    assert civid("convert", card, to, "-p", "left-index").code == 0
    folder = tmp_path / "out"
    folder.mkdir()
    run = civid("convert", card, folder, "--to", "png")
    assert (run.code, run.out) == (0, "1 of 1 file converted to PNG; 2 written\n")
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["card_left-index.png", "card_right-index.png"]


def test_a_folder_goes_on_after_a_failure(
    civid: Callable, scan: Path, card: Path, tmp_path: Path
) -> None:
    source, to = tmp_path / "in", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    shutil.move(card, source / "card.an2")
    shutil.copy(scan, source / "deep" / "a.png")
    (source / "deep" / "a.png.gz").write_bytes(gzip.compress(scan.read_bytes()))
    (source / "b.png").write_bytes(scan.read_bytes()[:-50])
    (source / "text.txt").write_bytes(b"nothing of this kind")
    (source / ".hidden").write_bytes(b"x")
    run = civid("convert", source, to, "--to", "iso19794-2:2005")
    assert run.code == 3
    assert run.out == "3 of 5 files converted to ISO/IEC 19794-2:2005; 4 written\n"
    assert "skipped 2 files (1 unreadable-image, 1 unreadable-record)" in run.err
    made = sorted(str(path.relative_to(to)) for path in to.rglob("*") if path.is_file())
    assert made == ["card_left-index.iso", "card_right-index.iso", "deep/a.iso", "deep/a.png.iso"]
    told = civid("convert", source, to, "--to", "iso19794-2:2005", "--force", "--json")
    assert told.code == 3
    codes = {row["error"]["code"] for row in told.json["files"] if "error" in row}
    assert codes == {"unreadable-image", "unreadable-record"}
    zipped = [row for row in told.json["files"] if "wrappings" in row]
    assert [row["wrappings"] for row in zipped] == [["gzip"]]
    again = civid("convert", source, to, "--to", "iso19794-2:2005")
    assert "exists already" in again.err


def test_of_an_archive_of_several_files_one_is_said(
    civid: Callable, scan: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "two.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.write(scan, "a.png")
        made.writestr("b.png", b"of no kind")
    for command in (("inspect", archive), ("convert", archive, tmp_path / "a.pgm")):
        run = civid(*command)
        assert run.code == 3
        assert run.err.splitlines() == [
            f"error: {archive}: a zip archive: holds 2 files",
            "  what to do: say which file: --member NAME; it holds a.png, b.png",
        ]
        assert "--member NAME" in civid(*command, "--member", "c.png").err
        assert civid(*command, "--member", "a.png").code == 0
    assert (read_image(tmp_path / "a.pgm", dpi=500).pixels == read_image(scan).pixels).all()
    # A command that does not open archives says which one does.
    assert "what to do: take the file out of it: civid convert" in civid("extract", archive).err
    with zipfile.ZipFile(archive, "a") as made:
        for number in range(9):
            made.writestr(f"two words\n{number}", b"")
    (_, advice) = civid("inspect", archive).err.splitlines()
    assert advice.endswith(
        "it holds a.png, b.png, 'two words\\n0', 'two words\\n1', 'two words\\n2', ..."
    )
    wrapped = tmp_path / "two.zip.gz"
    wrapped.write_bytes(gzip.compress(archive.read_bytes()))
    assert civid("inspect", wrapped).err.endswith("say which file: --member NAME\n")


def test_two_files_of_one_name_keep_their_suffix(
    civid: Callable, scan: Path, tmp_path: Path
) -> None:
    source, to = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for name in ("a.png", "a.PNG", "b.png"):
        shutil.copy(scan, source / name)
    assert civid("convert", source, to, "--to", "bmp").code == 0
    assert sorted(path.name for path in to.iterdir()) == ["a.PNG.bmp", "a.png.bmp", "b.bmp"]


def test_nothing_is_written_over_and_nothing_half(
    civid: Callable, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = scan.with_name("a.bmp")
    to.write_bytes(b"mine")
    run = civid("convert", scan, to, "--json")
    assert (run.code, run.error["code"]) == (5, "not-written")
    assert to.read_bytes() == b"mine"

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    run = civid("convert", scan, to, "--force")
    assert (run.code, "no space left" in run.err) == (5, True)
    assert to.read_bytes() == b"mine"
    assert sorted(path.name for path in scan.parent.iterdir()) == ["a.bmp", "scan.png"]
    monkeypatch.undo()
    assert civid("convert", scan, to, "--force").code == 0
    assert formats.sniff(to.read_bytes()) == "bmp"
    assert to.stat().st_mode & 0o777 == 0o666 & ~results._umask()


def test_strict_refuses_what_departs(civid: Callable, scan: Path) -> None:
    record = image_records.encode(read_image(scan).pixels, 500, position=2, payload="raw")
    raw = bytearray(formats.build(record))
    source, to = scan.with_name("a.fir"), scan.with_name("a.png")
    raw[8:12] = (len(raw) + 5).to_bytes(4, "big")
    source.write_bytes(raw)
    assert civid("convert", source, to, "--strict").code == 3
    assert not to.exists()
    assert civid("convert", source, to).code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("{}/scan.png", "{}/a.xyz"), 2, "--to NAME"),
        (("{}/scan.png", "{}/a.gif"), 2, "--to NAME"),
        (("{}/scan.png", "{}/a.png", "--to", "pngg"), 2, "do you mean png"),
        (("{}/scan.png", "{}/a.png", "--to", "gif"), 2, "GIF is not written"),
        (("{}/scan.png", "{}/a.png", "--to", "ansi-nist-itl"), 2, "not written by a conversion"),
        (("{}/scan.png", "{}/a.fir", "--to", "ansi381-2004"), 2, "product owner"),
        (("{}/scan.png", "{}/a.fir", "--product", "x"), 2, "as 257:1"),
        (("{}/scan.png", "{}/a.fir", "--to", "iso39794-4:2019-ber"), 2, "not written by a conv"),
        (("{}/scan.png", "{}/none/a.png"), 5, "no such folder"),
        (("{}/none.png", "{}/a.png"), 3, "no such file"),
        (("{}/scan.png", "{}/a.png", "--quality", "50"), 3, "only JPEG"),
        (("{}/scan.png", "{}/a.iso", "--quality", "50"), 3, "are of pictures"),
        (("{}/scan.png", "{}/a.iso", "-p", "toe"), 2, "toe"),
        (("{}/scan.png", "{}/a.png", "--view", "3"), 3, "no such image"),
        (("{}/scan.png", "{}/a.png", "--dpi", "7"), 3, "100..4000"),
        (("{}/a.iso", "{}/a.png"), 3, "holds minutiae and no image"),
        (("{}", "{}/out", "--to", "png"), 2, "lies in the folder"),
        (("{}/empty", "{}/out", "--to", "png"), 3, "holds no file"),
        (("{}/empty", "{}/scan.png", "--to", "png"), 5, "is a file, not a folder"),
        (("{}/blank.png", "{}/b.iso"), 3, "no fingerprint was found"),
    ],
)
def test_every_mistake_is_a_sentence(
    civid: Callable, scan: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    folder = scan.parent
    (folder / "empty").mkdir()
    record = iso.Record(300, 400, views=(iso.View(2, minutiae=(iso.Minutia(1, 9, 8, 64),)),))
    (folder / "a.iso").write_bytes(iso.build(record))
    blank = library.FingerImage(np.full((200, 160), 255, np.uint8), 500)
    (folder / "blank.png").write_bytes(formats.build(blank, "png"))
    force = ("--force",) if words[1].endswith("a.iso") else ()
    run = civid("convert", *(word.format(folder) for word in (*words, *force)))
    assert (run.code, said in run.err) == (code, True), run.err
    assert run.out == ""
    assert len(run.err.splitlines()) <= 2 or code == 2


def record_of(*fingers: int) -> bytes:
    minutiae = tuple(iso.Minutia(1, 9 + 7 * n, 8 + 5 * n, 16 * n, 50) for n in range(12))
    views = tuple(iso.View(finger, minutiae=minutiae, quality=70) for finger in fingers)
    return iso.build(iso.Record(300, 400, views=views))


@pytest.mark.parametrize(
    "key", [one.key for one in formats.known() if one.kind == "minutiae" and one.writes]
)
def test_minutiae_go_to_every_format_of_minutiae_and_back(
    civid: Callable, tmp_path: Path, key: str
) -> None:
    source, there, back = (tmp_path / name for name in ("a.iso", "there.bin", "back.iso"))
    source.write_bytes(record_of(2))
    assert civid("convert", source, there, "--to", key).code == 0
    assert formats.inspect(there.read_bytes(), key).error is None
    options = ("--size", "300x400") if key == "xyt" else ()
    run = civid("convert", there, back, "--from", key, *options)
    assert run.code == 0, run.err
    before, after = (iso.parse(path.read_bytes()).views[0] for path in (source, back))
    assert len(after.minutiae) == len(before.minutiae)
    if "card" not in key:
        assert [(m.x, m.y) for m in after.minutiae] == [(m.x, m.y) for m in before.minutiae]


def test_of_several_prints_one_is_chosen_where_one_alone_fits(
    civid: Callable, tmp_path: Path
) -> None:
    source = tmp_path / "a.iso"
    source.write_bytes(record_of(2, 7))
    assert civid("convert", source, tmp_path / "both.fmr", "--to", "ansi378-2004").code == 0
    assert len(formats.parse((tmp_path / "both.fmr").read_bytes()).views) == 2
    run = civid("convert", source, tmp_path / "a.xyt", "--json")
    assert (run.code, run.error["code"]) == (3, "several-prints")
    assert "2 prints: 0 right-index" in run.error["message"]
    assert "folder" not in run.error["advice"]
    assert civid("convert", source, tmp_path / "a.xyt", "-p", "left-index").code == 0
    run = civid("convert", tmp_path / "a.xyt", tmp_path / "b.iso", "-p", "left-index", "--quiet")
    assert run.code == 0, run.err
    assert iso.parse((tmp_path / "b.iso").read_bytes()).views[0].position == 7
    run = civid("convert", tmp_path / "a.xyt", tmp_path / "c.iso", "--size", "300")
    assert (run.code, "is not a size" in run.err) == (2, True)


def test_a_resolution_that_is_given_scales_minutiae(civid: Callable, tmp_path: Path) -> None:
    source, to = tmp_path / "a.iso", tmp_path / "b.iso"
    source.write_bytes(record_of(2))
    assert civid("convert", source, to, "--dpi", 1000).code == 0
    record = iso.parse(to.read_bytes())
    assert record.x_per_cm == 394
    assert [m[:3] for m in record.views[0].minutiae] == [
        m[:3] for m in iso.parse(source.read_bytes()).views[0].minutiae
    ]


def test_minutiae_in_a_transaction_are_taken_and_not_found_anew(
    civid: Callable, card: Path
) -> None:
    seen = points.Minutia(90.0, 80.0, 90.0, 1, 60)
    features = ansi_nist.Features("M1", 300, 400, minutiae=(seen,), position=2)
    made = formats.parse(card.read_bytes())
    records = [*made.records[2:], ansi_nist.make_type9(features, idc=2)]
    whole = ansi_nist.build_transaction(
        "CAR", date(2026, 1, 2), origin="A", destination="B", control_number="1", records=records
    )
    card.write_bytes(formats.build(whole))
    run = civid("convert", card, card.with_name("a.iso"))
    assert run.code == 0, run.err
    assert "note: the minutiae are those of record" in run.err
    view = iso.parse(card.with_name("a.iso").read_bytes()).views[0]
    assert (view.position, len(view.minutiae)) == (2, 1)


def test_what_an_envelope_holds_is_taken_out(civid: Callable, tmp_path: Path, scan: Path) -> None:
    sealed, to = tmp_path / "sealed.xml", tmp_path / "a.iso"
    finger = library.Position.RIGHT_INDEX
    segment = mosip_xml.segment(record_of(2), finger, template=True)
    sealed.write_bytes(formats.build(mosip_xml.Record((segment,))))
    assert civid("convert", sealed, to).code == 0
    assert to.read_bytes() == record_of(2)
    image = image_records.encode(read_image(scan).pixels, 500, position=2, payload="PNG")
    segment = mosip_xml.segment(formats.build(image), finger)
    sealed.write_bytes(formats.build(mosip_xml.Record((segment,))))
    assert civid("convert", sealed, tmp_path / "a.bmp").code == 0
    np.testing.assert_array_equal(read_image(tmp_path / "a.bmp").pixels, read_image(scan).pixels)
    run = civid("convert", sealed, to, "--force")
    assert (run.code, "were found in the image" in run.err) == (0, True)


def test_a_device_is_not_replaced_by_a_file(civid: Callable, scan: Path) -> None:
    """With --force, too: /dev/null has to stay what it is."""
    pipe = scan.with_name("pipe.bmp")
    os.mkfifo(pipe)
    run = civid("convert", scan, pipe, "--to", "bmp", "--force")
    assert (run.code, "is not a regular file" in run.err) == (5, True)
    assert pipe.is_fifo()


def test_a_link_stays_a_link(civid: Callable, scan: Path) -> None:
    kept, link = scan.with_name("kept.bmp"), scan.with_name("link.bmp")
    kept.write_bytes(b"old")
    link.symlink_to(kept)
    assert civid("convert", scan, link, "--force").code == 0
    assert link.is_symlink()
    assert formats.sniff(kept.read_bytes()) == "bmp"


def test_nothing_is_left_behind_when_it_is_interrupted(
    civid: Callable, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    assert civid("convert", scan, scan.with_name("a.bmp")).code == 130
    assert [path.name for path in scan.parent.iterdir()] == ["scan.png"]


def test_two_files_never_become_one(civid: Callable, scan: Path, tmp_path: Path) -> None:
    """a.png and a.bmp keep their suffix, and one of them is called as a third is then."""
    prints = tmp_path / "prints"
    prints.mkdir()
    for name in ("a.png", "a.bmp", "a.png.tif"):
        assert civid("convert", scan, prints / name).code == 0
    for more in ((), ("--force",)):
        run = civid("convert", prints, tmp_path / "out", "--to", "png", "--json", *more)
        rows = run.json["files"]
        assert len({row["written"] for row in rows if "written" in row}) == 2
        assert ["not-written" for row in rows if "error" in row] == ["not-written"]
        shutil.rmtree(tmp_path / "out")


def test_the_name_of_a_file_is_told_whatever_it_is_called(
    civid: Callable, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scan.parent)
    Path("empty").write_bytes(b"")
    for command in (("inspect", "empty"), ("convert", "empty", "a.png")):
        assert civid(*command).err.startswith("error: empty: the file is empty")


def test_of_a_folder_without_files_the_advice_fits(civid: Callable, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    run = civid("convert", tmp_path / "none", tmp_path / "out", "--to", "png")
    assert (run.code, "dot" in run.err, "--filename" in run.err) == (3, True, False)


@pytest.mark.parametrize("per_cm", [500, 65535])
def test_nothing_is_scaled_by_a_resolution_that_no_scanner_has(
    civid: Callable, tmp_path: Path, per_cm: int
) -> None:
    """500 px/cm is 500 dpi of a writer that mixed up the units; the minutiae would shrink."""
    view = iso.View(2, minutiae=(iso.Minutia(1, 200, 100, 32, 50),))
    source = tmp_path / "a.iso"
    source.write_bytes(formats.build(iso.Record(300, 400, per_cm, per_cm, views=(view,))))
    for name in ("a.xyt", "a.min"):
        run = civid("convert", source, tmp_path / name, "--json")
        assert (run.code, run.error["code"]) == (3, "no-resolution")
    card = tmp_path / "a.card"
    assert civid("convert", source, card, "--to", "iso19794-2:2005-card").code == 3
    told = civid("convert", source, tmp_path / "a.fmr", "--to", "iso19794-2:2011")
    assert (told.code, f"{per_cm} px/cm" in told.err, "dpi=" in told.err) == (0, True, False)
    assert civid("convert", source, tmp_path / "a.xyt", "--dpi", 500).code == 0
    assert (tmp_path / "a.xyt").read_bytes().startswith(b"200 300 ")


@pytest.mark.parametrize(
    ("to", "advice"),
    [
        ("ansi-nist-itl", "minutiae records are"),
        ("mosip-cbeff-xml", "minutiae records are"),
        ("iso39794-4:2019-ber", "minutiae records are"),
        ("ansi381-2004", "--product OWNER:TYPE"),
    ],
)
def test_a_sound_picture_is_not_called_damaged(
    civid: Callable[..., Any], prints: Path, tmp_path: Path, to: str, advice: str
) -> None:
    run = civid("convert", prints / "1_right-index_1.png", tmp_path / "x", "--to", to)
    assert run.code == 2
    assert "damaged" not in run.err
    assert advice in run.err
    assert not (tmp_path / "x").exists()
