"""``civid plan``: nodes, memory, disk and times for a country, from measured costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.options import AsJson, MaxFpir, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, Problem, usage
from civid.cli.language.choice import spoken

if TYPE_CHECKING:
    from civid.search.capacity import Assumptions, Costs

ASSUME = "Change an assumption; may be given several times. --assumptions lists them."


def plan(
    subjects: Annotated[
        float | None, typer.Option(help="People in the full gallery; 98.7e6 is understood.", min=1)
    ] = None,
    fingers: Annotated[int, typer.Option(help="Of each person.", min=1, max=10)] = 2,
    enrolments_per_day: Annotated[
        float, typer.Option(help="Each is searched for among everybody.", min=0)
    ] = 0.0,
    identifications_per_day: Annotated[
        float, typer.Option(help="Other searches of everybody.", min=0)
    ] = 0.0,
    max_fpir: MaxFpir = 1e-3,
    growth_per_year: Annotated[float, typer.Option(help="People more after a year.")] = 0.0,
    years: Annotated[int, typer.Option(help="Years of growth to tell.", min=0, max=100)] = 10,
    assume: Annotated[
        list[str] | None, typer.Option("--assume", metavar="NAME=VALUE", help=ASSUME)
    ] = None,
    isa: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Costs that civid carries: avx2 (default), avx512."),
    ] = None,
    costs: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Costs that --measure --json or the benchmark wrote."),
    ] = None,
    measure: Annotated[
        bool, typer.Option("--measure", help="Measure this machine first; under a minute.")
    ] = False,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="List what is assumed, and why; plan nothing.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Same seed, same queues.", min=0)] = 1,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Plan the search of a country: nodes, memory, disk, times, a failed node, growth.

    Exit code 1: answers will not come in time. With --measure and no --subjects the costs are
    printed, as --costs takes them.
    """
    lang = spoken()
    from civid.cli.commands.capacity import tables
    from civid.search import capacity

    out = Output(as_json=as_json, quiet=quiet)
    if sum((isa is not None, costs is not None, measure)) > 1:
        raise usage("--isa, --costs and --measure name costs: one of them is enough")
    if assumptions:
        if as_json:
            keys = ("name", "value", "unit", "why")
            rows = capacity.Assumptions.table()
            out.json([dict(zip(keys, row, strict=True)) for row in rows])
        else:
            tables.show_assumptions(out, capacity.Assumptions(), lang)
        return Exit.DONE
    if subjects is None and not measure:
        raise usage("--subjects is needed", "say how many people, for example --subjects 98.7e6")
    given = _assumed(assume or [])
    record = _costs(out, isa, costs, measure=measure)
    if subjects is None:
        out.json([record.to_dict()])
        return Exit.DONE
    found = capacity.plan(
        subjects, fingers, enrolments_per_day, identifications_per_day=identifications_per_day,
        max_fpir=max_fpir, growth_per_year=growth_per_year, years=years,
        assumptions=given, costs=record, seed=seed,
    )  # fmt: skip
    if as_json:
        explained = list(capacity.explain(found, lang.value))
        out.json(found.to_dict() | {"explanation": explained})
    else:
        tables.show(out, found, lang)
    return Exit.DONE if found.in_time else Exit.NOTHING


def _assumed(texts: list[str]) -> Assumptions:
    from civid.errors import SearchError
    from civid.search.capacity.assumptions import assumed

    found = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            found[name.strip().replace("-", "_")] = float(value)
        except ValueError:
            advice = "NAME=VALUE is needed, for example replicas=3"
            raise usage(f"--assume {text}: {advice}") from None
    try:
        return assumed(found)
    except SearchError as error:
        raise usage(f"--assume: {error}", "see: civid plan --assumptions") from None


def _costs(out: Output, isa: str | None, path: Path | None, *, measure: bool) -> Costs:
    from civid.errors import SearchError
    from civid.search.capacity.costs import carried, read
    from civid.search.capacity.planning import DEFAULT_ISA

    if path is not None:
        try:
            return read(path)[-1]
        except SearchError as error:
            advice = "civid plan --measure --json writes such a file"
            raise Problem("unreadable-file", f"{path}: {error}", advice) from None
    if not measure:
        try:
            return carried(isa or DEFAULT_ISA)
        except SearchError as error:
            raise usage(f"--isa: {error}", "or measure this machine: --measure") from None
    from civid.lab.synthetic import SyntheticGallery
    from civid.position import Position
    from civid.search import capacity

    both = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
    ten = tuple(one for one in Position if one != Position.UNKNOWN)[:10]
    people = {len(some): SyntheticGallery(4, some) for some in (both, both[:1], ten)}
    with out.progress("measuring this machine") as progress:
        return capacity.measure(people, on_progress=progress)
