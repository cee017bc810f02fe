"""Our records as two other implementations read them, and theirs as we do; they need not be here.

``CIVID_FINGERPRINTIO``: a folder with fingerprintio's jar and what it needs (Java, Apache-2.0), and
a JDK on the PATH. ``CIVID_BIOMDI``: a built copy of NIST's biomdi (C, public domain). Run with
``-rA`` to see the figures.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from civid.formats.minutiae.convert import (
    FORMATS,
    MinutiaeSet,
    NeutralCore,
    NeutralDelta,
    NeutralMinutia,
    NeutralView,
    convert,
    write,
)
from civid.formats.minutiae.extended import (
    ANSI_2004,
    ANSI_2009,
    ISO_2005,
    ISO_2011,
    CoresAndDeltas,
    RidgeCount,
    RidgeCounts,
    typed,
)

PEER = Path(__file__).with_name("FmrPeer.java")
KINDS = {
    "ansi378-2004": (1, ANSI_2004, {}),
    "ansi378-2009": (2, ANSI_2009, {"version": 30}),
    "ansi378-2009-am1": (3, ANSI_2009, {"version": 35}),
    "iso19794-2:2005": (4, ISO_2005, {}),
    "iso19794-2:2011": (5, ISO_2011, {}),
}
PRINTS = 60


def prints() -> list[MinutiaeSet]:
    """Made up, with ridge counts, cores and deltas."""
    chance = random.Random(5)
    made = []
    for number in range(PRINTS):
        count = chance.randrange(1, 120)
        rows = tuple(
            NeutralMinutia(
                chance.randrange(3),
                chance.randrange(388),
                chance.randrange(374),
                chance.uniform(0, 6.283),
                chance.randrange(1, 101),
            )
            for _ in range(count)
        )
        edges = tuple(
            RidgeCount(chance.randrange(count), chance.randrange(count), chance.randrange(1, 99))
            for _ in range(number % 9)
        )
        view = NeutralView(
            rows,
            388,
            374,
            197,
            197,
            position=number % 11,
            impression=0,
            quality=number,
            ridge_counts=RidgeCounts(1, edges) if edges else None,
            # fingerprintio refuses deltas without a core, and a core without deltas.
            cores=(NeutralCore(10, 20, 1.0),) * (number % 3),
            deltas=(NeutralDelta(30, 40, (1.0, 2.0, 3.0)),) * (number % 3),
        )
        made.append(MinutiaeSet((view,)))
    return made


def needed(variable: str, *programs: str) -> Path:
    folder = os.environ.get(variable)
    if not folder or not Path(folder).is_dir():
        pytest.skip(f"{variable} is not set: no other implementation to ask")
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on the PATH")
    return Path(folder)


def ours(record: Any, key: str, edition: Any) -> str:
    """As FmrPeer says it."""
    lines = []
    for view in record.views:
        image = record if hasattr(record, "width") else view
        lines.append("view")
        lines += [" ".join(map(str, ("minutia", *one))) for one in view.minutiae]
        size = {"width": image.width, "height": image.height}
        found = typed(view.blocks, edition, **size, minutiae=len(view.minutiae))
        assert found.findings == ()
        counts = [one for one in found.items if isinstance(one, RidgeCounts)]
        points = [one for one in found.items if isinstance(one, CoresAndDeltas)]
        lines += [" ".join(map(str, ("ridges", *row))) for one in counts for row in one.counts]
        for one in points:
            lines += [f"core {core.x} {core.y} {core.angle}" for core in one.cores]
            lines += [f"delta {d.x} {d.y} {list(d.angles or ())}" for d in one.deltas]
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_fingerprintio(name: str, tmp_path: Path) -> None:
    jars = needed("CIVID_FINGERPRINTIO", "java", "javac")
    path = os.pathsep.join(map(str, sorted(jars.glob("*.jar"))))
    subprocess.run(["javac", "-nowarn", "-cp", path, "-d", tmp_path, PEER], check=True)
    kind, edition, options = KINDS[name]
    key = name.removesuffix("-am1")
    module = FORMATS[key].module()
    records = [write(one, key, **options).record for one in prints()]
    if name == "iso19794-2:2005":  # fingerprintio counts the data of a block only
        from dataclasses import replace

        records = [
            replace(record, views=(replace(record.views[0], blocks_count_head=False),))
            for record in records
        ]
    content = [module.build(record) for record in records]
    request = b"".join(bytes((kind,)) + len(one).to_bytes(4, "big") + one for one in content)
    done = subprocess.run(
        ["java", "-cp", os.pathsep.join((str(tmp_path), path)), PEER.stem],
        input=request,
        capture_output=True,
        check=True,
    )
    refused = re.findall(r"^!.*$", done.stdout.decode(), re.MULTILINE)
    assert refused == []
    answers = re.findall(r"((?:[^#!].*\n)*)#([0-9a-f]*)\n", done.stdout.decode())
    assert len(answers) == PRINTS
    minutiae = 0
    for record, sent, (seen, again) in zip(records, content, answers, strict=True):
        assert seen == ours(record, key, edition)
        theirs = module.parse(bytes.fromhex(again), strict=True)
        assert ours(theirs, key, edition) == seen
        # Of 2011 it always writes the flag and the number of certifications.
        assert len(again) == 2 * len(sent) + (2 if name == "iso19794-2:2011" else 0)
        minutiae += len(record.views[0].minutiae)
    print(f"{name}: {PRINTS} records, {minutiae} minutiae, 0 moved, either way")


BIOMDI = {
    "ansi378-2004": "ANSI",
    "iso19794-2:2005": "ISO",
    "iso19794-2:2005-card": "ISONC",
    "iso19794-2:2005-compact-card": "ISOCC",
}


def biomdi(folder: Path, program: str, *words: str) -> str:
    libraries = folder / "fingerminutia" / "lib", folder / "common" / "lib"
    place = {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries))}
    done = subprocess.run(
        [folder / "fingerminutia" / "bin" / program, *words],
        capture_output=True,
        text=True,
        env=place,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def minutiae_of(record: Any) -> list[tuple[int, ...]]:
    views = getattr(record, "views", None)
    return [tuple(one) for one in (views[0].minutiae if views else record.minutiae)]


@pytest.mark.slow
@pytest.mark.parametrize("key", BIOMDI)
def test_biomdi_reads_ours(key: str, tmp_path: Path) -> None:
    folder = needed("CIVID_BIOMDI")
    total = 0
    for one in prints():
        written = write(one, key).record
        path = tmp_path / "record"
        path.write_bytes(FORMATS[key].module().build(written))
        text = biomdi(folder, "prfmr", "-ti", BIOMDI[key], str(path))
        pattern = r"Type\s*: 0x(\d).*\n\s*Coordinate\s*: \((\d+),(\d+)\)\n\s*Angle\s*: (\d+)"
        seen = [tuple(map(int, row)) for row in re.findall(pattern, text)]
        assert seen == [row[:4] for row in minutiae_of(written)]
        total += len(seen)
    print(f"{key}: {PRINTS} records, {total} minutiae, 0 moved")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "target"),
    [("ansi378-2004", key) for key in BIOMDI if key != "ansi378-2004"]
    + [("iso19794-2:2005", "ansi378-2004")],
)
def test_biomdi_converts_as_we_do(source: str, target: str, tmp_path: Path) -> None:
    """Within a unit: biomdi turns 359.9 degrees into the last step, where we turn it into 0."""
    folder = needed("CIVID_BIOMDI")
    angles = {"ansi378-2004": 180, "iso19794-2:2005": 256, "iso19794-2:2005-card": 256}
    total = same = moved = 0
    for number, one in enumerate(prints()):
        path, result = tmp_path / "given", tmp_path / f"made-{number}"
        data = FORMATS[source].module().build(write(one, source).record)
        path.write_bytes(data)
        words = ("-i", str(path), "-ti", BIOMDI[source], "-o", str(result), "-to", BIOMDI[target])
        biomdi(folder, "fmr2fmr", *words)
        theirs = minutiae_of(FORMATS[target].module().parse(result.read_bytes()))
        made = minutiae_of(convert(data, target).record)
        assert len(made) == len(theirs)
        turn = angles.get(target, 64)
        for a, b in zip(made, theirs, strict=True):
            angle = abs(a[3] - b[3])
            off = max(abs(a[1] - b[1]), abs(a[2] - b[2]), min(angle, turn - angle))
            same += off == 0 and a[0] == b[0]
            moved += off > 1 or a[0] != b[0]
            total += 1
    print(f"{source} to {target}: {total} minutiae, {same} the same, {moved} moved by more than 1")
    assert moved == 0
