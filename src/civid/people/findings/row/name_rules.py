"""Names: encoding, typing, accents, spaces, letters. What ethnic minorities write is only noted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.name_flags import NameFlag
from civid.people.findings.rules import rule
from civid.people.findings.table import ENCODING, TYPING, _canonical
from civid.people.names.canonical import MAX_LENGTH
from civid.people.names.marks import D_STROKE, recompose
from civid.people.names.repairs import repairs

if TYPE_CHECKING:
    from civid.people.findings.table import Mask, Table

_CLEAN, _WARN, _INFO = Axis.CLEAN, Severity.WARNING, Severity.INFO
_AUTO, _PAPER = Decider.AUTOMATIC, Decider.CITIZEN_PAPER
_NAME = ("name",)


def _repaired(row: Mapping[str, str]) -> str:
    found = repairs(row["name"]) if len(row["name"]) <= MAX_LENGTH else ()
    return found[0].text if found else ""


def _plain(row: Mapping[str, str]) -> str:
    """The same letters in NFC, without what cannot be seen; a tab parts words as a space does."""
    words = recompose(row["name"][:MAX_LENGTH].translate(D_STROKE)).split()
    return " ".join("".join(filter(str.isprintable, word)) for word in words)


def _titled(row: Mapping[str, str]) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in _canonical(row["name"]).split())


@rule("name.unreadable", Axis.CORRECT, Severity.ERROR, _NAME, _PAPER, "Họ tên không đọc được")
def name_unreadable(table: Table) -> Mask:
    """Too long, or wrongly decoded beyond reading."""
    return table.flagged(NameFlag.UNREADABLE)


@rule("name.encoding", _CLEAN, Severity.ERROR, _NAME, _PAPER, "Họ tên sai bảng mã", _repaired)
def name_encoding(table: Table) -> Mask:
    """The name was read in a wrong encoding (TCVN3, VNI, UTF-8 as Windows-1252 ...)."""
    return table.damage() == ENCODING


@rule("name.typing", _CLEAN, _WARN, _NAME, _PAPER, "Họ tên còn ký tự gõ dấu", _repaired)
def name_typing(table: Table) -> Mask:
    """Telex, VNI or VIQR letters were left where marks should be."""
    return table.damage() == TYPING


@rule("name.no_accents", _CLEAN, _WARN, _NAME, _PAPER, "Họ tên mất dấu")
def name_no_accents(table: Table) -> Mask:
    """The whole name is without accents and some word only exists with them."""
    bare = table.flagged(NameFlag.BARE) & ~table.flagged(NameFlag.ACCENTED)
    return bare & (table.damage() == 0)


@rule("name.not_nfc", _CLEAN, _WARN, _NAME, _AUTO, "Họ tên không ở dạng Unicode dựng sẵn", _plain)
def name_not_nfc(table: Table) -> Mask:
    """Not stored as NFC, or marks in an order that NFC leaves apart."""
    return table.flagged(NameFlag.NOT_NFC) & (table.damage() != ENCODING)


@rule("name.invisible", _CLEAN, _WARN, _NAME, _AUTO, "Họ tên có ký tự ẩn", _plain)
def name_invisible(table: Table) -> Mask:
    """Zero-width, direction or control characters."""
    return table.flagged(NameFlag.INVISIBLE) & (table.damage() != ENCODING)


@rule("name.look_alike", _CLEAN, _WARN, _NAME, _AUTO, "Chữ Đ sai mã", _plain)
def name_look_alike(table: Table) -> Mask:
    """The eth or the African D stands for Đ."""
    return table.flagged(NameFlag.LOOK_ALIKE) & (table.damage() != ENCODING)


@rule("name.spaces", _CLEAN, _WARN, _NAME, _AUTO, "Họ tên thừa dấu cách", _plain)
def name_spaces(table: Table) -> Mask:
    """Spaces at an end, two in a row, or no ordinary ones."""
    return table.flagged(NameFlag.SPACES) & (table.damage() != ENCODING)


@rule("name.punctuation", _CLEAN, _INFO, _NAME, _AUTO, "Họ tên có dấu câu ở đầu hoặc cuối",
      lambda row: row["name"].strip(" .,;:"))  # fmt: skip
def name_punctuation(table: Table) -> Mask:
    """A stop or comma before or behind the name; behind an initial it belongs there."""
    return table.flagged(NameFlag.PUNCTUATED) & (table.damage() != ENCODING)


@rule("name.case", _CLEAN, _WARN, _NAME, _AUTO, "Họ tên lẫn chữ hoa, chữ thường", _titled)
def name_case(table: Table) -> Mask:
    """Capitals and small letters mixed within a word, as in NGUYễN."""
    return table.flagged(NameFlag.MIXED_CASE) & (table.damage() != ENCODING)


@rule("name.tone", _CLEAN, _WARN, _NAME, _AUTO, "Dấu thanh đặt sai chữ", _titled)
def name_tone(table: Table) -> Mask:
    """A tone where neither the old nor the new style puts it, as in đọan."""
    return table.flagged(NameFlag.MISPLACED) & (table.damage() != ENCODING)


@rule("name.digits", Axis.CORRECT, _WARN, _NAME, _PAPER, "Họ tên có chữ số")
def name_digits(table: Table) -> Mask:
    """Digits in a name that are no typing residue."""
    return table.flagged(NameFlag.DIGIT) & (table.damage() == 0)


@rule("name.symbols", Axis.CORRECT, _WARN, _NAME, _PAPER, "Họ tên có ký hiệu lạ")
def name_symbols(table: Table) -> Mask:
    """Symbols in a name that no encoding explains."""
    return table.flagged(NameFlag.SYMBOL) & (table.damage() == 0)


@rule("name.script", Axis.CORRECT, _WARN, _NAME, _PAPER, "Họ tên có chữ của hệ chữ khác")
def name_script(table: Table) -> Mask:
    """Letters of another script, often Cyrillic or Greek look-alikes."""
    return table.flagged(NameFlag.SCRIPT) & (table.damage() != ENCODING)


@rule("name.initials", Axis.COMPLETE, _WARN, _NAME, _PAPER, "Họ tên viết tắt")
def name_initials(table: Table) -> Mask:
    """A single consonant stands for a word."""
    return table.flagged(NameFlag.INITIAL)


@rule("name.one_word", Axis.COMPLETE, _INFO, _NAME, _PAPER, "Họ tên chỉ có một chữ")
def name_one_word(table: Table) -> Mask:
    """One word only: possible among ethnic minorities, so that it is only noted."""
    return table.flagged(NameFlag.ONE_WORD)


@rule("name.letters", Axis.CORRECT, _INFO, _NAME, _PAPER, "Chữ ngoài bảng chữ cái tiếng Việt")
def name_letters(table: Table) -> Mask:
    """Letters such as w, j, f, z, č: normal in names of minorities and foreigners."""
    return table.flagged(NameFlag.OUTSIDE) & (table.damage() == 0)
