"""What removal and encryption leave on the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.search.segment_files import make
from tests.search.stores import KEYS, add, everything, held, opened, remove, traces

from civid.errors import GalleryKeyError
from civid.search.segments.keys import KeyProvider, StaticKeyProvider
from civid.search.store import encrypting


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gallery"


@pytest.mark.parametrize("keys", [None, KEYS])
def test_removed_bytes_are_gone_after_compaction(path: Path, keys: KeyProvider | None) -> None:
    store = opened(path, keys=keys)
    model = add(store, *range(300), minutiae=30)
    gone = [sequence for sequence in model if sequence % 7 in (1, 2)]
    remove(store, *gone[:20])
    store.compact(make)
    remove(store, *gone[20:])
    store.compact(make, purge=True)
    content = everything(path)
    for sequence in gone:
        assert not any(trace in content for trace in traces(*model[sequence]))
    there = sum(trace in content for trace in traces(*model[3]))
    assert there == 0 if keys else there > 3
    store.close()


def test_nothing_plain_is_ever_on_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(path, keys=KEYS)
    contents = []
    unlink = os.unlink

    def spy(name: str, *, dir_fd: int | None = None) -> None:
        file = os.open(name, os.O_RDONLY, dir_fd=dir_fd)
        contents.append(os.pread(file, os.fstat(file).st_size, 0))
        os.close(file)
        unlink(name, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", spy)
    model = {}  # type: ignore[var-annotated]
    for step in range(4):
        model |= add(store, *range(step * 50, step * 50 + 50), minutiae=30)
        contents.append(everything(path))
        remove(store, step * 50 + 1)
        store.compact(make)
        contents.append(everything(path))
    store.close()
    contents.append(everything(path))
    assert len(contents) > 9
    for name, fingers in model.values():
        for trace in [name.encode(), *traces(name, fingers)[1::9]]:
            assert not any(trace in content for content in contents)


def test_keys_are_asked_for_and_can_be_changed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encrypting, "arrays_of", make)  # what these stores are searched by
    monkeypatch.setattr(encrypting, "INDEX_VERSION", 0)
    store = opened(path)
    model = add(store, *range(40))
    store.compact(make)
    model |= add(store, 40, 41)
    store.close()
    for read_only in (False, True):  # anybody could have put a plain one there
        with pytest.raises(GalleryKeyError, match="not encrypted"):
            opened(path, keys=KEYS, read_only=read_only)
    store = opened(path, keys=KEYS, encrypt=True)
    model |= add(store, 42, 43)
    assert held(store) | {42: model[42], 43: model[43]} | {44: model[44]} == model
    store.close()
    for keys in (None, StaticKeyProvider({"2026": bytes(32)}), StaticKeyProvider({"x": bytes(32)})):
        for read_only in (False, True):
            with pytest.raises(GalleryKeyError):
                opened(path, keys=keys, read_only=read_only)
    both = StaticKeyProvider({"2026": KEYS.key("2026"), "2027": bytes(32)})
    store = opened(path, keys=both)
    assert held(store) == model
    store.compact(make, purge=True)
    store.close()
    store = opened(path, keys=StaticKeyProvider({"2027": bytes(32)}))
    assert held(store) == model
    assert not any(name.encode() in everything(path) for name, _ in model.values())
    store.close()


def test_an_encrypted_gallery_without_anybody_still_asks_for_its_key(path: Path) -> None:
    store = opened(path, keys=KEYS)
    add(store, 1)
    remove(store, 1)
    store.close()
    with pytest.raises(GalleryKeyError):
        opened(path)
