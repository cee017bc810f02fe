"""Templates of every print of a set: taken from the store, or made now. No failure is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from civid.errors import UnavailableError
from civid.fingerprint.image import FingerImage, read_image
from civid.fingerprint.template import Template
from civid.lab.digest import file_digest
from civid.lab.errors import EvaluationError
from civid.lab.evaluation.prints import PrintSet, Sample
from civid.lab.evaluation.store import Extracted, Store, load_template, save_template
from civid.lab.peers import System

#: Told how many are done, and of how many.
Progress = Callable[[int, int], None]

_BATCH = 8  # images a thread that are in memory at a time


def extract_set(
    prints: PrintSet,
    system: System,
    store: Store,
    *,
    threads: int = 1,
    whole: bool = False,
    on_progress: Progress = lambda done, total: None,
) -> list[Extracted]:
    """One result for each print of the set, in its order.

    Parameters
    ----------
    whole : bool
        Also make again what was extracted earlier but could not be kept, being of a foreign kind.

    Raises
    ------
    EvaluationError
        Not a single print could be extracted; the message has the first reason.
    """
    found: list[Extracted | None] = [_given(sample) for sample in prints.samples]
    missing = [at for at, one in enumerate(found) if one is None]
    paths = {}
    for at in missing:
        image = file_digest(prints.samples[at].path)
        paths[at] = store.template_path(system.extractor_version, image, prints.dpi)
        kept = load_template(paths[at])
        if kept is not None and not (whole and kept.usable and kept.template is None):
            found[at] = kept
            store.found(paths[at], earlier=True)
    missing = [at for at in missing if found[at] is None]
    done = len(found) - len(missing)
    on_progress(done, len(found))
    for at, one in zip(missing, _extracted(prints, missing, system, threads), strict=True):
        save_template(paths[at], one)
        store.found(paths[at], earlier=False)
        found[at] = one
        done += 1
        on_progress(done, len(found))
    results = [one for one in found if one is not None]
    if not any(one.usable for one in results):
        reason = next((one.failure for one in results), "it is empty")
        raise EvaluationError(f"{prints.name}: {system.name} extracts none of its prints: {reason}")
    return results


def load_image(sample: Sample, dpi: float | None) -> FingerImage:
    """The image of a print; ``dpi`` goes before what its file states."""
    return read_image(sample.path, dpi=dpi)


def _given(sample: Sample) -> Extracted | None:
    return None if sample.given is None else _described(sample.given, 0.0)


def _extracted(
    prints: PrintSet, wanted: Sequence[int], system: System, threads: int
) -> Iterator[Extracted]:
    extractor = system.extractor
    if not wanted:
        return
    if extractor is None:
        raise EvaluationError(f"{system.name} has no extractor, and {prints.name} no templates")

    def one(at: int) -> Extracted:
        started = time.perf_counter()
        try:
            image = load_image(prints.samples[at], prints.dpi)
            started = time.perf_counter()
            template = extractor(image)
        except UnavailableError:
            raise
        except Exception as error:
            return _failed(error, time.perf_counter() - started)
        return _described(template, time.perf_counter() - started)

    many = getattr(extractor, "many", None)
    if callable(many):
        for start in range(0, len(wanted), _BATCH * threads):
            yield from _batch(prints, wanted[start : start + _BATCH * threads], many)
    elif getattr(extractor, "parallel", False) and threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            for start in range(0, len(wanted), _BATCH * threads):
                yield from pool.map(one, wanted[start : start + _BATCH * threads])
    else:
        yield from map(one, wanted)


def _batch(
    prints: PrintSet, wanted: Sequence[int], many: Callable[[list[FingerImage]], Sequence[Any]]
) -> Iterator[Extracted]:
    images: dict[int, FingerImage] = {}
    failed: dict[int, Extracted] = {}
    for at in wanted:
        try:
            images[at] = load_image(prints.samples[at], prints.dpi)
        except UnavailableError:
            raise
        except Exception as error:
            failed[at] = _failed(error, 0.0)
    started = time.perf_counter()
    templates = iter(many(list(images.values())) if images else ())
    each = (time.perf_counter() - started) / max(1, len(images))
    for at in wanted:
        yield failed[at] if at in failed else _described(next(templates), each)


def _described(template: Any, seconds: float) -> Extracted:
    if template is None:
        return Extracted(None, "the extractor gave no template", seconds=seconds)
    if isinstance(template, BaseException):
        return _failed(template, seconds)
    if not isinstance(template, Template):
        return Extracted(template, seconds=seconds)
    if len(template) == 0:
        return Extracted(None, "no minutia was found", template.quality, 0, seconds)
    return Extracted(template, "", template.quality, len(template), seconds)


def _failed(error: BaseException, seconds: float) -> Extracted:
    return Extracted(None, f"{type(error).__name__}: {error}"[:300], seconds=seconds)
