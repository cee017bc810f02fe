"""What the API reference shows, in the order of the field: group -> modules, each with its page.

A module with ``__all__`` is public and has to stand here (`tests/docs/test_reference.py`), or in
`LEFT_OUT` with its reason. A module without ``__all__`` that stands here shows what it defines.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import NamedTuple

import civid
import civid.errors
from civid.errors import UnavailableError


class Group(NamedTuple):
    """A page of the reference that leads to those of its modules."""

    key: str
    title: str
    intro: str
    modules: tuple[str, ...]


#: Pages that show a part of the names of `civid` itself: page -> (title, names).
PARTS = {
    "civid-engine": (
        "civid: images, templates, quality",
        ("read_image", "read_upload", "extract", "explain", "examine", "assess", "FingerImage",
         "Template", "Position", "ExtractionParameters", "Examination", "QualityReport", "Gate",
         "Verdict", "Upload", "UploadedPrint"),
    ),
    "civid-galleries": (
        "civid: comparison and search",
        ("compare", "Comparison", "Gallery", "Candidate", "Duplicate", "ComparisonParameters",
         "FusionParameters", "SearchParameters", "cpu", "__version__"),
    ),
}  # fmt: skip
#: The third part: every error, by itself complete.
ERRORS = "civid-errors"


def _all(package: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{package}.{name}" if name else package for name in names)


GROUPS = (
    Group(
        "prints",
        "Prints: from an image to a score",
        "What most programs need stands in `civid` itself. Slaps, uploads, pictures beside it.",
        (
            "civid-engine",
            "civid.fingerprint.template",
            *_all("civid.fingerprint", "slaps", "upload", "scores.calibration", "scores.odds"),
            "civid.pictures",
        ),
    ),
    Group(
        "search",
        "Search: is this person already here?",
        "Galleries, clusters of them, their upkeep, and how many machines a country needs.",
        (
            "civid-galleries",
            *_all("civid.search", "", "parameters", "aio", "upkeep", "cluster"),
            *_all("civid.search", "capacity", "capacity.costs"),
            "civid.cpu",
        ),
    ),
    Group(
        "formats",
        "Formats: records of the standards",
        "One module a standard and edition, all with `sniff`, `parse`, `validate`, `build`.",
        (
            *_all("civid.formats", "", "minutiae", "minutiae.iso19794_2_2005"),
            *_all("civid.formats.minutiae", "iso19794_2_2011", "ansi378_2004", "ansi378_2009"),
            *_all("civid.formats.minutiae", "card", "card.normal", "card.compact", "extended"),
            *_all("civid.formats.minutiae", "convert", "nbis.min", "nbis.xyt", "nbis.xyt_m1"),
            *_all("civid.formats.minutiae", "common", "rows"),
            *_all("civid.formats.image_records", "", "iso19794_4_2005", "iso19794_4_2011"),
            *_all("civid.formats.image_records", "ansi381_2004", "iso39794_4_2019"),
            *_all("civid.formats.image_files", "picture", "netpbm", "wsq"),
            *_all("civid.formats.ansi_nist", "", "transaction", "minutiae"),
            *_all("civid.formats.cbeff", "mosip_xml", "icao", "piv"),
            *_all("civid.formats.qcvn109", "message_json", "message_xml"),
            "civid.formats.safe_xml",
        ),
    ),
    Group(
        "people",
        "People: the typed model of a citizen",
        "Numbers, names, dates, places, households, forms. Loads neither numpy nor the engine.",
        (
            "civid.people",
            *_all("civid.people", "personal_number", "cmnd9", "cmnd12", "number_check", "numbers"),
            *_all("civid.people", "names", "dates", "sex", "places", "codes", "citizen"),
            *_all("civid.people", "residence", "residence.calendar", "household", "forms"),
            *_all("civid.people", "documents", "documents.models", "messages", "border"),
            *_all("civid.people", "findings", "synthetic"),
        ),
    ),
    Group(
        "cards",
        "Cards: what is written on them, and the law",
        "QR code, machine-readable zone, chip; validity, deadlines, fees; life cycles.",
        (
            *_all("civid.cards", "card", "parts", "reading", "crosscheck", "qr", "mrz"),
            *_all("civid.cards.chip", "ef_com", "dg1", "dg2", "dg3", "dg13", "sod", "passive"),
            *_all("civid.cards.chip", "authority", "trust.bundle", "trust.chain", "face"),
            *_all("civid.cards.chip", "finger", "cbeff"),
            *_all("civid.cards", "validity", "deadlines", "fees", "eligibility", "regimes"),
            *_all("civid.cards", "calendars", "generations", "facts", "gather", "from_register"),
            *_all("civid.cards", "lifecycle", "specimen"),
        ),
    ),
    Group(
        "register",
        "Register: people, prints and cards, kept",
        "Sealed acts, a hash-chained log, enrolment at a counter. Needs `civid[register]`.",
        (
            "civid.register",
            *_all("civid.register", "enrolment.enrolment", "enrolment.frames", "bulk", "audit"),
            *_all("civid.register", "backup", "check", "protection"),
        ),
    ),
    Group(
        "dedup",
        "Duplicates: machine and people decide",
        "A folder, a day's dossiers or a whole register; decisions, cases, watch-lists.",
        (
            "civid.dedup",
            *_all("civid.dedup", "folder.job", "folder.naming", "folder.source_digests"),
            *_all("civid.dedup", "folder.kept_prints"),
            *_all("civid.dedup", "decision", "batch", "cases", "watchlist"),
        ),
    ),
    Group(
        "exchange",
        "Exchange: doors for other systems",
        "An ABIS on a queue, OSIA and plain checks over HTTP; answers that give little away.",
        (
            *_all("civid.exchange", "abis", "abis.backup", "mosip", "worker"),
            *_all("civid.exchange", "datashare", "datashare.origins"),
            *_all("civid.exchange", "service", "service.access", "service.log", "service.plain"),
            *_all("civid.exchange", "service.problem", "osia", "osia.tasks", "osia.data_access"),
            *_all("civid.exchange", "envelopes", "sharing", "consent", "prefill", "requests"),
            *_all("civid.exchange", "sector", "sector.report.page"),
        ),
    ),
    Group(
        "campaign",
        "Campaign: plan, follow and foresee an enrolment",
        "Quotas by unit, progress that reconciles, the counter as a production line, forecasts.",
        (
            *_all("civid.campaign", "organisation", "progress", "line", "optimise", "whatif"),
            *_all("civid.campaign", "forecast", "sample", "report", "sheets"),
        ),
    ),
    Group(
        "lab",
        "Laboratory: measure and make up",
        "For research; not under the promise of the [policy](../../policy.md) that names stay.",
        (
            *_all("civid.lab", "evaluation", "evaluation.evaluate", "peers", "peers.sourceafis"),
            *_all("civid.lab", "leaderboard", "figures", "tables", "report", "report.plots"),
            *_all("civid.lab", "synthetic", "synthetic.learning", "synthetic.slaps"),
        ),
    ),
    Group(
        "errors",
        "Errors",
        "All derive from `civid.CividError`; [what to do about each](../../errors.md).",
        (ERRORS,),
    ),
)

#: Modules with ``__all__`` that have no page, and why.
LEFT_OUT = {
    "civid": "its names are shared out over the pages of PARTS and the errors",
    "civid._native": "private",
    "civid.cli": "the command is described in reference/cli.md",
    "civid.cli.commands.capacity": "part of the command",
    "civid.cli.console.problems": "part of the command",
}


def public_names(module: str) -> tuple[str, ...]:
    """The names that the page of a module (or of a part of `civid`) has to show."""
    if module == ERRORS:
        errors = vars(civid.errors).values()
        own = (one for one in errors if inspect.isclass(one) and one.__module__ == "civid.errors")
        return tuple(one.__name__ for one in own)
    if module in PARTS:
        return PARTS[module][1]
    loaded = importlib.import_module(module)
    if hasattr(loaded, "__all__"):
        return tuple(loaded.__all__)
    return tuple(
        name
        for name, value in vars(loaded).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module
    )


def home(page: str) -> str:
    """The module that names of a page are imported from."""
    return "civid" if page in PARTS or page == ERRORS else page


def modules_with_all() -> list[str]:
    """Every module of civid that says what it makes public."""
    found = ["civid"]
    for one in pkgutil.walk_packages(civid.__path__, "civid."):
        if not one.name.endswith(("._civid", ".__main__")):
            try:
                module = importlib.import_module(one.name)
            except UnavailableError:  # PyTorch, which neither tests nor the site bring
                continue
            found += [one.name] if hasattr(module, "__all__") else []
    return found
