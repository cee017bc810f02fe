"""Reports of evaluations: a page, JSON, tables of text, all into one folder."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import civid
from civid import cpu
from civid.lab.evaluation.evaluate import Lab
from civid.lab.evaluation.results import Identification, Verification
from civid.lab.evaluation.store import write_whole
from civid.lab.evaluation.suspicions import Suspicion
from civid.lab.peers import System
from civid.lab.report.files import score_files
from civid.lab.report.page import Facts, page
from civid.lab.report.pictures import Shown, draw_worst
from civid.lab.report.text_tables import as_text, identification_table, verification_tables

__all__ = ["Facts", "document", "facts", "text", "write"]

PICTURES = 4


def facts(
    command: str,
    systems: Sequence[System],
    left_out: Sequence[str] = (),
    suspicions: Sequence[Suspicion] = (),
    reused: int = 0,
) -> Facts:
    """Date, machine and versions of this run, and what is to be looked at."""
    versions = {"civid": civid.__version__, "Python": platform.python_version()}
    for one in systems:
        parts = dict.fromkeys([one.extractor_version, one.matcher_version])
        versions[one.name] = ", ".join(part for part in parts if part)
    machine = f"{_processor()}, {os.cpu_count()} CPUs, {cpu.active()}; {platform.system()}"
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Facts(date, command, machine, versions, tuple(left_out), tuple(suspicions), reused)


def document(
    verifications: Sequence[Verification],
    identifications: Sequence[Identification],
    known: Facts,
) -> dict[str, Any]:
    """Everything but scores and pictures, for JSON."""
    return {
        "date": known.date,
        "machine": known.machine,
        "command": known.command,
        "versions": dict(known.versions),
        "left_out": list(known.left_out),
        "suspicions": [asdict(one) for one in known.suspicions],
        "reused": known.reused,
        "verification": [one.as_dict() for one in verifications],
        "identification": [one.as_dict() for one in identifications],
    }


def text(verifications: Sequence[Verification], identifications: Sequence[Identification]) -> str:
    """The tables as text."""
    parts: list[str] = []
    if verifications:
        parts += map(as_text, verification_tables(verifications))
    if identifications:
        parts.append(as_text(identification_table(identifications)))
    return "\n\n".join(parts)


def write(
    folder: Path,
    verifications: Sequence[Verification],
    identifications: Sequence[Identification],
    systems: Sequence[System],
    lab: Lab,
    known: Facts,
    *,
    pictures: int = PICTURES,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Write ``results.json``, ``report.html``, ``report.txt``, and scores as CSV and npz.

    Parameters
    ----------
    pictures : int
        How many of the lowest genuine and of the highest impostor pairs are drawn for each system
        and set. The page holds real prints then: keep it where the prints may be kept.

    Returns
    -------
    list of Path
        The page first.
    """
    by_name = {one.name: one for one in systems}
    shown: dict[tuple[str, str, str], Sequence[Shown]] = {}
    for done, one in enumerate(verifications, 1):
        key = one.set_name, one.system, one.protocol
        shown[key] = draw_worst(one, by_name[one.system], lab, pictures)
        on_progress(done, len(verifications))
    results = json.dumps(document(verifications, identifications, known), indent=2)
    files: Mapping[str, str] = {
        "report.html": page(verifications, identifications, shown, known),
        "results.json": results + "\n",
        "report.txt": text(verifications, identifications) + "\n",
    }
    written = []
    for name, content in files.items():
        write_whole(folder / name, content.encode())
        written.append(folder / name)
    return written + score_files(folder, verifications, identifications)


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
