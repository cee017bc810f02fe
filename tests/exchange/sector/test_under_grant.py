"""A table asked about under a grant: batches, limits, the log, and going on after a stop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.sector.office import DAY, GRANT, asker, person, register_of, table

from civid.errors import AccessRefusedError, FieldError
from civid.exchange.sector import Readiness, check
from civid.exchange.sector.match.checkpoint import NAME
from civid.exchange.sharing import Allow, Limit, RefusedError, Sharing, Telling
from civid.register import Actor, Register

PEOPLE = [person(at) for at in range(30)]


def codes(output: Path) -> dict[int, str]:
    """Row -> what the register said of it."""
    lines = (output / "rows.csv").read_text("utf-8-sig").splitlines()[1:]
    return {int(line.split(",")[0]): line.rpartition(",")[2] for line in lines}


def run(register: Register, file: Path, output: Path, **more: Any) -> Readiness:
    return check(file, as_of=DAY, output=output, asker=asker(register, **more))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Thirty people; the second's birth, the third's name differ; the fourth is nobody."""
    rows = [dict(one) for one in PEOPLE]
    rows[1]["birth"] = "01/01/1971"
    rows[2]["name"] = "Phan Thị Khác"
    rows[3]["number"] = "046070999999"
    return table(tmp_path / "t.csv", rows)


def test_what_the_grant_tells_is_told(tmp_path: Path, file: Path) -> None:
    whole = replace(GRANT, existence=True, reasons=True)
    with register_of(tmp_path / "r", PEOPLE, whole) as (register, _):
        made = run(register, file, tmp_path / "o")
        assert codes(tmp_path / "o") == {
            3: "register.differs; register.differs.birth",
            4: "register.differs; register.differs.name", 5: "register.nobody",
        }  # fmt: skip
        assert made.matched is not None
        assert {"differs.name", "differs.birth", "nobody"} <= set(made.matched.became)
        assert register.audit.verify().problems == ()
    assert not (tmp_path / "o" / NAME).exists()


def test_where_reasons_and_existence_are_not_granted_all_three_look_alike(
    tmp_path: Path, file: Path
) -> None:
    with register_of(tmp_path / "r", PEOPLE) as (register, _):
        made = run(register, file, tmp_path / "o")
    assert codes(tmp_path / "o") == dict.fromkeys((3, 4, 5), "register.differs")
    assert made.matched is not None
    assert list(made.matched.became) == ["agrees", "differs", "untold", "refused", "limited"]


def test_a_number_that_was_replaced_is_told_only_where_granted(tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", PEOPLE[:8])
    new = "046070888888"
    for granted in (False, True):
        allows = (Allow.of("number:="),) if granted else ()
        folder = tmp_path / str(granted)
        with register_of(folder / "r", PEOPLE[:8], replace(GRANT, allows=allows)) as (register, _):
            first = register.person(PEOPLE[0]["number"])
            register.renumbering.renumber(first.reference, new, "sai giới tính", day=DAY)
            made = run(register, file, folder / "o")
        assert made.matched is not None
        assert ("renumbered" in made.matched.became) is granted
        assert ("register.renumbered" in codes(folder / "o").get(2, "")) is granted
        for one in (folder / "o").iterdir():
            assert new.encode() not in one.read_bytes()


def test_a_batch_is_one_entry_that_names_everybody_and_each_is_told_of_it(
    tmp_path: Path, file: Path
) -> None:
    with register_of(tmp_path / "r", PEOPLE) as (register, _):
        before = register.audit.verify().entries
        run(register, file, tmp_path / "o", batch=10)
        # The entry of the first look at the log, the terms, and three batches.
        assert register.audit.verify().entries - before == 1 + 1 + 3
        one = register.person(PEOPLE[7]["number"])
        (seen,) = Sharing(register).seen_by(one.reference)
        assert (seen.partner, seen.procedure, seen.topics) == ("bhxh", "1.002", ("identity",))
        figures = Sharing(register).statistics("bhxh")
        assert (figures.answered, figures.match["yes"], figures.match["no"]) == (30, 27, 3)
        # The same table on the same day: the same answers, which count once.
        (tmp_path / "again").mkdir()
        run(register, file, tmp_path / "again", batch=10)
        assert codes(tmp_path / "again") == codes(tmp_path / "o")
        assert Sharing(register).statistics("bhxh").answered == 30
        assert len(Sharing(register).seen_by(one.reference)) == 1


def test_a_batch_is_told_when_the_grant_says_so(tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", PEOPLE[:6])
    later = replace(GRANT, telling=Telling(days=5))
    with register_of(tmp_path / "r", PEOPLE[:6], later) as (register, clock):
        run(register, file, tmp_path / "o")
        one = register.person(PEOPLE[2]["number"]).reference
        assert Sharing(register).seen_by(one) == ()
        clock.wait(days=6)
        assert len(Sharing(register).seen_by(one)) == 1


def test_a_limit_by_the_day_stops_and_the_next_day_goes_on(tmp_path: Path, file: Path) -> None:
    few = replace(GRANT, limits=(Limit.of("partner/day=17"),))
    with register_of(tmp_path / "r", PEOPLE, few) as (register, clock):
        run(register, file, tmp_path / "o", batch=5)
        said = codes(tmp_path / "o")
        assert [row for row, code in said.items() if code == "register.limited"] == [*range(19, 32)]
        assert Sharing(register).statistics("bhxh").answered == 17
        assert (tmp_path / "o" / NAME).stat().st_mode & 0o777 == 0o600
        clock.wait(days=1)
        run(register, file, tmp_path / "o", batch=5)
        assert codes(tmp_path / "o") == dict.fromkeys((3, 4, 5), "register.differs")
        assert Sharing(register).statistics("bhxh").answered == 13  # of this day
    assert not (tmp_path / "o" / NAME).exists()


def test_a_limit_by_the_minute_is_waited_for(tmp_path: Path, file: Path) -> None:
    few = replace(GRANT, limits=(Limit.of("partner/minute=12"),))
    waited = list[float]()
    with register_of(tmp_path / "r", PEOPLE, few) as (register, clock):

        def wait(seconds: float) -> None:
            waited.append(seconds)
            clock.wait(seconds=seconds)

        run(register, file, tmp_path / "o", wait=wait)
    assert codes(tmp_path / "o") == dict.fromkeys((3, 4, 5), "register.differs")
    assert len(waited) == 2
    assert all(0 < one <= 60 for one in waited)


def test_one_row_that_is_refused_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    """Guesses about one person are used up; the rest of the batch is answered."""
    rows = [PEOPLE[0] | {"birth": f"{day:02d}/01/1970"} for day in range(1, 9)] + PEOPLE[1:4]
    file = table(tmp_path / "t.csv", rows)
    with register_of(tmp_path / "r", PEOPLE) as (register, _):
        run(register, file, tmp_path / "o")
        figures = Sharing(register).statistics("bhxh")
    said = codes(tmp_path / "o")
    assert [said[row] for row in range(2, 10)] == (
        ["register.differs"] * 5 + ["register.refused"] * 3
    )
    assert (figures.answered, figures.refused["too_many_guesses"]) == (8, 3)


class Stops:
    """An asker that stops at a batch, as a machine does that is switched off."""

    def __init__(self, inner: Any, at: int):
        self._inner, self._left = inner, at
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def ask(self, questions: Sequence[Any], said: str) -> Any:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        self.asked += len(questions)
        return self._inner.ask(questions, said)


@pytest.mark.parametrize("change", ["nothing", "a row", "a column"])
def test_what_was_stopped_goes_on_unless_something_changed(
    tmp_path: Path, file: Path, change: str
) -> None:
    output = tmp_path / "o"
    with register_of(tmp_path / "r", PEOPLE) as (register, _):
        first = Stops(asker(register, batch=7), 2)
        with pytest.raises(KeyboardInterrupt):
            check(file, as_of=DAY, output=output, asker=first)
        assert [one.name for one in output.iterdir()] == [NAME]
        columns = {"Giới tính": ""} if change == "a column" else None
        if change == "a row":
            file.write_text(file.read_text("utf-8").replace("Phan Thị", "Phan Văn"), "utf-8")
        second = Stops(asker(register, batch=7), 99)
        check(file, as_of=DAY, output=output, asker=second, columns=columns)
        assert second.asked == (30 - first.asked if change == "nothing" else 30)
        assert codes(output) == dict.fromkeys((3, 4, 5), "register.differs")


def test_a_checkpoint_that_is_none_is_begun_anew(tmp_path: Path, file: Path) -> None:
    output = tmp_path / "o"
    output.mkdir()
    (output / NAME).write_bytes(b"no database" * 100)
    with register_of(tmp_path / "r", PEOPLE) as (register, _):
        run(register, file, output)
    assert codes(output) == dict.fromkeys((3, 4, 5), "register.differs")


def test_who_may_not_ask_is_refused_before_anything_is_asked(tmp_path: Path, file: Path) -> None:
    with register_of(tmp_path / "r", PEOPLE) as (register, _):
        other = register.acting_as(replace(Actor.local(), roles=frozenset({"partner:thue"})))
        with pytest.raises(RefusedError):
            asker(other)
        nothing = register.acting_as(replace(Actor.local(), capabilities=frozenset()))
        with pytest.raises(AccessRefusedError):
            asker(nothing)
        assert Sharing(register).statistics("bhxh").answered == 0


def test_a_grant_that_wants_what_a_table_does_not_have(tmp_path: Path) -> None:
    wants = replace(GRANT, match=("name", "home_town"))
    with (
        register_of(tmp_path / "r", PEOPLE[:1], wants) as (register, _),
        pytest.raises(FieldError, match="home_town"),
    ):
        asker(register)


def test_the_json_has_ranges_alone(tmp_path: Path, file: Path) -> None:
    with register_of(tmp_path / "r", PEOPLE) as (register, _):
        run(register, file, tmp_path / "o")
    made = json.loads((tmp_path / "o" / "readiness.json").read_text("utf-8"))["register"]
    for one in made["became"].values():
        assert one["to"] - one["from"] >= 4
