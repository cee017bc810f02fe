"""``civid search``: who in a gallery do these prints belong to?"""

from __future__ import annotations

import time
from typing import Annotated

import typer

from civid.cli.console.evidence import candidate_as_json, candidates_table, threshold_in_words
from civid.cli.console.fingers import assign, extractors_of, read_fingers
from civid.cli.console.galleries import look_all_round, open_gallery
from civid.cli.console.options import (
    AUTO,
    AsJson,
    Dpi,
    Exact,
    Finger,
    GalleryFolder,
    Keys,
    Limit,
    MaxFpir,
    Method,
    MinScore,
    Parameters,
    Probe,
    Quiet,
    Swapped,
    Threads,
    Turned,
    extraction_of,
    read_parameter_file,
    thread_count,
)
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage


def search(
    gallery: GalleryFolder,
    images: Probe,
    position: Finger = None,
    limit: Limit = 10,
    max_fpir: MaxFpir = 1e-3,
    min_score: MinScore = None,
    swapped: Swapped = False,
    turned: Turned = False,
    exact: Exact = False,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="With --json: which minutiae were paired.")
    ] = False,
    method: Method = AUTO,
    parameters: Parameters = None,
    why: Annotated[
        bool,
        typer.Option(
            "--why",
            help="Say also how the gallery was searched and why, how many were looked at and"
            " compared, what that costs and what it may lose, as measured.",
        ),
    ] = False,
    keys: Keys = None,
    dpi: Dpi = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Search a gallery. Exit code 0: there are candidates, 1: there is none."""
    from civid.search import OperatingPoint

    out = Output(as_json=as_json, quiet=quiet)
    if pairs and not as_json:
        raise usage("--pairs goes with --json", "civid explain A B draws the pairs of two prints")
    files = assign(images, position)
    given = read_parameter_file(parameters)
    by = extraction_of(method, given.extraction)
    calibrated = given.search.calibrated and not (by and by.changes())
    if not calibrated and min_score is None:
        raise usage(
            "scores of these parameters are not calibrated, so that --max-fpir means nothing",
            "give --min-score",
        )
    if exact and parameters is not None:
        raise usage("--exact and --parameters", 'put {"search": {"method": "exact"}} into the file')
    with open_gallery(gallery, keys=keys, read_only=True, exact=exact) as opened:
        if parameters is not None:
            opened.parameters = given.search
        if turned:
            look_all_round(opened)
        fingers = read_fingers(files, dpi, extraction=by)
        size, how, opened_by = len(opened), opened.method(), opened.parameters.name
        point = OperatingPoint.of(max_fpir, size) if min_score is None else None
        wanted = point.threshold if point is not None else float(min_score or 0.0)
        start = time.perf_counter()
        ranked = opened.search(
            fingers, limit=limit, swapped=swapped, pairs=pairs, threads=thread_count(threads)
        )
        seconds = time.perf_counter() - start
        explained = opened.explain(fingers, limit, swapped=swapped) if why else None
    found = [candidate for candidate in ranked if candidate.score >= wanted]
    if as_json:
        out.json(
            {
                "gallery": str(gallery),
                "subjects": size,
                "method": how,
                "extractors": extractors_of(fingers.values()),
                "parameters": opened_by,
                "min_score": round(wanted, 3),
                "operating_point": None if point is None else point.to_dict(),
                "seconds": round(seconds, 6),
                **({} if explained is None else {"explanation": explained.to_dict()}),
                "candidates": list(map(candidate_as_json, found)),
            }
        )
        return Exit.DONE if found else Exit.NOTHING
    if explained is not None:
        out.print(*str(explained).splitlines())
    if not found:
        out.print(f"nobody among {size:,} subjects reaches a score of {wanted:.1f}")
        if ranked:
            out.note(f"the closest one scores {ranked[0].score:.1f}; --min-score shows it")
        return Exit.NOTHING
    out.print(candidates_table(found))
    some = "" if how == "exact" else ", prefiltered (--exact compares all in full)"
    out.note(
        f"{size:,} subjects searched in {seconds * 1000:.1f} ms{some}; from score {wanted:.1f} on"
    )
    if not calibrated:
        out.note(f"parameters: {opened_by}; scores are not calibrated")
        return Exit.DONE
    out.note("by chance: how often a search for somebody who is not here scores as high;")
    out.note(threshold_in_words(point))
    return Exit.DONE
