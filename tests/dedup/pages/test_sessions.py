"""Sessions end by themselves, and wrong passwords have to wait."""

from __future__ import annotations

from civid.dedup.pages.sessions import IDLE, LONGEST, Sessions


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_ends_when_nobody_uses_it() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    key = sessions.begin("officer-1", b"")
    for _ in range(3):
        clock.now += IDLE - 1
        assert sessions.of(key) is not None
    clock.now += IDLE + 1
    assert sessions.of(key) is None


def test_a_session_ends_after_a_shift_whatever_happens() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    key = sessions.begin("officer-1", b"")
    end = clock.now + LONGEST
    while clock.now + IDLE / 2 < end:
        clock.now += IDLE / 2
        assert sessions.of(key) is not None
    clock.now += IDLE
    assert sessions.of(key) is None


def test_signing_out_ends_one_session_only() -> None:
    sessions = Sessions()
    one, other = sessions.begin("a", b""), sessions.begin("a", b"")
    sessions.end(one)
    assert sessions.of(one) is None
    assert sessions.of(other) is not None


def test_memory_is_bounded() -> None:
    sessions = Sessions()
    first = sessions.begin("officer-0", b"")
    for number in range(1001):
        sessions.begin(f"officer-{number}", b"")
    assert sessions.of(first) is None


def test_form_keys_are_of_one_visitor() -> None:
    sessions, others = Sessions(), Sessions()
    key = sessions.form_key("visitor")
    assert sessions.is_form_key("visitor", key)
    for wrong in ("", key[:-1], key.upper() + "0", "ü"):
        assert not sessions.is_form_key("visitor", wrong)
    assert not sessions.is_form_key("other", key)
    assert not others.is_form_key("visitor", key)


def test_five_wrong_passwords_then_a_minute() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    for _ in range(5):
        assert not sessions.must_wait("officer-1")
        sessions.wrong("officer-1")
    assert sessions.must_wait("officer-1")
    assert not sessions.must_wait("officer-2")
    clock.now += 61
    assert not sessions.must_wait("officer-1")
    sessions.wrong("officer-1")
    sessions.right("officer-1")
    assert not sessions.must_wait("officer-1")
