"""The S-curve (đường lũy kế): what was done, was planned, and is to be expected; as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from civid.campaign.report.content import Report
from civid.campaign.words import Language, say, shown_value

_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where days and counts lie on a picture."""

    width: int
    height: int
    first: date
    last: date
    most: float
    left: int = 62
    right: int = 14
    top: int = 14
    bottom: int = 30

    def x(self, day: date) -> float:
        """Across."""
        whole = max(1, (self.last - self.first).days)
        room = self.width - self.left - self.right
        return round(self.left + room * (day - self.first).days / whole, 1)

    def y(self, count: float) -> float:
        """Down."""
        room = self.height - self.top - self.bottom
        return round(self.top + room * (1 - min(count, self.most) / self.most), 1)


def curve(report: Report, language: Language, width: int, height: int) -> str:
    """The picture; it scales with the page, and its text says what it shows."""
    frame = _frame(report, width, height)
    parts = [*_pauses(report, frame), *_grid(report, frame, language), *_fan(report, frame)]
    days = [report.first + timedelta(days=place) for place in range(len(report.planned))]
    planned = list(zip(days, report.planned, strict=True))
    parts.append(f'<polyline class="planned" points="{_points(planned, frame)}"/>')
    done = [(day, total) for day, _, total in report.course]
    parts.append(f'<polyline class="actual" points="{_points(done, frame)}"/>')
    if done:
        x, y = frame.x(done[-1][0]), frame.y(done[-1][1])
        parts.append(f'<circle class="now" cx="{x}" cy="{y}" r="4"/>')
    label = escape(say("curve-label", language, day=report.day, done=report.rate.done,
                       of=report.rate.of))  # fmt: skip
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def _frame(report: Report, width: int, height: int) -> Frame:
    last, most = report.deadline, max(report.rate.of, report.rate.done, 1)
    if report.fan and report.fan.days:
        # As far as it takes to be done, at most half as long again as the campaign.
        furthest = report.deadline + (report.deadline - report.first) / 2
        late = report.fan.late or report.fan.days[-1][0]
        last = max(last, min(late + timedelta(days=3), furthest))
    return Frame(width, height, report.first, max(last, report.day), most * 1.08)


def _grid(report: Report, frame: Frame, language: Language) -> list[str]:
    parts = []
    for count in _ticks(frame.most, 5):
        y = frame.y(count)
        parts.append(
            f'<line class="grid" x1="{frame.left}" x2="{frame.width - frame.right}"'
            f' y1="{y}" y2="{y}"/><text class="tick end" x="{frame.left - 6}" y="{y + 4}">'
            f"{escape(_short(count, language))}</text>"
        )
    parts += [
        f'<text class="tick middle" x="{frame.x(day)}" y="{frame.height - 10}">'
        f"{day.day:02}/{day.month:02}</text>"
        for day in _month_starts(frame)
    ]
    quota, deadline = frame.y(report.rate.of), frame.x(report.deadline)
    parts.append(
        f'<line class="quota" x1="{frame.left}" x2="{frame.width - frame.right}" y1="{quota}"'
        f' y2="{quota}"/><line class="quota" x1="{deadline}" x2="{deadline}" y1="{frame.top}"'
        f' y2="{frame.height - frame.bottom}"/>'
        f'<text class="tick" x="{frame.left + 6}" y="{quota - 5}">'
        f"{escape(say('quota', language))} {shown_value(report.rate.of, language)}</text>"
    )
    return parts


def _pauses(report: Report, frame: Frame) -> list[str]:
    parts = []
    for first, last, _ in report.pauses:
        begin = frame.x(max(first, frame.first))
        end = frame.x(min(last + timedelta(days=1), frame.last))
        parts.append(
            f'<rect class="pause" x="{begin}" y="{frame.top}" width="{round(end - begin, 1)}"'
            f' height="{frame.height - frame.top - frame.bottom}"/>'
        )
    return parts


def _fan(report: Report, frame: Frame) -> list[str]:
    if report.fan is None or not report.fan.days:
        return []
    now = (report.day, float(report.rate.done))
    shown = [row for row in report.fan.days if report.day < row[0] <= frame.last]
    # What is above the quota is not asked for: the fan ends there.
    top = float(report.rate.of) or frame.most
    high = [now, *((day, min(high, top)) for day, _, _, high in shown)]
    low = [now, *((day, min(low, top)) for day, low, _, _ in shown)]
    middle = [now, *((day, min(one, top)) for day, _, one, _ in shown)]
    return [
        f'<polygon class="fan" points="{_points([*high, *reversed(low)], frame)}"/>',
        f'<polyline class="middle-line" points="{_points(middle, frame)}"/>',
    ]


def _points(rows: Sequence[tuple[date, float]], frame: Frame) -> str:
    return " ".join(f"{frame.x(day)},{frame.y(count)}" for day, count in rows)


def _ticks(most: float, about: int) -> list[int]:
    """Round numbers from zero up."""
    step = 10 ** max(0, len(str(int(most / about))) - 1)
    size = next(step * factor for factor in _STEPS if most / (step * factor) <= about)
    return [int(size * number) for number in range(int(most // size) + 1)]


def _short(count: int, language: Language) -> str:
    """A count that fits beside a picture: 500.000, 50 tr, 50 M."""
    if count >= 10_000_000:
        return say("millions", language, count=shown_value(count // 1_000_000, language))
    return shown_value(count, language)


def _month_starts(frame: Frame) -> list[date]:
    days, day = [frame.first], frame.first
    while True:
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if day > frame.last:
            break
        if (day - days[-1]).days > 20:
            days.append(day)
    most = 8
    return days[:: -(-len(days) // most)]
