"""Searches, verifications and galleries over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from tests.exchange.osia.service import Client, encounter, finger, sample

from civid import Gallery, Position
from civid.exchange.abis import Abis

ONE = "/v1/persons/P1/encounters/E1"


@pytest.fixture
def full(client: Client) -> Client:
    """P1 in two galleries, P2, P3 who is not active, P4 without prints."""
    client.create("P1", "E1", sample(1), galleries=["citizens"], biographicData={"born": 1990})
    client.create("P1", "E2", sample(1, again=1), galleries=["VIP"])
    client.create("P2", "E1", sample(2), biographicData={"born": 2001, "gender": "F"})
    client.create("P3", "E1", sample(1, again=2), status="INACTIVE")
    client.create("P4", "E1", contextualData={"office": "46"})
    return client


def probe(*samples: dict[str, Any], **names: Any) -> dict[str, Any]:
    """A search."""
    return {"filter": names, "biometricData": list(samples)}


def people(answer: Any) -> list[str]:
    """Whom it found."""
    assert answer.status_code == 200, answer.text
    return [one["personId"] for one in answer.json()]


def test_a_search_finds_what_the_gallery_finds(full: Client) -> None:
    alone = Gallery(backend="exact")
    alone.enroll("P1", {Position.RIGHT_INDEX: finger(1)})
    (oracle,) = alone.search({Position.RIGHT_INDEX: finger(1, again=3)}, limit=1)
    (found,) = full.ask("POST", "/v1/identify/citizens", probe(sample(1, again=3))).json()
    assert (found["personId"], found["rank"]) == ("P1", 1)
    # The probe went through a record of whole px and 256 directions.
    assert found["score"] == pytest.approx(oracle.score, rel=0.1)
    (detail,) = found["scores"]
    assert detail["encounterId"] == "E1"
    assert detail["galleries"] == ["citizens"]
    assert (detail["biometricType"], detail["biometricSubType"]) == ("FINGER", "RIGHT_INDEX")


def test_galleries_bound_a_search(full: Client) -> None:
    asked = probe(sample(1, again=3))
    (found,) = full.ask("POST", "/v1/identify/VIP", asked).json()
    assert found["scores"][0]["encounterId"] == "E2"
    assert people(full.ask("POST", "/v1/identify/ALL", asked)) == ["P1"]
    assert full.ask("POST", "/v1/identify/nothing", asked).status_code == 404
    assert people(full.ask("POST", "/v1/identify/VIP", probe(sample(2)))) == []


def test_one_who_is_here_is_searched_among_others(full: Client) -> None:
    full.create("P5", "E9", sample(1, again=4))
    assert people(full.ask("POST", "/v1/identify/ALL/P1")) == ["P5"]
    assert people(full.ask("POST", "/v1/identify/ALL/P1", {"born": 1990})) == []
    path = "/v1/identify/ALL/P5/encounters/E9"
    assert people(full.ask("POST", path)) == ["P1"]
    assert people(full.ask("POST", path, {"bornMin": 1980, "bornMax": 1990})) == ["P1"]
    # One who is not active is no candidate, and may be asked about.
    found = full.ask("POST", "/v1/identify/ALL/P3/encounters/E1")
    assert set(people(found)) == {"P1", "P5"}
    for bad in ("P9", "P9/encounters/E1", "P1/encounters/E9"):
        assert full.ask("POST", f"/v1/identify/ALL/{bad}").status_code == 404, bad
    assert full.ask("POST", "/v1/identify/nothing/P1").status_code == 404
    assert full.ask("POST", "/v1/identify/ALL/P4").status_code == 400  # nothing to search with


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({}, ["P1", "P2"]),
        ({"biometricType": "FINGER"}, ["P1", "P2"]),
        ({"biometricType": ["FACE", "FINGER"]}, ["P1", "P2"]),
        ({"encounterType": ["enrolment", "renewal"]}, ["P1", "P2"]),
        ({"encounterType": "renewal"}, []),
        ({"born": 1990}, ["P1"]),
        ({"bornMin": 1991}, ["P2"]),
        ({"bornMax": 2001, "gender": ["F", "M"]}, ["P2"]),
        ({"bornMin": "1991"}, []),  # a text is no number
        ({"born": True}, []),
        ({"height": 170}, []),
    ],
)
def test_filters(names: dict[str, Any], found: list[str]) -> None:
    """What `Wanted` lets through, of P1 and P2 as above."""
    from civid.exchange.abis import Encounter
    from civid.exchange.osia.filters import Wanted

    said: dict[str, Any] = {"P1": {"born": 1990}, "P2": {"born": 2001, "gender": "F"}}
    wanted = Wanted(names)
    passing = [
        person
        for person, data in said.items()
        if wanted.passes(
            Encounter(person, "E1", "enrolment", document={"osia": {"biographicData": data}})
        )
    ]
    assert passing == found


def test_options_are_honoured_or_refused(full: Client) -> None:
    full.create("P5", "E9", sample(1, again=4))
    path, asked = "/v1/identify/ALL", probe(sample(1, again=3))
    both = full.ask("POST", path, asked).json()
    assert [one["rank"] for one in both] == [1, 2]
    scores = [one["score"] for one in both]
    assert scores == sorted(scores, reverse=True)
    assert len(people(full.ask("POST", path, asked, maxNbCand=1))) == 1
    between = (scores[0] + scores[1]) / 2
    assert len(people(full.ask("POST", path, asked, threshold=between))) == 1
    assert people(full.ask("POST", path, asked, threshold=scores[0] + 1)) == []
    # A threshold goes below the usual one: strangers are candidates.
    assert "P2" in people(full.ask("POST", path, probe(sample(9)), threshold=0))
    for level in ("LOW", "NORMAL", "HIGH"):
        assert len(people(full.ask("POST", path, asked, accuracyLevel=level))) == 2
    for name, value in (
        ("maxNbCand", 0), ("maxNbCand", 1001), ("maxNbCand", "x"), ("threshold", -1),
        ("threshold", "nan"), ("threshold", "inf"), ("priority", 10), ("priority", -1),
        ("serviceLevel", 10), ("accuracyLevel", "BEST"),
    ):  # fmt: skip
        assert full.ask("POST", path, asked, **{name: value}).status_code == 400, (name, value)
    assert full.ask("POST", path, asked, priority=9, serviceLevel=0).status_code == 200


def test_searches_without_a_print_are_refused(full: Client) -> None:
    face = {"biometricType": "FACE", "image": "AAAA"}
    bodies: list[dict[str, Any]] = [
        probe(), probe(face), probe(sample(1), biometricType="FACE"), {"biometricData": []},
        probe(sample(1), a={"b": 1}), probe(sample(1), **{f"a{n}": 1 for n in range(33)}),
    ]  # fmt: skip
    for body in bodies:
        answer = full.ask("POST", "/v1/identify/ALL", body)
        assert answer.status_code == 400, answer.text


def test_verify(full: Client) -> None:
    body = {"biometricData": [sample(1, again=3)]}
    yes = full.ask("POST", "/v1/verify/ALL/P1", body).json()
    assert yes["decision"] is True
    assert yes["scores"][0]["score"] > 30
    assert full.ask("POST", "/v1/verify/ALL/P2", body).json()["decision"] is False
    high = full.ask("POST", "/v1/verify/ALL/P1", body, threshold=9000).json()
    assert high["decision"] is False
    assert high["scores"]
    other = {"biometricData": [sample(1, part="LEFT_LITTLE")]}
    assert full.ask("POST", "/v1/verify/ALL/P1", other).json() == {"decision": False}
    assert full.ask("POST", "/v1/verify/VIP/P2", body).status_code == 404
    assert full.ask("POST", "/v1/verify/ALL/P9", body).status_code == 404
    assert full.ask("POST", "/v1/verify/nothing/P1", body).status_code == 404
    assert full.ask("POST", "/v1/verify/ALL/P1", {"biometricData": []}).status_code == 400


def test_verify_two_sets(client: Client) -> None:
    for other, same in ((sample(1, again=1), True), (sample(2), False)):
        body: dict[str, Any] = {"biometricData1": [sample(1)], "biometricData2": [other]}
        assert client.ask("POST", "/v1/verify", body).json()["decision"] is same
    wrong: dict[str, Any] = {"biometricData1": [sample(1)], "biometricData2": []}
    assert client.ask("POST", "/v1/verify", wrong).status_code == 400


def test_galleries_and_their_content(full: Client, engine: Abis) -> None:
    assert full.ask("GET", "/v1/galleries").json() == ["VIP", "citizens"]
    every = full.ask("GET", "/v1/galleries/ALL").json()
    assert [tuple(one.values()) for one in every] == [
        ("P1", "E1"), ("P1", "E2"), ("P2", "E1"), ("P3", "E1"), ("P4", "E1"),
    ]  # fmt: skip
    assert len(full.ask("GET", "/v1/galleries/citizens").json()) == 4
    for offset in range(6):
        for limit in range(4):
            part = full.ask("GET", "/v1/galleries/ALL", offset=offset, limit=limit).json()
            assert part == every[offset : offset + limit]
    assert full.ask("GET", "/v1/galleries/nothing").status_code == 404
    assert full.ask("GET", "/v1/galleries/ALL", limit=-1).status_code == 400
    headers = {"Authorization": "Bearer all", "Accept": "text/csv"}
    text = full.request("GET", "/v1/galleries/VIP?transactionId=T", headers=headers)
    assert text.headers["content-type"].startswith("text/csv")
    assert text.text.splitlines() == ["PersonId,encounterId", "P1,E2"]


def test_a_transaction_is_needed(client: Client) -> None:
    answer = client.request("GET", "/v1/galleries", headers={"Authorization": "Bearer all"})
    assert answer.status_code == 400
    assert "transactionId" in answer.json()["message"]


def test_bodies_that_are_no_json(client: Client) -> None:
    headers = {"Authorization": "Bearer all", "Content-Type": "application/json"}
    for data in (b"", b"{", b"\xff", b"[" * 100_000, b"null", b'{"a":' * 50_000, b"1e999"):
        answer = client.request(
            "POST", "/v1/persons?transactionId=T", content=data, headers=headers
        )
        assert answer.status_code == 400, (data[:9], answer.text)
        assert set(answer.json()) == {"code", "message"}
    many = encounter(*[{"biometricType": "FINGER"}] * 65)
    assert client.ask("POST", ONE, many).status_code == 400
