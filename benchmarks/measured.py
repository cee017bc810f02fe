"""Run every measurement that the documentation quotes and write docs/measured.md from it.

    python benchmarks/measured.py [--data ../shared/data] [--only WORD]

Takes some ten minutes on two cores. Run it on a quiet machine: speeds are of one run.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "measured.md"


@dataclass(frozen=True, slots=True)
class Measurement:
    title: str
    why: str
    command: str


def measurements(data: str) -> list[Measurement]:
    dedup = f"civid dedup {data}/prints/UareU"
    bench = "--benchmark-enable --benchmark-columns=min,median,ops,rounds --benchmark-sort=name"
    return [
        Measurement(
            "Accuracy on real prints",
            "All pairs of each set, thresholds per set; intervals resample fingers.",
            f"python benchmarks/accuracy/accuracy.py --data {data}/prints all",
        ),
        Measurement(
            "The comparator alone",
            "Minutiae found by other extractors.",
            f"python benchmarks/accuracy/comparator_accuracy.py --data {data}",
        ),
        Measurement(
            "Duplicates among single prints",
            "UareU: 65 fingers, each enrolled eight times as a subject of its own.",
            f'{dedup} --truth-pattern "{{person}}_{{finger}}_{{impression}}"'
            " --identity-fields person,finger --rows 5 --quiet",
        ),
        Measurement(
            "Duplicates among enrolments of several fingers",
            "The same prints, the fingers of a person and impression as one enrolment.",
            f'{dedup} --filename-pattern "{{person}}_{{position}}_{{impression}}"'
            ' --identity-fields person --truth-pattern "{person}_{position}_{impression}"'
            " --rows 5 --quiet",
        ),
        Measurement(
            "The demonstration",
            "Synthetic citizens, made, enrolled and searched from nothing.",
            "civid demo --output civid-demo --quiet",
        ),
        Measurement(
            "Speed of extraction",
            "One thread, each instruction set.",
            f"python -m pytest -q benchmarks/bench_extract.py {bench}",
        ),
        Measurement(
            "Speed of comparison",
            "One thread, a prepared probe, each instruction set.",
            f"python -m pytest -q benchmarks/bench_compare.py {bench}",
        ),
        Measurement(
            "Speed of the gallery",
            "Enrolment, opening and search.",
            f"python -m pytest -q benchmarks/bench_search.py {bench}",
        ),
    ]


def machine() -> str:
    model = platform.processor() or platform.machine()
    if (cpuinfo := Path("/proc/cpuinfo")).exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )


def run(command: str) -> str:
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    # civid dedup answers 1 where there is no duplicate: only a signal or a bug is a failure.
    result = subprocess.run(
        command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode not in (0, 1) or not result.stdout.strip():
        raise SystemExit(f"{command}\nended with {result.returncode}:\n{result.stderr}")
    return "\n".join(line.rstrip() for line in result.stdout.strip().splitlines())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument(
        "--only", default="", help="only titles that hold this word (prints, writes nothing)"
    )
    options = parser.parse_args()
    from civid import cpu

    parts = [
        "# Measured",
        "Written by `python benchmarks/measured.py`: each figure stands under the command that "
        "printed it. Speeds are of a shared machine and differ from run to run.",
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, {', '.join(cpu.available())}.",
    ]
    for item in measurements(options.data):
        if options.only.lower() not in item.title.lower():
            continue
        started = time.perf_counter()
        print(f"{item.title} ...", file=sys.stderr, flush=True)
        text = run(item.command)
        seconds = time.perf_counter() - started
        parts.append(
            f"## {item.title}\n\n{item.why} ({seconds:.0f} s)\n\n"
            f"```console\n$ {item.command}\n{text}\n```"
        )
    page = "\n\n".join(parts) + "\n"
    if options.only:
        print(page)
    else:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
