from __future__ import annotations

import pytest
from tests.search.prints import template

from civid.errors import SubjectIdError, TemplateError
from civid.position import Position
from civid.search.fingers import finger_set, subject_id


@pytest.mark.parametrize(
    "name", ["0", "046301123456", "Nguyễn Văn A", "a b", "x" * 128, "日本", "é"]
)
def test_ids_are_kept_as_they_are(name: str) -> None:
    assert subject_id(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * 129,
        "secret\n",
        "secret\x00",
        "\x7fsecret",
        "secret\ud800",
        "secret\u2028",
        "a\x85",
    ],
)
def test_bad_ids_are_refused_without_being_shown(name: str) -> None:
    with pytest.raises(SubjectIdError) as caught:
        subject_id(name)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", [None, 12, b"12", ("a",)])
def test_an_id_is_a_str(name: object) -> None:
    with pytest.raises(SubjectIdError):
        subject_id(name)  # type: ignore[arg-type]


def test_a_bare_template_is_an_unknown_finger() -> None:
    one = template(1)
    assert finger_set(one) == ((Position.UNKNOWN, one),)


def test_positions_come_in_order_and_plain_numbers_will_do() -> None:
    one, other = template(1), template(2)
    assert finger_set({7: one, Position.RIGHT_INDEX: other}) == (  # type: ignore[dict-item]
        (Position.RIGHT_INDEX, other),
        (Position.LEFT_INDEX, one),
    )


@pytest.mark.parametrize(
    "fingers",
    [{}, {11: template(1)}, {"thumb": template(1)}, {2: None}, {2: "x"}, None, "x", [template(1)]],
)
def test_refuses_what_is_no_set_of_fingers(fingers: object) -> None:
    with pytest.raises(TemplateError):
        finger_set(fingers)  # type: ignore[arg-type]
