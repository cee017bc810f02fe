"""The main job from end to end, on people whom nobody knows.

A synthetic population is enrolled, some of them twice under two numbers; then civid does what it
would do with real prints: read, extract, enrol, find duplicates. The truth is kept aside, and used
for nothing but the report.
"""

from __future__ import annotations

import csv
import json
import platform
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import civid
from civid import cpu
from civid.dedup.truth import DuplicateReport, judge
from civid.fingerprint.compare import compare
from civid.fingerprint.extract import extract
from civid.fingerprint.image import read_image
from civid.fingerprint.template import Template
from civid.lab.synthetic import population
from civid.pictures import pair_joined
from civid.position import Position
from civid.search import Duplicate, Gallery

#: Three fingers each: enough that fusion shows, few enough that they are grown in a minute or two.
FINGERS = (Position.RIGHT_THUMB, Position.RIGHT_INDEX, Position.LEFT_INDEX)

#: What the prints of a folder were made from; written when all of them are there.
MADE = "made.json"

#: Told the name of the step, how many are done, and of how many.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo did and found.

    Attributes
    ----------
    folder, picture : Path
        Where everything lies; the picture of a matched pair, None when nothing was found.
    enrolments, prints : int
        How many were made.
    min_score : float
        The operating point.
    duplicates : tuple of Duplicate
        What was reported, best first.
    truth : DuplicateReport
        What was right about it.
    seconds : dict
        Duration of each step.
    reused : bool
        The prints were there from an earlier demo of the same people.
    """

    folder: Path
    picture: Path | None
    enrolments: int
    prints: int
    min_score: float
    duplicates: tuple[Duplicate, ...]
    truth: DuplicateReport
    seconds: dict[str, float]
    reused: bool = False

    @property
    def prints_per_second(self) -> float:
        """Reading and extraction, all threads."""
        return self.prints / self.seconds["extract"]

    @property
    def comparisons(self) -> int:
        """Pairs of prints that were compared: every pair of enrolments, finger by finger."""
        return self.enrolments * (self.enrolments - 1) // 2 * (self.prints // self.enrolments)

    @property
    def comparisons_per_second(self) -> float:
        """Finger comparisons, all threads."""
        return self.comparisons / self.seconds["compare"]

    def as_dict(self) -> dict[str, object]:
        """For report.json."""
        return {
            "folder": str(self.folder),
            "picture": None if self.picture is None else str(self.picture),
            "machine": platform.machine(),
            "instruction_set": cpu.active(),
            "enrolments": self.enrolments,
            "prints": self.prints,
            "reused": self.reused,
            "min_score": round(self.min_score, 3),
            "duplicates": [
                {"a": one.subject, "b": one.other, "score": round(one.score, 3)}
                for one in self.duplicates
            ],
            "truth": self.truth.as_dict(),
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
            "prints_per_second": round(self.prints_per_second, 1),
            "comparisons_per_second": round(self.comparisons_per_second),
        }


def run(
    folder: Path,
    *,
    citizens: int = 200,
    repeated: int = 20,
    fingers: Sequence[Position] = FINGERS,
    max_fpir: float = 1e-4,
    seed: int = 1,
    threads: int = 2,
    on_progress: Progress = lambda step, done, total: None,
) -> Demo:
    """Make a population, find its duplicates, judge the answer.

    Parameters
    ----------
    folder : Path
        Gets ``prints/NUMBER_POSITION.png``, ``truth.csv``, ``made.json``, ``report.json`` and
        ``pair.png``. The same people of an earlier demo are used again when all of their prints
        are there; the prints of others are replaced.
    citizens, repeated : int
        How many people there are, and how many of them enrol twice.
    fingers : sequence of Position
        Which fingers each of them gives.
    max_fpir : float
        The operating point, as for `civid.Gallery.duplicates`.
    seed : int
        The same seed gives the same population.
    threads : int
        How many threads work.
    on_progress : callable
        Called as ``on_progress(step, done, total)``.

    Raises
    ------
    SyntheticError
        A number makes no sense.
    OSError
        The folder cannot be written.
    """
    clock = _Clock()
    asked = {
        "civid": civid.__version__, "citizens": citizens, "repeated": repeated,
        "fingers": [int(one) for one in fingers], "seed": seed,
    }  # fmt: skip
    people = _made_earlier(folder, asked)
    if reused := people is not None:
        on_progress("Growing prints", len(people), len(people))
    else:
        people = _make(folder, citizens, repeated, fingers, seed, threads, on_progress)
        (folder / MADE).write_text(json.dumps(asked) + "\n", encoding="utf-8")
    clock.stop("make prints")

    gallery = Gallery()
    paths = [path for number in people for path in people[number].files.values()]
    with ThreadPoolExecutor(threads) as pool:
        templates = dict[Path, Template]()
        for path, template in zip(paths, pool.map(_read, paths), strict=True):
            templates[path] = template
            on_progress("Extracting", len(templates), len(paths))
    clock.stop("extract")
    gallery.enroll_many(
        (number, {position: templates[path] for position, path in one.files.items()})
        for number, one in people.items()
    )
    clock.stop("enrol")
    found = list(
        gallery.duplicates(
            max_fpir=max_fpir,
            threads=threads,
            on_progress=lambda done, total: on_progress("Comparing", done, total),
        )
    )
    clock.stop("compare")

    found.sort(key=lambda one: -one.score)
    picture = _draw(folder, people, templates, found)
    truth = judge(
        {number: one.person for number, one in people.items()},
        [(one.subject, one.other) for one in found],
    )
    demo = Demo(
        folder=folder,
        picture=picture,
        enrolments=len(people),
        prints=len(paths),
        min_score=_least(max_fpir, len(people)),
        duplicates=tuple(found),
        truth=truth,
        seconds=clock.seconds,
        reused=reused,
    )
    text = json.dumps(demo.as_dict(), indent=2, ensure_ascii=False)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    return demo


@dataclass(frozen=True, slots=True)
class _Enrolled:
    person: int
    files: dict[Position, Path]


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def stop(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] = now - self._last
        self._last = now


def _make(
    folder: Path,
    citizens: int,
    repeated: int,
    fingers: Sequence[Position],
    seed: int,
    threads: int,
    on_progress: Progress,
) -> dict[str, _Enrolled]:
    """Press every finger and save the prints as any scanner would."""
    from PIL import Image

    people: dict[str, _Enrolled] = {}
    made = population(
        citizens,
        fingers=fingers,
        duplicates=repeated,
        seed=seed,
        threads=threads,
        on_progress=lambda done, total: on_progress("Growing prints", done, total),
    )
    prints = folder / "prints"
    prints.mkdir(parents=True, exist_ok=True)
    _remove_earlier(folder)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        truth = csv.writer(file, lineterminator="\n")
        truth.writerow(["number", "person", "position", "file"])
        for number, pictures, person in made:
            files: dict[Position, Path] = {}
            for position, image in pictures.items():
                path = prints / f"{number}_{int(position)}.png"
                Image.fromarray(image.pixels).save(path, dpi=(image.dpi, image.dpi))
                truth.writerow([number, person, int(position), path.name])
                files[position] = path
            people[number] = _Enrolled(person, files)
    return people


def _made_earlier(folder: Path, asked: dict[str, object]) -> dict[str, _Enrolled] | None:
    """The people of an earlier demo, if it was asked for the same and has all of their prints."""
    try:
        if json.loads((folder / MADE).read_text(encoding="utf-8")) != asked:
            return None
        people: dict[str, _Enrolled] = {}
        for row in _truth(folder):
            one = people.setdefault(row["number"], _Enrolled(int(row["person"]), {}))
            one.files[Position(int(row["position"]))] = folder / "prints" / row["file"]
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none, broken off, or not as it was written: it is made anew
    there = all(path.is_file() for one in people.values() for path in one.files.values())
    return people if people and there else None


def _truth(folder: Path) -> list[dict[str, str]]:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _remove_earlier(folder: Path) -> None:
    """The prints of an earlier demo: those that its own truth.csv names, and nothing else."""
    (folder / MADE).unlink(missing_ok=True)
    try:
        names = [row.get("file") or "" for row in _truth(folder)]
    except FileNotFoundError:
        return
    for name in names:
        if name == Path(name).name and name.endswith(".png"):
            (folder / "prints" / name).unlink(missing_ok=True)


def _read(path: Path) -> Template:
    return extract(read_image(path))


def _least(max_fpir: float, enrolments: int) -> float:
    from civid.search import threshold

    return threshold(max_fpir, enrolments - 1)


def _draw(
    folder: Path,
    people: dict[str, _Enrolled],
    templates: dict[Path, Template],
    found: list[Duplicate],
) -> Path | None:
    """A typical pair, the one in the middle: its best finger."""
    if not found:
        return None
    pair = found[len(found) // 2]
    best = max(pair.evidence, key=lambda finger: finger.score)
    a = people[pair.subject].files[best.probe_position]
    b = people[pair.other].files[best.reference_position]
    result = compare(templates[a], templates[b])
    path = folder / "pair.png"
    pair_joined(read_image(a), templates[a], read_image(b), templates[b], result).save(path)
    return path
