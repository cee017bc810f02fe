"""The command as a clerk meets it: help, errors, tables and notes in Vietnamese; JSON is not."""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Civid = Callable[..., Any]
VIETNAMESE = ("--lang", "vi")


def test_help(civid: Civid) -> None:
    shown = civid(*VIETNAMESE, "--help").out
    for said in ("Cách dùng: civid", "Tùy chọn", "Lệnh", "Hiện hướng dẫn này rồi thoát."):
        assert said in shown
    for english in ("Usage", "Options", "Commands", "Show this"):
        assert english not in shown
    assert "[bắt buộc]" in civid("enroll", "--help", *VIETNAMESE).out
    shown = civid("enroll", "--help").out
    assert "Usage: civid" in shown
    assert "[required]" in shown


def test_nothing_of_it_is_left_behind(civid: Civid) -> None:
    before = dict(os.environ), gettext.textdomain()
    civid("number", *VIETNAMESE)
    assert (dict(os.environ), gettext.textdomain()) == before


def test_the_variable(civid: Civid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVID_LANG", "vi")
    assert "số định danh cá nhân" in civid("number", "046301123456").out
    assert "personal identification number" in civid("number", "046301123456", "--lang", "en").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "a.png", "b.png"), "lỗi: a.png: không có tệp này\n  cần làm: "),
        (("compare", "a.png"), "Thiếu đối số "),
        (("number", "1", "--sexx", "M"), "Không có tùy chọn: --sexx"),
        (("nothing",), "Không có lệnh 'nothing'"),
        (("search", "none", "a.png"), "none: không có kho vân tay này"),
        (("gallery", "info", "none"), "none: không có kho vân tay này"),
    ],
)
def test_errors(
    civid: Civid, words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = civid(*words, *VIETNAMESE)
    assert done.code
    assert said in done.err
    assert "cần làm: " in done.err


def test_another_language(civid: Civid) -> None:
    done = civid("number", "1", "--lang", "fr")
    assert (done.code, done.err) == (2, "error: --lang: expected vi or en\n")


def test_json_is_english(civid: Civid, tmp_path: Path) -> None:
    english = civid("number", "12", "046301123456", "--json")
    assert civid("number", "12", "046301123456", "--json", *VIETNAMESE).out == english.out
    wrong = ("search", str(tmp_path / "none"), "a.png", "--json")
    assert civid(*wrong, *VIETNAMESE).err == civid(*wrong).err


def test_a_gallery_from_the_first_print_to_its_table(
    civid: Civid, prints: Path, tmp_path: Path
) -> None:
    gallery = tmp_path / "gallery"
    one = prints / "1_right-index_1.png"
    done = civid("enroll", gallery, "an", f"right-index={one}", *VIETNAMESE)
    assert done.code == 0, done.err
    assert "đã ghi danh với 1 ngón" in done.out
    again = civid("enroll", gallery, "an", f"right-index={one}", *VIETNAMESE)
    assert again.code == 4
    assert again.err.startswith("lỗi: ")
    assert "đã ghi danh" in again.err
    found = civid("search", gallery, prints / "1_right-index_2.png", *VIETNAMESE)
    for said in ("hạng", "đối tượng", "điểm", "ngẫu nhiên", "ngón tay"):
        assert said in found.out
    told = civid("gallery", "info", gallery, *VIETNAMESE).out
    assert "phiên bản định dạng" in told
    assert "format version" not in told
