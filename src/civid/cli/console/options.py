"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

import os
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

if TYPE_CHECKING:
    from civid.fingerprint.gate import Gate
    from civid.fingerprint.parameters import ExtractionParameters
    from civid.search.parameters import ParameterFile

AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no notes.")]
Dpi = Annotated[
    float | None,
    typer.Option(
        metavar="DPI", help="Resolution in px per inch; goes before what a file states.", min=0.0
    ),
]
Threads = Annotated[
    int | None, typer.Option(metavar="N", help="How many threads work; default: all cores.", min=1)
]
Images = Annotated[
    list[Path],
    typer.Argument(
        metavar="IMAGE...",
        help="Scans (PNG, BMP, JPEG, TIFF, JP2, WSQ, PGM), records of minutiae or of an image, or"
        " folders of them.",
    ),
]
GalleryFolder = Annotated[Path, typer.Argument(metavar="GALLERY", help="Folder of the gallery.")]
Probe = Annotated[list[str], typer.Argument(metavar="FINGER=IMAGE", help="Prints of one person.")]
NewSubject = Annotated[str | None, typer.Argument(metavar="SUBJECT", help="The subject's id.")]
SubjectPrints = Annotated[
    list[str] | None,
    typer.Argument(metavar="FINGER=IMAGE", help="Its prints, for example right-index=scan.png."),
]
PrintFolder = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        metavar="PATH",
        help="Enrol everybody under this folder; file names say who (--filename-pattern).",
    ),
]
Limit = Annotated[int, typer.Option(metavar="N", help="At most so many candidates.", min=1)]
Rows = Annotated[int, typer.Option(metavar="N", help="At most so many rows in the table.", min=1)]
Checkpoint = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Note here what is done; stopped, the same command goes on from there."
    ),
]
PairsOutput = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write all pairs: FILE.csv or FILE.jsonl."),
]
Finger = Annotated[
    str | None,
    typer.Option(
        "--position",
        "-p",
        metavar="FINGER",
        help="Which finger: 0-10 as in ISO/IEC 19794-2, or right-index.",
    ),
]
MinQuality = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Refuse prints of a lower quality, 0-100; 20 refuses about one in forty, and a tenth"
        " of the missed pairs with it. Records of other programs are not judged by it.",
        min=0,
        max=100,
    ),
]
MinMinutiae = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Refuse prints with fewer minutiae; 12 is a sensible least.",
        min=0,
        max=255,
    ),
]
#: What files are called unless ``--filename-pattern`` says otherwise.
DEFAULT_NAMES = "{subject}_{position}"
Names = Annotated[
    str | None,
    typer.Option(
        "--filename-pattern",
        metavar="PATTERN",
        help="How files are named, for example '{subject}_{position}': files that agree in every"
        " field but {position} are one enrolment.",
    ),
]
MaxFpir = Annotated[
    float,
    typer.Option(
        metavar="RATE",
        help="Accept this chance that a search of somebody who is not enrolled reports anyone.",
        min=1e-12,
        max=1.0,
    ),
]
MinScore = Annotated[
    float | None,
    typer.Option(
        metavar="SCORE", help="Report from this score on, whatever --max-fpir says.", min=0.0
    ),
]
Parameters = Annotated[
    Path | None,
    typer.Option(
        "--parameters",
        metavar="FILE",
        help="JSON with other parameters than the defaults, for research:"
        ' {"comparison": {"pair_distance": 12}}; also extraction, fusion, search. Scores are not'
        " calibrated then.",
    ),
]
ExtractionFile = Annotated[
    Path | None,
    typer.Option(
        "--parameters",
        metavar="FILE",
        help='JSON with other parameters of extraction: {"extraction": {"sigma_along": 0.6}}.'
        " Scores are not calibrated then.",
    ),
]


class ExtractionMethod(StrEnum):
    """The words of ``--method``: those of `civid.extract`."""

    AUTO = "auto"
    CLASSICAL = "classical"
    NEURAL = "neural"


Method = Annotated[
    ExtractionMethod,
    typer.Option(
        "--method",
        help="How minutiae are found in images: auto is the best that is measured, neural a small"
        " network's look at the print, classical is faster.",
    ),
]
#: The default of `Method`: what a file of ``--parameters`` says, or civid's own choice.
AUTO = ExtractionMethod.AUTO
Swapped = Annotated[
    bool,
    typer.Option(
        "--swapped",
        help="Labels may be wrong: also find mixed hands and exchanged fingers. Takes longer.",
    ),
]
Turned = Annotated[
    bool,
    typer.Option(
        "--turned",
        help="Prints may lie turned, even upside down: look for them in four directions. Takes"
        " longer.",
    ),
]
Exact = Annotated[
    bool,
    typer.Option(
        "--exact",
        help="Compare everybody in full; large galleries are otherwise prefiltered.",
    ),
]
Keys = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        metavar="FILE",
        help="File with the keys of an encrypted gallery, a line name:base64 each, the last one"
        " for what is written. Default: the variable CIVID_GALLERY_KEYS, if it is set.",
    ),
]


def gate_of(min_quality: int | None, min_minutiae: int | None) -> Gate | None:
    """The gate of a run in which nobody stands at the scanner; None = neither was asked for."""
    from civid.fingerprint.gate import Gate

    if min_quality is None and min_minutiae is None:
        return None
    return Gate(min_quality or 0, min_minutiae or 0, retries=0)


def extraction_of(
    method: str, given: ExtractionParameters | None = None
) -> ExtractionParameters | None:
    """What ``--method`` and ``--parameters`` ask for together; None = the defaults.

    Raises
    ------
    Problem
        The file names another method.
    """
    from civid.fingerprint.parameters import ExtractionParameters

    if method == AUTO:
        return given
    if given is None:
        return ExtractionParameters(method=method)
    if given.method not in (AUTO, method):
        from civid.cli.console.problems import usage

        raise usage(
            f"--method {method} contradicts the file of --parameters, which says {given.method}",
            "leave one of them out, or let both say the same",
        )
    return replace(given, method=method)


class ChosenExtraction(NamedTuple):
    """What ``--method`` and ``--parameters`` of a command ask for, and how to ask for it again."""

    parameters: ExtractionParameters | None
    words: tuple[str, ...] = ()


def chosen_extraction(method: str, file: Path | None) -> ChosenExtraction:
    """The two options of `Method` and `ExtractionFile`, read.

    Raises
    ------
    Problem
        The file cannot be read, holds no parameters, or names another method.
    """
    words: tuple[str, ...] = () if method == AUTO else ("--method", str(method))
    words += () if file is None else ("--parameters", str(file))
    return ChosenExtraction(extraction_of(method, read_parameter_file(file).extraction), words)


def read_parameter_file(file: Path | None) -> ParameterFile:
    """What ``--parameters`` names; the defaults without it.

    Raises
    ------
    Problem
        The file cannot be read, or holds no parameters.
    """
    from civid.cli.console.problems import usage
    from civid.errors import FieldError
    from civid.search.parameters import ParameterFile, SearchParameters, read_parameters

    if file is None:
        return ParameterFile(None, SearchParameters())
    try:
        return read_parameters(file)
    except FieldError as error:
        raise usage(f"{file}: {error}", _advice_on(error.field)) from None
    except OSError as error:
        raise usage(f"{file}: {(error.strerror or str(error)).lower()}", "check the path") from None


def _advice_on(field: str) -> str:
    """Where to look for what is wrong in a file of parameters."""
    part = field.partition(".")[0]
    if part in ("extraction", "comparison", "fusion", "search"):
        return f"docs/explain/{part}.md#parameters lists names and ranges"
    return 'such a file looks like {"extraction": {"method": "classical"}}'


def thread_count(wanted: int | None) -> int:
    """How many threads to use: what was asked for, or one for each core that we may use."""
    if wanted is not None:
        return wanted
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
