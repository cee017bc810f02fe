"""The page: HTML that holds its pictures and its style, and loads nothing from anywhere."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from itertools import pairwise

from civid.campaign.progress.league import Standing
from civid.campaign.rate import Rate
from civid.campaign.report.content import Report
from civid.campaign.report.curve import curve
from civid.campaign.report.sections import (
    bar,
    delay,
    findings,
    line,
    reasons,
    stock,
    table,
    titles,
)
from civid.campaign.words import Language, Value, say, shown_value

#: Upper ends of the shades of a tile, in per cent; what has met its quota has a shade of its own.
BANDS = (25, 50, 75, 100)
_MOST_ROWS = 300


def page(report: Report, language: Language | str = Language.VI) -> str:
    """A report as one HTML page, for screens large and small, and for paper."""
    language = Language(language)
    title = f"{report.name}: {report.unit_name}"
    sections = [
        _head(report, language), _figures(report, language), _course(report, language),
        _map(report, language), _league(report, language), _stages(report, language),
        reasons(report, language), delay(report, language), stock(report, language),
        line(report, language), findings(report, language),
    ]  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="{language.value}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
        " style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_style()}</style></head>\n<body>"
        + "\n".join(section for section in sections if section)
        + f'\n<footer class="soft">{escape(say("page-foot", language, day=report.day))}</footer>'
        "</body></html>\n"
    )


@cache
def _style() -> str:
    return files("civid.campaign.report").joinpath("report.css").read_text(encoding="utf-8")


def _head(report: Report, language: Language) -> str:
    days = say("page-days", language, first=report.first, last=report.deadline, day=report.day,
               stage=say(f"stage-{report.stage.value}", language))  # fmt: skip
    whole = report.rate.text(language, 2)
    return (
        f"<h1>{escape(report.name)}</h1><p><b>{escape(report.unit_name)}</b>: {escape(whole)}</p>"
        f'<p class="soft">{escape(days)}</p>'
    )


def _figures(report: Report, language: Language) -> str:
    def text(key: str, **values: Value) -> str:
        return say(key, language, **values)

    rate = report.rate
    left = text("left-days", days=report.days_left)
    cards = [
        (_percent(rate, language, 2), text("of-quota", of=rate.of)),
        (shown_value(rate.remaining, language), left),
    ]
    if report.required is not None and rate.remaining:
        cards.append((shown_value(round(report.required), language), text("needed-card")))
    if report.pace is not None:
        cards.append((shown_value(round(report.pace), language), text("pace-card")))
    if report.fan is not None:
        cards.append(_completion(report, language))
    if report.overdue is not None:
        late = text("overdue-card", pending=report.overdue.pending)
        cards.append((shown_value(report.overdue.count, language), late))
    return '<ul class="figures">' + "".join(
        f"<li><b>{escape(value)}</b><span>{escape(label)}</span></li>" for value, label in cards
    ) + "</ul>"  # fmt: skip


def _completion(report: Report, language: Language) -> tuple[str, str]:
    fan = report.fan
    assert fan is not None
    middle = say("not-seen", language) if fan.middle is None else shown_value(fan.middle, language)
    edges = [say("later", language) if edge is None else shown_value(edge, language)
             for edge in (fan.early, fan.late)]  # fmt: skip
    label = say("completion-card", language, early=edges[0], late=edges[1])
    if fan.chance is not None:
        label += "; " + say("chance", language, percent=round(fan.chance * 100))
    return middle, label


def _course(report: Report, language: Language) -> str:
    keys = [("line", "color:var(--blue)", "actual"), ("line", "color:var(--soft)", "planned")]
    if report.fan is not None:
        keys += [("", "background:var(--band)", "fan")]
    if report.pauses:
        keys += [("", "background:#eceff2", "paused")]
    key = "".join(
        f'<li><i class="{kind}" style="{style}"></i>{escape(say(f"key-{name}", language))}</li>'
        for kind, style, name in keys
    )
    return (
        f"<h2>{escape(say('course', language))}</h2><figure>"
        f'<div class="wide-only">{curve(report, language, 860, 340)}</div>'
        f'<div class="narrow-only">{curve(report, language, 400, 300)}</div>'
        f'<ul class="key">{key}</ul></figure>'
    )


def _map(report: Report, language: Language) -> str:
    if not report.map and len(report.standings) < 2:
        return ""
    if report.map:
        columns = max(tile.column for tile in report.map) + 1
        cells = "".join(
            _tile(tile.standing, language, f"grid-row:{tile.row + 1};grid-column:{tile.column + 1}")
            for tile in report.map
        )
        style = f"grid-template-columns:repeat({columns},minmax(0,1fr))"
    elif len(report.standings) <= _MOST_ROWS:
        cells = "".join(_tile(one, language, "") for one in report.standings)
        style = "max-width:none;grid-template-columns:repeat(auto-fill,minmax(5.2rem,1fr))"
    else:
        return ""
    title = say("map-provinces" if report.map else "map-units", language)
    bounds = [0, *BANDS]
    labels = [f"{low}-{high}%" for low, high in pairwise(bounds)]
    labels.append("≥ 100%")
    key = "".join(
        f'<li><i class="b{band + 1}"></i>{label}</li>' for band, label in enumerate(labels)
    )
    return (
        f"<h2>{escape(title)}</h2>"
        f'<div class="map" style="{style}">{cells}</div><ul class="key">{key}</ul>'
    )


def _tile(one: Standing, language: Language, style: str) -> str:
    percent = one.rate.percent(0)
    band = 0 if percent is None else 1 + sum(percent >= end for end in BANDS[:-1])
    if one.rate.is_met:
        band = len(BANDS) + 1
    title = f"{one.name}: {one.rate.text(language, 2)}"
    return (
        f'<div class="tile b{band}" style="{style}" title="{escape(title)}">'
        f"{escape(one.name)}<b>{escape(_percent(one.rate, language, 0, down=True))}</b></div>"
    )


def _league(report: Report, language: Language) -> str:
    if not report.standings:
        return ""
    rows = []
    for one in report.standings[:_MOST_ROWS]:
        counts = f"{shown_value(one.rate.done, language)} / {shown_value(one.rate.of, language)}"
        rank = shown_value(one.rank, language) if one.rank else ""
        rows.append(
            f'<tr><td class="n">{rank}</td><td>{escape(one.name)}<small>{counts}</small></td>'
            f'<td class="w">{bar(one.rate)}</td>'
            f'<td class="n">{escape(_percent(one.rate, language, 2))}</td>'
            f'<td class="n">{shown_value(one.rate.remaining, language)}</td></tr>'
        )
    met = [one.name for one in report.standings if one.rate.is_met]
    over = say("over-plan", language, count=len(met), names="; ".join(met)) if met else ""
    more = len(report.standings) - _MOST_ROWS
    rest = say("rows-left", language, count=more) if more > 0 else ""
    named = titles(language, "n|rank", "|unit-name", "w|", "n|percent", "n|remaining")
    return (
        f"<h2>{escape(say('league', language))}</h2>"
        + (f"<p>{escape(over)}</p>" if over else "")
        + table(named, rows)
        + (f'<p class="soft">{escape(rest)}</p>' if rest else "")
    )


def _stages(report: Report, language: Language) -> str:
    if len(report.stages) < 2:
        return ""
    most = max(count for _, count in report.stages)
    rows = [
        f"<tr><td>{escape(say(f'stage-{stage.value}', language))}</td>"
        f'<td class="w">{bar(Rate(max(0, count), most), plain=True)}</td><td class="n">'
        f"{shown_value(count, language)}</td></tr>"
        for stage, count in report.stages
    ]
    return f"<h2>{escape(say('stages', language))}</h2>" + table("", rows)


def _percent(rate: Rate, language: Language, decimals: int, *, down: bool = False) -> str:
    percent = rate.percent(decimals)
    if percent is None:
        return "–"
    if down and percent == 100 and not rate.is_met:
        percent -= 1  # what is not met is not shown as met
    return f"{shown_value(percent, language)}%"
