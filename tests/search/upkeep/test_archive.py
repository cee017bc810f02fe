"""Archives: everybody out and in again, to the bit; damaged ones enrol nobody."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.prints import person, same, template

from civid import FormatError, Position, Template
from civid.errors import GalleryError, GalleryStorageError, SubjectExistsError
from civid.search import Gallery, Metadata
from civid.search.upkeep import archive, export_subjects, import_subjects


def some(count: int = 12) -> Gallery:
    gallery = Gallery()
    for i in range(count):
        gallery.enroll(f"{i}", person(i, 2, 7, count=12))
    gallery.enroll("Đ ü\u200b", {Position.UNKNOWN: template(1, 0), Position(6): template(2, 255)})
    gallery.set_metadata("0", Metadata({"unit": "Huế", "year": 2026, "none": None}, ["border"]))
    return gallery


def equal(one: Gallery, other: Gallery) -> bool:
    return list(one) == list(other) and all(
        one.get(name).keys() == other.get(name).keys()
        and one.metadata(name) == other.metadata(name)
        and all(same(finger, other.get(name)[at]) for at, finger in one.get(name).items())
        for name in one
    )


def test_native_archives_keep_every_bit(tmp_path: Path) -> None:
    gallery, seen = some(), []
    told = export_subjects(
        gallery, tmp_path / "a", on_progress=lambda *progress: seen.append(progress)
    )
    assert (told.subjects, told.fingers) == (13, 26)
    assert seen[-1] == (13, 13)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    other = Gallery()
    told = import_subjects(other, tmp_path / "a")
    assert (told.subjects, told.fingers, told.added, told.kept) == (13, 26, 13, 0)
    assert equal(gallery, other)
    again = import_subjects(other, tmp_path / "a")
    assert (again.added, again.replaced, again.kept) == (0, 0, 13)
    export_subjects(other, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_records_of_the_standard_are_read_by_others(tmp_path: Path) -> None:
    """The record in a line is what `Template.to_iso19794_2` writes, and nothing else."""
    gallery = some(2)
    export_subjects(gallery, tmp_path / "a", records="iso19794-2")
    head, *lines, end = map(json.loads, (tmp_path / "a").read_text().splitlines())
    assert head == {"civid_archive": 1, "records": "iso19794-2"}
    assert (end["subjects"], end["fingers"]) == (3, 6)
    for line in lines:
        for finger in line["fingers"]:
            data = base64.b64decode(finger["record"])
            assert data.startswith(b"FMR\0 20\0")
            expected = gallery.get(line["id"])[Position(finger["position"])]
            assert data == expected.to_iso19794_2(position=Position(finger["position"]))
    other = Gallery()
    import_subjects(other, tmp_path / "a")
    probe = gallery.get("1")
    assert other.search(probe, 1)[0].subject_id == "1"
    got = other.get("1")[Position(2)]
    assert abs(got.minutiae["x"] - probe[Position(2)].minutiae["x"]).max() <= 1


def test_who_is_there_with_other_fingers(tmp_path: Path) -> None:
    gallery = some(3)
    export_subjects(gallery, tmp_path / "a")
    for existing, fingers in (("keep", 9), ("replace", 1)):
        other = Gallery()
        other.enroll("1", person(9, 2, 7, count=12))
        with pytest.raises(SubjectExistsError, match="subject 2 of the archive") as caught:
            import_subjects(other, tmp_path / "a")
        assert (caught.value.subject_id, list(other)) == ("1", ["1"])
        told = import_subjects(other, tmp_path / "a", existing=existing)  # type: ignore[arg-type]
        assert (told.added, told.replaced + told.kept) == (3, 1)
        assert same(other.get("1")[Position(2)], person(fingers, 2, count=12)[Position(2)])


def test_killed_between_two_transactions_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_BATCH", 4)
    gallery, other = some(), Gallery()
    export_subjects(gallery, tmp_path / "a")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_subjects(other, tmp_path / "a", on_progress=stop)
    assert len(other) == 4
    told = import_subjects(other, tmp_path / "a")
    assert (told.added, told.kept) == (9, 4)
    assert equal(gallery, other)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_archive_enrols_nobody(tmp_path: Path, data: st.DataObject) -> None:
    export_subjects(some(2), tmp_path / "a")
    content = bytearray((tmp_path / "a").read_bytes())
    at = data.draw(st.integers(0, len(content) - 2))
    how = data.draw(st.sampled_from(["flip", "cut", "double", "drop line"]))
    if how == "flip":
        content[at] ^= 1 << data.draw(st.integers(0, 7))
    elif how == "cut":
        del content[at:]
    elif how == "double":
        content += bytes(content)
    else:
        lines = bytes(content).splitlines(keepends=True)
        del lines[data.draw(st.integers(0, len(lines) - 1))]
        content = bytearray(b"".join(lines))
    (tmp_path / "a").write_bytes(content)
    gallery = Gallery()
    with pytest.raises(FormatError):
        import_subjects(gallery, tmp_path / "a")
    assert len(gallery) == 0


def signed(change: Callable[[list[dict]], None], path: Path) -> None:
    """An archive of a forger, who can make a digest."""
    from hashlib import blake2b

    lines = [json.loads(line) for line in path.read_text().splitlines()][:-1]
    change(lines)
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    end = {
        "subjects": len(lines) - 1,
        "fingers": sum(len(one["fingers"]) for one in lines[1:] if "fingers" in one),
        "digest": blake2b(body, digest_size=32).hexdigest(),
    }
    path.write_bytes(body + json.dumps(end).encode() + b"\n")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("civid_archive", lambda lines: lines[0].update(civid_archive=2)),
        ("records", lambda lines: lines[0].update(records="other")),
        ("id", lambda lines: lines[1].update(id="a\nb")),
        ("id", lambda lines: lines[1].update(id=7)),
        ("id", lambda lines: lines[2].update(id="0")),
        ("fingers", lambda lines: lines[1].update(fingers=[])),
        ("position", lambda lines: lines[1]["fingers"][0].update(position=True)),
        ("position", lambda lines: lines[1]["fingers"].append(lines[1]["fingers"][0])),
        ("record", lambda lines: lines[1]["fingers"][0].update(record="AAAA")),
        ("metadata", lambda lines: lines[1].update(metadata=[])),
        ("metadata", lambda lines: lines[1].update(metadata={"values": {"a": []}, "tags": []})),
        ("metadata", lambda lines: lines[1].update(metadata={"values": {}, "tags": 5})),
        (None, lambda lines: lines[1]["fingers"][0].update(record="A")),
        (None, lambda lines: lines[1]["fingers"][0].update(record=None)),
        (None, lambda lines: lines[1]["fingers"][0].update(position=99)),
        (None, lambda lines: lines[1].pop("id")),
        (None, lambda lines: lines[1].update(fingers=[1])),
    ],
)
def test_what_cannot_be_is_refused_with_line_and_field(
    tmp_path: Path, field: str | None, change: Callable[[list[dict]], None]
) -> None:
    export_subjects(some(3), tmp_path / "a")
    signed(change, tmp_path / "a")
    gallery = Gallery()
    with pytest.raises(FormatError) as caught:
        import_subjects(gallery, tmp_path / "a")
    assert (caught.value.field, len(gallery)) == (field, 0)


def test_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b" " * 400_000)
    with pytest.raises(FormatError, match="too long"):
        import_subjects(Gallery(), tmp_path / "a")
    (tmp_path / "a").write_bytes(b"[" * 100_000)
    with pytest.raises(FormatError, match="no JSON object"):
        import_subjects(Gallery(), tmp_path / "a")
    with pytest.raises(GalleryError):
        import_subjects(Gallery(), tmp_path / "nowhere")
    with pytest.raises(GalleryStorageError):
        export_subjects(Gallery(), tmp_path / "nowhere" / "a")
    with pytest.raises(GalleryError):
        export_subjects(Gallery(), tmp_path / "b", records="csv")  # type: ignore[arg-type]
    with pytest.raises(GalleryError):
        import_subjects(Gallery(), tmp_path / "b", existing="no")  # type: ignore[arg-type]
    largest = Gallery()
    largest.enroll("x" * 128, {p: template(int(p), 255) for p in Position})
    export_subjects(largest, tmp_path / "b")
    assert max(map(len, (tmp_path / "b").read_bytes().splitlines())) < archive.MAX_LINE / 2
    assert isinstance(largest.get("x" * 128)[Position(1)], Template)
