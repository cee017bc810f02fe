"""``python -m tests.exchange.conformance``: MOSIP's published cases, asked over a real broker.

Prints a table; with ``--write PAGE`` it puts the table between the marks of a page.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from tests.exchange.broker.installed import DISTRIBUTIONS
from tests.exchange.broker.running import running
from tests.exchange.conformance.case import Case
from tests.exchange.conformance.suites import SUITES, opened

_BEGIN, _END = "<!-- cases: begin (python -m tests.exchange.conformance) -->", "<!-- cases: end -->"


def results(name: str, data: Path) -> dict[tuple[str, str], str]:
    """Of each case of each suite "as expected", or what came instead."""
    found = {}
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        broker = stack.enter_context(running(name))
        bench = stack.enter_context(opened(broker, Path(folder), data))
        for suite, cases in SUITES.items():
            for case in cases:
                try:
                    case.run(bench)
                    found[suite, case.name] = "as expected"
                except (AssertionError, TimeoutError) as error:
                    found[suite, case.name] = f"**differs**: {error}"
                bench.clear()
    return found


def table(found: dict[str, dict[tuple[str, str], str]]) -> str:
    """The results as Markdown, a row a case."""
    lines = []
    notes: list[str] = []
    for suite, cases in SUITES.items():
        names = [f"{name.title()} {DISTRIBUTIONS[name][1]}" for name in found]
        lines += [f"\n**{suite}**\n", f"| case | asked | {' | '.join(names)} |"]
        lines.append("| --- " * (2 + len(names)) + "|")
        for case in cases:
            results = " | ".join(one[suite, case.name] for one in found.values())
            lines.append(f"| {case.name}{_mark(case, notes)} | {case.asked} | {results} |")
    lines += ["", *(f"{number}. {note}" for number, note in enumerate(notes, 1))]
    return "\n".join(lines).strip()


def _mark(case: Case, notes: list[str]) -> str:
    """Which remark below the table is its own."""
    if not case.note:
        return ""
    if case.note not in notes:
        notes.append(case.note)
    return f" ({notes.index(case.note) + 1})"


def _written(page: Path, text: str) -> None:
    before, begin, rest = page.read_text().partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise SystemExit(f"{page} has no marks to write between")
    page.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}")


def main(words: Iterable[str] | None = None) -> int:
    """1 if a case was not answered as expected."""
    parser = argparse.ArgumentParser(prog="python -m tests.exchange.conformance")
    parser.add_argument("--broker", choices=("artemis", "classic", "both"), default="both")
    parser.add_argument("--data", type=Path, default=None, help="folder with the real prints")
    parser.add_argument("--write", type=Path, default=None, metavar="PAGE")
    asked = parser.parse_args(None if words is None else list(words))
    data = asked.data or Path(os.environ.get("CIVID_DATA", "../shared/data"))
    names = ("artemis", "classic") if asked.broker == "both" else (asked.broker,)
    found = {name: results(name, data) for name in names}
    text = table(found)
    print(text)
    if asked.write is not None:
        _written(asked.write, text)
    return int(any("differs" in one for each in found.values() for one in each.values()))


if __name__ == "__main__":
    sys.exit(main())
