"""From the false match rate of one comparison to the false positives of a whole search."""

from __future__ import annotations

import math
from dataclasses import dataclass

from civid.errors import SearchError
from civid.fingerprint.scores.odds import MEASURED_TO, Language, measured
from civid.fingerprint.scores.tail_evidence import PAIRS, RATIOS, SPREAD

_WORDS = {
    "en": (
        "threshold {0:.1f}: measured, on {1:.1f} million pairs of different fingers",
        "threshold {0:.1f}: scores are measured up to {2:g}, on {1:.1f} million pairs of different"
        " fingers, and extrapolated beyond; different fingers may reach this one up to {3:.1f}"
        " times as often as it says",
    ),
    "vi": (
        "ngưỡng {0:.1f}: đã được đo, trên {1:.1f} triệu cặp vân khác ngón",
        "ngưỡng {0:.1f}: điểm được đo đến {2:g}, trên {1:.1f} triệu cặp vân khác ngón, còn cao hơn"
        " là ngoại suy; vân khác ngón có thể đạt ngưỡng này thường xuyên hơn mức đã nêu, tối đa"
        " gấp {3:.1f} lần",
    ),
}


def threshold(max_fpir: float, subjects: int) -> float:
    """Score that a non-mated search of a gallery reaches with probability `max_fpir`.

    A search of N subjects is N comparisons: FPIR = 1 - (1 - FMR)^N when they are independent,
    so the threshold is -10 log10(1 - (1 - max_fpir)^(1/N)). It holds as far as the calibration of
    the scores does, which is extrapolated beyond its impostor sample: `OperatingPoint` says how
    far that is, and by how much it may be off.

    Parameters
    ----------
    max_fpir : float
        Wanted false positive identification rate, 0 < max_fpir < 1.
    subjects : int
        N, how many the probe is compared with; 0 counts as 1.

    >>> round(threshold(1e-3, 1), 3), round(threshold(1e-3, 1_000_000), 2)
    (30.0, 90.0)
    """
    if not 0 < max_fpir < 1:
        raise SearchError("max_fpir must lie between 0 and 1")
    fmr = -math.expm1(math.log1p(-max_fpir) / max(subjects, 1))
    # Rounded up, so that the last bits of the platform's libm cannot show in an answer.
    return max(math.ceil(-10e6 * math.log10(fmr)) / 1e6, 0.0)


def fpir(score: float, subjects: int) -> float:
    """Probability that a non-mated search of so many subjects has a candidate of this score.

    >>> round(fpir(30.0, 1), 6)
    0.001
    """
    fmr = 10 ** (-max(score, 0.0) / 10)
    return 1.0 if fmr >= 1 else -math.expm1(max(subjects, 1) * math.log1p(-fmr))


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A threshold, and how far to trust it: ``OperatingPoint.of(max_fpir, subjects)``.

    Attributes
    ----------
    threshold : float
        As `threshold` gives it.
    max_fpir : float
        The false positive identification rate that was asked for.
    subjects : int
        In a gallery of so many.

    Examples
    --------
    >>> point = OperatingPoint.of(1e-2, 1_000_000)
    >>> round(point.threshold), point.measured
    (80, False)
    >>> point.factor[0] < 1 < point.factor[1]
    True

    Notes
    -----
    Frozen, so safe to share between threads.
    """

    threshold: float
    max_fpir: float
    subjects: int

    @classmethod
    def of(cls, max_fpir: float, subjects: int) -> OperatingPoint:
        """The threshold of a gallery with what is known about it.

        Parameters
        ----------
        max_fpir : float
            Wanted false positive identification rate, 0 < max_fpir < 1.
        subjects : int
            How many the probe is compared with; 0 counts as 1.

        Raises
        ------
        SearchError
            `max_fpir` does not lie between 0 and 1.
        """
        return cls(threshold(max_fpir, subjects), max_fpir, subjects)

    @property
    def measured(self) -> bool:
        """Whether strangers were measured that far (up to `MEASURED_TO` dB, on `PAIRS` pairs)."""
        return measured(self.threshold)

    @property
    def factor(self) -> tuple[float, float]:
        """How many times as often as stated strangers may reach the threshold: least and most.

        Where it is measured, the 95 % interval of people drawn anew (`tail_evidence.RATIOS`);
        below the lowest of these levels scores are fitted, and hold 1.
        Beyond, that interval taken to hold 1 at least, and wider by 10 x SPREAD percent of every
        10 dB: by so much the slope of the tail changes with who is drawn.
        It holds for prints like those measured, live-scan of adults; not for latents, twins, or
        minutiae of another extractor (``docs/explain/score.md``).
        """
        rows = [row for row in RATIOS if row[0] <= self.threshold]
        _, low, high = rows[-1] if rows else (0.0, RATIOS[0][1], max(RATIOS[0][2], 1.0))
        if self.measured:
            return low, high
        wider = 10 ** (SPREAD * (self.threshold - MEASURED_TO) / 10)
        return min(low, 1.0) / wider, max(high, 1.0) * wider

    @property
    def cautious(self) -> float:
        """The threshold that keeps `max_fpir` even if `factor` is at its most.

        >>> point = OperatingPoint.of(1e-3, 1_000_000)
        >>> point.threshold < point.cautious < point.threshold + 30
        True
        """
        if self.measured:
            return self.threshold + max(10 * math.log10(max(self.factor[1], 1.0)), 0.0)
        most = 10 * math.log10(max(RATIOS[-1][2], 1.0))
        return MEASURED_TO + (self.threshold - MEASURED_TO + most) / (1 - SPREAD)

    def statement(self, language: Language = "en") -> str:
        """The threshold in words: what is measured, what is extrapolated, and by how much it may
        be off.

        >>> OperatingPoint.of(1e-2, 50).statement()[:24]
        'threshold 37.0: measured'
        """
        if language not in _WORDS:
            raise SearchError(f"thresholds have words in en and vi, not in {language!r}")
        known, beyond = _WORDS[language]
        text = known if self.measured else beyond
        made = text.format(self.threshold, PAIRS / 1e6, MEASURED_TO, self.factor[1])
        return made.replace(".", ",") if language == "vi" else made

    def to_dict(self) -> dict[str, object]:
        """The same for JSON."""
        return {
            "threshold": round(self.threshold, 3),
            "max_fpir": self.max_fpir,
            "subjects": self.subjects,
            "measured": self.measured,
            "measured_to": MEASURED_TO,
            "factor": [float(f"{bound:.3g}") for bound in self.factor],
            "cautious": round(self.cautious, 3),
            "statement": self.statement(),
        }
