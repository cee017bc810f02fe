"""Sets from folders, manifests and templates that others made."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from civid.dedup.folder.naming import NamePattern
from civid.errors import FormatError
from civid.fingerprint.template import Template
from civid.lab.errors import EvaluationError
from civid.lab.evaluation import read_set

from .helpers import write_set


def test_a_folder_tells_finger_and_impression(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "s", 11, 2)
    (folder / "notes.txt").write_text("no print")
    (folder / "cover.png").write_bytes(b"")
    prints = read_set(folder)
    assert prints.name.endswith("/s")
    assert [one.finger for one in prints.samples[::2]] == [str(f) for f in range(1, 12)]
    assert len(np.unique(prints.fingers)) == 11
    assert prints.subjects.tolist() == prints.fingers.tolist()


@pytest.mark.parametrize("name", ["none", "empty", "file.png"])
def test_what_is_no_set_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.png").write_bytes(b"")
    with pytest.raises(EvaluationError, match=name):
        read_set(tmp_path / name)


def test_a_manifest_tells_persons_and_positions(tmp_path: Path) -> None:
    write_set(tmp_path / "s", 2, 2)
    manifest = tmp_path / "m.csv"
    manifest.write_text(
        "path,finger,impression,person,position,set\n"
        "s/1_1.png,1,1,anna,2,x\ns/1_2.png,1,2,anna,2,y\ns/2_1.png,2,1,anna,7,x\n"
        "s/2_2.png,1,1,bert,2,x\n"
    )
    prints = read_set(manifest)
    assert prints.name == "m"
    assert prints.fingers.tolist() == [0, 0, 1, 2]
    assert prints.subjects.tolist() == [0, 0, 0, 1]
    assert [one.group for one in prints.samples] == ["x", "y", "x", "x"]
    assert prints.samples[0].path.is_file()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("path,finger\n", "columns"),
        ("path,finger,impression\n", "empty"),
        ("path,finger,impression\ns/1_1.png,1,one\n", "line 2"),
        ("path,finger,impression\ns/9_9.png,1,1\n", "no such file"),
        ("path,finger,impression\n,1,1\n", "missing"),
        ("path,finger,impression,role\ns/1_1.png,1,1,king\n", "neither gallery nor probe"),
        ("finger,impression,x,y,theta_deg\n1,1,a,2,3\n", "line 2: not a minutia"),
        ("finger,impression,x,y,theta_deg\n", "no minutiae"),
    ],
)
def test_bad_tables_are_refused_with_their_line(tmp_path: Path, text: str, complaint: str) -> None:
    write_set(tmp_path / "s", 1, 1)
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(EvaluationError, match=complaint):
        read_set(tmp_path / "m.csv")


def test_a_csv_of_minutiae_is_a_set_of_templates(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "finger,impression,x,y,theta_deg,confidence\n1,1,10,20,90,7\n1,1,30,5,0,\n2,1,1,2,45,9\n"
    )
    prints = read_set(tmp_path / "m.csv")
    assert prints.templates_only
    first = prints.samples[0].given
    assert first is not None
    assert len(first) == 2
    # 90 degrees clockwise on the screen is down: 3/2 pi counter-clockwise
    assert first.minutiae["angle"][0] == pytest.approx(1.5 * math.pi, abs=1e-6)
    assert (first.minutiae["x"][0], first.minutiae["y"][0]) == (10, 20)


def test_both_forms_of_xyt_give_the_same_geometry(tmp_path: Path) -> None:
    """NIST's own (y upwards, degrees, towards the other side) and -m1 (y downwards, 2 degrees)."""
    true = [(40, 30, 10), (80, 90, 200), (20, 60, 350)]  # x, y down, degrees counter-clockwise
    for name, rows in {
        "m1": [(x, y, d // 2) for x, y, d in true],
        "nist": [(x, 300 - y, (d + 180) % 360) for x, y, d in true],
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        text = "".join(f"{x} {y} {t} 50\n" for x, y, t in rows)
        (folder / "1_1.xyt").write_text(text)
    one, other = (read_set(tmp_path / name).samples[0].given for name in ("m1", "nist"))
    assert one is not None
    assert other is not None
    np.testing.assert_allclose(one.minutiae["angle"], other.minutiae["angle"], atol=1e-5)
    for axis in ("x", "y"):
        np.testing.assert_allclose(
            np.diff(one.minutiae[axis]), np.diff(other.minutiae[axis]), atol=1e-5
        )


def test_the_form_of_xyt_is_one_for_the_set(tmp_path: Path) -> None:
    (tmp_path / "1_1.xyt").write_text("5 5 10 1\n")  # alone it would look like -m1
    (tmp_path / "1_2.xyt").write_text("5 5 300 1\n")
    angles = [one.given.minutiae["angle"][0] for one in read_set(tmp_path).samples if one.given]
    assert angles == pytest.approx([math.radians(190), math.radians(120)])


def test_records_are_a_set_and_damage_names_the_file(tmp_path: Path) -> None:
    template = Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400)  # type: ignore[arg-type]
    (tmp_path / "1_1.iso").write_bytes(template.to_iso19794_2())
    prints = read_set(tmp_path)
    assert prints.samples[0].given is not None
    assert len(prints.samples[0].given) == 1
    (tmp_path / "1_2.iso").write_bytes(b"FMR\0 20\0")
    with pytest.raises(FormatError, match=r"1_2\.iso"):
        read_set(tmp_path)
    (tmp_path / "1_2.iso").unlink()
    write_set(tmp_path, 1, 1)
    with pytest.raises(EvaluationError, match="mixed"):
        read_set(tmp_path)


def test_the_key_of_a_set_follows_what_its_files_hold(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "s", 1, 2)
    before = read_set(folder).digest()
    assert read_set(folder).digest() == before
    assert read_set(folder, dpi=500).digest() != before
    (folder / "1_1.png").write_bytes((folder / "1_2.png").read_bytes())
    assert read_set(folder).digest() != before


def test_a_pattern_says_what_makes_a_finger(tmp_path: Path) -> None:
    write_set(tmp_path / "a", fingers=2, impressions=2)
    for path in sorted((tmp_path / "a").iterdir()):
        finger, impression = path.stem.split("_")
        path.rename(path.with_name(f"p1_{finger}_try{impression}.png"))
    with pytest.raises(EvaluationError, match="finger_impression"):
        read_set(tmp_path / "a")
    pattern = NamePattern.parse("{person}_{position}_{impression}")
    made = read_set(tmp_path / "a", pattern=pattern)
    assert [(one.finger, one.impression) for one in made.samples] == [
        ("p1/1", 1), ("p1/1", 2), ("p1/2", 1), ("p1/2", 2),
    ]  # fmt: skip
    with pytest.raises(EvaluationError, match="impression"):
        read_set(tmp_path / "a", pattern=NamePattern.parse("{person}_{position}_{_}"))
    with pytest.raises(EvaluationError, match="no file is named like"):
        read_set(tmp_path / "a", pattern=NamePattern.parse("{finger}-{impression}"))
