"""Encounters over HTTP: created, read, changed, merged, moved, deleted."""

from __future__ import annotations

import base64
from typing import Any

from tests.exchange.osia.service import Client, encounter, finger, sample

from civid import Position, Template, compare
from civid.exchange.abis import Abis
from civid.exchange.osia.vocabulary import TEMPLATE_FORMATS

ONE = "/v1/persons/P1/encounters/E1"


def test_ids_are_drawn_where_none_are_given(client: Client) -> None:
    made = client.ask("POST", "/v1/persons", encounter(sample(1))).json()
    path = f"/v1/persons/{made['personId']}/encounters"
    second = client.ask("POST", path, encounter(sample(1, again=1))).json()
    assert second["personId"] == made["personId"]
    assert second["encounterId"] != made["encounterId"]
    read = client.ask("GET", path).json()
    assert [one["encounterId"] for one in read] == [made["encounterId"], second["encounterId"]]


def test_what_was_said_comes_back_without_prints(client: Client) -> None:
    sent = sample(1, captureDate="2019-05-21T12:00:00+01:00", captureDevice="D", quality=55)
    said = {
        "clientData": base64.b64encode(b"mine").decode(),
        "biographicData": {"yearOfBirth": 1990, "tên": "Ngọc"},
        "contextualData": {"office": {"code": "79"}},
    }
    client.create("P1", "E1", sent, **said)
    read = client.ask("GET", ONE).json()
    assert {name: read[name] for name in said} == said
    assert read["status"] == "ACTIVE"
    assert read["galleries"] == ["citizens"]
    assert read["encounterId"] == "E1"
    assert read["createdDate"] == read["updatedDate"]
    (kept,) = read["biometricData"]
    assert kept == {name: value for name, value in sent.items() if name != "template"}


def test_the_same_encounter_twice_is_a_conflict(client: Client) -> None:
    client.create("P1", "E1", sample(1))
    again = client.ask("POST", ONE, encounter(sample(2)))
    assert again.status_code == 409
    assert again.json()["code"] == 1011
    assert client.ask("POST", "/v1/persons/p1/encounters/e1", encounter()).status_code == 409


def test_an_update_replaces_everything(client: Client, engine: Abis) -> None:
    client.create("P1", "E1", sample(1), clientData="AAAA")
    created = client.ask("GET", ONE).json()["createdDate"]
    new = encounter(sample(2, part="LEFT_THUMB"), status="INACTIVE", galleries=["VIP"])
    assert client.ask("PUT", ONE, new).json() == {"personId": "P1", "encounterId": "E1"}
    read = client.ask("GET", ONE).json()
    assert "clientData" not in read
    assert read["createdDate"] == created
    assert (read["status"], read["galleries"]) == ("INACTIVE", ["VIP"])
    assert set(engine.get("P1", "E1").fingers) == {Position.LEFT_THUMB}
    assert client.ask("PUT", "/v1/persons/P1/encounters/E2", new).status_code == 404


def test_an_update_cannot_lose_prints_by_accident(client: Client, engine: Abis) -> None:
    """What was read has no images; sent back as it is, it would erase the prints."""
    client.create("P1", "E1", sample(1))
    read = client.ask("GET", ONE).json()
    answer = client.ask("PUT", ONE, read)
    assert answer.status_code == 400
    assert "biometricData[0]" in answer.json()["message"]
    assert engine.get("P1", "E1").fingers
    missing = {"biometricSubType": "RIGHT_INDEX", "presence": "AMPUTATED"}
    read["biometricData"][0]["missing"] = [missing]
    assert client.ask("PUT", ONE, read).status_code == 200
    assert not engine.get("P1", "E1").fingers


def test_status_and_galleries_alone(client: Client, engine: Abis) -> None:
    client.create("P1", "E1", sample(1), clientData="AAAA")
    assert client.ask("PUT", f"{ONE}/status", status="INACTIVE").status_code == 204
    assert client.ask("PUT", f"{ONE}/galleries", ["VIP", "B"]).status_code == 204
    kept = engine.get("P1", "E1")
    assert not kept.active
    assert kept.galleries == ("VIP", "B")
    assert kept.fingers
    assert client.ask("GET", ONE).json()["clientData"] == "AAAA"
    for bad in ([], ["A", "A"], ["ALL", "A"], "A", None, [1]):
        assert client.ask("PUT", f"{ONE}/galleries", bad).status_code == 400, bad
    assert client.ask("PUT", f"{ONE}/status", status="GONE").status_code == 400
    assert (
        client.ask("PUT", "/v1/persons/X/encounters/Y/status", status="ACTIVE").status_code == 404
    )


def test_merge_and_move(client: Client, engine: Abis) -> None:
    for person, number in (("P1", "E1"), ("P2", "E2"), ("P3", "E1"), ("P3", "E3")):
        client.create(person, number, sample(1))
    assert client.ask("POST", "/v1/persons/P1/merge/P3").status_code == 409
    assert [one.encounter for one in engine.encounters("P3")] == ["E1", "E3"]
    assert client.ask("POST", "/v1/persons/P1/merge/P2").status_code == 204
    assert [one.encounter for one in engine.encounters("P1")] == ["E1", "E2"]
    assert client.ask("GET", "/v1/persons/P2/encounters").status_code == 404
    assert client.ask("POST", "/v1/persons/P1/move/P3/encounters/E1").status_code == 409
    assert client.ask("POST", "/v1/persons/P1/move/P3/encounters/E3").status_code == 204
    assert {one.encounter for one in engine.encounters("P1")} == {"E1", "E2", "E3"}
    assert client.ask("POST", "/v1/persons/P1/merge/P1").status_code == 400
    assert client.ask("POST", "/v1/persons/P1/move/p1/encounters/E1").status_code == 400
    assert client.ask("POST", "/v1/persons/P1/merge/P9").status_code == 404


def test_delete(client: Client, engine: Abis) -> None:
    for number in ("E1", "E2"):
        client.create("P1", number, sample(1))
    assert client.ask("DELETE", ONE).status_code == 204
    assert client.ask("DELETE", ONE).status_code == 404
    assert client.ask("DELETE", "/v1/persons/P1").status_code == 204
    assert client.ask("DELETE", "/v1/persons/P1").status_code == 404
    assert engine.count() == 0


def test_templates_in_every_format_and_back(client: Client) -> None:
    client.create("P1", "E1", sample(1), sample(2, part="LEFT_LITTLE"))
    for name, key in TEMPLATE_FORMATS.items():
        made = client.ask("GET", f"{ONE}/templates", templateFormat=name).json()
        assert [one["biometricSubType"] for one in made] == ["RIGHT_INDEX", "LEFT_LITTLE"]
        assert {one["templateFormat"] for one in made} == {name}
        for seed, one in enumerate(made, 1):
            read = Template.from_bytes(base64.b64decode(one["template"]), format=key)
            assert compare(read, finger(seed)).score > 60, name
        client.create(name, "E1", *made)
    probe = {"filter": {}, "biometricData": [sample(1)]}
    found = client.ask("POST", "/v1/identify/ALL", probe).json()
    assert {one["personId"] for one in found} == {"P1", *TEMPLATE_FORMATS}


def test_templates_that_are_not_there(client: Client) -> None:
    client.create("P1", "E1", sample(1))
    path = f"{ONE}/templates"
    (one,) = client.ask("GET", path, biometricSubType="RIGHT_INDEX").json()
    assert (one["quality"], one["qualityFormat"]) == (70, "ISO_19794")
    assert client.ask("GET", path, biometricType="FACE").status_code == 404
    assert client.ask("GET", path, biometricSubType="LEFT_INDEX").status_code == 404
    assert client.ask("GET", path, qualityFormat="NFIQ2").status_code == 400
    assert client.ask("GET", path, templateFormat="VENDOR").status_code == 400
    assert client.ask("GET", path, biometricSubType="TOE").status_code == 400


def test_people_of_other_doors_can_be_read(client: Client, engine: Abis) -> None:
    engine.insert("M1", {Position.LEFT_INDEX: finger(5)}, encounter="one")
    read = client.ask("GET", "/v1/persons/M1/encounters/one").json()
    assert read["galleries"] == ["ALL"]
    assert "createdDate" not in read
    assert read["biometricData"][0]["biometricSubType"] == "LEFT_INDEX"
    assert client.ask("PUT", "/v1/persons/M1/encounters/one/galleries", ["ALL"]).status_code == 204
    assert engine.get("M1", "one").galleries == ()


def test_what_is_not_compared_is_said(client: Client, engine: Abis) -> None:
    face = {"biometricType": "FACE", "biometricSubType": "PORTRAIT", "image": "AAAA"}
    palm = {"biometricType": "FINGER", "biometricSubType": "RIGHT_FULL_PALM", "image": "AAAA"}
    body = encounter(sample(1), face, palm)
    made = client.ask("POST", ONE, body).json()
    left_out = ["biometricData[1]: FACE", "biometricData[2]: RIGHT_FULL_PALM"]
    assert made["others"] == {"notCompared": left_out}
    assert "AAAA" not in str(engine.get("P1", "E1").document)


WRONG: list[dict[str, Any]] = [
    {"status": None},
    {"status": "active"},
    {"galleries": []},
    {"galleries": ["A", "A"]},
    {"galleries": ["A", "ALL"]},
    {"encounterType": "x" * 129},
    {"createdDate": "yesterday"},
    {"createdDate": "2024-11-18T14:21:00"},
    {"biometricData": None},
    {"biometricData": [{}]},
    {"surprise": 1},
    {"clientData": "x" * 65_537},
    {"biographicData": {"x": "y" * (1 << 20)}},
    {"encounterId": "other"},
    {"encryption": {"type": "JWE", "scope": "$"}},
    {"integrity": [{"scope": "$", "alg": "SHA256", "hash": "00"}]},
]


def test_wrong_encounters(client: Client, engine: Abis) -> None:
    for change in WRONG:
        answer = client.ask("POST", ONE, {**encounter(sample(1)), **change})
        assert answer.status_code == 400, (change, answer.text)
        assert set(answer.json()) == {"code", "message"}
    assert engine.count() == 0


def test_ids_that_cannot_be(client: Client) -> None:
    for bad in ("%00", "a%0Ab", "x" * 129):
        path = f"/v1/persons/{bad}/encounters/E1"
        assert client.ask("POST", path, encounter()).status_code == 400, bad
        assert client.ask("GET", path).status_code in (400, 404), bad
