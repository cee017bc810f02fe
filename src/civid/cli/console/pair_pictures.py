"""Save a picture of each reported pair."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import civid
from civid.cli.console.output import Progress
from civid.cli.console.results import save_picture
from civid.dedup.folder.grouping import Enrolment
from civid.dedup.folder.prints import load
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.template import Template
from civid.position import Position

if TYPE_CHECKING:
    from civid.search import Duplicate

#: A personal number (12 digits) or a former one (9), wherever it stands in a name.
_NUMBER = re.compile(r"(?<!\d)(\d{9}|\d{12})(?!\d)")
_LONGEST = 60  # characters of a subject: two of them, and what else a name holds, are below 255


def save_pairs(
    duplicates: Sequence[Duplicate],
    enrolments: Iterable[Enrolment],
    folder: Path,
    dpi: float | None,
    progress: Progress,
    extraction: ExtractionParameters | None = None,
) -> list[Path]:
    """Draw the finger that speaks most for each duplicate; files have the names of `picture_name`.

    Subjects that the gallery has from elsewhere have no files here and are left out.
    """
    from civid.pictures import pair_joined

    saved = list[Path]()
    by_subject = {enrolment.subject: enrolment for enrolment in enrolments}
    for rank, one in enumerate(duplicates, 1):
        a, b = by_subject.get(one.subject), by_subject.get(one.other)
        if a is not None and b is not None:
            best = max(one.evidence, key=lambda finger: finger.score)
            image_a, template_a = _print(a, best.probe_position, dpi, extraction)
            image_b, template_b = _print(b, best.reference_position, dpi, extraction)
            result = civid.compare(template_a, template_b)
            picture = pair_joined(image_a, template_a, image_b, template_b, result)
            fingers = best.probe_position, best.reference_position
            path = folder / picture_name(rank, (one.subject, one.other), fingers)
            save_picture(picture, path, make_folder=True)
            saved.append(path)
        progress(rank, len(duplicates))
    return saved


def picture_name(rank: int, subjects: tuple[str, str], fingers: tuple[Position, Position]) -> str:
    """Rank, who is the same as whom, and which finger is drawn; two where the labels differ.

    Names of files get around: where a subject has the number of a person, both are left out.

    >>> picture_name(1, ("7_1.png", "box 3/8"), (Position.RIGHT_INDEX, Position.RIGHT_INDEX))
    '0001_7_1_box-3-8_right-index.png'
    >>> picture_name(2, ("046301123456", "b"), (Position.RIGHT_INDEX, Position.LEFT_INDEX))
    '0002_right-index_left-index.png'
    """
    told = [] if any(map(_NUMBER.search, subjects)) else [_plain(one) for one in subjects]
    return "_".join([f"{rank:04}", *told, *dict.fromkeys(one.word for one in fingers)]) + ".png"


def _plain(subject: str) -> str:
    """What every file system takes of it; a suffix of a picture is left out."""
    return re.sub(r"[^\w.-]+", "-", re.sub(r"\.[A-Za-z]\w{1,3}$", "", subject))[:_LONGEST]


def _print(
    enrolment: Enrolment,
    finger: Position,
    dpi: float | None,
    extraction: ExtractionParameters | None,
) -> tuple[FingerImage | None, Template]:
    """One finger of an enrolment, whose file may hold several."""
    path = enrolment.files.get(finger) or enrolment.files[Position.UNKNOWN]
    return load(path, dpi, finger, extraction)
