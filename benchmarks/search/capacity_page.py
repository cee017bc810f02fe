"""After costs have changed: tables of docs/explain/capacity.md, answers of the page of plans.

    python benchmarks/search/capacity_page.py

The tables are those of the records. On docs/howto/plan-a-country.md each command runs again; of its
answer the page keeps the lines that it showed before: rows of tables by their name, sentences by
their kind. The text around is for people to write: read it again.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from capacity_tables import bytes_of, foretold, records_of
from search_report import between

from civid.search.capacity.costs.records import Costs, known

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, EXPLAINED = DOCS / "howto/plan-a-country.md", DOCS / "explain/capacity.md"
#: What tells lines of an answer apart: the first cell of a row, the kind of a sentence.
_CELL = re.compile(r"^ +(\S(?:.*?\S)?)(?: {2,}|$)")
_SENTENCES = (
    r"^\S.* fingers? each, ", "^ ─", r"^(?:\d[^a-z]* nodes?[ ,]|One node)",
    "^A search asks|^99 of 100", "^Every enrolment", r"^Everybody against everybody \(",
    "^When a node fails", "^No other node", "^There is one copy", "^Searches with",
    "^Beyond what", "^No searches",
)  # fmt: skip


def kind(line: str) -> str | None:
    """What a line is about; None where it is empty."""
    for pattern in _SENTENCES:
        if re.search(pattern, line):
            return pattern
    cell = _CELL.match(line)
    return cell[1] if cell else line.strip() or None


def answer(command: str) -> list[str]:
    """Of one command, as the page shows it."""
    words = shlex.split(command)
    if words[:2] != ["civid", "plan"]:
        sys.exit(f"not a plan: {command}")
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "COLUMNS": "300", "NO_COLOR": "1"},
    )  # fmt: skip
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return [line.rstrip() for line in done.stdout.splitlines()]


def again(block: str) -> str:
    """A block of the page with its command run again."""
    command, *shown = block.splitlines()
    lines = answer(command.removeprefix("$ "))
    made = [command]
    for line in shown:
        name = kind(line)
        same = [one for one in lines if kind(one) == name]
        if name is None:
            made.append("")
        elif same:
            made.append(same[0])
            lines = lines[lines.index(same[0]) + 1 :]
        else:
            print(f"gone: {line}", file=sys.stderr)
    return "\n".join(made) + "\n"


def explained(text: str, records: Sequence[Costs]) -> str:
    """The page of capacity with the tables of these records."""
    for name, made in (
        ("records", records_of(records, 2)),
        ("records-of-one", records_of(records, 1)),
        ("bytes", bytes_of(records)),
        ("held-out", foretold(records)),
    ):
        text = between(text, name, made)
    return text


def main() -> None:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    EXPLAINED.write_text(explained(EXPLAINED.read_text("utf-8"), known()), "utf-8")
    page = PAGE.read_text("utf-8")
    fence = re.compile(r"(```console\n)(\$ civid plan --subjects.*?)(```)", re.DOTALL)
    PAGE.write_text(fence.sub(lambda one: one[1] + again(one[2]) + one[3], page), "utf-8")


if __name__ == "__main__":
    main()
