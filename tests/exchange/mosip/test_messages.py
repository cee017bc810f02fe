"""JSON at the door: what is read, and what is refused within bounds."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.mosip.talk import request

from civid.errors import FormatError
from civid.exchange.mosip import read_message, write_message
from civid.exchange.mosip.messages import MAX_BYTES, MAX_DEPTH

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_what_is_written_is_read(message: dict[str, Any]) -> None:
    data = write_message(message)
    assert read_message(data) == message
    assert read_message(data.decode()) == message
    assert read_message(b"\xef\xbb\xbf" + json.dumps(message).encode()) == message


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"[]", b'"a"', b"5", b"null", b'{"a": NaN}', b'{"a": Infinity}',
     b'{"a": -Infinity}', b'{"a": 1e999}', b'{"a": 1e30}', b'{"a": ' + b"9" * 19 + b"}",
     b'{"a": ' + b"9" * 100_000 + b"}", b'{"a": 0.' + b"9" * 100 + b"}", b'{"a": 1, "a": 1}',
     b'{"x": {"a": 1, "a": 2}}', b'{"a": "\xff"}', b'{"a": 1} {"a": 1}', b"{'a': 1}",
     b'{"a": "\n"}', b'{"a": 1', "{}".encode("utf-16"), b'{"a": ' * 17 + b"1" + b"}" * 17,
     b"[" * 1_000_000, b'{"a":' * 500_000, b'{"a": "' + b"x" * MAX_BYTES + b'"}',
     '{"a": "' + "x" * MAX_BYTES + '"}'],
    ids=range(27),
)  # fmt: skip
def test_what_is_no_message(data: bytes | str) -> None:
    with pytest.raises(FormatError) as caught:
        read_message(data)
    assert "xxx" not in str(caught.value)
    assert "999" not in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 5, [], object(), memoryview(b"abcd")[::2]])
def test_other_types(wrong: Any) -> None:
    with pytest.raises(FormatError):
        read_message(wrong)


def test_brackets_in_texts_are_no_depth() -> None:
    message = {"a": '[[{"' * 100, "b\\": "\\" * 3}
    assert read_message(json.dumps(message)) == message
    nested: Any = 1
    for _ in range(MAX_DEPTH - 1):
        nested = [nested]
    assert read_message(json.dumps({"a": nested}))["a"] == nested
    with pytest.raises(FormatError, match="too deep"):
        read_message(json.dumps({"a": [nested], "b": []}))


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    with suppress(FormatError):
        assert isinstance(read_message(data), dict)


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_request_with_another_byte(place: int, byte: int) -> None:
    data = bytearray(write_message(request("identify", referenceId="a", flags={"maxResults": "1"})))
    data[place % len(data)] = byte
    try:
        read_message(bytes(data))
    except FormatError as error:
        assert "identify" not in str(error)  # noqa: PT017
