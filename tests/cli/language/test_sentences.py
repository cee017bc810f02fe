"""Messages made in English are said in Vietnamese, with the values they have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cli.language.catalogue import vietnamese
from civid.cli.language.choice import Language, speaking
from civid.cli.language.sentences import Template, say, say_label


@pytest.fixture
def in_vietnamese() -> Iterator[None]:
    """Vietnamese is spoken."""
    with speaking(Language.VI):
        yield


@pytest.mark.usefixtures("in_vietnamese")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("conflict", "mâu thuẫn"),
        ("no such words", "no such words"),
        ("a.png: no such file", "a.png: không có tệp này"),
        ("a: b.png: no such file", "a: b.png: không có tệp này"),
        ("birth: no such month", "ngày sinh: không có tháng này"),
        ("  12 pairs\n", "  12 cặp\n"),
        ("quality 12, 20 is wanted; 1 minutia, 12 are wanted",
         "chất lượng 12, cần 20; 1 điểm đặc trưng, cần 12"),
        ("node n1 takes part; give it shards: civid cluster rebalance home",
         "nút n1 đã tham gia; giao phân mảnh cho nút: civid cluster rebalance home"),
        ("two.zip: a zip archive: holds 2 files", "two.zip: tệp nén zip: có 2 tệp"),
        ("a.zip: this looks like a zip archive of a PNG image; unwrap it first (civid convert, or"
         " civid.formats.unwrapped)",
         "a.zip: trông như tệp nén zip chứa ảnh PNG; hãy mở lớp bọc trước (civid convert, hoặc"
         " civid.formats.unwrapped)"),
        ("12 prints extracted in 0.2 s (71/s); 8 enrolments were in the gallery already",
         "đã trích xuất 12 dấu vân tay trong 0.2 s (71/s); 8 lần ghi danh đã có trong kho"),
        ("no", "không"),
        ("again: there is something else already; nothing was changed: move it away, or give"
         " another path",
         "again: ở đó đã có thứ khác; chưa thay đổi gì: hãy dời nó đi, hoặc cho đường dẫn khác"),
        ("enrolled 2 đối tượng with 4 dấu vân tay, 1 were enrolled already; g holds 2 đối tượng",
         "đã ghi danh 2 đối tượng với 4 dấu vân tay, 1 đã ghi danh từ trước; g có 2 đối tượng"),
        ("enrolled 0 subjects with 0 prints, 10 were enrolled already, 2 prints refused; people"
         " holds 10 subjects",
         "đã ghi danh 0 đối tượng với 0 dấu vân tay, 10 đã ghi danh từ trước, từ chối 2 dấu vân"
         " tay; people có 10 đối tượng"),
    ],
)  # fmt: skip
def test_said(text: str, said: str) -> None:
    assert say(text) == said


@pytest.mark.usefixtures("in_vietnamese")
def test_a_value_of_one_word_stays() -> None:
    """A subject may be called as a message is."""
    assert say("two prints are for the finger score") == "hai dấu vân tay cùng cho ngón score"
    assert say_label("score") == "score"
    assert say_label("not enrolled") == "chưa ghi danh"


def test_in_english_nothing_is_looked_up() -> None:
    assert say("a.png: no such file") == "a.png: no such file"
    assert say_label("not enrolled") == "not enrolled"


WORDS = st.text("ab :;,.(){}\n", max_size=12)


@given(st.lists(st.sampled_from(["a", "ab", ": ", "b ", " c"]), min_size=1, max_size=4), st.data())
def test_what_a_template_makes_it_finds(fixed: list[str], data: st.DataObject) -> None:
    template = Template(("x", *fixed, "y"), "")
    values = [data.draw(WORDS) for _ in range(len(fixed) + 1)]
    text = "x" + "".join(a + b for a, b in zip(values, (*fixed, "y"), strict=True))
    found = template.values(text)
    assert found is not None  # perhaps other values, but the same message
    assert "x" + "".join(a + b for a, b in zip(found, (*fixed, "y"), strict=True)) == text


@pytest.mark.usefixtures("in_vietnamese")
@pytest.mark.parametrize("piece", [": ", "; ", " (", "a: b; c, d (e", "{}: {} ", "no such file: "])
def test_hostile_texts_are_said_or_left(piece: str) -> None:
    for length in (1990, 100_000):
        assert say((piece * length)[:length])


@pytest.mark.usefixtures("in_vietnamese")
def test_every_template_is_found_again() -> None:
    """Of all messages with values, put 7 for each: none stays English."""
    templates = {text: said for text, said in vietnamese().items() if "{}" in text and text != said}
    assert len(templates) > 800
    asked = {text: text.replace("{}", "7") for text in templates}
    silent = [text for text, made in asked.items() if say(made) == made]
    assert [text for text in silent if templates[text].replace("{}", "7") != asked[text]] == []
