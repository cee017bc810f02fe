"""What ``civid gallery duplicates`` writes for a clerk: tables, and one page with the prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from civid.campaign.sheets import Written, write_csv, write_xlsx
from civid.cli.console.folder_report import note_left_out
from civid.cli.console.options import DEFAULT_NAMES
from civid.cli.console.output import Output, printable
from civid.cli.console.problems import usage
from civid.cli.console.results import check_place, write_whole
from civid.dedup.folder.grouping import find_prints, group
from civid.dedup.folder.naming import NamePattern
from civid.dedup.review.groups import TITLES, Group, Member, Sources, table_rows
from civid.extras import need
from civid.fingerprint.template import Template
from civid.position import Position

if TYPE_CHECKING:
    from civid.dedup.review.page import Facts
    from civid.search import Gallery

_PAGE, _BOOK, _TABLE = ".html", ".xlsx", ".csv"


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """What of it is wanted, and how."""

    reports: tuple[Path, ...]
    prints: Path | None
    prints_against: Path | None
    pattern: str | None
    dpi: float | None
    most_pictures: int
    language: Literal["en", "vi"]

    def check(self, *, against: bool, taken: Sequence[Path | None]) -> None:
        """Refuse, before any work is done, what could not be written.

        Raises
        ------
        Problem
            A name, a place, or an option without the one that it goes with.
        UnavailableError
            An extra is not installed.
        """
        names = [path for path in (*self.reports, *taken) if path is not None]
        if len(set(map(Path.absolute, names))) < len(names):
            raise usage("two results have one name", "give each file a name of its own")
        for path in self.reports:
            if path.suffix.lower() not in (_PAGE, _BOOK, _TABLE):
                raise usage(f"{path}: a report ends in .html, .xlsx, .csv")
            check_place(path)
            if path.suffix.lower() == _PAGE:
                from civid.dedup.pages.rendering import EXTRA, PURPOSE

                need("jinja2", PURPOSE, EXTRA)
            elif path.suffix.lower() == _BOOK:
                need("openpyxl", "writing XLSX", "campaign")
        if self.prints_against is not None and not against:
            raise usage("--prints-against goes with --against")
        if self.pattern is not None and self.prints is None and self.prints_against is None:
            raise usage("--filename-pattern goes with --prints")

    def sources(self, out: Output, *, against: bool) -> list[Sources]:
        """The files of the subjects of each gallery, as far as folders were given."""
        folders = [self.prints, self.prints_against] if against else [self.prints]
        return [self._files(out, folder) for folder in folders]

    def _files(self, out: Output, folder: Path | None) -> Mapping[str, Mapping[Position, Path]]:
        if folder is None:
            return {}
        pattern = NamePattern.parse(self.pattern or DEFAULT_NAMES)
        enrolments, skipped = group(find_prints(folder), folder, pattern)
        note_left_out(out, folder, skipped)
        return {one.subject: one.files for one in enrolments}


def write_reviews(
    options: ReviewOptions,
    groups: Sequence[Group],
    facts: Facts,
    galleries: Sequence[Gallery],
    out: Output,
) -> None:
    """Write every report that is wanted, each as a whole or not at all.

    Raises
    ------
    Problem
        One of them cannot be written.
    """
    for path in options.reports:
        kind = path.suffix.lower()
        if kind == _PAGE:
            content = _page(options, groups, facts, galleries, out).encode("utf-8", "replace")
        else:
            table = Written.of("fingers", TITLES, table_rows(groups))
            content = write_csv(table) if kind == _TABLE else write_xlsx([table, _members(groups)])
        write_whole(path, content)
        out.note(f"report: {path}")


def _members(groups: Sequence[Group]) -> Written:
    rows = [
        (one.number, member.subject, member.gallery, position.word, str(file))
        for one in groups
        for member in one.members
        for position, file in member.files.items()
    ]
    return Written.of("files", ("group", "subject", "gallery", "finger", "file"), rows)


def _page(
    options: ReviewOptions,
    groups: Sequence[Group],
    facts: Facts,
    galleries: Sequence[Gallery],
    out: Output,
) -> str:
    from civid.dedup.review.page import review_page

    def templates(member: Member) -> dict[Position, Template]:
        return dict(galleries[member.side].get(member.subject))

    with out.progress("Drawing") as progress:
        return review_page(
            groups, facts, templates, shown=printable, dpi=options.dpi,
            most_pictures=options.most_pictures, language=options.language, progress=progress,
        )  # fmt: skip
