"""Over HTTP the same is found as without it."""

from __future__ import annotations

import pytest
from tests.exchange.service.conftest import Station, as_files, as_json
from tests.search.prints import again, person

from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import Gallery, threshold

PEOPLE = 40
READ_BACK = "iso19794-2:2005"


def sent(fingers: dict[Position, Template]) -> dict[Position, Template]:
    """The fingers as they are after the journey: a record rounds."""
    return {position: Template.from_bytes(one.to_bytes()) for position, one in fingers.items()}


@pytest.fixture
def full(station: Station) -> Station:
    for number in range(PEOPLE):
        station.engine.insert(f"p{number}", sent(person(number, 2, 7)))
    return station


def gallery() -> Gallery:
    made = Gallery()
    made.enroll_many((f"p{number}", sent(person(number, 2, 7))) for number in range(PEOPLE))
    return made


def test_a_search_finds_what_a_gallery_finds(full: Station) -> None:
    headers, oracle = full.bearer("identify"), gallery()
    for number in (0, 7, 39, 100):
        probe = sent(again(person(number, 2, 7), number + 1))
        answer = full.client.post("/civid/v1/search", headers=headers, json=as_json(probe)).json()
        expected = oracle.search(probe, 10, max_fpir=1e-3)
        assert [
            (one["person"], one["score"], one["by_chance"]) for one in answer["candidates"]
        ] == [(one.subject_id, one.score, one.fpir) for one in expected]
        assert [one.subject_id for one in expected] == ([f"p{number}"] if number < 100 else [])
        assert answer["searched"] == PEOPLE
        assert answer["min_score"] == oracle.threshold(1e-3)
        assert full.entries()[-1].candidates == len(expected)


def test_a_misspelled_parameter_is_refused(full: Station) -> None:
    """Otherwise it would silently not hold; its name may be anything, and is not repeated."""
    headers, probe = full.bearer("identify"), as_json(person(3, 2, 7))
    answer = full.client.post("/civid/v1/search?max_fprr=1e-9&limit=3", headers=headers, json=probe)
    assert answer.status_code == 422
    said = answer.json()
    assert (said["code"], said["field"]) == ("parameter", "query")
    assert said["detail"].endswith("it has limit, max_fpir, swapped")
    assert "fprr" not in answer.text
    answer = full.client.get("/civid/v1/people/p1?dpi=500", headers=full.bearer("read"))
    assert answer.json()["detail"].endswith("it has none")


def test_all_that_is_asked_for_is_heeded(full: Station) -> None:
    headers = full.bearer("identify")
    for number in range(12):
        full.engine.insert(f"q{number}", sent(again(person(3, 2, 7), number + 100)))
    probe = as_json(again(person(3, 2, 7), 5))
    for asked, count in (("", 10), ("?limit=3", 3), ("?limit=100&max_fpir=1e-6", 13)):
        answer = full.client.post(f"/civid/v1/search{asked}", headers=headers, json=probe).json()
        assert len(answer["candidates"]) == count, asked
        scores = [one["score"] for one in answer["candidates"]]
        assert scores == sorted(scores, reverse=True)
    assert answer["min_score"] == threshold(1e-6, PEOPLE + 12)
    for asked in (
        "limit=0",
        "limit=101",
        "max_fpir=0",
        "max_fpir=1",
        "max_fpir=nan",
        "swapped=perhaps",
    ):
        answer = full.client.post(f"/civid/v1/search?{asked}", headers=headers, json=probe)
        assert (answer.status_code, answer.json()["code"]) == (422, "parameter"), asked


def test_exchanged_hands_are_found_where_that_is_asked_for(full: Station) -> None:
    headers = full.bearer("identify")
    right, left = again(person(3, 2, 7), 6).values()
    probe = as_json({Position.RIGHT_INDEX: left, Position.LEFT_INDEX: right})
    plain = full.client.post("/civid/v1/search", headers=headers, json=probe).json()
    assert plain["candidates"] == []
    (found,) = full.client.post(
        "/civid/v1/search?swapped=true", headers=headers, json=probe
    ).json()["candidates"]
    assert (found["person"], found["swapped"]) == ("p3", True)
    assert {(one["probe"], one["reference"]) for one in found["fingers"]} == {
        ("right-index", "left-index"),
        ("left-index", "right-index"),
    }


def test_one_to_one(full: Station) -> None:
    headers = full.bearer("verify")
    own, other = as_files(again(person(3, 2, 7), 8)), as_files(person(900, 2, 7))

    def ask(who: str, files: dict[str, bytes], asked: str = "") -> dict:
        return full.client.post(
            f"/civid/v1/people/{who}/verify{asked}", headers=headers, files=files
        ).json()

    assert ask("p3", own)["same"] is True
    assert ask("p3", own)["min_score"] == 40.0
    assert full.entries()[-1].candidates == 1
    assert ask("p3", other)["same"] is False
    assert ask("p4", own)["same"] is False
    assert ask("p3", other, "?max_fmr=1")["same"] is True  # everybody passes, as asked
    score = ask("p3", own)["score"]
    assert ask("p3", own)["fingers"][0]["score"] < score
    nothing = ask("p3", as_files(person(3, 4)))
    assert (nothing["same"], nothing["score"], nothing["fingers"]) == (False, None, [])
    assert ask("nobody", own)["code"] == "not-found"


def test_the_log_tells_whom_a_search_gave_away(full: Station) -> None:
    from civid.exchange.service.log.entry import pseudonym
    from civid.exchange.service.log.journal import read_key

    probe = as_json(again(person(3, 2, 7), 5))
    full.client.post("/civid/v1/search", headers=full.bearer("identify"), json=probe)
    key = read_key(full.folder / "log.jsonl")
    assert full.entries()[-1].people == (pseudonym("p3", key),)
