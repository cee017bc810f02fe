"""``civid explain``: every stage of the extraction, or why two prints got their score."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import civid
from civid.cli.console.options import AUTO, AsJson, Dpi, Method, Quiet, extraction_of
from civid.cli.console.output import Output, counted
from civid.cli.console.results import check_picture_name, print_as_json, save_picture
from civid.cli.language.choice import spoken
from civid.cli.language.sentences import say
from civid.dedup.folder.prints import load, load_image
from civid.fingerprint.parameters import ExtractionParameters, extractor_name

if TYPE_CHECKING:
    from civid.pictures.alignment import Alignment


def explain(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="A scan of one finger.")],
    other: Annotated[
        Path | None,
        typer.Argument(
            metavar="B",
            help="Another one: draw why the two got their score. Then both may be records.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to save it; default: IMAGE-stages.png or A-B-explained.png here.",
        ),
    ] = None,
    method: Method = AUTO,
    dpi: Dpi = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Draw what the extraction sees, stage by stage; or with two prints why they got their score.

    Exit code 0 in any case: whether it is the same finger is the question of civid compare.
    """
    out = Output(as_json=as_json, quiet=quiet)
    by = extraction_of(method)
    if other is not None:
        return _explain_pair(image, other, to, dpi, by, out)
    from civid.pictures import stages

    target = to or Path(f"{image.stem}-stages.png")
    check_picture_name(target)
    save_picture(stages(load_image(image, dpi), by), target)
    if as_json:
        out.json({"file": str(image), "extractor": extractor_name(by), "picture": str(target)})
    else:
        out.print(str(target))
    return 0


def _explain_pair(
    first: Path,
    second: Path,
    to: Path | None,
    dpi: float | None,
    by: ExtractionParameters | None,
    out: Output,
) -> int:
    from civid.fingerprint.scores.odds import odds, score_as_json
    from civid.pictures import pair_explained
    from civid.pictures.aligned import caption
    from civid.pictures.alignment import align

    target = to or Path(f"{first.stem}-{second.stem}-explained.png")
    check_picture_name(target)
    (image_a, a), (image_b, b) = (load(path, dpi, parameters=by) for path in (first, second))
    result = civid.compare(a, b)
    alignment = align(image_a, a, image_b, b, result.pairs)
    save_picture(pair_explained(image_a, a, image_b, b, result, alignment), target)
    if out.as_json:
        out.json(
            {
                "a": print_as_json(first, a),
                "b": print_as_json(second, b),
                **score_as_json(result.score, calibrated=result.calibrated),
                "pairs": [[int(i), int(j)] for i, j in result.pairs],
                "alignment": None if alignment is None else _figures(alignment),
                "picture": str(target),
            }
        )
        return 0
    meaning = odds(float(result.score), spoken().value, calibrated=result.calibrated)
    pairs = counted(len(result.pairs), "pair")
    out.print(f"{say(f'score {result.score:.1f}')}: {meaning}; {pairs}")
    if alignment is None:
        out.print("too few minutiae are paired to lay one print over the other")
    else:
        out.print(*caption(alignment, a, b))
    out.print(str(target))
    return 0


def _figures(alignment: Alignment) -> dict[str, object]:
    from civid.pictures.alignment import PX_PER_MM

    return {
        "rotation_degrees": round(alignment.motion.degrees, 2),
        "shift_mm": [round(float(px) / PX_PER_MM, 3) for px in alignment.shift],
        "residual_rms_px": round(alignment.rms, 3),
        "overlap_minutiae": list(alignment.inside),
        "paired_share": round(alignment.paired_share, 4),
    }
