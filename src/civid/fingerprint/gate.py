"""Is a print good enough? Accept, retry or refuse: one policy for counter, service and folder."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Protocol, runtime_checkable

from civid.errors import FieldError
from civid.fingerprint.quality import QualityReport
from civid.fingerprint.reasons import Reason
from civid.fingerprint.template import Template

#: Who made a template whose quality is on civid's scale; qualities of others are not compared.
_OURS: Final = "civid-"
MOST_RETRIES: Final = 100


class Decision(StrEnum):
    """What becomes of a print."""

    ACCEPT = "accept"
    RETRY = "retry"
    REFUSE = "refuse"


class Shortfall(StrEnum):
    """Which limit of a gate a print does not reach."""

    NO_PRINT = "no-print"
    NOT_ONE_FINGER = "not-one-finger"
    QUALITY = "quality"
    MINUTIAE = "minutiae"


@runtime_checkable
class Rated(Protocol):
    """What a gate looks at: a `QualityReport`, or what was noted of one."""

    @property
    def quality(self) -> int: ...
    @property
    def minutiae(self) -> int: ...
    @property
    def reasons(self) -> tuple[Reason, ...]: ...


@runtime_checkable
class Looked(Protocol):
    """A template and its report, if there was an image: `Examination`, `UploadedPrint`."""

    @property
    def template(self) -> Template: ...
    @property
    def report(self) -> QualityReport | None: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a `Gate` says of one print.

    Attributes
    ----------
    decision : Decision
        Accept it, capture it again, or refuse it.
    poor : bool
        Accepted as the last resort, although a limit is not reached.
    shortfalls : tuple of Shortfall
        The limits that are not reached; empty for a good print.
    reasons : tuple of Reason
        What is wrong with the print, the gravest first; of a template without an image none is
        known.
    quality, minutiae : int
        What was judged.
    gate : Gate
        Which gate says so.
    """

    decision: Decision
    poor: bool
    shortfalls: tuple[Shortfall, ...]
    reasons: tuple[Reason, ...]
    quality: int
    minutiae: int
    gate: Gate

    @property
    def accepted(self) -> bool:
        """Whether the print is taken."""
        return self.decision is Decision.ACCEPT

    def advice(self, language: str = "en") -> tuple[str, ...]:
        """What the operator should do: a sentence or more unless the print is good.

        Raises
        ------
        ValueError
            A language other than ``"en"`` and ``"vi"``.
        """
        if self.reasons or not self.shortfalls:
            return tuple(reason.advice(language) for reason in self.reasons)
        # Nothing but the count of minutiae speaks against it, or there was no image to look at.
        shown = Reason.NO_PRINT if Shortfall.NO_PRINT in self.shortfalls else Reason.TOO_SMALL
        return (shown.advice(language),)

    def explained(self) -> str:
        """Why it was not taken as a good print, in one line without the advice; empty if it was.

        >>> from civid import QualityReport
        >>> report = QualityReport(quality=12, minutiae=9, area_mm2=80.0)
        >>> Gate(retries=0).judge(report).explained()
        'quality 12, 20 is wanted; 9 minutiae, 12 are wanted'
        """
        least = self.gate.min_minutiae
        told = {
            Shortfall.NO_PRINT: "no print",
            Shortfall.NOT_ONE_FINGER: "not one finger",
            Shortfall.QUALITY: f"quality {self.quality}, {self.gate.min_quality} is wanted",
            Shortfall.MINUTIAE: f"{self.minutiae} minutia, {least} are wanted"
            if self.minutiae == 1
            else f"{self.minutiae} minutiae, {least} are wanted",
        }
        return "; ".join(told[one] for one in self.shortfalls)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, with the advice in both languages."""
        return {
            "decision": self.decision.value,
            "poor": self.poor,
            "quality": self.quality,
            "minutiae": self.minutiae,
            "shortfalls": [one.value for one in self.shortfalls],
            "reasons": [one.value for one in self.reasons],
            "advice": list(self.advice("en")),
            "advice_vi": list(self.advice("vi")),
        }


@dataclass(frozen=True, slots=True)
class Gate:
    """From which quality on a print is taken, and how often to try.

    Parameters
    ----------
    min_quality : int
        0..100, civid's scale; 0 = any. Templates that another program extracted are not judged by
        it: their quality is on a scale of its own, or missing.
    min_minutiae : int
        0..255.
    retries : int
        0..100: how often a print that falls short is captured again before the last word. 0 where
        nobody stands at the scanner: files, nightly runs.
    last_resort : int, optional
        When no retry is left, a print of at least this quality (1..100) is taken all the same, and
        called poor. What looks like more than one finger counts as quality 1: it may be a deep
        scar. None = nothing below the limits is ever taken.

    Raises
    ------
    FieldError
        A value out of its range; the field is named.

    Notes
    -----
    The defaults are those of ``docs/explain/quality.md``, which shows what they cost and save. An
    image without a print is never taken. Thread-safe.

    Examples
    --------
    >>> from civid import QualityReport
    >>> gate = Gate(retries=1)
    >>> report = QualityReport(quality=12, minutiae=9, area_mm2=80.0, reasons=(Reason.TOO_DRY,))
    >>> verdict = gate.judge(report, attempt=1)
    >>> verdict.decision.value, verdict.advice("en")
    ('retry', ('Moisten the finger a little, and press more firmly.',))
    >>> gate.judge(report, attempt=2).decision.value
    'refuse'
    """

    min_quality: int = 20
    min_minutiae: int = 12
    retries: int = 2
    last_resort: int | None = None

    def __post_init__(self) -> None:
        limits = {"min_quality": (0, 100), "min_minutiae": (0, 255), "retries": (0, MOST_RETRIES)}
        if self.last_resort is not None:
            limits["last_resort"] = (1, 100)
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise FieldError(name, f"must be a whole number from {low} to {high}")

    def judge(self, print_: Looked | Template | Rated, attempt: int = 1) -> Verdict:
        """Accept, retry or refuse one print.

        Parameters
        ----------
        print_ : Examination, UploadedPrint, QualityReport or Template
            What `civid.examine` or `civid.read_upload` gave, a report alone, or a template out of a
            record, of which only the number of minutiae (and the quality, if civid extracted it) is
            judged.
        attempt : int
            Which capture of this finger it is, from 1.

        Raises
        ------
        FieldError
            `attempt` is none.
        """
        if isinstance(attempt, bool) or not isinstance(attempt, int) or attempt < 1:
            raise FieldError("attempt", "must be a whole number from 1")
        if isinstance(print_, Looked):
            print_ = print_.report or print_.template
        if not isinstance(print_, Template | Rated):
            raise TypeError(f"a gate judges prints, not {type(print_).__name__}")
        if isinstance(print_, Template):
            count = len(print_)
            quality: int | None = print_.quality
            if not print_.extractor.startswith(_OURS):
                quality = None
            reasons: tuple[Reason, ...] = () if count else (Reason.NO_PRINT,)
        else:
            count, quality, reasons = print_.minutiae, print_.quality, tuple(print_.reasons)
        shortfalls = self._shortfalls(count, quality, reasons)
        shown = print_.quality
        if not shortfalls:
            return Verdict(Decision.ACCEPT, False, (), reasons, shown, count, self)
        if attempt <= self.retries:
            return Verdict(Decision.RETRY, False, shortfalls, reasons, shown, count, self)
        ranked = 100 if quality is None else rank(quality, reasons)
        poor = self.last_resort is not None and ranked >= self.last_resort and count > 0
        decision = Decision.ACCEPT if poor else Decision.REFUSE
        return Verdict(decision, poor, shortfalls, reasons, shown, count, self)

    def _shortfalls(
        self, count: int, quality: int | None, reasons: tuple[Reason, ...]
    ) -> tuple[Shortfall, ...]:
        if Reason.NO_PRINT in reasons:
            return (Shortfall.NO_PRINT,)
        found = {
            Shortfall.NOT_ONE_FINGER: Reason.NOT_ONE_FINGER in reasons,
            Shortfall.QUALITY: quality is not None and quality < self.min_quality,
            Shortfall.MINUTIAE: count < self.min_minutiae,
        }
        return tuple(one for one, falls in found.items() if falls)

    def to_dict(self) -> dict[str, int | None]:
        """Plain values for JSON: all fields by their names."""
        return asdict(self)

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Gate:
        """The gate of `to_dict`; `FieldError` for anything else."""
        try:
            return cls(**found)
        except TypeError:
            raise FieldError("gate", "not a gate") from None


def rank(quality: int, reasons: tuple[Reason, ...]) -> int:
    """A quality for telling which of several captures is best: 0 without a print, 1 for several.

    >>> rank(70, ()), rank(70, (Reason.NOT_ONE_FINGER,)), rank(70, (Reason.NO_PRINT,))
    (70, 1, 0)
    """
    if Reason.NO_PRINT in reasons:
        return 0
    return min(quality, 1) if Reason.NOT_ONE_FINGER in reasons else quality
