"""The report as one HTML page that needs nothing else: no network, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files

from civid.lab.evaluation.results import Identification, Verification, reasons
from civid.lab.evaluation.suspicions import Suspicion
from civid.lab.report import plots
from civid.lab.report.pictures import Shown
from civid.lab.report.text_tables import (
    Table,
    identification_table,
    verification_tables,
    worst_fingers,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What has to be known about a run to repeat it."""

    date: str
    command: str
    machine: str
    versions: Mapping[str, str]
    left_out: Sequence[str] = field(default=())
    suspicions: Sequence[Suspicion] = field(default=())
    reused: int = 0  #: templates and sets of scores of an earlier run


def page(
    verifications: Sequence[Verification],
    identifications: Sequence[Identification],
    pictures: Mapping[tuple[str, str, str], Sequence[Shown]],
    facts: Facts,
) -> str:
    """The whole page.

    Parameters
    ----------
    pictures : mapping
        (set, system, protocol) -> its worst comparisons.
    """
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><title>civid evaluate</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{style()}</style></head><body><main>",
        f'<h1>Evaluation</h1><p class="facts">{escape(facts.date)}</p>',
        _suspicions(facts.suspicions),
    ]
    if verifications:
        parts += [
            "<h2>Verification (1:1)</h2>",
            *map(as_html, verification_tables(verifications)),
            "<p>FNMR in % at the named false match rate; a comparison that could not be made "
            "counts as one that does not match. In brackets: the 95 % bootstrap interval over "
            "fingers or subjects, or the bound of the rule of three where no error was seen. "
            "“Not measurable”: fewer impostor comparisons than one error of that rate needs.</p>",
            "<p>In the curves: the band is that interval, point by point; dashed, where fewer than "
            "30 false matches are allowed and one more or less moves the threshold. Nothing is "
            "drawn below one false match or one miss.</p>",
        ]
        for (name, protocol), group in _grouped(verifications).items():
            parts += _verification(name, protocol, group, pictures)
    if identifications:
        parts += [
            "<h2>Identification (1:N)</h2>",
            as_html(identification_table(identifications)),
            "<p>Closed set: rank-1 and CMC count whether the mate is among the first candidates. "
            "Open set: FPIR is the share of searches without a mate in the gallery that report "
            "anyone, FNIR the share of mated searches that do not report the mate.</p>",
        ]
        groups: dict[str, list[Identification]] = {}
        for one in identifications:
            groups.setdefault(one.set_name, []).append(one)
        for searched in groups.values():
            drawn = plots.cmc(searched), plots.search_det(searched), plots.gallery_sizes(searched)
            parts.append(f'<div class="plots">{"".join(drawn)}</div>')
    parts += [_facts(facts), "</main></body></html>"]
    return "\n".join(parts) + "\n"


def _facts(facts: Facts) -> str:
    versions = "; ".join(f"{escape(k)} {escape(v)}" for k, v in facts.versions.items())
    left_out = "".join(f"<br>Left out: {escape(one)}" for one in facts.left_out)
    reused = f"<br>Reused from an earlier run: {facts.reused:,} results" if facts.reused else ""
    return (
        f'<h2>How it was measured</h2><p class="facts">{escape(facts.date)} · '
        f"{escape(facts.machine)}"
        f"<br>{versions}{left_out}{reused}"
        f"<br><code>{escape(facts.command)}</code></p>"
    )


def _suspicions(found: Sequence[Suspicion]) -> str:
    if not found:
        return ""
    items = "".join(f"<li>{escape(one.message)}</li>" for one in found)
    return f'<div class="look"><b>Look at this first</b><ul>{items}</ul></div>'


def style() -> str:
    """The style of the page: screen, dark, telephone, paper."""
    return (files("civid.lab.report") / "page.css").read_text(encoding="utf-8")


def _grouped(results: Iterable[Verification]) -> dict[tuple[str, str], list[Verification]]:
    groups: dict[tuple[str, str], list[Verification]] = {}
    for one in results:
        groups.setdefault((one.set_name, one.protocol), []).append(one)
    return groups


def _verification(
    name: str,
    protocol: str,
    results: Sequence[Verification],
    pictures: Mapping[tuple[str, str, str], Sequence[Shown]],
) -> list[str]:
    first = results[0]
    units = "captures" if protocol == "ten-finger" else "prints"
    parts = [
        f"<h3>{escape(name)}, {escape(protocol)}</h3>",
        f'<p class="facts">{first.acquired.prints} prints of {first.acquired.fingers} fingers; '
        f"{len(first.genuine):,} genuine and {len(first.impostor):,} impostor comparisons of "
        f"{units}" + (f"; {first.plan.left_out} left out" if first.plan.left_out else "") + "</p>",
        '<div class="plots">',
        plots.det(results),
        *(plots.histogram(one) for one in results),
        plots.discard(results),
        "</div>",
    ]
    for one in results:
        parts += _failures(one)
        if (fingers := worst_fingers(one)) is not None:
            parts.append(as_html(fingers))
        shown = pictures.get((name, one.system, protocol), ())
        parts += _pairs(one.system, shown)
    return parts


def _failures(result: Verification) -> list[str]:
    failed = result.acquired.failures
    if not failed:
        return []
    causes = "; ".join(f"{count}: {escape(reason)}" for reason, count in reasons(failed)[:5])
    prints = ", ".join(escape(name) for name, _ in failed[:30])
    more = f" and {len(failed) - 30} more" if len(failed) > 30 else ""
    return [
        f"<p><b>{escape(result.system)}</b> failed to extract {len(failed)} of "
        f"{result.acquired.prints} prints ({causes}): {prints}{more}</p>"
    ]


def _pairs(system: str, shown: Sequence[Shown]) -> list[str]:
    parts = []
    for mated, title in ((True, "lowest genuine"), (False, "highest impostor")):
        some = [one for one in shown if one.mated == mated]
        if some:
            figures = "".join(
                f'<figure><img alt="two prints side by side" src="{one.data_url}">'
                f"<figcaption>{escape(one.caption)}</figcaption></figure>"
                for one in some
            )
            parts.append(
                f"<details open><summary>{escape(system)}: {title} scores</summary>"
                f'<div class="pairs">{figures}</div></details>'
            )
    return parts


def _row_classes(name: str, previous: str | None) -> str:
    classes = ["mean"] if name.startswith("mean of") else []
    return " ".join([*classes, "first"] if previous not in (None, name) else classes)


def as_html(table: Table, level: int = 3) -> str:
    """A table under a heading of a level; each cell says its column, for narrow screens."""
    head = "".join(
        f'<th class="{"n" if k >= table.numbers else ""}">{escape(name)}</th>'
        for k, name in enumerate(table.columns)
    )
    before = [None, *(row[0] for row in table.rows)]
    rows = "".join(
        f'<tr class="{_row_classes(row[0], previous if table.numbers > 1 else None)}">'
        + "".join(
            f'<td class="{"n" if k >= table.numbers else ""}" data-name="{escape(name)}">'
            f"{escape(cell)}</td>"
            for k, (cell, name) in enumerate(zip(row, table.columns, strict=True))
        )
        + "</tr>"
        for row, previous in zip(table.rows, before, strict=False)
    )
    return (
        f"<h{level}>{escape(table.title)}</h{level}>"
        f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
