"""`measure`: what searching costs on this machine, in under a minute."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    Scatter,
    joined,
)
from civid.search.capacity.costs.scatter import measure_scatter
from civid.search.capacity.costs.sizes import PROCESS, size_of
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
    1: (3_000, (6_000, 24_000)),
    10: (500, (3_000, 8_000)),  # up to 2,048 all are compared
}
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
        By number of fingers: 1, 2 and 10, say; the first of them in `sizes` says how searches
        differ and what several threads take. At least one.
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
    wanted = [one for one in plan if one in people]
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

    machine, scatter = machine_here(source), measure_scatter()
    return joined([_measured(people[one], *plan[one], machine, scatter, step) for one in wanted])


def _measured(
    people: People,
    distinct: int,
    sizes: Sequence[int],
    machine: Machine,
    scatter: Scatter,
    step: Callable[[], None],
) -> Costs:
    """With one number of fingers."""
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
        several = machine.cores > 1
        found = Costs(
            machine=machine,
            searches=tuple(searches),
            sweeps=tuple(sweeps),
            sizes=(size_of(gallery, len(strangers[0]), Path(folder)),),
            spread=spread,
            threads=(time_threads(gallery, strangers[:_PROBES], machine.cores),) if several else (),
            crowded=time_crowd(gallery, strangers[:4], machine.cores) if several else 1.0,
            templates_a_cpu_s=1 / (enrolling / gallery.fingers + folding),
            process=PROCESS,
            scatter=scatter,
        )
        step()
    return found


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
