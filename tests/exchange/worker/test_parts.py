"""Addresses, settings, dialects, what came in: each by itself."""

from __future__ import annotations

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError
from civid.exchange.worker import Broker, Settings, brokers_of
from civid.exchange.worker.delivery import Delivery, Leaving
from civid.exchange.worker.dialects import ARTEMIS, CLASSIC, dialect_of
from civid.exchange.worker.incoming import read
from civid.exchange.worker.logs import event, logged_to

BROKER = Broker("queue.example", 61613)


def test_addresses() -> None:
    one, two, three = brokers_of("stomp://ab%40c@one, stomps://two:7 ,stomp://[::1]/")
    assert (one.host, one.port, one.tls, one.user) == ("one", 61613, False, "ab@c")
    assert (two.host, two.port, two.tls, two.user) == ("two", 7, True, "")
    assert (three.host, str(three)) == ("::1", "stomp://[::1]:61613")


@pytest.mark.parametrize(
    "text",
    ["", "one", "tcp://one:61616", "stomp://", "stomp://one/queue", "stomp://one:x",
     "stomp://one:99999", "stomp://[::1", "stomp://one,", "stomp://user:password@one"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(FieldError) as error:
        brokers_of(text)
    assert "password@" not in str(error.value)


@pytest.mark.parametrize(
    "wrong",
    [{"brokers": ()}, {"window": 0}, {"group": 0}, {"threads": 0}, {"tries": 0}, {"patience": 0.0},
     {"heartbeat": float("nan")}, {"grace": 1e9}, {"outbound": "mosip-to-abis"}, {"inbound": " "},
     {"dead": "abis-to-mosip"}, {"inbound": "a\nb"}],
)  # fmt: skip
def test_settings_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        Settings(**({"brokers": (BROKER,)} | wrong))


def test_a_password_stands_in_no_repr() -> None:
    assert "hush" not in repr(Settings((BROKER,), password="hush"))
    assert Settings((BROKER,)).dead_letters == "mosip-to-abis.dead"


def test_dialects() -> None:
    assert dialect_of("ActiveMQ/5.18.3") is CLASSIC
    assert dialect_of("") is CLASSIC
    assert dialect_of("ActiveMQ-Artemis/2.40.0 ActiveMQ Artemis Messaging Engine") is ARTEMIS
    assert CLASSIC.destination("q") == "/queue/q"
    assert ARTEMIS.destination("q") == "q"
    assert CLASSIC.subscription(7) == {"activemq.prefetchSize": "7"}
    assert ARTEMIS.subscription(7)["consumer-window-size"] == str(7 * 2048)
    assert not CLASSIC.is_text({"content-length": "1", "message-id": "1"})


def test_deliveries_and_what_leaves_show_nothing() -> None:
    delivery = Delivery(b"secret", True, "1", None)
    assert "secret" not in repr(delivery) + repr(Leaving(delivery, b"secret too"))
    assert Leaving(delivery, b"x").headers == {}
    assert set(Leaving(delivery, b"x", "died").headers) == {"civid-reason", "civid-mark"}


@given(st.binary(max_size=300))
def test_anything_may_come(body: bytes) -> None:
    found = read(body)
    assert found.message is None or not found.answer
    assert found.operation == "other" or found.message is not None


@given(st.text(max_size=40), st.text(max_size=20))
def test_a_request_that_names_itself_is_told(name: str, rest: str) -> None:
    whole = json.dumps({"id": "mosip.abis.insert", "requestId": "11-aa", "x": name + rest})
    answer = json.loads(read(whole[:-1].encode()).answer)
    assert (answer["requestId"], answer["failureReason"]) == ("11-aa", "4")
    assert answer["id"] == "mosip.abis.insert"


def test_operations_are_few_whatever_is_sent() -> None:
    assert read(b'{"id": "mosip.abis.identify"}').operation == "identify"
    for other in (b'{"id": "mosip.abis.x"}', b'{"id": 7}', b"{}", b'{"id": {"a": []}}'):
        assert read(other).operation == "other"


def test_logs_are_lines_of_json_or_of_words() -> None:
    for as_json in (True, False):
        stream = io.StringIO()
        with logged_to(stream, as_json=as_json):
            event("answered", mark="ab12", seconds=0.5)
            try:
                raise ValueError("somebody's name")
            except ValueError:
                logging.getLogger("civid.exchange").exception("it failed")
        assert logging.getLogger("civid").propagate
        first, second = stream.getvalue().splitlines()
        assert "name" not in stream.getvalue()
        if as_json:
            assert json.loads(first) | {"at": ""} == {
                "at": "", "level": "info", "event": "answered", "mark": "ab12", "seconds": 0.5,
            }  # fmt: skip
            assert json.loads(second)["error"] == "ValueError"
        else:
            assert first.endswith("Z answered mark=ab12 seconds=0.5")
            assert second.endswith("error: it failed error=ValueError")
