"""``civid compare``: are two prints of the same finger?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import civid
from civid.cli.console.options import (
    AUTO,
    AsJson,
    Dpi,
    Method,
    Parameters,
    Quiet,
    extraction_of,
    read_parameter_file,
)
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit
from civid.cli.console.results import check_picture_name, print_as_json, save_picture
from civid.cli.language.choice import spoken
from civid.cli.language.sentences import say
from civid.dedup.folder.prints import load, no_print


def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A scan or a record.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another one.")],
    min_score: Annotated[
        float,
        typer.Option(
            metavar="SCORE",
            help="The same from this score on; 40 = one in 10,000 pairs of different fingers.",
            min=0.0,
        ),
    ] = 40.0,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Save a picture of both, the paired minutiae joined."),
    ] = None,
    method: Method = AUTO,
    parameters: Parameters = None,
    dpi: Dpi = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Compare two prints. Exit code 0: the same finger, 1: not the same."""
    from civid.fingerprint.scores.odds import odds, score_as_json

    out = Output(as_json=as_json, quiet=quiet)
    check_picture_name(picture)
    given = read_parameter_file(parameters)
    by = extraction_of(method, given.extraction)
    (image_a, a), (image_b, b) = (load(path, dpi, parameters=by) for path in (first, second))
    for path, image, template in ((first, image_a, a), (second, image_b, b)):
        if len(template) == 0:
            raise no_print(path, image)
    result = civid.compare(a, b, given.search.comparison)
    same = bool(result.score >= min_score)
    if picture is not None:
        from civid.pictures import pair_joined

        save_picture(pair_joined(image_a, a, image_b, b, result), picture)
    if as_json:
        out.json(
            {
                "a": print_as_json(first, a),
                "b": print_as_json(second, b),
                **score_as_json(result.score, calibrated=result.calibrated),
                "parameters": result.parameters,
                "calibrated": result.calibrated,
                "same": same,
                "min_score": min_score,
                "pairs": [[int(i), int(j)] for i, j in result.pairs],
            }
        )
    else:
        meaning = odds(float(result.score), spoken().value, calibrated=result.calibrated)
        verdict = "the same finger" if same else "not the same finger, as far as can be told"
        if not result.calibrated:  # the threshold is no rate
            verdict = "reaches the threshold" if same else "does not reach the threshold"
        out.print(
            f"{say(f'score {result.score:.1f}')} ({meaning}): {say(verdict)}",
            f"{counted(len(result.pairs), 'pair')} among {len(a)} and {len(b)} minutiae; "
            f"quality {a.quality} and {b.quality}; threshold {min_score:g}",
        )
        if not result.calibrated:
            found_by = (one.extractor or say("an unknown extractor") for one in (a, b))
            out.note(
                f"parameters: {result.parameters}; minutiae of {', '.join(dict.fromkeys(found_by))}"
            )
        if picture is not None:
            out.note(f"picture: {picture}")
    return Exit.DONE if same else Exit.NOTHING
