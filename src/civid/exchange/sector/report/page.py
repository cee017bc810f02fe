"""The page: one HTML file that loads nothing and runs nothing, for the screen and for paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from civid.exchange.sector.judge.grading import Grade, Judged
from civid.exchange.sector.judge.mending import ASKABLE
from civid.exchange.sector.judge.rules import about
from civid.exchange.sector.match.bins import Range
from civid.exchange.sector.readiness import Matched, Readiness
from civid.exchange.sector.report.words import LANGUAGES, field_name, number, percent, words
from civid.extras import need
from civid.people.findings import Severity

__all__ = ["LANGUAGES", "page"]

_MOST_MENDED, _MOST_TITLES = 12, 40
_STYLES = {Grade.READY: "good", Grade.RESERVED: "fair", Grade.NOT_READY: "poor"}
_SIGNS = {Grade.READY: "✓", Grade.RESERVED: "!", Grade.NOT_READY: "✗"}


@cache
def _environment() -> Any:
    jinja2 = need("jinja2", "the page of a check", "pages")
    return jinja2.Environment(
        loader=jinja2.PackageLoader("civid.exchange.sector.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(made: Readiness, language: str) -> str:
    """The outcome of a check as a page in a language.

    Raises
    ------
    UnavailableError
        jinja2 is not installed.
    """
    say = words(language)
    template = _environment().get_template("readiness.html")
    style = files("civid.exchange.sector.report").joinpath("readiness.css").read_text("utf-8")
    return str(
        template.render(
            say=say, language=language, made=made, style=style, why=_why(made, language),
            grade_style=_STYLES[made.grade], grade_sign=_SIGNS[made.grade],
            day=f"{made.as_of:%d/%m/%Y}" if language == "vi" else made.as_of.isoformat(),
            cards=_cards(made, language), criteria=[_criterion(j, language) for j in made.judged],
            mend=_mend(made, language), register=_register(made, language),
            findings=_findings(made, language), columns=_columns(made, language),
            passed_over=_passed_over(made.passed_over),
        )
    )  # fmt: skip


def _passed_over(titles: Sequence[str]) -> str:
    more = len(titles) - _MOST_TITLES
    shown = ", ".join(one[:60] for one in titles[:_MOST_TITLES])
    return f"{shown} … (+{more})" if more > 0 else shown


def _why(made: Readiness, language: str) -> list[str]:
    say = words(language)
    said = []
    if made.missing:
        said.append(
            say("why.missing", ", ".join(field_name(one, language) for one in made.missing))
        )
    for grade in (Grade.NOT_READY, Grade.RESERVED):
        names = [_name(one, language) for one in made.judged if one.grade is grade]
        if names:
            said.append(say(f"why.{grade.value}", "; ".join(names)))
    return said or [say("why.ready")]


def _name(one: Judged, language: str) -> str:
    return one.criterion.vietnamese if language == "vi" else one.criterion.english


def _cards(made: Readiness, language: str) -> list[tuple[str, str]]:
    say = words(language)
    cards = [(number(made.rows, language), say("card.rows"))]
    if made.rows:
        cards.append((percent(made.clean / made.rows, language), say("card.clean")))
    cards += [
        (percent(one.share, language), say("card.askable"))
        for one in made.judged
        if one.criterion.id == ASKABLE and one.share is not None
    ]
    if made.matched is not None:
        cards.append((percent(made.matched.share, language), say("card.matched")))
    return cards


def _criterion(one: Judged, language: str) -> dict[str, Any]:
    say = words(language)
    thresholds = f"{percent(one.criterion.ready, language)}"
    reserved = f"{say('reserved')} {percent(one.criterion.reserved, language)}"
    if one.share is None or one.grade is None:
        return {"name": _name(one, language), "share": "–", "width": 0, "mark": 0, "sign": "",
                "ready": thresholds, "reserved": reserved, "grade": say("not.looked"),
                "style": "none", "rows": ""}  # fmt: skip
    from_register = not one.criterion.rules
    share = percent(one.share, language)
    return {
        "name": _name(one, language),
        "share": say("at.least", share) if from_register else share,
        "width": round(one.share * 100, 1),
        "mark": round(one.criterion.ready * 100, 1),
        "ready": thresholds,
        "reserved": reserved,
        "grade": say(f"short.{one.grade.value}"),
        "sign": _SIGNS[one.grade],
        "style": _STYLES[one.grade],
        "rows": "" if from_register else number(one.bad, language),
    }


def _mend(made: Readiness, language: str) -> list[dict[str, str]]:
    say, known, rows = words(language), about(), []
    for item in made.mend[:_MOST_MENDED]:
        work = say("automatic") if item.automatic else say("hours", _hours(item.hours, language))
        rows.append({
            "title": known[item.rule].title(language), "rule": item.rule,
            "rows": number(item.rows, language),
            "askable": number(item.askable, language) if item.askable else "–",
            "work": work,
        })  # fmt: skip
    return rows


def _hours(hours: float, language: str) -> str:
    text = f"{hours:,.0f}" if hours >= 10 else f"{hours:.1f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def _range(one: Range, language: str) -> str:
    say = words(language)
    if one.low == 0:
        return say("fewer", number(one.high + 1, language))
    if one.low == one.high:
        return number(one.low, language)
    return say("range", number(one.low, language), number(one.high, language))


def _register(made: Readiness, language: str) -> dict[str, Any] | None:
    if made.matched is None:
        return None
    say, one = words(language), made.matched
    rows = [(became(name, one, language), _range(count, language), name)
            for name, count in one.became.items()]  # fmt: skip
    return {"note": say("register.note", number(one.askable, language)), "rows": rows}  # fmt: skip


def became(name: str, one: Matched, language: str) -> str:
    """What became of rows, in words: where nobody is not told, it is one with what differs."""
    alone = name == "differs" and "nobody" not in one.became
    return words(language)("became.not.confirmed" if alone else f"became.{name}")


def _findings(made: Readiness, language: str) -> list[dict[str, str]]:
    say = words(language)
    return [
        {
            "title": one.rule.title(language),
            "rule": one.rule.id,
            "severity": say(f"severity.{one.rule.severity.name.lower()}"),
            "style": {Severity.ERROR: "poor", Severity.WARNING: "fair"}.get(
                one.rule.severity, "none"
            ),
            "rows": number(one.rows, language),
            "share": _part(one.rows, made.rows, language),
            "examples": ", ".join(str(row) for row in one.examples)
            + (" …" if one.rows > len(one.examples) else ""),
        }
        for one in made.found
    ]


def _part(rows: int, of: int, language: str) -> str:
    """What part of the table; never none where there are some."""
    if rows * 1000 < of:
        return "< " + percent(0.001, language)
    return percent(min(rows / of, 1.0), language) if of else "–"


def _columns(made: Readiness, language: str) -> list[tuple[str, str]]:
    return [(title, field_name(field, language)) for title, field in made.columns.items()]
