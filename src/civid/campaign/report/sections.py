"""Parts of the page below the league: reasons, delay, blanks, the counter, findings."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from civid.campaign.finding import worst
from civid.campaign.progress.stock import Limit
from civid.campaign.rate import Rate
from civid.campaign.report.content import Report
from civid.campaign.words import Language, say, shown_value

_MOST_FINDINGS = 50


def reasons(report: Report, language: Language) -> str:
    """Why what remains is missing."""
    if not report.reasons:
        return ""
    told = sum(count for _, count in report.reasons)
    rows = [
        f"<tr><td>{escape(say(f'why-{why.value}', language))}</td>"
        f'<td class="w">{bar(Rate(count, max(1, told)), plain=True)}</td>'
        f'<td class="n">{shown_value(count, language)}</td></tr>'
        for why, count in report.reasons
    ]
    whole = say("reasons-whole", language, told=told, left=report.rate.remaining)
    head = f"<h2>{escape(say('reasons', language))}</h2><p>{escape(whole)}</p>"
    return head + table(titles(language, "|cause", "w|", "n|count"), rows)


def stock(report: Report, language: Language) -> str:
    """What was printed, as far as blanks went."""
    if not report.stock:
        return ""
    day, last = report.stock[-1]
    short = sum(one.limit is Limit.MATERIAL for _, one in report.stock)
    printed = sum(one.printed for _, one in report.stock)
    told = say("stock-whole", language, day=day, printed=printed, waiting=last.waiting,
               blanks=last.blanks, short=short)  # fmt: skip
    return f"<h2>{escape(say('stock', language))}</h2><p>{escape(told)}</p>"


def delay(report: Report, language: Language) -> str:
    """Which cards are late, why, and how long dossiers have been lying."""
    late = report.overdue
    if late is None:
        return ""
    whole = say(
        "overdue-whole", language, count=late.count, pending=late.pending, days=late.longest
    )
    causes = [
        f'<tr><td>{escape(say(f"cause-{cause}", language))}</td><td class="n">'
        f"{shown_value(count, language)}</td></tr>"
        for cause, count in late.by_cause.items()
    ]
    ages = []
    for one in report.ages:
        cells = "".join(
            f'<td class="n">{shown_value(count, language)}</td>' for count in one.by_age
        )
        stage = escape(say(f"stage-{one.stage}", language))
        oldest = shown_value(one.oldest_days, language)
        ages.append(f'<tr><td>{stage}</td>{cells}<td class="n">{oldest}</td></tr>')
    return (
        f'<h2>{escape(say("overdue", language))}</h2><p>{escape(whole)}</p><div class="two"><div>'
        + table(titles(language, "|cause", "n|count"), causes)
        + f'</div><div><p class="soft">{escape(say("by-age", language))}</p>'
        + table(titles(language, "|stage", "n|≤ 3", "n|≤ 7", "n|≤ 15", "n|> 15", "n|oldest"), ages)
        + "</div></div>"
    )


def line(report: Report, language: Language) -> str:
    """The steps at a counter, the busiest marked."""
    if not report.line:
        return ""
    rows = []
    for key, vietnamese, used, wait in report.line:
        name = vietnamese if language is Language.VI else key.replace("_", " ")
        hot = ' class="hot"' if key == report.bottleneck else ""
        mark = f" <b>({escape(say('bottleneck', language))})</b>" if hot else ""
        width = max(0, min(100, round(used * 100)))
        rows.append(
            f'<tr><td>{escape(name)}{mark}</td><td class="w"><div class="bar">'
            f'<i{hot} style="width:{width}%"></i></div></td><td class="n">{round(used * 100)}%</td>'
            f'<td class="n">{shown_value(round(wait), language)}</td></tr>'
        )
    named = titles(language, "|step", "w|", "n|utilisation", "n|wait-minutes")
    return f"<h2>{escape(say('line', language))}</h2>" + table(named, rows)


def findings(report: Report, language: Language) -> str:
    """What does not agree."""
    if not report.findings:
        return ""
    shown = worst(report.findings)[:_MOST_FINDINGS]
    items = ""
    for one in shown:
        kind = one.severity.name.lower()
        label = escape(say(kind, language))
        items += f'<li class="{kind}"><b>{label}</b>: {escape(one.sentence(language))}</li>'
    more = len(report.findings) - len(shown)
    rest = f'<p class="soft">{escape(say("rows-left", language, count=more))}</p>' if more else ""
    return f"<h2>{escape(say('findings', language))}</h2><ul>{items}</ul>{rest}"


def bar(rate: Rate, *, plain: bool = False) -> str:
    """A share as a bar."""
    width = 0 if rate.share is None else min(100, round(rate.share * 100))
    met = ' class="met"' if rate.is_met and not plain else ""
    return f'<div class="bar"><i{met} style="width:{width}%"></i></div>'


def titles(language: Language, *keys: str) -> str:
    """Titles of a table, each as ``class|key``."""
    cells = []
    for key in keys:
        kind, _, name = key.partition("|")
        cells.append(f'<th class="{kind}">{escape(say(name, language)) if name else ""}</th>')
    return "".join(cells)


def table(head: str, rows: Iterable[str]) -> str:
    """A table; ``head`` are its titles."""
    top = f"<thead><tr>{head}</tr></thead>" if head else ""
    return f"<table>{top}<tbody>{''.join(rows)}</tbody></table>"
