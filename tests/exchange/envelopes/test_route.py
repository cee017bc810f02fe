"""Headers under which calls travel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.exchange.envelopes import Route, read_headers, write_headers

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"  # of the W3C recommendation
plain = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
part = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Zs"),
        exclude_characters="/\\%:;\u200b\ufeff",
    ),
    min_size=1, max_size=10,
).filter(lambda text: text not in (".", ".."))  # fmt: skip
routes = st.builds(
    Route, st.just(()) | st.tuples(part, part, part) | st.tuples(part, part, part, part),
    plain, plain, plain, plain, st.sampled_from(["", TRACE]),
)  # fmt: skip


@given(routes)
def test_read_back_as_written(route: Route) -> None:
    headers = write_headers(route)
    assert read_headers({name.upper(): text for name, text in headers.items()}) == route


def test_the_example_of_the_standard() -> None:
    # PR-REST 4.3: the client of a request.
    headers = {
        "X-Road-Client": "INSTANCE/CLASS2/MEMBER2/SUBSYSTEM2",
        "X-Road-Id": "fa2e18a5-c2cb-4d09-b994-f57727f7c3fb", "traceparent": TRACE,
        "Authorization": "not ours",
    }  # fmt: skip
    route = read_headers(headers)
    assert route.client == ("INSTANCE", "CLASS2", "MEMBER2", "SUBSYSTEM2")
    assert route.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    del headers["Authorization"]
    assert write_headers(route) == headers


def test_a_broken_trace_is_left_out() -> None:
    for wrong in ("x", TRACE.upper(), TRACE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32)):
        route = read_headers({"traceparent": wrong, "X-Road-Id": "7"})
        assert (route.trace, route.trace_id) == ("", "7")
    assert read_headers({"X-Road-Request-Id": "9"}).trace_id == "9"


@pytest.mark.parametrize(
    "headers",
    [
        [("X-Road-Id", "1"), ("x-road-id", "2")],
        {"X-Road-Client": "VN/GOV"},
        {"X-Road-Client": "VN/GOV//x"},
        {"X-Road-Client": "VN/GOV/%2e%2e"},
        {"X-Road-Client": "VN/GOV/a%2Fb"},
        {"X-Road-Client": "VN/GOV/%ff"},
        {"X-Road-Id": "ngày"},
        {"X-Road-Id": "a\r\nb"},
        {"X-Road-Id": "a" * 513},
    ],
)
def test_headers_that_leave_the_sender_open(headers: dict[str, str]) -> None:
    with pytest.raises(FormatError):
        read_headers(headers)
