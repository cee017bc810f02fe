"""Partners' tables to check, written in many ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from unicodedata import normalize

from civid.exchange.sector.table.source import Source
from civid.people.names.legacy import _TCVN3
from civid.people.names.misread import _tone_apart
from civid.register.bulk.outcome import Refused

TITLES = ("Mã KH", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD/CMND")
ROWS = (
    ("1", "Nguyễn Thị Ánh", "05/03/2001", "Nữ", "046301123456"),
    ("2", "Võ Đức Phước", "01/02/1980", "Nam", "046080000017"),
    ("3", "Đặng Hữu Nghĩa", "17/11/1964", "Nam", "191234567"),
)


def text_of(rows: Iterable[Sequence[str]] = ROWS, mark: str = ";", end: str = "\n") -> str:
    return "".join(mark.join(row) + end for row in (TITLES, *rows))


def tcvn3(text: str) -> bytes:
    """As an old font shows it, in its bytes."""
    back = {meant: shown for shown, meant in _TCVN3.items()}
    return "".join(back.get(char, char) for char in text).encode("cp1252")


def cp1258(text: str) -> bytes:
    return "".join(map(_tone_apart, normalize("NFC", text))).encode("cp1258")


def read(path: Path, **more: object) -> list[tuple[int, dict[str, str] | Refused]]:
    return list(Source.open(path, **more).rows())  # type: ignore[arg-type]
