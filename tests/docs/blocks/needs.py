"""What pages need before their blocks run: files in the working folder, names in Python.

A page without a row needs nothing: its Python runs as pasted, and its commands are held against
the command line without being run. A row may also name the test that runs a page more closely
than can be done here (with a server or a broker beside it, or looking at what comes out).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.docs.blocks import materials
from tests.docs.blocks.commands import Terminal

Names = dict[str, Any]


@dataclass(frozen=True)
class Need:
    """The row of a page."""

    before: Callable[[ExitStack], Names] | None = None
    runs: bool = False  # its commands are run
    exact: bool = False  # what they print is compared to the letter, else without its numbers
    done: tuple[str, ...] = ()  # commands that `before` stands for
    instead: str = ""  # the test that runs the page


@dataclass(frozen=True)
class Place:
    """Where the blocks of a page run."""

    terminal: Terminal
    instead: str = ""


NEEDS = {
    "README.md": Need(materials.readme),
    "docs/explain/comparison.md": Need(materials.two_prints),
    "docs/explain/extraction.md": Need(materials.scan),
    "docs/explain/quality.md": Need(materials.scan),
    "docs/explain/sharing.md": Need(materials.register),
    "docs/explain/slaps.md": Need(materials.slap),
    "docs/formats/ansi-nist-itl.md": Need(materials.transaction),
    "docs/formats/images.md": Need(materials.image),
    "docs/formats/index.md": Need(materials.finger_record),
    "docs/formats/iso19794-2-2005.md": Need(materials.finger_record),
    "docs/formats/iso39794.md": Need(materials.picture_record),
    "docs/formats/minutiae.md": Need(materials.finger_record),
    "docs/howto/dedup-a-folder.md": Need(materials.folder),
    "docs/howto/duplicate-check-over-http.md": Need(instead="tests/exchange/service/test_howto.py"),
    "docs/howto/enrol-at-a-counter.md": Need(materials.counter),
    "docs/howto/evaluate.md": Need(materials.sets),
    "docs/howto/is-my-table-ready.md": Need(instead="tests/exchange/sector/test_howto.py"),
    "docs/howto/nightly-enrolment.md": Need(instead="tests/cli/test_enroll_folder.py"),
    "docs/howto/plan-a-country.md": Need(runs=True, exact=True),
    "docs/howto/replace-mosip-mock-abis.md": Need(
        instead="tests/exchange/broker/test_replace_the_mock.py"
    ),
    "docs/howto/run-a-gallery.md": Need(
        materials.demo, runs=True, done=("civid demo", "civid gallery verify centre-2026-11-22")
    ),
    "docs/howto/run-an-abis.md": Need(instead="tests/exchange/worker/test_howto.py"),
    "docs/tutorial/1-find-your-first-duplicate.md": Need(
        materials.demo, runs=True, done=("make demo",)
    ),
    "docs/tutorial/3-a-mobile-units-day.md": Need(instead="tests/cli/test_tutorial_mobile.py"),
    "docs/tutorial/4-the-campaign-of-hue.md": Need(materials.documents),
    "docs/tutorial/5-benchmark-your-matcher.md": Need(instead="tests/lab/test_tutorial_matcher.py"),
}


@contextmanager
def prepared(page: str) -> Iterator[tuple[Place, Names]]:
    """The place of a page, with the current folder as its working folder, and its first names."""
    need = NEEDS.get(page, Need())
    with ExitStack() as stack:
        names = need.before(stack) if need.before else {}
        yield Place(Terminal(need.runs, need.exact, need.done), need.instead), names
