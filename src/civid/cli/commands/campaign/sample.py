"""``civid campaign sample``: draw records to verify again, and judge what came back."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from civid.campaign.sample import (
    Decision,
    Drawn,
    Verdict,
    decide,
    draw,
    error_rates,
    read_worksheet,
    sample_size,
    send_back,
    worksheet,
)
from civid.campaign.sample.estimate import ErrorRate
from civid.campaign.sheets.read import read_sheet
from civid.campaign.sheets.write import Written, write_csv, write_xlsx
from civid.campaign.words import say, shown_value
from civid.cli.commands.campaign.opening import (
    bytes_of,
    check_places,
    show_findings,
    show_table,
    write_tables,
)
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage
from civid.cli.console.results import write_bytes
from civid.cli.language.choice import Language, spoken
from civid.errors import CampaignError

app = typer.Typer(help="Re-verification (phúc tra): draw a sample, judge what came back.")
Records = Annotated[
    Path,
    typer.Argument(
        metavar="RECORDS.csv", help="All records: reference, unit, and the fields to check."
    ),
]
Fields = Annotated[
    str, typer.Option(metavar="FIELDS", help="Which are checked, such as name,birth,sex.")
]
Margin = Annotated[
    float,
    typer.Option(
        metavar="SHARE", help="How closely each unit's error rate is to be known.", min=0.0, max=1.0
    ),
]
Seed = Annotated[str, typer.Option(help="The same seed draws the same records.")]
MOST_FIELDS = 50


@app.command(name="draw")
def draw_sample(
    records: Records,
    fields: Fields,
    output: Annotated[
        list[Path],
        typer.Option("--output", "-o", metavar="FILE", help="The work sheet: .csv or .xlsx."),
    ],
    margin: Margin = 0.05,
    seed: Seed = "1",
    blind: Annotated[
        bool, typer.Option("--blind", help="Leave out what is recorded, so that nobody copies it.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Draw from each unit as many as its margin needs, and write the work sheet."""
    lang = spoken()
    out = Output(as_json=as_json)
    check_places(output, records)
    names = field_names(fields)
    known, units = _records(records, names)
    drawn = _drawn(units, margin, seed)
    sheet = worksheet(drawn, known, names, blind=blind)
    for path in output:  # plain: it is read again
        excel = path.suffix.lower() == ".xlsx"
        write_bytes(path, write_xlsx([sheet]) if excel else write_csv(sheet))
    counts, sizes = Counter(units.values()), Counter(one.unit for one in drawn)
    if as_json:
        out.json({"seed": seed, "margin": margin, "drawn": len(drawn), "records": len(units),
                  "units": [{"unit": unit, "records": count, "drawn": sizes[unit]}
                            for unit, count in sorted(counts.items())]})  # fmt: skip
    else:
        rows = [(unit, count, sizes[unit]) for unit, count in sorted(counts.items())]
        show_table(
            out, Written.of("sample", ("unit-code", "records", "drawn"), rows), lang, len(rows)
        )
    return Exit.DONE


@app.command()
def check(
    records: Records,
    sheet: Annotated[Path, typer.Argument(metavar="SHEET.csv", help="The sheet that came back.")],
    fields: Fields,
    limit: Annotated[
        float, typer.Option(metavar="SHARE", help="Error rate that is allowed.", min=0.0, max=1.0)
    ] = 0.02,
    margin: Margin = 0.05,
    seed: Seed = "1",
    back: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", metavar="FILE", help="The list that is sent back."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Judge units by their error rate. Exit code 0: all are accepted, 1: not all are.

    Give the margin and the seed of the draw: the sample is drawn again, and only its records count.
    """
    lang = spoken()
    out = Output(as_json=as_json, quiet=quiet)
    check_places(back, records, sheet)
    names = field_names(fields)
    known, units = _records(records, names)
    drawn = _drawn(units, margin, seed)
    checked, findings = read_worksheet(bytes_of(sheet), drawn, known, names, name=sheet.name)
    rates = error_rates(checked)
    decisions = decide(rates, limit)
    whole = [one.rate.unit for one in decisions
             if one.verdict is Verdict.SEND_BACK and one.rate.unit]  # fmt: skip
    write_tables(back, [send_back(checked, whole)], lang)
    if as_json:
        out.json({"limit": limit, "drawn": len(drawn),
                  "checked": sum(one.is_checked for one in checked),
                  "decisions": [one.to_dict() for one in decisions],
                  "rates": [one.to_dict() for one in rates if one.field],
                  "findings": [one.to_dict() for one in findings]})  # fmt: skip
    else:
        show_table(out, decisions_table(decisions, lang), lang, 1000)
        by_field = [one for one in rates if one.field and not one.unit]
        show_table(out, rates_table(by_field, lang), lang, MOST_FIELDS)
        show_findings(out, findings, lang)
    accepted = bool(decisions) and all(one.verdict is Verdict.ACCEPT for one in decisions)
    return Exit.DONE if accepted else Exit.NOTHING


def field_names(text: str) -> list[str]:
    """The fields that were asked for."""
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    if not names or len(set(names)) != len(names) or len(names) > MOST_FIELDS:
        raise usage(f"--fields names 1 to {MOST_FIELDS} fields, each once")
    if {"reference", "unit"} & set(names) or any(name.endswith("_found") for name in names):
        raise usage("--fields: reference, unit and ..._found are columns of the sheet")
    return names


def decisions_table(decisions: tuple[Decision, ...], lang: Language) -> Written:
    """Verdicts by unit; the whole first, under no code."""
    rows = [(one.rate.unit or "*", *_figures(one.rate, lang), say(one.verdict.value, lang.value))
            for one in decisions]  # fmt: skip
    return Written.of("decisions", ("unit-code", *_FIGURES, "verdict"), rows)


def rates_table(rates: list[ErrorRate], lang: Language) -> Written:
    """Error rates by field."""
    rows = [(one.field, *_figures(one, lang)) for one in rates]
    return Written.of("by-field", ("field", *_FIGURES), rows)


_FIGURES = ("wrong", "checked", "error-rate", "interval")


def _figures(one: ErrorRate, lang: Language) -> tuple[int, int, str, str]:
    def percent(share: float | None) -> str:
        if share is None:
            return ""
        return shown_value(Decimal(f"{share * 100:.2f}"), lang.value) + "%"

    return one.wrong, one.checked, percent(one.rate), f"{percent(one.low)} - {percent(one.high)}"


def _records(path: Path, names: list[str]) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    wanted: dict[str, tuple[str, ...]] = {"reference": ("mã",), "unit": ("đơn vị", "mã đơn vị")}
    sheet = read_sheet(
        bytes_of(path), wanted | dict.fromkeys(names, ()),
        needed=("reference", "unit", *names), name=path.name,
    )  # fmt: skip
    if sheet.findings:
        _refuse(sheet.findings[0].sentence("en"), sheet.findings[0].code, sheet.findings[0].row)
    known, units = dict[str, dict[str, str]](), dict[str, str]()
    for row in sheet.rows:
        reference = row["reference"]
        if not reference or reference in known:
            what = "a reference twice" if reference else "no reference"
            _refuse(f"{path.name}: {what}", "reference", row.number)
        if not row["unit"]:
            _refuse(f"{path.name}: a record without a unit", "no-such-unit", row.number)
        known[reference] = {name: row[name] for name in names}
        units[reference] = row["unit"]
    return known, units


def _refuse(message: str, code: str, row: int | None) -> Any:
    raise CampaignError(message, code=code, row=row)


def _drawn(units: dict[str, str], margin: float, seed: str) -> tuple[Drawn, ...]:
    sizes = {unit: sample_size(count, margin) for unit, count in Counter(units.values()).items()}
    return draw(units.items(), dict(sorted(sizes.items())), seed=seed)
