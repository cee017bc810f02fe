"""The window: order is that of the queue, however long it takes to make ready."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from civid.exchange.worker.arrivals import Arrivals, Item
from civid.exchange.worker.delivery import Delivery
from civid.exchange.worker.incoming import Incoming

SESSION = object()


def delivery(number: int, session: object = SESSION) -> Delivery:
    return Delivery(b"%d" % number, True, str(number), session)


def numbers(items: list[Item]) -> list[int]:
    return [int(one.delivery.body) for one in items]


class Window:
    """Arrivals whose messages become ready when the test says so."""

    def __init__(self, suspects: frozenset[int] = frozenset()) -> None:
        self.futures: dict[int, Future[tuple[Incoming, Any]]] = {}
        self.started: list[int] = []
        self.suspects = suspects
        self.arrivals = Arrivals(8, self.start)
        self.arrivals.begin(SESSION)

    def start(self, one: Delivery) -> Future[tuple[Incoming, Any]] | None:
        number = int(one.body)
        self.started.append(number)
        if number in self.suspects:
            return None
        return self.futures.setdefault(number, Future())

    def ready(self, number: int) -> None:
        if number in self.futures and not self.futures[number].done():
            self.futures[number].set_result((Incoming(None), None))


@given(
    st.permutations(range(12)),
    st.frozensets(st.integers(0, 11)),
    st.integers(1, 5),
    st.data(),
)
def test_order_is_kept_and_suspects_are_alone(
    becoming_ready: list[int], suspects: frozenset[int], most: int, data: st.DataObject
) -> None:
    window = Window(suspects)
    for number in range(12):
        window.arrivals.put(delivery(number))
    given_out: list[int] = []
    for number in becoming_ready:
        window.ready(number)
        following = len(given_out)
        if following in suspects or window.futures[following].done():
            group = window.arrivals.next(most, lambda: False)
            assert 1 <= len(group) <= most
            assert len(group) == 1 or not suspects & set(numbers(group))
            if data.draw(st.booleans()):
                window.arrivals.put_back(group)  # they failed, and are the first again
            else:
                window.arrivals.done(group)
                given_out += numbers(group)
        if len(given_out) == 12:
            break
    window.arrivals.end()
    while group := window.arrivals.next(most, lambda: False):
        window.arrivals.done(group)
        given_out += numbers(group)
    assert given_out == list(range(12))
    assert len(window.arrivals) == 0


def test_of_another_connection_nothing_is_taken() -> None:
    window = Window()
    window.arrivals.put(delivery(1, session=object()))
    assert len(window.arrivals) == 0
    window.arrivals.put(delivery(2))
    assert len(window.arrivals) == 1


def test_what_was_made_ready_survives_a_lost_connection() -> None:
    """The URL may have been good for one use."""
    window = Window()
    window.arrivals.put(delivery(1))
    window.ready(1)
    again = object()
    window.arrivals.begin(again)
    assert len(window.arrivals) == 0
    window.arrivals.put(delivery(1, again))
    assert window.started == [1]
    assert numbers(window.arrivals.next(5, lambda: False)) == [1]


def test_what_is_kept_is_bounded() -> None:
    window = Window()
    for number in range(100):
        window.arrivals.put(delivery(number))
        window.arrivals.begin(SESSION)
    assert len(window.arrivals._kept) == 4 * 8


def test_after_the_end_nothing_is_taken_and_the_rest_is_given_out() -> None:
    window = Window()
    window.arrivals.put(delivery(1))
    window.arrivals.end()
    window.arrivals.begin(SESSION)  # a connection that came up meanwhile
    window.arrivals.put(delivery(2))
    assert window.arrivals.next(5, lambda: False) == []
    given_up = Window()
    given_up.arrivals.put(delivery(1))
    assert given_up.arrivals.next(5, lambda: True) == []
