from __future__ import annotations

import sys
from pathlib import Path

import pytest

from civid.errors import GalleryKeyError, UnavailableError
from civid.search.segments.keys import RowOpener, RowSealer, Sealer, StaticKeyProvider

TEXT = "2025:" + "A" * 43 + "=\n2026:" + "B" * 42 + "A="


def test_keys_from_text_files_and_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys").touch(0o600)
    (tmp_path / "keys").write_text(TEXT)
    monkeypatch.setenv("CIVID_GALLERY_KEYS", TEXT)
    for keys in (
        StaticKeyProvider.parse(TEXT),
        StaticKeyProvider.from_file(tmp_path / "keys"),
        StaticKeyProvider.from_environment(),
    ):
        assert keys.current() == "2026"
        assert keys.key("2025") == bytes(32)
        assert "AAAA" not in repr(keys)
        with pytest.raises(GalleryKeyError):
            keys.key("2027")


@pytest.mark.parametrize(
    "text", ["", "2026", "2026:", "2026:AAAA", "2026:" + "!" * 44, "x" * 65 + ":" + "A" * 43 + "="]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(GalleryKeyError) as caught:
        StaticKeyProvider.parse(text)
    assert "AAAA" not in str(caught.value)


def test_a_file_of_keys_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GalleryKeyError):
        StaticKeyProvider.from_file(tmp_path / "none")


def test_the_current_key_must_be_there() -> None:
    keys = {"a": bytes(32), "b": bytes(32)}
    assert StaticKeyProvider(keys, "a").current() == "a"
    with pytest.raises(GalleryKeyError):
        StaticKeyProvider(keys, "c")


def test_rows() -> None:
    keys = StaticKeyProvider({"ü": bytes(range(32))})
    first, second = RowSealer(keys), RowSealer(keys)
    rows = [(7, first.seal(7, b"one")), (8, first.seal(8, b"one")), (7, second.seal(7, b"one"))]
    assert len({row[-19:] for _, row in rows}) == 3  # nothing repeats
    opener = RowOpener(keys)
    assert [opener.open(*row) for row in rows] == [b"one"] * 3
    with pytest.raises(GalleryKeyError):  # a row in another's place
        opener.open(8, rows[0][1])
    for other in (None, StaticKeyProvider({"ü": bytes(32)}), StaticKeyProvider({"v": bytes(32)})):
        with pytest.raises(GalleryKeyError):
            RowOpener(other).open(*rows[0])


def test_derived_keys_differ_by_salt_and_purpose() -> None:
    keys = StaticKeyProvider({"a": bytes(32)})
    sealed = {
        Sealer(keys, "a", bytes([salt]) * 32, purpose).seal(1, bytes(32), b"")
        for salt in (1, 2)
        for purpose in (b"rows", b"segment")
    }
    assert len(sealed) == 4


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)
    with pytest.raises(UnavailableError, match=r"civid\[encryption\]"):
        RowSealer(StaticKeyProvider({"a": bytes(32)}))
