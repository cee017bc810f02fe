"""Leaderboards (bảng xếp hạng): systems of several runs of ``civid evaluate`` beside each other.

>>> from civid.lab.leaderboard import boards, write_boards
>>> runs = [Path("run-may"), Path("run-june")]  # doctest: +SKIP
>>> write_boards(Path("board"), boards(runs), runs)  # doctest: +SKIP
"""

from civid.lab.leaderboard.pages import board_table, boards_data, boards_text, write_boards
from civid.lab.leaderboard.ranking import Board, Entry, boards

__all__ = [
    "Board",
    "Entry",
    "board_table",
    "boards",
    "boards_data",
    "boards_text",
    "write_boards",
]
