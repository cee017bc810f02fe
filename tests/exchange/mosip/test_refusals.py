"""Whatever comes: the specified failure reason, nothing stored, nothing raised."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.exchange.mosip.talk import Caller, gallery, minutiae_xml, reason, request, uid
from tests.search.prints import person

from civid.errors import FieldError
from civid.exchange.abis import Abis
from civid.exchange.mosip import Policy

NO_TEXT: list[Any] = [None, 5, 1.5, True, [], {}, ["x"], {"a": 1}]
LONG = "x" * 129


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """Somebody whose requests never leave a trace."""
    with Abis.open(tmp_path_factory.mktemp("nobody"), create=True, threads=1) as engine:
        yield Caller(engine)


def nothing_is_stored(caller: Caller) -> None:
    with caller.engine._parts.reading() as rows:
        (answers,) = rows.db.execute("SELECT count(*) FROM requests").fetchone()
    assert (caller.engine.count(), answers) == (0, 0)


@pytest.mark.parametrize("operation", ["insert", "identify", "delete"])
def test_the_first_thing_that_is_wrong_is_named(nobody: Caller, operation: str) -> None:
    """Mended one by one, in the order in which MOSIP's mock checks."""
    message = {
        "id": "mosip.abis.x", "version": "2.0", "requestId": " ", "requesttime": None,
        "referenceId": "", "referenceURL": "", "surplus": 1,
    }  # fmt: skip
    mending: list[tuple[str, dict[str, Any]]] = [
        ("14", {"id": f"mosip.abis.{operation}"}),
        ("13", {"version": "1.1"}),
        ("6", {"requestId": uid()}),
        ("9", {"requesttime": "2026-11-29"}),
        ("15", {"requesttime": "2026-11-29T08:30:00.123Z"}),
        ("5", {"referenceId": uid()}),
    ]
    if operation == "insert":
        mending.append(("8", {"referenceURL": "https://share.example/1"}))
    for expected, mended in mending:
        answer = nobody.ask(message)
        assert reason(answer) == expected
        assert set(answer) == {"id", "requestId", "responsetime", "returnValue", "failureReason"}
        assert (answer["id"], answer["requestId"]) == (message["id"], message["requestId"])
        message = {**message, **mended}
    assert reason(nobody.ask(message)) == "4"  # a key that nobody knows
    assert not nobody.shelf.fetched
    nothing_is_stored(nobody)


@pytest.mark.parametrize("wrong", NO_TEXT)
def test_other_types(nobody: Caller, wrong: object) -> None:
    for operation in ("insert", "identify", "delete", "ping", "pendingJobs", "referenceCount"):
        assert reason(nobody.ask({**request(operation), "id": wrong})) == "14"
        assert reason(nobody.ask({**request(operation), "version": wrong})) == "13"
        assert reason(nobody.ask({**request(operation), "requestId": wrong})) == "6"
        time = nobody.ask({**request(operation), "requesttime": wrong})
        assert reason(time) == ("9" if wrong is None else "15")
    for operation in ("insert", "identify", "delete"):
        assert reason(nobody.ask({**request(operation), "referenceId": wrong})) == "5"
    assert reason(nobody.ask({**request("insert", referenceId="a"), "referenceURL": wrong})) == "8"
    if wrong is not None:
        # Of no use, but no structure of the API's either.
        unused = {**request("identify", referenceId="a"), "referenceURL": wrong}
        assert reason(nobody.ask(unused)) == "4"
        for key in ("gallery", "flags") if wrong != {} else ():
            if (key, wrong) in (("flags", {"a": 1}), ("gallery", {})):
                continue  # other flags are free
            assert reason(nobody.ask(request("identify", referenceId="a", **{key: wrong}))) == "4"
        inside = {"referenceIds": [{"referenceId": wrong}]}
        assert reason(nobody.ask(request("identify", referenceId="a", gallery=inside))) == "4"
    assert reason(nobody.ask(wrong)) == ("14" if isinstance(wrong, dict) else "4")
    nothing_is_stored(nobody)


@pytest.mark.parametrize(
    "time",
    ["2026-11-29T08:30:00Z", "2026-11-29T08:30:00.12Z", "2026-11-29T08:30:00.123456Z",
     "2026-11-29 08:30:00.123Z", "2026-11-29T08:30:00.123+07:00", "2026-02-30T08:30:00.123Z",
     "2026-11-29T25:30:00.123Z", "x" * 10_000, "२०२६-11-29T08:30:00.123Z",
     "2026-11-29T08:30:00.123Z "],
)  # fmt: skip
def test_times_that_are_none(nobody: Caller, time: str) -> None:
    assert reason(nobody.ask(request("ping", requesttime=time))) == "15"


@pytest.mark.parametrize("bad", [LONG, "a\nb", "a\0", "\ud800", "a\u2028b"])
def test_ids_that_are_none(nobody: Caller, bad: str) -> None:
    assert reason(nobody.ask(request("ping", requestId=bad))) == "4"
    url = "https://share.example/1"
    assert reason(nobody.ask(request("insert", referenceId=bad, referenceURL=url))) == "4"
    assert reason(nobody.ask(request("delete", referenceId=bad))) == "4"
    within = request("identify", referenceId="a", gallery=gallery("b", bad))
    assert reason(nobody.ask(within)) == "4"
    assert json.dumps(nobody.ask(request("ping", id=bad)))  # may be written, whatever it was
    nothing_is_stored(nobody)


def test_structures_that_are_none(nobody: Caller) -> None:
    url = nobody.shelf.put(person(1, 2))
    ok = {"referenceId": "a", "referenceURL": url}
    for wrong in [{**ok, "referenceUrl": url + "x"}, {**ok, "referenceURL": "x" * 5000},
                  {**ok, "gallery": gallery("a")}, {**ok, "flags": {"maxResults": "1"}},
                  {**ok, "name": "Nguyễn"}]:  # fmt: skip
        assert reason(nobody.ask(request("insert", **wrong))) == "4", wrong
    for wrong in [{"gallery": {"referenceIds": ["a"]}}, {"gallery": {"referenceIds": "a"}},
                  {"gallery": {"ids": []}}, {"gallery": ["a"]},
                  {"gallery": gallery(*["a"] * 10_001)},
                  {"gallery": {"referenceIds": [{"referenceId": "a", "x": 1}]}}]:  # fmt: skip
        assert reason(nobody.ask(request("identify", referenceId="a", **wrong))) == "4", wrong
    assert reason(nobody.ask(request("delete", **ok))) == "4"
    assert reason(nobody.ask(request("ping", referenceId="a"))) == "4"
    odd: dict[Any, Any] = {**request("ping"), 5: 6}
    assert reason(nobody.ask(odd)) == "4"
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    assert reason(nobody.ask(request("identify", referenceId="a", flags={"x": deep}))) == "4"
    while deep:  # or its end would be recursive
        deep = deep.pop("a")
    # What a writer leaves empty is not there.
    empty = request("ping", flags=None) | {"gallery": None, "referenceId": "", "referenceURL": " "}
    assert nobody.ask(empty)["returnValue"] == "1"
    nothing_is_stored(nobody)


HOSTILE = [
    b"<", b"\0" * 100, b"{}", b"<BIR/>", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
    b'<?xml version="1.0"?><!DOCTYPE BIR [<!ENTITY a "' + b"a" * 1000 + b'">'
    + b'<!ENTITY b "' + b"&a;" * 1000 + b'">]>'
    b'<BIR xmlns="http://standards.iso.org/iso-iec/19785/-3/ed-2/">&b;</BIR>',
    b'<!DOCTYPE BIR SYSTEM "file:///etc/passwd">'
    b'<BIR xmlns="http://standards.iso.org/iso-iec/19785/-3/ed-2/"/>',
    b"<a>" * 100_000,
    minutiae_xml(person(1, 2)).replace(b"Rk1SA", b"Rk1SB"),
]  # fmt: skip


@pytest.mark.parametrize("cbeff", HOSTILE, ids=range(len(HOSTILE)))
def test_biometrics_that_are_none(caller: Caller, cbeff: bytes) -> None:
    asked = request("insert", referenceId="a", referenceURL=caller.shelf.put(cbeff))
    answer = caller.ask(asked)
    assert reason(answer) == "16"
    assert caller.ask(asked) == answer
    assert len(caller.shelf.fetched) == 1
    assert reason(caller.ask(request("identify", referenceURL=caller.shelf.put(cbeff)))) == "16"
    assert caller.engine.count() == 0
    assert caller.insert("a", person(1, 2))["returnValue"] == "1"


def test_biometrics_with_nothing_in_them(caller: Caller) -> None:
    for nothing in (b"", b" \n", minutiae_xml({}).replace(b"RkFDADAxMAA=", b"")):
        assert reason(caller.insert(uid(), nothing)) == "11"
    assert caller.engine.count() == 0


def test_a_quality_that_is_asked_for(caller: Caller) -> None:
    fingers = person(1, 2, 3)
    best = max(one.quality for one in fingers.values())
    caller.policy = Policy(min_quality=best)
    assert caller.insert("a", fingers)["returnValue"] == "1"
    caller.policy = Policy(min_quality=min(best + 1, 100))
    assert reason(caller.insert("b", fingers)) == "18"
    assert caller.insert("c", {})["returnValue"] == "1"  # nobody has to have fingers
    assert caller.engine.people() == ("a", "c")


def test_a_policy_that_makes_no_sense() -> None:
    for wrong in ({"max_results": 0}, {"most_results": 10}, {"target_fpir": 0}, {"min_score": -1},
                  {"min_score": float("nan")}, {"min_quality": 101}):  # fmt: skip
        with pytest.raises(FieldError):
            Policy(**wrong)  # type: ignore[arg-type]


def test_no_log_tells_whose_request_it_was(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for thing in (person(1, 2), b"<secret/>", b"", person(2, 2)):
            caller.insert("secret-id", thing, requestId=f"secret-{len(caplog.text)}{uid()}")
        caller.identify("secret-id")
        caller.identify("another-secret")
    assert "secret" not in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
KEYS = ("id", "version", "requestId", "requesttime", "referenceId", "referenceURL", "referenceUrl",
        "gallery", "flags")  # fmt: skip
OPERATIONS = ("insert", "identify", "delete", "ping", "pendingJobs", "referenceCount")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_nothing_is_raised(caller: Caller, data: st.DataObject) -> None:
    message: Any = request(data.draw(st.sampled_from(OPERATIONS)), referenceId="a")
    for key in data.draw(st.lists(st.sampled_from(KEYS), max_size=3)):
        message[key] = data.draw(JSON)
    if data.draw(st.booleans()):
        message = data.draw(JSON)
    answer = caller.ask(message)
    assert answer["returnValue"] in ("1", "2")
    assert all(isinstance(answer[key], str) for key in ("id", "requestId", "responsetime"))
    if answer["returnValue"] == "2":
        assert answer["failureReason"] in map(str, range(1, 19))
        assert answer["failureReason"] not in ("1", "3")  # nothing unexpected
    json.dumps(answer)
    assert caller.engine.count() == 0
