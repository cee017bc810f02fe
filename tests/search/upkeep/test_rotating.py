"""A new key: in its file before it is used, and finished by the next call."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from tests.search.upkeep.test_backup import equal, filled

from civid.errors import GalleryError, GalleryKeyError, GalleryLockedError
from civid.search import Gallery
from civid.search.segments.keys import StaticKeyProvider
from civid.search.upkeep import backup, restore, rotate


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "keys"
    file.touch(0o600)
    file.write_text(f"2025:{base64.b64encode(bytes(range(32))).decode()}")  # no line ends it
    return file


def read(file: Path) -> StaticKeyProvider:
    return StaticKeyProvider.from_file(file)


def only(file: Path, name: str) -> StaticKeyProvider:
    return StaticKeyProvider({name: read(file).key(name)})


def test_everything_is_under_the_new_key(tmp_path: Path, keys: Path) -> None:
    with filled(tmp_path / "centre", read(keys)) as gallery:
        names = list(gallery)
    backup(tmp_path / "centre", tmp_path / "copies")
    told = rotate(tmp_path / "centre", keys, name="2026")
    assert (told.key, told.made, told.old) == ("2026", True, ("2025",))
    assert keys.stat().st_mode & 0o777 == 0o600
    assert equal(tmp_path / "centre", names, only(keys, "2026"))
    with pytest.raises(GalleryKeyError):
        Gallery.open(tmp_path / "centre", keys=only(keys, "2025"))
    restore(tmp_path / "copies", tmp_path / "older", keys=only(keys, "2025"))
    assert equal(tmp_path / "older", names, read(keys))
    assert rotate(tmp_path / "centre", keys).old == ("2025", "2026")


def test_what_was_stopped_is_finished_with_the_same_key(
    tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled(tmp_path / "centre", read(keys)) as gallery:
        names = list(gallery)
    compact = Gallery.compact

    def killed(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(Gallery, "compact", killed)
    with pytest.raises(KeyboardInterrupt):
        rotate(tmp_path / "centre", keys, name="2026")
    assert equal(tmp_path / "centre", names, read(keys))
    monkeypatch.setattr(Gallery, "compact", compact)
    told = rotate(tmp_path / "centre", keys, name="another")
    assert (told.key, told.made) == ("2026", False)
    assert equal(tmp_path / "centre", names, only(keys, "2026"))
    assert read(keys).names() == ("2025", "2026")


def test_rows_of_the_tail_tell_which_key_they_have(tmp_path: Path, keys: Path) -> None:
    filled(tmp_path / "centre", read(keys)).close()  # ends with a tail
    with Gallery.open(tmp_path / "centre", keys=read(keys), background=False) as gallery:
        store = gallery._store
        assert gallery.describe().tail
        assert not store.outdated()  # type: ignore[attr-defined]
        gallery.compact()
    both = StaticKeyProvider({"2025": bytes(range(32)), "2026": bytes(32)})
    with Gallery.open(tmp_path / "centre", keys=both, background=False) as gallery:
        assert gallery._store.outdated()  # type: ignore[attr-defined]


def test_what_cannot_be_rotated(tmp_path: Path, keys: Path) -> None:
    filled(tmp_path / "plain").close()
    with pytest.raises(GalleryKeyError, match="not encrypted"):
        rotate(tmp_path / "plain", keys)
    with filled(tmp_path / "centre", read(keys)), pytest.raises(GalleryLockedError):
        rotate(tmp_path / "centre", keys, timeout=0)
    for name, words in (("2025", "this name"), ("a b", "no blanks"), ("a:b", "no blanks"),
                        ("x" * 65, "64 bytes"), ("", "64 bytes")):  # fmt: skip
        with pytest.raises(GalleryError, match=words):
            rotate(tmp_path / "centre", keys, name=name)
    assert read(keys).names() == ("2025",)
    keys.chmod(0o640)
    with pytest.raises(GalleryKeyError, match="others may read"):
        rotate(tmp_path / "centre", keys)
