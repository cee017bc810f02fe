"""The prints of an evaluation: which file shows which finger of whom."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid.fingerprint.template import Template
from civid.lab.digest import file_digest


@dataclass(frozen=True, slots=True)
class Sample:
    """One print.

    Attributes
    ----------
    path : Path
        Its file; with templates that come in one CSV, the file of all of them.
    finger : str
        Prints with the same ``person`` and ``finger`` in one evaluation are mated.
    impression : int
        Which impression of the finger this is.
    person : str
        Whose it is; empty = not known, then each finger counts as a person of its own.
    position : str
        Which of the ten fingers; empty = not known.
    group : str
        The set that it came from, where sets are pooled; the sensor, in a manifest.
    role : str
        In a search: ``gallery`` or ``probe``; empty = by the number of the impression.
    given : Template, optional
        Its template, where somebody else extracted it.
    """

    path: Path
    finger: str
    impression: int
    person: str = ""
    position: str = ""
    group: str = ""
    role: str = ""
    given: Template | None = field(default=None, repr=False, compare=False)

    @property
    def identity(self) -> tuple[str, str]:
        """What mated prints have in common."""
        return self.person, self.finger

    @property
    def name(self) -> str:
        """How reports call it."""
        label = "/".join(part for part in (self.person, self.finger) if part)
        return f"{label}_{self.impression}"


@dataclass(frozen=True, slots=True, eq=False)
class PrintSet:
    """A set of prints with a name.

    Attributes
    ----------
    name : str
    samples : tuple of Sample
    dpi : float, optional
        Resolution of images that do not state theirs.
    """

    name: str
    samples: tuple[Sample, ...]
    dpi: float | None = None

    def __len__(self) -> int:
        return len(self.samples)

    def __repr__(self) -> str:
        fingers = len({sample.identity for sample in self.samples})
        return f"PrintSet({self.name}: {len(self):,} prints of {fingers:,} fingers)"

    @property
    def fingers(self) -> npt.NDArray[np.int64]:
        """(N,) the finger of each print, 0 .. number of fingers - 1."""
        return numbered([sample.identity for sample in self.samples])

    @property
    def subjects(self) -> npt.NDArray[np.int64]:
        """(N,) the person of each print; the finger where nobody says whose it is."""
        return numbered(
            [("", sample.person) if sample.person else sample.identity for sample in self.samples]
        )

    @property
    def templates_only(self) -> bool:
        """Whether the set has templates and no images."""
        return bool(self.samples) and all(sample.given is not None for sample in self.samples)

    def digest(self) -> str:
        """Hash of what the files hold and of who is who: the key under which results are kept."""
        total = hashlib.sha256(repr(self.dpi).encode())
        files: dict[Path, str] = {}
        for one in self.samples:
            if one.path not in files:
                files[one.path] = file_digest(one.path)
            who = (one.person, one.finger, one.impression, one.position, one.group)
            total.update(repr((files[one.path], who)).encode())
        return total.hexdigest()


def numbered(labels: Sequence[tuple[str, ...]]) -> npt.NDArray[np.int64]:
    """0, 1, 2 ... for equal labels, in the order in which they first occur.

    >>> numbered([("b",), ("a",), ("b",)]).tolist()
    [0, 1, 0]
    """
    seen: dict[tuple[str, ...], int] = {}
    return np.array([seen.setdefault(label, len(seen)) for label in labels], dtype=np.int64)
