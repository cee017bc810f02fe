"""Letters that differ, whatever is given."""

from __future__ import annotations

from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from civid.dedup.pages.differences import marked

TEXT = st.text(max_size=80)


def _clean(text: str) -> str:
    return " ".join(normalize("NFC", text).split())


@given(TEXT, TEXT)
def test_nothing_is_lost_and_what_is_the_same_is_in_both(one: str, two: str) -> None:
    a, b = marked(one, two)
    assert "".join(part.text for part in a) == _clean(one)
    assert "".join(part.text for part in b) == _clean(two)
    same = [[part.text.casefold() for part in side if part.same] for side in (a, b)]
    assert same[0] == same[1]


@given(TEXT)
def test_equal_texts_have_no_mark(text: str) -> None:
    a, b = marked(text, f"  {text} ")
    assert all(part.same for part in (*a, *b))


def test_accents_are_letters_and_composition_is_not() -> None:
    a, _ = marked("Hòa", normalize("NFD", "Hòa"))
    assert all(part.same for part in a)
    a, b = marked("Hoà", "Hoá")
    assert [part.text for part in a if not part.same] == ["à"]
    assert [part.text for part in b if not part.same] == ["á"]


def test_what_has_little_in_common_is_marked_as_a_whole() -> None:
    a, b = marked("Hoàng Thị Mai", "Lê Minh Châu")
    assert [(part.text, part.same) for part in (*a, *b)] == [
        ("Hoàng Thị Mai", False), ("Lê Minh Châu", False),
    ]  # fmt: skip
    a, b = marked("Thừa Thiên Huế", "Huế")
    assert [part.text for part in b if part.same] == ["Huế"]


def test_a_long_text_takes_no_time() -> None:
    a, _ = marked("ab" * 100_000, "ba" * 100_000)
    assert len(a) == 1
