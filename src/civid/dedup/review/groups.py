"""Duplicates as groups: who belongs together, in which gallery, from which files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from civid.dedup.truth import linked
from civid.fingerprint.scores.odds import measured, odds
from civid.position import Position

if TYPE_CHECKING:
    from civid.search import Duplicate

#: Files of each subject of one gallery, by finger; a file of a whole hand is of the unknown one.
Sources = Mapping[str, Mapping[Position, Path]]

#: Titles of the table: a row a compared finger.
TITLES = ("group", "subject", "gallery", "other", "other_gallery", "score", "meaning",
          "meaning_vi", "measured", "finger", "other_finger", "finger_score", "file",
          "other_file")  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Member:
    """A subject of one of the galleries that are compared.

    Attributes
    ----------
    side : int
        0 = the gallery, 1 = the one that it is compared with. Two subjects of one name are two.
    gallery, subject : str
        Which gallery, and the id in it.
    files : mapping of Position to Path
        Of its prints, as far as they are known.
    """

    side: int
    gallery: str
    subject: str
    files: Mapping[Position, Path]

    def file(self, position: Position) -> Path | None:
        """The file of a finger, or the one that holds several."""
        return self.files.get(position) or self.files.get(Position.UNKNOWN)


@dataclass(frozen=True, slots=True, repr=False)
class Match:
    """Two members of a group that look like one person."""

    a: Member
    b: Member
    found: Duplicate


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """Subjects that are linked by pairs, directly or through others; the best pair first."""

    number: int
    members: tuple[Member, ...]
    matches: tuple[Match, ...]


def groups_of(
    duplicates: Iterable[Duplicate], galleries: Sequence[str], sources: Sequence[Sources]
) -> list[Group]:
    """Groups, the one with the highest score first. The same pairs give the same groups.

    Parameters
    ----------
    duplicates : iterable of Duplicate
        Of one gallery, or of one against another.
    galleries : sequence of str
        Their names: one, or two.
    sources : sequence
        The files of each gallery's subjects; empty where nothing is known.

    >>> from civid.search import Duplicate
    >>> pairs = [Duplicate("a", "b", 60.0, ()), Duplicate("b", "c", 70.0, ())]
    >>> [len(one.members) for one in groups_of(pairs, ["centre"], [{}])]
    [3]
    >>> [len(one.members) for one in groups_of(pairs, ["unit", "centre"], [{}, {}])]
    [2, 2]
    """
    right = len(galleries) - 1
    found = sorted(duplicates, key=lambda one: (-one.score, one.subject, one.other))
    members: dict[tuple[int, str], Member] = {}
    for one in found:
        for side, subject in ((0, one.subject), (right, one.other)):
            files = sources[side].get(subject, {})
            members.setdefault((side, subject), Member(side, galleries[side], subject, files))
    together = linked(((0, one.subject), (right, one.other)) for one in found)
    number_of = {node: number for number, nodes in enumerate(together) for node in nodes}
    matches: defaultdict[int, list[Match]] = defaultdict(list)
    for one in found:
        left = (0, one.subject)
        match = Match(members[left], members[right, one.other], one)
        matches[number_of[left]].append(match)
    return [
        Group(rank, tuple(members[node] for node in together[number]), tuple(matches[number]))
        for rank, number in enumerate(matches, 1)
    ]


def table_rows(groups: Iterable[Group]) -> list[tuple[str | int | Decimal, ...]]:
    """The table of `TITLES`. Scores have three decimals: the same on every computer."""
    rows: list[tuple[str | int | Decimal, ...]] = []
    for group in groups:
        for match in group.matches:
            score, calibrated = float(match.found.score), match.found.calibrated
            start = (
                group.number, match.a.subject, match.a.gallery, match.b.subject, match.b.gallery,
                _exact(score), odds(score, calibrated=calibrated),
                odds(score, "vi", calibrated=calibrated),
                "yes" if calibrated and measured(score) else "no",
            )  # fmt: skip
            for one in match.found.evidence:
                files = match.a.file(one.probe_position), match.b.file(one.reference_position)
                rows.append(
                    (*start, one.probe_position.word, one.reference_position.word,
                     _exact(one.score), *("" if file is None else str(file) for file in files))
                )  # fmt: skip
    return rows


def _exact(score: float) -> Decimal:
    return Decimal(f"{score:.3f}")


def as_json(group: Group) -> dict[str, object]:
    """A group with the files of its members."""
    return {
        "number": group.number,
        "members": [
            {
                "subject": one.subject, "gallery": one.gallery,
                "files": {position.word: str(file) for position, file in one.files.items()},
            }
            for one in group.members
        ],
    }  # fmt: skip
