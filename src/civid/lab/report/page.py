"""The report as one HTML page that needs nothing else: no network, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from civid.lab.evaluation.results import Identification, Verification, reasons
from civid.lab.report import plots
from civid.lab.report.pictures import Shown
from civid.lab.report.tables import Table, identification_table, verification_tables

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
  color: #1e1e1e; background: #fff; max-width: 1300px; margin: 0 auto; padding: 24px 28px 80px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 20px; margin: 44px 0 8px;
  border-bottom: 2px solid #0072b2; padding-bottom: 4px; }
h3 { font-size: 16px; margin: 26px 0 6px; } h4 { font-size: 14px; margin: 18px 0 4px; }
p { max-width: 80ch; margin: 6px 0 12px; } .facts { color: #555; font-size: 13px; }
code { font: 12.5px ui-monospace, "DejaVu Sans Mono", monospace; background: #f3f4f6;
  padding: 1px 4px; border-radius: 3px; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px;
  font-variant-numeric: tabular-nums; margin: 8px 0 16px; }
th, td { padding: 4px 9px; text-align: left; white-space: nowrap; }
th { border-bottom: 2px solid #999; font-weight: 600; }
td { border-bottom: 1px solid #e3e3e3; } .n { text-align: right; }
tr.mean td { font-weight: 600; background: #f5f8fb; }
tr.first td { border-top: 2px solid #c8c8c8; }
.plots { display: flex; flex-wrap: wrap; gap: 14px; } svg { max-width: 100%; height: auto; }
svg text { font-family: inherit; fill: #1e1e1e; } .title { font-size: 14px; font-weight: 600; }
.tick { font-size: 11px; } svg .tick { fill: #555; } .axis { font-size: 12px; }
.name, .small { font-size: 11.5px; } svg .small { fill: #777; } .frame { fill: #fff; stroke: #999; }
.grid { stroke: #e8e8e8; } .guide { stroke: #aaa; stroke-dasharray: 4 3; }
.legend { fill: #fff; fill-opacity: .85; stroke: #ddd; }
figure { margin: 10px 0 20px; } figure img { max-width: 100%; border: 1px solid #ddd; }
figcaption { font-size: 13px; color: #444; } details { margin: 6px 0; }
summary { cursor: pointer; font-weight: 600; padding: 4px 0; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(430px, 1fr)); gap: 12px; }
@media print { details > * { display: block; } }
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What has to be known about a run to repeat it."""

    date: str
    command: str
    machine: str
    versions: Mapping[str, str]
    left_out: Sequence[str] = field(default=())


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
        f"<style>{_STYLE}</style></head><body>",
        "<h1>Evaluation</h1>",
        _facts(facts),
    ]
    if verifications:
        parts += [
            "<h2>Verification (1:1)</h2>",
            "<p>FNMR in % at the named false match rate; a comparison that could not be made "
            "counts as one that does not match. In brackets: the 95 % bootstrap interval over "
            "fingers or subjects, or the bound of the rule of three where no error was seen. "
            "“Not measurable”: fewer impostor comparisons than one error of that rate needs.</p>",
            *map(_table, verification_tables(verifications)),
        ]
        for (name, protocol), group in _grouped(verifications).items():
            parts += _verification(name, protocol, group, pictures)
    if identifications:
        parts += [
            "<h2>Identification (1:N)</h2>",
            "<p>Closed set: rank-1 and CMC count whether the mate is among the first candidates. "
            "Open set: FPIR is the share of searches without a mate in the gallery that report "
            "anyone, FNIR the share of mated searches that do not report the mate.</p>",
            _table(identification_table(identifications)),
        ]
        groups: dict[str, list[Identification]] = {}
        for one in identifications:
            groups.setdefault(one.set_name, []).append(one)
        for searched in groups.values():
            drawn = plots.cmc(searched), plots.search_det(searched)
            parts.append(f'<div class="plots">{"".join(drawn)}</div>')
    parts.append("</body></html>")
    return "\n".join(parts) + "\n"


def _facts(facts: Facts) -> str:
    versions = "; ".join(f"{escape(k)} {escape(v)}" for k, v in facts.versions.items())
    left_out = "".join(f"<br>Left out: {escape(one)}" for one in facts.left_out)
    return (
        f'<p class="facts">{escape(facts.date)} · {escape(facts.machine)}<br>{versions}{left_out}'
        f"<br><code>{escape(facts.command)}</code></p>"
    )


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
                f'<figure><img loading="lazy" alt="two prints side by side" src="{one.data_url}">'
                f"<figcaption>{escape(one.caption)}</figcaption></figure>"
                for one in some
            )
            parts.append(
                f"<details><summary>{escape(system)}: {title} scores</summary>"
                f'<div class="pairs">{figures}</div></details>'
            )
    return parts


def _row_classes(name: str, previous: str | None) -> str:
    classes = ["mean"] if name.startswith("mean of") else []
    return " ".join([*classes, "first"] if previous not in (None, name) else classes)


def _table(table: Table) -> str:
    head = "".join(
        f'<th class="{"n" if k >= table.numbers else ""}">{escape(name)}</th>'
        for k, name in enumerate(table.columns)
    )
    before = [None, *(row[0] for row in table.rows)]
    rows = "".join(
        f'<tr class="{_row_classes(row[0], previous)}">'
        + "".join(
            f'<td class="{"n" if k >= table.numbers else ""}">{escape(cell)}</td>'
            for k, cell in enumerate(row)
        )
        + "</tr>"
        for row, previous in zip(table.rows, before, strict=False)
    )
    return (
        f"<h4>{escape(table.title)}</h4>"
        f'<div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
