"""What became of each print of a folder: the rows of the report of ``civid enroll --folder``.

The same folder and gallery give the same rows, however often they are run: a print that was
enrolled last night and one that was enrolled now are both in the gallery.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from civid.dedup.folder.grouping import Skipped, natural
from civid.fingerprint.gate import Gate
from civid.fingerprint.reasons import Reason
from civid.fingerprint.upload import UploadedPrint
from civid.position import Position

#: Titles of the table, in order.
TITLES: Final = (
    "file", "subject", "finger", "outcome", "code", "quality", "minutiae", "reasons", "advice",
    "advice_vi", "detail",
)  # fmt: skip
#: Codes after which another capture helps.
_AGAIN: Final = frozenset({"poor-print", "no-minutiae"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One print, or one file of which none could be read.

    Attributes
    ----------
    path : Path
        The file.
    subject : str
        Whose, as the file's name says; empty where it does not.
    position : Position or None
        Which finger; None = it was not read so far.
    code : str
        Empty = it is in the gallery; else why it takes no part.
    detail : str
        The same for people.
    quality, minutiae : int or None
        None = it could not be read, or is a template of another program.
    reasons : tuple of Reason
        What is wrong with it.
    advice, advice_vi : str
        What to do, where the print has to be captured again.
    """

    path: Path
    subject: str
    position: Position | None = None
    code: str = ""
    detail: str = ""
    quality: int | None = None
    minutiae: int | None = None
    reasons: tuple[Reason, ...] = ()
    advice: str = ""
    advice_vi: str = ""

    @classmethod
    def of(
        cls, path: Path, subject: str, print_: UploadedPrint | None, code: str = "",
        detail: str = "", gate: Gate | None = None,
    ) -> Outcome:  # fmt: skip
        """Of a print that was read, or of a file that was not."""
        if print_ is None:
            told = [Reason.NO_PRINT.advice(one) for one in ("en", "vi")]
            advice, advice_vi = told if code in _AGAIN else ("", "")
            return cls(path, subject, None, code, detail, advice=advice, advice_vi=advice_vi)
        report = print_.report
        verdict = (gate or Gate()).judge(print_)
        advice, advice_vi = (
            " ".join(verdict.advice(one)) if code in _AGAIN else "" for one in ("en", "vi")
        )
        quality = print_.template.quality if report is None else report.quality
        return cls(
            path, subject, print_.position, code, detail, quality, len(print_.template),
            verdict.reasons, advice, advice_vi,
        )  # fmt: skip

    @property
    def outcome(self) -> str:
        """``in-gallery``, ``refused`` (by the gate), or ``left-out``."""
        return "in-gallery" if not self.code else "refused" if self.code in _AGAIN else "left-out"

    def row(self) -> tuple[str | int | None, ...]:
        """The cells of `TITLES`."""
        finger = "" if self.position is None else self.position.word
        return (
            str(self.path), self.subject, finger, self.outcome, self.code, self.quality,
            self.minutiae, " ".join(self.reasons), self.advice, self.advice_vi, self.detail,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return dict(zip(TITLES, self.row(), strict=True)) | {"reasons": list(self.reasons)}


def outcomes_of(unnamed: Iterable[Skipped], outcomes: Iterable[Outcome]) -> list[Outcome]:
    """All of a folder by file name and finger, with those that no enrolment was made of."""
    found = [Outcome(one.path, "", None, one.code, one.reason) for one in unnamed] + list(outcomes)
    return sorted(found, key=_place)


def _place(one: Outcome) -> tuple[object, ...]:
    return natural(one.path.as_posix()), one.position or 0, one.code
