"""Nothing of the register leaves that the grant does not allow: in no byte, in no difference."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.exchange.sector.office import DAY, GRANT, asker, person, register_of, table

from civid.exchange.sector import check
from civid.exchange.sharing import Allow, Grant, Limit
from civid.people import names

#: What only the register has of the people of the table.
SECRETS = {
    "permanent_residence": "Thôn Bí Mật, xã Kín Đáo", "home_town": "Làng Ẩn Danh",
    "father_name": "Ngô Giấu Cha", "mother_name": "Bùi Giấu Mẹ", "phone": "0912345987",
    "email": "bimat@example.vn", "religion": "Phật giáo", "blood": "AB",
}  # fmt: skip
ROWS = [person(at) for at in range(10)]
STATES = ("same", "birth", "name", "both", "absent")
OTHER_BIRTH, OTHER_NAME = "23/12/1949", "Quách Ngọc Nhiên"


def grants() -> st.SearchStrategy[Grant]:
    fields = st.permutations(["name", "birth", "sex"])
    return st.builds(
        lambda order, some, more, existence, reasons, number, limit: replace(
            GRANT, match=tuple(order[:some]), also_match=tuple(order[some : some + more]),
            existence=existence, reasons=reasons and existence,
            allows=(Allow.of("number:="), Allow.of("name:full"), Allow.of("birth:full"))
            if number else (),
            limits=(Limit.of(f"partner/day={limit}"),) if limit else (),
        ),
        fields, st.integers(1, 3), st.integers(0, 2), st.booleans(), st.booleans(), st.booleans(),
        st.sampled_from([0, 0, 4]),
    )  # fmt: skip


def in_register(row: dict[str, str], state: str) -> dict[str, str] | None:
    """What the register has of a row of the table."""
    if state == "absent":
        return None
    birth = OTHER_BIRTH if state in ("birth", "both") else row["birth"]
    name = OTHER_NAME if state in ("name", "both") else row["name"]
    return row | {"birth": birth, "name": name}


def told(grant: Grant, state: str) -> object:
    """What the grant lets be told of a row, worked out without asking."""
    differ = {"birth": {"birth"}, "name": {"name"}, "both": {"name", "birth"}}.get(state, set())
    compared = (*grant.match, *grant.also_match)
    if state == "absent":
        if grant.existence:
            return "nobody"
        differ = set(compared)
    wrong = differ & set(compared)
    if not wrong:
        return "agrees"
    return frozenset(wrong) if grant.reasons else "differs"


def outputs(
    folder: Path, grant: Grant, states: Sequence[str], *, secrets: dict[str, str] | None = None
) -> dict[str, bytes]:
    """Every file that a check leaves behind, by name."""
    people = [in_register(row, state) for row, state in zip(ROWS, states, strict=True)]
    shutil.rmtree(folder, ignore_errors=True)
    file = table(folder.parent / "t.csv", ROWS)
    kept = [one for one in people if one is not None]
    with register_of(folder / "r", kept, grant, **(secrets or {})) as (register, _):
        made = check(file, as_of=DAY, output=folder / "o", asker=asker(register, batch=4))
    found = {one.name: one.read_bytes() for one in (folder / "o").iterdir()}
    return found | {"object": repr(made).encode()}


def writings(text: str) -> set[bytes]:
    """How a value could stand in a file."""
    bare = names.key(text) if any(map(str.isalpha, text)) else text
    shapes = {text, text.upper(), text.lower(), text.title(), bare, bare.upper(), bare.title()}
    if text.count("/") == 2:
        day, month, year = text.split("/")
        shapes |= {f"{year}-{month}-{day}", f"{year}{month}{day}", f"{day}{month}{year}"}
    forms = {normalize(form, one) for one in shapes for form in ("NFC", "NFD")}
    escaped = {one.encode("unicode_escape") for one in forms}
    return {one.encode(code) for one in forms for code in ("utf-8", "utf-16-le")} | escaped


@pytest.mark.slow
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants(), st.lists(st.sampled_from(STATES), min_size=len(ROWS), max_size=len(ROWS)))
def test_no_value_of_the_register_is_in_any_byte(
    tmp_path: Path, grant: Grant, states: list[str]
) -> None:
    found = outputs(tmp_path / "x", grant, states, secrets=SECRETS)
    hidden = [text for text in SECRETS.values() if text not in ("AB",)]
    if set(states) & {"birth", "both"}:
        hidden.append(OTHER_BIRTH)
    if set(states) & {"name", "both"}:
        hidden.append(OTHER_NAME)
    for text in hidden:
        for one in writings(text):
            assert all(one not in data for data in found.values()), (text, one)


@pytest.mark.slow
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_not_told_makes_no_difference_to_any_byte(
    tmp_path: Path, data: st.DataObject
) -> None:
    """Two registers that differ in nothing that the grant tells give the same files."""
    grant = data.draw(grants())
    one = data.draw(st.lists(st.sampled_from(STATES), min_size=len(ROWS), max_size=len(ROWS)))
    two = [
        data.draw(st.sampled_from([s for s in STATES if told(grant, s) == told(grant, state)]))
        for state in one
    ]
    first = outputs(tmp_path / "x", grant, one, secrets=SECRETS)
    second = outputs(tmp_path / "x", grant, two)
    for name in first:
        if not name.endswith(".sqlite3"):  # compared by what it holds below
            assert first[name] == second[name], name


def test_what_is_told_does_make_a_difference(tmp_path: Path) -> None:
    """So that the test above can fail."""
    grant = replace(GRANT, existence=True, reasons=True)
    states = ["same"] * len(ROWS)
    one = outputs(tmp_path / "x", grant, [*states[1:], "birth"])
    two = outputs(tmp_path / "x", grant, [*states[1:], "name"])
    assert one["rows.csv"] != two["rows.csv"]
    assert told(grant, "birth") != told(grant, "name")


@pytest.mark.parametrize("grant", [GRANT, replace(GRANT, existence=True, reasons=True)])
def test_pages_to_pass_on_do_not_tell_whether_it_was_one_person_or_two(
    tmp_path: Path, grant: Grant
) -> None:
    """Counts below five look alike, in every figure, order and share."""
    passed_on = ("readiness.vi.html", "readiness.en.html", "readiness.json")
    rows = ["same"] * len(ROWS)
    seen = [outputs(tmp_path / "x", grant, ["birth"] * count + rows[count:]) for count in (0, 1, 4)]
    for name in passed_on:
        assert len({one[name] for one in seen}) == 1, name
    assert len({one["rows.csv"] for one in seen}) == 3


def test_no_person_of_the_table_is_on_the_pages_that_are_passed_on(tmp_path: Path) -> None:
    found = outputs(tmp_path / "x", GRANT, ["same"] * len(ROWS))
    for name, data in found.items():
        if name not in ("rows.csv", "normalised.csv"):
            for row in ROWS:
                for text in (row["number"], row["name"], row["birth"]):
                    assert all(one not in data for one in writings(text)), name
