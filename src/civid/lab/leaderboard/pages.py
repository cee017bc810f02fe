"""A leaderboard as text, as a table, as a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from civid.lab.evaluation.results import label
from civid.lab.evaluation.store import write_whole
from civid.lab.leaderboard.ranking import Board, Entry
from civid.lab.report.page import as_html, style
from civid.lab.report.text_tables import Table, as_text, ends, no_error, percent
from civid.lab.tables import DataTable, Labels


def board_table(board: Board) -> Table:
    """A board as rows of text."""
    rate = label(board.limit) if board.limit < 1 else "FNMR"
    columns = ("rank", "system", f"{rate} %", "behind the first (95 %)", "EER % (95 %)", "run")
    rows = tuple(
        (
            f"{one.rank}",
            one.system,
            percent(one.fnmr) if one.misses else no_error(one.genuine),
            _apart(one),
            percent(one.eer) + ends(one.eer_interval) if one.eer else no_error(one.genuine),
            one.run,
        )
        for one in board.entries
    )
    return Table(f"{board.set_name}, {board.protocol}: by {rate}", columns, rows)


def _apart(one: Entry) -> str:
    if one.behind is None:
        return ""
    words = "clearly" if one.clearly_behind else "not clearly"
    return f"{percent(one.behind[0])} to {percent(one.behind[1])}, {words}"


def boards_text(found: Sequence[Board]) -> str:
    """All boards as text."""
    return "\n\n".join(as_text(board_table(one)) for one in found)


def boards_data(found: Sequence[Board]) -> DataTable:
    """All boards as one table, a row an entry."""
    rows = [(board, one) for board in found for one in board.entries]
    behind = [one.behind or (np.nan, np.nan) for _, one in rows]
    return DataTable(
        "leaderboard",
        {
            "set": Labels.of([board.set_name for board, _ in rows]),
            "protocol": Labels.of([board.protocol for board, _ in rows]),
            "rank": np.array([one.rank for _, one in rows]),
            "system": Labels.of([one.system for _, one in rows]),
            "run": Labels.of([one.run for _, one in rows]),
            "fmr_limit": np.array([board.limit for board, _ in rows]),
            "misses": np.array([one.misses for _, one in rows]),
            "genuine": np.array([one.genuine for _, one in rows]),
            "fnmr": np.array([one.fnmr for _, one in rows]),
            "behind_low_95": np.array([low for low, _ in behind]),
            "behind_high_95": np.array([high for _, high in behind]),
            "eer": np.array([one.eer for _, one in rows]),
        },
    )


def write_boards(folder: Path, found: Sequence[Board], runs: Sequence[Path]) -> list[Path]:
    """Write ``leaderboard.html``, ``.json``, ``.csv`` and ``.txt``; the page comes first."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Leaderboard</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{style()}</style></head><body><main><h1>Leaderboard</h1>",
        f'<p class="facts">Runs: {escape(", ".join(one.resolve().name for one in runs))}</p>',
    ]
    for one in found:
        parts += [as_html(board_table(one), 2), f'<div class="plots">{one.picture}</div>']
    parts += [
        "<p>Ranked by FNMR at the strictest FMR limit that the impostors of a set can tell. Behind "
        "the first: the difference in FNMR when the same fingers are drawn for both; clear, where "
        "all of its 95 % interval is above nothing.</p></main></body></html>\n"
    ]
    files = {
        "leaderboard.html": "\n".join(parts),
        "leaderboard.json": json.dumps([one.as_dict() for one in found], indent=2) + "\n",
        "leaderboard.txt": boards_text(found) + "\n",
    }
    for name, content in files.items():
        write_whole(folder / name, content.encode())
    boards_data(found).write_csv(folder / "leaderboard.csv")
    return [folder / name for name in (*files, "leaderboard.csv")]
