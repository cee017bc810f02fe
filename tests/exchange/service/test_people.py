"""Enrolled, looked at, replaced, taken out, deleted; and new people, with no race."""

from __future__ import annotations

import asyncio
import base64

import pytest
from tests.exchange.service.conftest import Station, as_files, as_json
from tests.search.prints import again, person, same

from civid.fingerprint.template import Template
from civid.position import Position

PEOPLE = "/civid/v1/people"
ALL = ("enrol", "identify", "verify", "read", "correct", "delete", "export")


def test_somebody_is_enrolled_looked_at_and_deleted(station: Station) -> None:
    headers = station.bearer(*ALL)
    client = station.client
    fingers = person(1, 2, 7)
    made = client.post(f"{PEOPLE}/p1", headers=headers, files=as_files(fingers))
    assert made.status_code == 201
    assert made.json()["replaced"] is False
    seen = client.get(f"{PEOPLE}/p1", headers=headers).json()
    assert seen["fingers"] == made.json()["fingers"]
    assert [one["position"] for one in seen["fingers"]] == ["right-index", "left-index"]
    assert [one["minutiae"] for one in seen["fingers"]] == [36, 36]
    assert set(seen["fingers"][0]) == {"position", "minutiae", "quality"}
    assert client.request("DELETE", f"{PEOPLE}/p1", headers=headers).status_code == 204
    assert station.engine.count() == 0
    for method in ("GET", "DELETE"):
        answer = client.request(method, f"{PEOPLE}/p1", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_an_id_is_given_once_and_replaced_only_when_asked(station: Station) -> None:
    headers = station.bearer(*ALL)
    first, second = person(1, 2), person(2, 2, 3)
    assert station.client.post(f"{PEOPLE}/p", headers=headers, json=as_json(first)).is_success
    taken = station.client.post(f"{PEOPLE}/p", headers=headers, json=as_json(second))
    assert (taken.status_code, taken.json()["code"]) == (409, "exists")
    put = station.client.request("PUT", f"{PEOPLE}/p", headers=headers, json=as_json(second))
    assert (put.status_code, put.json()["replaced"]) == (200, True)
    new = station.client.request("PUT", f"{PEOPLE}/q", headers=headers, json=as_json(first))
    assert new.json()["replaced"] is False
    (kept,) = station.engine.encounters("p")
    assert set(kept.fingers) == set(second)
    assert station.engine.count() == 2


def test_templates_come_out_as_they_went_in_and_need_a_scope_of_their_own(
    station: Station,
) -> None:
    fingers = person(3, 2, 10)
    sent = station.client.post(f"{PEOPLE}/p", headers=station.bearer(*ALL), json=as_json(fingers))
    assert sent.is_success
    out = station.client.get(f"{PEOPLE}/p/templates", headers=station.bearer("export")).json()
    assert [one["position"] for one in out["fingers"]] == ["right-index", "left-little"]
    for one, (position, original) in zip(out["fingers"], fingers.items(), strict=True):
        data = base64.b64decode(one["data"], validate=True)
        expected = Template.from_bytes(original.to_bytes(position=position))
        assert same(Template.from_bytes(data), expected)


def test_who_is_new_is_enrolled_and_who_is_not_is_named(station: Station) -> None:
    headers = station.bearer("enrol", "identify")
    fingers = person(4, 2, 7)
    first = station.client.post(f"{PEOPLE}/p1/enrol-if-new", headers=headers, json=as_json(fingers))
    assert (first.status_code, first.json()["enrolled"], first.json()["person"]) == (
        201, True, "p1",
    )  # fmt: skip
    other = as_json(again(fingers, 1))
    second = station.client.post(f"{PEOPLE}/p2/enrol-if-new", headers=headers, json=other)
    assert (second.status_code, second.json()["enrolled"]) == (200, False)
    assert second.json()["person"] is None
    assert [one["person"] for one in second.json()["candidates"]] == ["p1"]
    assert station.engine.people() == ("p1",)
    taken = station.client.post(
        f"{PEOPLE}/P1/enrol-if-new", headers=headers, json=as_json(person(5, 2))
    )
    assert taken.status_code == 409  # ids compare without regard to case
    assert station.entries()[1].candidates == 1


def test_of_many_who_enrol_one_person_at_once_one_does(station: Station) -> None:
    headers = station.bearer("enrol", "identify")
    fingers = person(6, 2, 7)
    clients = 12

    async def enrol(number: int) -> int:
        answer = await station.client.inside.post(
            f"{PEOPLE}/p{number}/enrol-if-new", headers=headers,
            json=as_json(again(fingers, number)),
        )  # fmt: skip
        return answer.status_code

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*map(enrol, range(clients)))

    found = sorted(station.client.runner.run(all_at_once()))
    assert found == [200] * (clients - 1) + [201]
    assert station.engine.count() == 1


@pytest.mark.parametrize("who", ["x" * 129, "a%00b", "%0A", "a%7Fb", "a%E2%80%A8b", "%ED%A0%80"])
def test_ids_that_cannot_be_are_refused_before_anything_is_read(station: Station, who: str) -> None:
    answer = station.client.post(
        f"{PEOPLE}/{who}", headers=station.bearer("enrol"), files=as_files(person(1, 2))
    )
    assert answer.status_code in (404, 422)
    assert station.engine.count() == 0


def test_two_prints_of_one_finger_are_one_too_many(station: Station) -> None:
    record = person(1, 2)[Position.RIGHT_INDEX].to_bytes()
    answer = station.client.post(
        f"{PEOPLE}/p", headers=station.bearer("enrol"),
        files=[("2", record), ("right-index", record)],
    )  # fmt: skip
    assert (answer.status_code, answer.json()["field"]) == (422, "right-index")
    assert answer.json()["file"] == "right-index"
    assert station.engine.count() == 0
