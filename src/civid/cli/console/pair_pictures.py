"""Save a picture of each reported pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import civid
from civid.cli.console.output import Progress
from civid.cli.console.results import save_picture
from civid.dedup.folder.grouping import Enrolment
from civid.dedup.folder.prints import load
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.position import Position

if TYPE_CHECKING:
    from civid.search import Duplicate


def save_pairs(
    duplicates: Sequence[Duplicate],
    enrolments: Iterable[Enrolment],
    folder: Path,
    dpi: float | None,
    progress: Progress,
) -> list[Path]:
    """Draw the finger that speaks most for each duplicate.

    Subjects that the gallery has from elsewhere have no files here and are left out.
    """
    from civid.pictures import pair_joined

    saved = list[Path]()
    by_subject = {enrolment.subject: enrolment for enrolment in enrolments}
    for rank, one in enumerate(duplicates, 1):
        a, b = by_subject.get(one.subject), by_subject.get(one.other)
        if a is not None and b is not None:
            best = max(one.evidence, key=lambda finger: finger.score)
            image_a, template_a = _print(a, best.probe_position, dpi)
            image_b, template_b = _print(b, best.reference_position, dpi)
            result = civid.compare(template_a, template_b)
            picture = pair_joined(image_a, template_a, image_b, template_b, result)
            path = folder / f"{rank:04}.png"
            save_picture(picture, path, make_folder=True)
            saved.append(path)
        progress(rank, len(duplicates))
    return saved


def _print(
    enrolment: Enrolment, finger: Position, dpi: float | None
) -> tuple[FingerImage | None, Template]:
    """One finger of an enrolment, whose file may hold several."""
    path = enrolment.files.get(finger) or enrolment.files[Position.UNKNOWN]
    return load(path, dpi, finger)
