"""Whatever was read of a card is recognised."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cards import mrz, qr
from civid.cards.card import CardRecord
from civid.cards.parts import to_com, to_dg13, to_files, to_mrz, to_qr
from civid.cards.reading import Reading, read
from civid.errors import CividError, FieldError, FormatError


def test_every_kind_of_source_is_known(card: CardRecord) -> None:
    files = to_files(card, prints=())
    found = read([qr.build(to_qr(card)), "\n".join(mrz.build(to_mrz(card))), *files.values(),
                  to_com(files), b"\x77\x00"])  # fmt: skip
    assert found.qr == to_qr(card)
    assert found.mrz == found.dg1 == to_mrz(card)
    assert found.dg13 == to_dg13(card)
    assert found.com == (1, 3, 13)
    assert found.sod == b"\x77\x00"
    assert found.groups == files
    assert found.disagreements() == ()


def test_text_files_are_text_even_if_they_start_like_a_chip_file(card: CardRecord) -> None:
    reading = Reading()
    assert reading.add_bytes(qr.build(to_qr(card)).encode("utf-8-sig")) == "qr"
    zone = "\r\n".join(mrz.build(to_mrz(card)))
    assert reading.add_bytes(zone.encode()) == "mrz"
    assert reading.add_bytes(b"\x6f\x01\xff") == "dg15"


def test_what_was_read_is_one_card(card: CardRecord) -> None:
    files = to_files(card)
    reading = read([qr.build(to_qr(card)), *files.values()])
    assert reading.card() == replace(card, birth_registration="")
    reading.dg13, reading.mrz, reading.dg1 = None, reading.dg1, None
    assert reading.card().expiry == card.expiry  # without the chip the printed zone says it
    with pytest.raises(FieldError, match="personal_number"):
        Reading().card()


def test_wrong_digits_in_the_chip_are_told_and_not_refused(card: CardRecord) -> None:
    wrong = to_files(card)[1].replace(b"0103059F", b"0103058F")
    found = read([wrong]).disagreements(card)
    assert ("birth", ("dg1",)) in [(one.field, one.sources) for one in found]


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfe\x00", b"\x61\x02\x00\x00"])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        read([data])


@given(st.binary(max_size=100) | st.text(max_size=100))
def test_no_source_crashes(source: bytes | str) -> None:
    with contextlib.suppress(CividError):
        read([source])
