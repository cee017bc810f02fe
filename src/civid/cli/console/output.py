"""Where results, messages and progress go.

Results are stdout; everything else is stderr. With ``--json`` stdout holds one JSON document and
nothing else.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TextIO

from civid.cli.language.sentences import say, say_label

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

#: Told after every item: how many are done, and of how many.
Progress = Callable[[int, int], None]

# Tables that go to a file or a pipe are not folded: a line is a row.
_WIDTH_OF_A_PIPE = 1000


class Output:
    """Prints for one run of one command."""

    def __init__(self, *, as_json: bool, quiet: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def json(self, document: object) -> None:
        """Print the one document of ``--json``."""
        sys.stdout.write(to_json(document, sys.stdout, indent=2))

    def print(self, *what: RenderableType) -> None:
        """Print a result for people."""
        console = _console(stderr=False)
        for one in what:
            if isinstance(one, str):
                one = printable(say(one))
            console.print(one, markup=False, highlight=False, soft_wrap=isinstance(one, str))

    def note(self, message: str) -> None:
        """Say something on the side; silent with ``--json`` or ``--quiet``."""
        if not (self.as_json or self.quiet):
            _console(stderr=True).print(
                printable(say(message)), markup=False, highlight=False, soft_wrap=True
            )

    @contextmanager
    def progress(self, label: str) -> Iterator[Progress]:
        """Show how far it is on stderr while the block runs: a bar on a terminal, else a line
        every ten seconds, as for the log of a nightly job."""
        if self.as_json or self.quiet:
            yield lambda done, total: None
            return
        label = say(label)
        if not sys.stderr.isatty():
            yield Lines(label, self.note)
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

    @contextmanager
    def resumable(self) -> Iterator[None]:
        """Say, when it is stopped with Ctrl-C, that the work in the block is not lost."""
        try:
            yield
        except KeyboardInterrupt:
            self.note("what is done is kept; the same command does the rest")
            raise

    @contextmanager
    def stages(self, labels: dict[str, str]) -> Iterator[Callable[[str, int, int], None]]:
        """The same for work of several stages: one bar after the other, by their labels."""
        with ExitStack() as bars:
            shown: dict[str, Progress] = {}

            def show(stage: str, done: int, total: int) -> None:
                if stage not in shown:
                    bars.close()  # the stage before has ended
                    shown[stage] = bars.enter_context(self.progress(labels[stage]))
                shown[stage](done, total)

            yield show


class Lines:
    """Progress where nobody watches: a line now and then, none for what is done at once."""

    EVERY = 10.0

    def __init__(self, label: str, say: Callable[[str], None]):
        self._label, self._say = label, say
        self._begun = time.monotonic()
        self._last = self._begun

    def __call__(self, done: int, total: int) -> None:
        """Told after every item."""
        now = time.monotonic()
        if now - self._last < self.EVERY or not total:
            return
        self._last = now
        rate = done / (now - self._begun)
        left = f", {_minutes((total - done) / rate)} left" if done else ""
        self._say(f"{self._label}: {done:,} of {total:,} ({done / total:.0%}), {rate:,.0f}/s{left}")


def _minutes(seconds: float) -> str:
    """A time as people say it.

    >>> _minutes(3), _minutes(90), _minutes(7200)
    ('3 s', '2 min', '2 h')
    """
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def printable(text: str) -> str:
    """The same text without what could steer a terminal: file names may hold anything.

    >>> printable("a\\x1b[31m b")
    'a\\\\x1b[31m b'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "finger"), counted(2000, "finger")
    ('1 finger', '2,000 fingers')
    """
    return say(f"{number:,} {noun}" + ("" if number == 1 else "s"))


def to_json(document: object, stream: TextIO, indent: int | None = None) -> str:
    """One JSON document, in letters that the stream can write."""
    plain = (stream.encoding or "").lower().replace("-", "") != "utf8"
    return json.dumps(document, ensure_ascii=plain, indent=indent, default=str) + "\n"


def size(count: int) -> str:
    """A size as people say it.

    >>> size(999), size(1_234_567)
    ('999 B', '1.2 MB')
    """
    size, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """An empty rich table; the columns named in ``right`` hold numbers. See `add_row`.

    Title and columns are said in the chosen language; what rows hold is left to whoever adds them.
    """
    from rich import box
    from rich.table import Table

    title = say(title)
    made = Table(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in columns:
        made.add_column(
            say(column),
            justify="right" if column in right else "left",
            overflow="fold",
            no_wrap=False,
        )
    return made


def add_row(made: Table, *cells: str, style: str = "") -> None:
    """Add a row of plain text to a table.

    Cells that are a message of several words are said in the chosen language; single words are
    values as often as not, so that whoever adds them says them.
    """
    said = (say_label(cell) for cell in cells)
    made.add_row(*map(printable, said), style=style)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else _WIDTH_OF_A_PIPE)
