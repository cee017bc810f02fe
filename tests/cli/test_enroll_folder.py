"""``civid enroll --folder`` every night: a gate, a report, later fingers, the same on a rerun."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from civid.cli.console.output import Output
from civid.fingerprint.image import read_image
from civid.fingerprint.quality import examine


@pytest.fixture
def day(prints: Path, tmp_path: Path) -> Path:
    """What came in on a day: two good prints, a faint scrap, a blank one, and what is no print."""
    folder = tmp_path / "in"
    folder.mkdir()
    for person in (1, 2):
        shutil.copy(prints / f"{person}_right-index_1.png", folder / f"{person}_right-index.png")
    scrap = np.array(Image.open(prints / "2_left-index_1.png"))
    y, x = np.indices(scrap.shape)
    middle = np.hypot(y - scrap.shape[0] / 2, x - scrap.shape[1] / 2) < 45
    save(np.where(middle, scrap, 250), folder / "2_left-index.png")
    save(np.full((300, 260), 255), folder / "2_right-thumb.png")
    (folder / "3_right-thumb.png").write_bytes(b"this is no picture")
    shutil.copy(prints / "1_right-index_1.png", folder / "unnamed.png")
    return folder


def save(pixels: np.ndarray, path: Path) -> None:
    Image.fromarray(pixels.astype(np.uint8)).save(path, dpi=(500, 500))


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {Path(row["file"]).name: row for row in csv.DictReader(file)}


def test_a_night_and_the_same_night_again(civid: Callable, day: Path, tmp_path: Path) -> None:
    words = ("enroll", tmp_path / "g", "--folder", day, "--min-quality", 40, "--json")
    first = civid(*words, "--report", tmp_path / "1.csv")
    again = civid(*words, "--report", tmp_path / "2.csv")
    assert (first.code, first.json["enrolled"], first.json["refused"]) == (0, 2, 2)
    assert (again.code, again.json["reused"], again.json["refused"]) == (0, 2, 2)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()
    assert first.json["prints"] == again.json["prints"]
    found = rows(tmp_path / "1.csv")
    assert {name: (one["outcome"], one["code"]) for name, one in found.items()} == {
        "1_right-index.png": ("in-gallery", ""),
        "2_right-index.png": ("in-gallery", ""),
        "2_left-index.png": ("refused", "poor-print"),
        "2_right-thumb.png": ("refused", "no-minutiae"),
        "3_right-thumb.png": ("left-out", "unreadable-image"),
        "unnamed.png": ("left-out", "name"),
    }
    report = examine(read_image(day / "2_left-index.png")).report
    scrap = found["2_left-index.png"]
    assert (int(scrap["quality"]), int(scrap["minutiae"])) == (report.quality, report.minutiae)
    assert scrap["advice"] == " ".join(report.advice("en"))
    assert scrap["advice_vi"] == " ".join(report.advice("vi"))
    assert (scrap["subject"], scrap["finger"]) == ("2", "left-index")
    assert "40 is wanted" in scrap["detail"]
    assert all(bool(one["advice"]) == (one["outcome"] == "refused") for one in found.values())


def test_without_a_gate_every_print_with_minutiae_is_taken(
    civid: Callable, day: Path, tmp_path: Path
) -> None:
    run = civid("enroll", tmp_path / "g", "--folder", day, "--json")
    assert (run.json["enrolled"], run.json["fingers"]) == (2, 3)
    assert run.json["refused"] == 1  # the blank one


def test_a_later_finger_of_an_enrolled_person_is_added(
    civid: Callable, day: Path, prints: Path, tmp_path: Path
) -> None:
    words = ("enroll", tmp_path / "g", "--folder", day, "--min-quality", 40, "--json")
    assert civid(*words).json["fingers"] == 2
    save(np.array(Image.open(prints / "2_left-index_1.png")), day / "2_left-index.png")
    run = civid(*words)
    counted = [run.json[name] for name in ("enrolled", "reused", "extended", "fingers")]
    assert counted == [0, 1, 1, 1]
    assert civid(*words).json["reused"] == 2
    from civid import Gallery, Position

    with Gallery.open(tmp_path / "g", read_only=True) as gallery:
        assert sorted(gallery.get("2")) == [Position.RIGHT_INDEX, Position.LEFT_INDEX]


def test_nothing_is_added_beside_a_finger_that_differs(
    civid: Callable, day: Path, prints: Path, tmp_path: Path
) -> None:
    """Somebody may have taken another's id."""
    words = ("enroll", tmp_path / "g", "--folder", day, "--min-quality", 40, "--json")
    civid(*words)
    shutil.copy(prints / "1_right-index_2.png", day / "2_right-index.png")
    shutil.copy(prints / "1_left-index_1.png", day / "2_left-index.png")
    run, again = civid(*words), civid(*words)
    assert (run.code, run.json["extended"], again.code, again.json["extended"]) == (0, 0, 0, 0)
    assert run.json["prints"] == again.json["prints"]
    codes = {Path(one["file"]).name: one["code"] for one in run.json["prints"]}
    assert (codes["2_right-index.png"], codes["2_left-index.png"]) == ("subject-exists",) * 2


def test_one_poor_print_is_a_problem_with_advice(
    civid: Callable, day: Path, tmp_path: Path
) -> None:
    words = ("enroll", tmp_path / "g", "2", f"left-index={day / '2_left-index.png'}")
    run = civid(*words, "--min-quality", 40, "--json")
    assert (run.code, run.error["code"]) == (3, "poor-print")
    assert "glass" in run.error["advice"]
    assert civid(*words).code == 0


def test_reports_of_every_kind(civid: Callable, day: Path, tmp_path: Path) -> None:
    words = ("enroll", tmp_path / "g", "--folder", day, "--min-quality", 40)
    openpyxl = pytest.importorskip("openpyxl", reason="civid[campaign]")
    civid(*words, "--report", tmp_path / "r.csv")
    assert civid(*words, "--report", tmp_path / "r.json").code == 0
    assert civid(*words, "--report", tmp_path / "r.xlsx").code == 0
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["prints"]
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    table = list(sheet.iter_rows(values_only=True))
    assert len(table) - 1 == len(document) == len(rows(tmp_path / "r.csv")) == 6
    assert [row[0] for row in table[1:]] == [one["file"] for one in document]
    assert list(table[0]) == list(document[0])
    assert civid(*words, "--report", tmp_path / "r.pdf").code == 2
    assert civid(*words, "--report", tmp_path / "none" / "r.csv").code == 5
    assert civid("enroll", tmp_path / "g", "x", "a.png", "--report", "r.csv").code == 2


def test_progress_in_a_log(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    """A line every ten seconds where nobody watches, by the clock of the machine."""
    now = iter([0.0, 4.0, 11.0, 12.0, 25.0])
    monkeypatch.setattr("civid.cli.console.output.time.monotonic", lambda: next(now))
    with Output(as_json=False).progress("Enrolling") as tell:
        for done in (40, 110, 120, 250):
            tell(done, 1000)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "Enrolling: 110 of 1,000 (11%), 10/s, 1 min left",
        "Enrolling: 250 of 1,000 (25%), 10/s, 1 min left",
    ]


def test_a_folder_is_extracted(civid: Callable, day: Path, tmp_path: Path) -> None:
    (day / "more").mkdir()
    shutil.copy(day / "1_right-index.png", day / "more" / "1_right-index.png")
    run = civid("extract", day, "-o", tmp_path / "out", "--json")
    assert run.code == 3  # one is no picture
    made = sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.iso")
    )
    assert made == [
        "1_right-index.iso", "2_left-index.iso", "2_right-index.iso", "2_right-thumb.iso",
        "more/1_right-index.iso", "unnamed.iso",
    ]  # fmt: skip
    poor = next(one for one in run.json["prints"] if one["file"].endswith("2_left-index.png"))
    assert all(one["advice"] and one["advice_vi"] for one in poor["reasons"])


def test_the_guide_runs(
    civid: Callable, day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command of docs/howto/nightly-enrolment.md, in its order, on a day's prints."""
    guide = Path(__file__).resolve().parents[2] / "docs" / "howto" / "nightly-enrolment.md"
    if not guide.exists():
        pytest.skip("no docs here")
    monkeypatch.chdir(tmp_path)
    text = guide.read_text(encoding="utf-8")
    commands = re.findall(r"^\$ civid (.*)$", text, re.MULTILINE)
    assert len(commands) >= 4
    assert civid("enroll", "centre", "--folder", "in").code == 0
    for command in commands:
        run = civid(*command.split())
        assert run.code == 0, (command, run.err)
    shutil.copy(day / "1_right-index.png", day / "046301123456_right-index.png")
    for block in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        exec(compile(block, guide.name, "exec"), {})
    titles = text.split("```csv\n")[1].split("\n")[0]
    assert (tmp_path / "night.csv").read_text(encoding="utf-8-sig").startswith(titles)
