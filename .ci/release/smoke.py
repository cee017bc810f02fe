"""A wheel at work: run by a bare interpreter that has it installed, in any folder but the sources.

Made prints go through the engine, the search and a gallery on disk, under every instruction set
that is here; all must give the same scores. Prints one line of what was seen.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import civid
from civid import FingerImage, Gallery, Position, Template, cpu


def ridges(seed: int) -> np.ndarray:
    """A picture of ridges around a loop, with ends and forks where plane waves disagree."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:400, :320].astype(float)
    angle = np.arctan2(y - 200, x - 160) / 2 + random.uniform(-0.2, 0.2)
    phase = 2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / 9
    for _ in range(30):
        at = random.uniform((60, 60), (260, 340))
        phase += random.choice((-1, 1)) * np.arctan2(y - at[1], x - at[0])
    inside = ((x - 160) / 140) ** 2 + ((y - 200) / 185) ** 2 < 1
    noise = random.normal(0, 8, x.shape)
    return np.where(inside, 128 + 90 * np.sin(phase) + noise, 255).clip(0, 255).astype(np.uint8)


def print_of(seed: int) -> Template:
    return civid.extract(FingerImage(ridges(seed), 500))


def seen() -> dict[str, list[float]]:
    """Minutiae and scores under every instruction set."""
    told = {}
    for name in cpu.available():
        with cpu.using(name):
            templates = [print_of(seed) for seed in range(4)]
            scores = [civid.compare(a, b).score for a in templates for b in templates]
            told[name] = [*(len(one) for one in templates), *scores]
            assert all(len(one) >= 10 for one in templates), told
            assert civid.compare(templates[0], templates[0]).score > 60, told
    assert len({json.dumps(one) for one in told.values()}) == 1, told
    return told


def kept(folder: Path) -> None:
    """Three people, one found again after the gallery was closed."""
    templates = [print_of(seed) for seed in range(3)]
    with Gallery.open(folder / "people") as gallery:
        for number, template in enumerate(templates):
            gallery.enroll(f"person-{number}", {Position.RIGHT_INDEX: template})
    with Gallery.open(folder / "people", read_only=True) as gallery:
        found = gallery.search({Position.RIGHT_INDEX: templates[1]}, 1)
        assert [one.subject_id for one in found] == ["person-1"], found


def main() -> int:
    where = Path(civid.__file__).resolve().parent
    assert "site-packages" in where.parts or "dist-packages" in where.parts, where
    told = seen()
    disk = "no gallery on disk (POSIX only)"
    if sys.platform != "win32":
        with tempfile.TemporaryDirectory() as folder:
            kept(Path(folder))
        disk = "a gallery on disk"
    command = [sys.executable, "-m", "civid", "info", "--json"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout
    info = json.loads(said)
    assert info["version"] == civid.__version__, info
    assert info["instruction_sets"] == list(told), info
    print(
        f"civid {civid.__version__} on Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {info['instruction_set']}: "
        f"{', '.join(told)} agree, {disk}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
