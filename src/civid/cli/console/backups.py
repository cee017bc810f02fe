"""What the commands of backups have in common: arguments, progress, and how a copy is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import typer

from civid.cli.console.output import Output, add_row, size, table
from civid.cli.console.problems import Exit, explain
from civid.cli.language.sentences import say
from civid.errors import GalleryError

if TYPE_CHECKING:
    from rich.table import Table

T = TypeVar("T")
Backup = Annotated[Path, typer.Argument(metavar="BACKUP", help="Folder of the backup.")]
NewBackup = Annotated[
    Path, typer.Argument(metavar="BACKUP", help="Folder of the backup; made when it is missing.")
]
Keep = Annotated[
    int | None, typer.Option(metavar="N", help="Forget all but the last N copies.", min=1)
]
CopyNumber = Annotated[
    int | None, typer.Option(metavar="N", help="Which copy; default: the last one.", min=1)
]


class Taken(Protocol):
    """What a backup reports."""

    @property
    def copied_bytes(self) -> int: ...
    @property
    def reused_bytes(self) -> int: ...


class OfPeople(Protocol):
    """A copy of people with their prints."""

    @property
    def number(self) -> int: ...
    @property
    def taken(self) -> str: ...
    @property
    def people(self) -> int: ...
    @property
    def nbytes(self) -> int: ...
    @property
    def encrypted(self) -> bool: ...
    def to_dict(self) -> dict[str, Any]: ...


C = TypeVar("C", bound=OfPeople)


def asked(work: Callable[[], T]) -> T:
    """The messages of backups name the folder that they are about."""
    try:
        return work()
    except GalleryError as error:
        raise explain(error) or error from error


def megabytes(progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Progress in megabytes, of what is told in bytes."""
    return lambda done, total: progress(done // 1_000_000, max(1, total // 1_000_000))


def tell_people(out: Output, copy: OfPeople, report: Taken) -> None:
    """One copy was added."""
    out.print(
        f"copy {copy.number} of {copy.people:,} people, {size(copy.nbytes)}:"
        f" {size(report.copied_bytes)} copied, {size(report.reused_bytes)} were there"
    )
    if copy.encrypted:
        out.note("the keys that open it are not in the backup: keep them elsewhere")


def tell_restored(out: Output, copy: OfPeople, folder: Path) -> None:
    """It is there again."""
    out.print(f"restored {copy.people:,} people from copy {copy.number} ({copy.taken}) to {folder}")


def tell_copies_of_people(
    out: Output, backup: Path, found: Sequence[C], prints: Callable[[C], int]
) -> int:
    """The copies that a backup of people holds; see `tell_copies`."""

    def row(one: C) -> list[str]:
        counts = f"{one.people:,}", f"{prints(one):,}"
        words = say("yes" if one.encrypted else "no")
        return [str(one.number), one.taken, *counts, size(one.nbytes), words]

    made = table(str(backup), "copy", "taken (UTC)", "people", "prints", "size", "encrypted",
                 right=("copy", "people", "prints", "size"))  # fmt: skip
    return tell_copies(out, backup, made, map(row, found), [one.to_dict() for one in found])


def tell_copies(
    out: Output,
    backup: Path,
    made: Table,
    rows: Iterable[Sequence[str]],
    documents: list[dict[str, Any]],
) -> int:
    """The copies that a backup holds, in a table or as JSON; -> the exit code."""
    if out.as_json:
        out.json({"backup": str(backup), "copies": documents})
    elif documents:
        for row in rows:
            add_row(made, *row)
        out.print(made)
    else:
        out.print("the backup holds no copy yet")
    return Exit.DONE if documents else Exit.NOTHING
