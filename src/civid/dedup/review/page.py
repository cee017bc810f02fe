"""All groups on one page, for a clerk: pictures inside, nothing is loaded, nothing runs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from civid.dedup.folder.prints import load
from civid.dedup.pages.figures import Figure, Prints, figure
from civid.dedup.pages.rendering import render, static
from civid.dedup.pages.words import finger, moment
from civid.dedup.review.groups import Group, Match, Member
from civid.fingerprint.image import FingerImage
from civid.fingerprint.scores.odds import odds
from civid.fingerprint.template import Template
from civid.position import Position
from civid.problems import Problem

#: More pairs make a page that no browser opens; the table has them all.
MOST_PAIRS = 1000


@dataclass(frozen=True, slots=True)
class Facts:
    """What the head of the page says.

    Attributes
    ----------
    galleries : tuple of str
        One, or two that were compared.
    subjects : tuple of int
        How many are in each.
    statement : str
        From which score on pairs are reported, in words, in the language of the page.
    """

    galleries: tuple[str, ...]
    subjects: tuple[int, ...]
    statement: str


@dataclass(frozen=True, slots=True, repr=False)
class _Finger:
    """One compared finger of a pair, as the template writes it."""

    a: str
    b: str
    file_a: str
    file_b: str
    score: str
    figure: Figure | None
    problems: tuple[str, ...]


def review_page(
    groups: Sequence[Group],
    facts: Facts,
    templates: Callable[[Member], dict[Position, Template]],
    *,
    shown: Callable[[str], str] = str,
    dpi: float | None = None,
    most_pictures: int = 100,
    language: Literal["en", "vi"] = "vi",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> str:
    """One HTML file with every group, its files, and each compared finger of each pair.

    Parameters
    ----------
    groups : sequence of Group
        Of `groups_of`.
    facts : Facts
        What was compared.
    templates : callable
        The fingers that the gallery has of a member; drawn where there is no image.
    shown : callable
        How names of files are written, so that nothing in them is hidden.
    dpi : float, optional
        Of scans that do not say it.
    most_pictures : int
        At most so many fingers are drawn; which are not is said.
    language : str
        ``vi`` or ``en``.
    progress : callable
        Told how many pairs are done.

    Returns
    -------
    str
        A page of its own. **It shows prints**: keep it where these may be kept.

    Raises
    ------
    UnavailableError
        The extra ``civid[pages]`` is not installed.

    >>> facts = Facts(("centre",), (3,), "threshold 38.4")
    >>> "No pair was found." in review_page([], facts, lambda member: {}, language="en")
    True
    """
    total = min(MOST_PAIRS, sum(len(group.matches) for group in groups))
    left, done, sections = most_pictures, 0, list[dict[str, Any]]()
    for group in groups:
        pairs = []
        for match in group.matches[: total - done]:
            fingers = _fingers(match, templates, shown, dpi, left, language)
            left -= sum(one.figure is not None for one in fingers)
            pairs.append(
                {
                    "a": match.a, "b": match.b, "score": f"{match.found.score:.1f}",
                    "meaning": odds(
                        float(match.found.score), language, calibrated=match.found.calibrated
                    ), "fingers": fingers,
                }
            )  # fmt: skip
            done += 1
            progress(done, total)
        if pairs:
            sections.append({"group": group, "pairs": pairs, "members": _members(group, shown)})
    style = static("pages.css").decode()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return render(
        "groups.html", language, sections=sections, facts=facts, style=style,
        style_hash=f"sha256-{digest}", made=moment(int(datetime.now(UTC).timestamp() * 1e6)),
        groups=len(groups), total=sum(len(group.matches) for group in groups), on_page=total,
        drawn=most_pictures - left, finger=lambda one: finger(one, language),
        undrawn=sum(
            one.figure is None for section in sections for pair in section["pairs"]
            for one in pair["fingers"]
        ),
    )  # fmt: skip


def _members(group: Group, shown: Callable[[str], str]) -> list[dict[str, object]]:
    return [
        {
            "subject": one.subject, "gallery": one.gallery,
            "files": [(position, shown(str(file))) for position, file in one.files.items()],
        }
        for one in group.members
    ]  # fmt: skip


def _fingers(
    match: Match,
    templates: Callable[[Member], dict[Position, Template]],
    shown: Callable[[str], str],
    dpi: float | None,
    left: int,
    language: str,
) -> list[_Finger]:
    made = []
    for number, one in enumerate(match.found.evidence):
        position, other = one.probe_position, one.reference_position
        drawn, problems = None, list[str]()
        if number < left:
            sides = []
            for member, place in ((match.a, position), (match.b, other)):
                image = _image(member, place, dpi, problems)
                kept = templates(member)
                sides.append(Prints(kept, {} if image is None else {place: image}))
            drawn = figure(sides[0], sides[1], position, other, language)
        files = _shown(match.a, position, shown), _shown(match.b, other, shown)
        made.append(
            _Finger(
                finger(position, language), finger(other, language), *files,
                f"{one.score:.1f}", drawn, tuple(map(shown, problems)),
            )
        )  # fmt: skip
    return made


def _image(
    member: Member, position: Position, dpi: float | None, problems: list[str]
) -> FingerImage | None:
    """The scan of a finger; what is wrong with its file goes on the page, and stops nothing."""
    path = member.file(position)
    if path is None:
        return None
    try:
        return load(path, dpi, position)[0]
    except Problem as problem:
        problems.append(str(problem))
        return None


def _shown(member: Member, position: Position, shown: Callable[[str], str]) -> str:
    file: Path | None = member.file(position)
    return "" if file is None else shown(file.name)
