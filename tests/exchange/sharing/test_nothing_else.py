"""No question under a grant tells apart two people who are alike in what it grants."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.sharing.office import AN, KEYS, NOBODY, Clock, asked, granted, partner, someone

from civid.exchange.sharing import (
    Form,
    Naming,
    Operator,
    Predicate,
    Question,
    RefusedError,
    Sharing,
    Subject,
    Wanted,
    attribute,
)
from civid.people.citizen import FIELDS
from civid.register import Register

#: Alike in name, year of birth, being of age, province, and the last three digits of the phone.
ONE = {"birth": "05/03/2001", "sex": "Nữ", "phone": "0912345678", "home_town": "Huế",
       "permanent_residence": "12 Lê Lợi", "unit": "46/19753", "ethnic": "Kinh",
       "father_name": "Nguyễn Văn Cha", "email": "an@example.vn"}  # fmt: skip
OTHER = {"birth": "28/11/2001", "sex": "Nam", "phone": "0987654678", "home_town": "Hà Nội",
         "permanent_residence": "3 Hàng Bài", "unit": "46/19999", "ethnic": "Tày",
         "marital": "1"}  # fmt: skip
GRANT = granted(
    "birth:year", "birth:over_age:18", "permanent_residence:province", "phone:masked",
    "permanent_residence:lives_in:46", "birth:<:1950-01-01", match=("name",), pseudonym=True,
    match_minutes=5, naming=(Naming.NUMBER, Naming.MATCH_ID, Naming.PSEUDONYM),
)  # fmt: skip
VALUES = {
    "birth": ["05/03/2001", "28/11/2001", "2001", "03/2001", "01/01/1950"],
    "sex": ["Nữ", "Nam"], "phone": ["0912345678"], "ethnic": ["Kinh", "Tày"],
    "home_town": ["Huế"], "permanent_residence": ["12 Lê Lợi"],
    "name": ["Nguyễn Thị An", "Nguyễn Thị Hai"],
}  # fmt: skip


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Register, Register]]:
    """Two registers that differ in what is not granted; asked the same from beginning to end."""
    folder = tmp_path_factory.mktemp("pair")
    clock = Clock()
    Register.open(folder / "empty", create=True, keys=KEYS).close()
    made = []
    for at, person in enumerate((ONE, OTHER)):
        where = shutil.copytree(folder / "empty", folder / f"register-{at}")
        register = Register.open(where, keys=KEYS, clock=clock, actor="quan-tri")
        register.people.add(someone(**person), unit="46/19753")
        Sharing(register).grants.add(GRANT)
        made.append(register)
    yield made[0], made[1]
    for register in made:
        register.close()


@st.composite
def predicates(draw: st.DrawFn) -> Predicate:
    name = draw(st.sampled_from(sorted(VALUES)))
    operator = draw(st.sampled_from(sorted(attribute(name).operators)))
    values: tuple[str, ...] = (draw(st.sampled_from(VALUES[name])),)
    if operator is Operator.OVER_AGE:
        values = (draw(st.sampled_from(["18", "24", "25", "60"])),)
    elif operator is Operator.LIVES_IN:
        values = (draw(st.sampled_from(["46", "79", "46/19753"])),)
    return Predicate(name, operator, values)


@st.composite
def wanted(draw: st.DrawFn) -> Wanted:
    name = draw(st.sampled_from(sorted(FIELDS)))
    forms = sorted(attribute(name).forms - {Form.YES_NO})
    return Wanted(name, draw(st.sampled_from(forms)))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    names = draw(st.sets(st.sampled_from(sorted(VALUES)), max_size=2)) | {"name"}
    said = {name: draw(st.sampled_from(VALUES[name])) for name in sorted(names)}
    made = asked(
        number=draw(st.sampled_from([AN, AN, AN, NOBODY])),
        given=said if draw(st.booleans()) else {"name": "Nguyễn Thị An"},
        pseudonym=draw(st.booleans()), match_id=draw(st.booleans()),
    )  # fmt: skip
    return replace(
        made, predicates=tuple(draw(st.lists(predicates(), max_size=2))),
        attributes=tuple(draw(st.lists(wanted(), max_size=2))),
    )  # fmt: skip


def seen(register: Register, question: Question) -> dict[str, Any]:
    """All that the partner sees, but for names of the person, which say nothing."""
    try:
        answer = partner(register).ask(question).to_dict()
    except RefusedError as error:
        return {"refused": error.reason, "why": str(error), "after": error.retry_after}
    return answer | {
        "grant": "", "pseudonym": answer["pseudonym"] is None,
        "match_id": answer["match_id"] is None,
    }  # fmt: skip


@given(st.lists(questions(), min_size=1, max_size=6), st.booleans())
def test_people_alike_in_what_is_granted_cannot_be_told_apart(
    pair: tuple[Register, Register], sequence: list[Question], by_name: bool
) -> None:
    for question in sequence:
        one, other = (seen(register, question) for register in pair)
        assert one == other
        if by_name:
            both = []
            for register in pair:
                match_id = partner(register).ask(asked(match_id=True, birth="")).match_id
                again = replace(question, subject=Subject(match_id=match_id),
                                request=f"{question.request}-again")  # fmt: skip
                both.append(seen(register, again))
            assert both[0] == both[1]


def test_the_two_differ_in_what_is_not_granted(pair: tuple[Register, Register]) -> None:
    """Under a wider grant the same questions tell them apart at once."""
    for register in pair:
        Sharing(register).grants.add(granted("birth:full", purpose="rong", match=("name",)))
    one, other = (
        partner(register).ask(asked(attributes="birth", purpose="rong", birth="")).values
        for register in pair
    )
    assert one != other


def test_pseudonyms_of_partners_cannot_be_joined(register: Register) -> None:
    """Of people of three partners: no two alike, none under another partner, none by the number."""
    import hashlib
    import hmac

    seen: dict[str, set[str]] = {}
    for code in ("bhxh", "thue", "toa-an"):
        Sharing(register).grants.add(granted("birth:year", partner=code, pseudonym=True,
                                             naming=tuple(Naming)))  # fmt: skip
        for number, name, birth in (
            (AN, "Nguyễn Thị An", "05/03/2001"), ("046301123457", "Trần Văn Bình", "01/02/1960"),
        ):  # fmt: skip
            answer = partner(register, code).ask(
                asked(partner=code, number=number, name=name, birth=birth, pseudonym=True)
            )
            assert answer.pseudonym is not None
            seen.setdefault(code, set()).add(answer.pseudonym)
            plain = hmac.digest(code.encode(), number.encode(), hashlib.sha256).hex()
            assert answer.pseudonym not in plain
    everything = [one for found in seen.values() for one in found]
    assert len(set(everything)) == 6
    assert len({one[:4] for one in everything}) == 6
    for code, found in seen.items():
        for other in seen:
            for one in found:
                answer = partner(register, other).ask(
                    asked(
                        partner=other,
                        subject=Subject(pseudonym=one),
                        given={},
                        attributes="birth:year",
                    )
                )
                assert (answer.values["birth:year"] is not None) is (code == other)


def test_the_file_alone_joins_nothing(register: Register, tmp_path: Path) -> None:
    """No pseudonym, match id, number or name of a request lies in the database."""
    Sharing(register).grants.add(GRANT)
    question = asked(
        pseudonym=True, match_id=True, birth="", attributes="birth:year", request="yeu-cau-77"
    )
    answer = partner(register).ask(question)
    register._session.database.scrub()
    data = b"".join(one.read_bytes() for one in (tmp_path / "register").glob("register.sqlite3*"))
    for secret in (answer.pseudonym, answer.match_id, AN, "yeu-cau-77", "Nguyễn Thị An"):
        assert secret is not None
        assert secret.encode() not in data
    assert b"cb-0017" in data  # the officer is for the inspection, in the log
