"""Where results, messages and progress go.

Results are stdout; everything else is stderr. With ``--json`` stdout holds one JSON document and
nothing else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

#: Told after every item: how many are done, and of how many.
Progress = Callable[[int, int], None]

# Tables that go to a file or a pipe are not squeezed into 80 columns.
_WIDTH_OF_A_PIPE = 120


class Output:
    """Prints for one run of one command."""

    def __init__(self, *, as_json: bool, quiet: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def json(self, document: object) -> None:
        """Print the one document of ``--json``."""
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")

    def print(self, *what: RenderableType) -> None:
        """Print a result for people."""
        console = _console(stderr=False)
        for one in what:
            console.print(one, markup=False, highlight=False, soft_wrap=isinstance(one, str))

    def note(self, message: str) -> None:
        """Say something on the side; silent with ``--json`` or ``--quiet``."""
        if not (self.as_json or self.quiet):
            _console(stderr=True).print(message, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(self, label: str) -> Iterator[Progress]:
        """Show a bar on stderr while the block runs, when somebody is watching."""
        if self.as_json or self.quiet or not sys.stderr.isatty():
            yield lambda done, total: None
            return
        from rich import progress as bars

        bar = bars.Progress(
            bars.TextColumn("{task.description}"),
            bars.BarColumn(),
            bars.MofNCompleteColumn(),
            bars.TextColumn("{task.fields[rate]}"),
            bars.TimeRemainingColumn(),
            console=_console(stderr=True),
        )
        with bar:
            task = bar.add_task(label, total=None, rate="")

            def show(done: int, total: int) -> None:
                speed = bar.tasks[task].speed
                rate = f"{speed:,.0f}/s" if speed else ""
                bar.update(task, completed=done, total=total, rate=rate)

            yield show


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Any:
    """An empty rich table; the columns named in ``right`` hold numbers."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in columns:
        made.add_column(
            column, justify="right" if column in right else "left", overflow="fold", no_wrap=False
        )
    return made


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else _WIDTH_OF_A_PIPE)
