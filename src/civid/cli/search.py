"""``civid search``: who in a gallery do these prints belong to?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from civid.cli.fingers import assign, read_fingers
from civid.cli.galleries import open_gallery
from civid.cli.options import AsJson, Dpi, Finger, MaxFpir, MinScore, Quiet, Threads, thread_count
from civid.cli.output import Output, add_row, table
from civid.cli.problems import Exit


def search(
    gallery: Annotated[Path, typer.Argument(metavar="GALLERY", help="Folder of the gallery.")],
    images: Annotated[
        list[str],
        typer.Argument(metavar="FINGER=IMAGE", help="Prints of one person."),
    ],
    position: Finger = None,
    limit: Annotated[
        int, typer.Option(metavar="N", help="At most so many candidates.", min=1)
    ] = 10,
    max_fpir: MaxFpir = 1e-3,
    min_score: MinScore = None,
    dpi: Dpi = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Search a gallery. Exit code 0: there are candidates, 1: there is none."""
    out = Output(as_json=as_json, quiet=quiet)
    files = assign(images, position)
    with open_gallery(gallery, read_only=True) as opened:
        fingers = read_fingers(files, dpi)
        size = len(opened)
        wanted = opened.threshold(max_fpir) if min_score is None else min_score
        start = time.perf_counter()
        ranked = opened.search(fingers, limit=limit, threads=thread_count(threads))
        seconds = time.perf_counter() - start
    found = [candidate for candidate in ranked if candidate.score >= wanted]
    if as_json:
        out.json(
            {
                "gallery": str(gallery),
                "subjects": size,
                "min_score": round(wanted, 3),
                "seconds": round(seconds, 6),
                "candidates": [
                    {
                        "subject": candidate.subject_id,
                        "score": round(float(candidate.score), 3),
                        "fingers": len(candidate.evidence),
                    }
                    for candidate in found
                ],
            }
        )
        return Exit.DONE if found else Exit.NOTHING
    if not found:
        out.print(f"nobody among {size:,} subjects reaches a score of {wanted:.1f}")
        if ranked:
            out.note(f"the closest one scores {ranked[0].score:.1f}; --min-score shows it")
        return Exit.NOTHING
    made = table("", "rank", "subject", "score", "fingers", right=("rank", "score", "fingers"))
    for rank, candidate in enumerate(found, 1):
        count = str(len(candidate.evidence))
        add_row(made, str(rank), candidate.subject_id, f"{candidate.score:.1f}", count)
    out.print(made)
    out.note(f"{size:,} subjects searched in {seconds * 1000:.1f} ms; from score {wanted:.1f} on")
    return Exit.DONE
