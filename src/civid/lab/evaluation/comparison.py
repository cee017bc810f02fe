"""Scores of a plan: taken from the store, or computed now; interrupted runs go on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import UnavailableError
from civid.lab.evaluation.extraction import Progress
from civid.lab.evaluation.store import Extracted, load_arrays, save_arrays
from civid.lab.metrics import FAILED
from civid.lab.peers import Matcher

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SAVE_EVERY = 10.0  # seconds
_AHEAD = 4  # probes waiting for each thread


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Scores in the order of the plan.

    Attributes
    ----------
    scores : (K,) float64
        ``-inf`` where the comparison failed.
    made : int
        Comparisons that the matcher really made.
    seconds : float
        What they took, all threads together; from earlier runs too.
    prints : str
        `PrintSet.digest` of the set.
    """

    scores: Floats
    made: int
    seconds: float
    prints: str = ""

    @property
    def per_second(self) -> float | None:
        """Comparisons a second."""
        return self.made / self.seconds if self.made and self.seconds > 0 else None


def kept_scores(path: Path, count: int) -> Compared | None:
    """Scores that are complete in the store."""
    kept = _kept(path, count)
    if kept is None or int(kept["done"]) < count:
        return None
    return Compared(kept["scores"], int(kept["made"]), float(kept["seconds"]))


def compare_pairs(
    probe: Ints,
    reference: Ints,
    templates: Callable[[], Sequence[Extracted]],
    matcher: Matcher,
    path: Path,
    *,
    threads: int = 1,
    on_progress: Progress = lambda done, total: None,
) -> Compared:
    """Compare ``probe[k]`` with ``reference[k]``.

    Parameters
    ----------
    probe, reference : (K,) int64
        Indices into the templates; comparisons of one probe follow each other.
    templates : callable
        Gives them; called only where something is left to do.
    path : Path
        Where the scores are kept, every few seconds too.
    """
    count = len(probe)
    complete = kept_scores(path, count)
    if complete is not None:
        on_progress(count, count)
        return complete
    kept = _kept(path, count)
    scores = np.full(count, FAILED) if kept is None else np.array(kept["scores"])
    done, made, seconds = (
        (0, 0, 0.0)
        if kept is None
        else (int(kept["done"]), int(kept["made"]), float(kept["seconds"]))
    )
    ready = templates()
    last = time.perf_counter()
    saved = last
    for start, stop, row in _rows(probe, reference, ready, matcher, done, threads):
        scores[start:stop] = row
        if ready[probe[start]].usable:
            made += sum(ready[other].usable for other in reference[start:stop])
        done = stop
        now = time.perf_counter()
        seconds, last = seconds + now - last, now
        if now - saved > _SAVE_EVERY:
            save_arrays(path, scores=scores, done=done, made=made, seconds=seconds)
            saved = now
        on_progress(done, count)
    save_arrays(path, scores=scores, done=done, made=made, seconds=seconds)
    return Compared(scores, made, seconds)


def _kept(path: Path, count: int) -> dict[str, npt.NDArray[Any]] | None:
    kept = load_arrays(path)
    if kept is None or not {"scores", "done", "made", "seconds"} <= kept.keys():
        return None
    return kept if kept["scores"].shape == (count,) else None


def _rows(
    probe: Ints,
    reference: Ints,
    templates: Sequence[Extracted],
    matcher: Matcher,
    first: int,
    threads: int,
) -> Iterator[tuple[int, int, Floats]]:
    """Scores of one probe after the other."""
    starts = (first + np.flatnonzero(np.diff(probe[first:], prepend=-1))).tolist()
    stops = [*starts[1:], len(probe)]

    def row(start: int, stop: int) -> Floats:
        scores = np.full(stop - start, FAILED)
        a = templates[probe[start]]
        good = [k for k in range(stop - start) if templates[reference[start + k]].usable]
        if a.usable and good:
            others = [templates[reference[start + k]].template for k in good]
            scores[good] = _scores(matcher, a.template, others)
        return scores

    if threads == 1 or not getattr(matcher, "parallel", False):
        for start, stop in zip(starts, stops, strict=True):
            yield start, stop, row(start, stop)
        return
    waiting: deque[tuple[int, int, Future[Floats]]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for start, stop in zip(starts, stops, strict=True):
            waiting.append((start, stop, pool.submit(row, start, stop)))
            if len(waiting) >= threads * _AHEAD:
                one, two, future = waiting.popleft()
                yield one, two, future.result()
        for one, two, future in waiting:
            yield one, two, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _scores(matcher: Matcher, probe: Any, references: Sequence[Any]) -> Floats:
    """What cannot be compared gets no score, and the others theirs."""
    many = getattr(matcher, "many", None)
    if callable(many):
        try:
            return _checked(np.asarray(many(probe, references), dtype=np.float64))
        except UnavailableError:
            raise
        except Exception:
            if len(references) == 1:
                return np.array([FAILED])
    scores = np.full(len(references), FAILED)
    for k, one in enumerate(references):
        try:
            scores[k] = matcher(probe, one)
        except UnavailableError:
            raise
        except Exception:  # one comparison that fails is one that does not match
            continue
    return _checked(scores)


def _checked(scores: Floats) -> Floats:
    return np.where(np.isnan(scores), FAILED, scores)
