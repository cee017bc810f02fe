"""`measure`: what searching costs on this machine, in under a minute."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import civid
from civid import cpu
from civid.errors import SearchError
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.arrays.packing import INDEX_VERSION
from civid.search.capacity.costs.records import (
    Costs,
    Machine,
    SearchCost,
    SizeCost,
    Spread,
    SweepCost,
    Threads,
)
from civid.search.capacity.costs.scatter import measure_scatter
from civid.search.capacity.costs.timing import (
    Prints,
    time_crowd,
    time_searches,
    time_sweep,
    time_threads,
)
from civid.search.gallery import Gallery

#: Different subjects by number of fingers, and the sizes that copies of them are brought to.
QUICK: dict[int, tuple[int, tuple[int, ...]]] = {
    2: (3_000, (6_000, 24_000, 64_000)),
    10: (500, (3_000, 8_000)),  # up to 2,048 all are compared
}
#: Bytes of tables and ids a subject (docs/explain/search.md, "Bytes a subject").
TABLES = 67
#: By inverted lists so many minutiae of a finger ask, of a single one or of several; each reads
#: this share of all minutiae, 18 bytes of each (docs/explain/sublinear.md, "Speed").
_ASK_ALONE, _ASK, _READ, _READ_BYTES = 40, 24, 0.022, 18
#: Bytes of a process that has the engine loaded, before it has a gallery (the same table).
PROCESS = 140e6
_PROBES, _SWEPT = 8, 64
#: Strangers begin here.
_STRANGERS = 500_000_000

Progress = Callable[[int, int], None]


class People(Protocol):
    """Where templates come from: `civid.lab.synthetic.SyntheticGallery`, or your own prints."""

    def templates(self, begin: int, end: int) -> Iterator[dict[Position, Template]]:
        """Of people ``begin`` .. ``end - 1``: templates by position, always the same ones."""
        ...


def machine_here(source: str) -> Machine:
    """This machine, now."""
    return Machine(
        cpu=_processor(),
        isa=cpu.active(),
        cores=_cores(),
        date=datetime.now(UTC).date().isoformat(),
        load=round(os.getloadavg()[0], 1),
        engine=f"{civid.__version__}/{INDEX_VERSION}",
        source=source,
    )


def measure(
    people: Mapping[int, People],
    *,
    sizes: Mapping[int, tuple[int, Sequence[int]]] | None = None,
    source: str = "civid plan --measure",
    on_progress: Progress | None = None,
) -> Costs:
    """Measure what a plan needs, on this machine (đo chi phí tra cứu trên máy này).

    A compacted gallery in a temporary folder, as a node has it (one in memory would be scanned), is
    filled with copies of some thousand people under other names: a stranger is searched for as long
    among copies as among as many different people, which ``docs/explain/capacity.md`` shows; and
    making people takes longer than copying them.

    Parameters
    ----------
    people : mapping of int to People
        By number of fingers: 2 and 10, say. At least one.
    sizes : mapping of int to (int, sequence of int), optional
        By number of fingers: different people, and the galleries' sizes; some thousand and up to a
        hundred thousand unless given.
    source : str
        Noted in the record.
    on_progress : callable
        Called with (done, total) steps.

    Raises
    ------
    SearchError
        No people, or sizes that are not ascending or below the number of different people.

    Notes
    -----
    One thread but where several are measured. Other work on the machine makes the figures dearer;
    ``machine.load`` keeps how much there was.
    """
    plan = dict(QUICK if sizes is None else sizes)
    wanted = sorted(set(plan) & set(people))
    if not wanted:
        raise SearchError("people with as many fingers as the sizes name are needed")
    for distinct, steps in (plan[one] for one in wanted):
        if not steps or distinct < 1 or sorted(set(steps)) != list(steps) or steps[0] < distinct:
            raise SearchError("sizes must ascend, from the number of different people on")
    total, done = sum(len(plan[one][1]) + 2 for one in wanted), 0

    def step() -> None:
        nonlocal done
        done += 1
        if on_progress is not None:
            on_progress(done, total)

    machine = machine_here(source)
    found = [_measured(people[one], *plan[one], machine.cores, step) for one in wanted]
    first = found[0]
    return Costs(
        machine=machine,
        searches=tuple(cost for one in found for cost in one.searches),
        sweeps=tuple(cost for one in found for cost in one.sweeps),
        sizes=tuple(one.size for one in found),
        spread=first.spread,
        threads=first.threads,
        crowded=first.crowded,
        templates_a_cpu_s=first.templates_a_cpu_s,
        process=PROCESS,
        scatter=measure_scatter(),
    )


@dataclass(frozen=True, slots=True)
class _OfFingers:
    """What was measured with one number of fingers."""

    searches: list[SearchCost]
    sweeps: list[SweepCost]
    size: SizeCost
    spread: Spread
    threads: tuple[Threads, ...]
    crowded: float
    templates_a_cpu_s: float


def _measured(
    people: People, distinct: int, sizes: Sequence[int], cores: int, step: Callable[[], None]
) -> _OfFingers:
    templates = list(people.templates(0, distinct))
    strangers = list(people.templates(_STRANGERS, _STRANGERS + _SWEPT))
    step()
    searches, sweeps, spread, enrolling, folding = [], [], None, 0.0, 0.0
    with (
        tempfile.TemporaryDirectory(prefix="civid-measure-") as folder,
        Gallery.open(Path(folder) / "gallery", background=False) as gallery,
    ):
        for size in sizes:
            enrolling += _grow(gallery, templates, size)
            folded = _fold(gallery)
            folding = folding or folded / gallery.fingers  # later ones fold some once more
            cost, spread = time_searches(gallery, strangers[:_PROBES], min(distinct, size))
            searches.append(cost)
            sweeps.append(time_sweep(gallery, strangers))
            step()
        assert spread is not None
        threads: tuple[Threads, ...] = ()
        crowded = 1.0
        if cores > 1:
            threads = (time_threads(gallery, strangers[:_PROBES], cores),)
            crowded = time_crowd(gallery, strangers[:4], cores)
        step()
        rate = 1 / (enrolling / gallery.fingers + folding)
        size_cost = size_of(gallery, len(strangers[0]), Path(folder))
    return _OfFingers(searches, sweeps, size_cost, spread, threads, crowded, rate)


def size_of(gallery: Gallery, fingers: int, folder: Path) -> SizeCost:
    """Bytes a subject of a gallery in a folder.

    By inverted lists a search maps these, too: whom they name is looked at again by codes.
    """
    minutiae = (gallery.nbytes / gallery.fingers - 8) / 24
    view = gallery._directory.view()
    lists = sum(len(one.data) for part in view.parts for one in part.lists)
    disk = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    asking = _ASK_ALONE if fingers == 1 else _ASK
    return SizeCost(
        fingers=fingers,
        subjects=len(gallery),
        resident=(gallery.nbytes + lists) / len(gallery) + TABLES,
        disk=disk / len(gallery),
        # A scan reads the first half of each code, once for all who ask.
        scanned=(asking * _READ * _READ_BYTES if lists else 8) * minutiae * min(fingers, 2),
    )


def _grow(gallery: Gallery, templates: Sequence[Prints], size: int) -> float:
    """Enrol copies up to a size; processor seconds."""
    begun = time.thread_time()
    while len(gallery) < size:
        first = len(gallery)
        more = min(size - first, len(templates))
        gallery.enroll_many(((f"{first + k:012}", templates[k]) for k in range(more)), threads=1)
    return time.thread_time() - begun


def _fold(gallery: Gallery) -> float:
    """Make its lists; processor seconds."""
    begun = time.thread_time()
    gallery.compact(threads=1)
    return time.thread_time() - begun


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
