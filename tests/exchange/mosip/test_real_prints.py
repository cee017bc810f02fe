"""Real prints as MOSIP sends them: JPEG 2000 in ISO records, two fingers a person."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.exchange.mosip.talk import Caller, found, request

from civid import ExtractionParameters
from civid.exchange.abis import Abis
from civid.exchange.mosip import Policy, prepare, prints_of
from civid.fingerprint.conversion import convert
from civid.formats.cbeff import mosip_xml
from civid.position import Position
from civid.search import Gallery, threshold

PEOPLE = 5


@pytest.fixture(scope="module")
def captures(data: Path) -> Mapping[str, bytes]:
    """CBEFF XML of some people, taken twice: ``a0`` and ``b0`` are one person."""
    folder = data / "prints"
    taken: dict[tuple[str, str], list[Path]] = defaultdict(list)
    sizes: dict[Path, float] = {}
    with (folder / "manifest.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["set"].startswith("UareU"):
                taken[row["person"], row["finger"]].append(folder / row["path"])
                sizes[folder / row["path"]] = float(row["dpi"])
    people: dict[str, list[list[Path]]] = defaultdict(list)
    for (person, _), paths in sorted(taken.items()):
        people[person].append(sorted(paths))
    whole = [fingers[:2] for fingers in people.values() if len(fingers) >= 2][:PEOPLE]
    made = {}
    for number, fingers in enumerate(whole):
        for letter, impression, record in (("a", 0, "2011"), ("b", 1, "2005")):
            segments = []
            for position, paths in zip((Position(2), Position(7)), fingers, strict=True):
                image = convert(
                    paths[impression].read_bytes(), f"iso19794-4:{record}", payload="jp2",
                    dpi=sizes[paths[impression]], position=position,
                ).data  # fmt: skip
                segments.append(mosip_xml.segment(image, position, quality=60))
            xml = mosip_xml.build(mosip_xml.Record(tuple(segments)))
            made[f"{letter}{number}"] = xml
    assert len(made) == 2 * PEOPLE
    return made


def test_everybody_is_found_as_the_gallery_finds_them(
    caller: Caller, captures: Mapping[str, bytes]
) -> None:
    plain = Gallery()
    with caller.engine.batch():
        for name, xml in captures.items():
            assert caller.insert(name, xml)["returnValue"] == "1"
            plain.enroll(name, prints_of(xml, threads=1))
    least = threshold(1e-3, len(captures) - 1)
    for name in captures:
        expected = [
            one.subject_id
            for one in plain.search(plain.get(name), None, min_score=least)
            if one.subject_id != name
        ]
        assert found(caller.identify(name)) == expected
        twin = ("b" if name[0] == "a" else "a") + name[1:]
        assert expected == [twin]


@pytest.mark.parametrize(
    ("method", "extractor"), [("classical", "civid-classical/1"), ("neural", "civid-neural/1")]
)
def test_images_are_extracted_as_the_policy_says(
    captures: Mapping[str, bytes], tmp_path: Path, method: str, extractor: str
) -> None:
    by = ExtractionParameters(method=method)
    assert {one.extractor for one in prints_of(captures["a0"], parameters=by).values()} == {
        extractor
    }
    with Abis.open(tmp_path / "engine", create=True) as engine:
        caller = Caller(engine, Policy(extraction=by))
        url = caller.shelf.put(captures["a0"])
        message = request("insert", referenceId="r1", referenceURL=url)
        ahead = prepare(message, engine, fetch=caller.shelf, policy=Policy(extraction=by))
        assert ahead is not None
        assert {one.extractor for one in ahead.prints().values()} == {extractor}
        caller.insert("r2", captures["b0"])
        (encounter,) = engine.encounters("r2")
        assert {one.extractor for one in encounter.fingers.values()} == {extractor}
