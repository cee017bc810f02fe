"""``civid case``: from the register's own case to an undone decision, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.dedup.cases.office import twice

from civid.register import Register

Civid = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A register in which a search has found somebody to be like another one."""
    made = tmp_path / "register"
    with Register.open(made, create=True) as register:
        first, second = twice(register)
        register.cases.open(
            "duplicate", unit="46", person=second, other=first, codes=("prints.alike",)
        )
        register.cases.open("mismatch", unit="46")  # names nobody
    return str(made)


def test_from_the_queue_to_the_undoing(civid: Civid, folder: str) -> None:
    def run(*arguments: str, code: int = 0) -> Any:
        done = civid("case", arguments[0], folder, *arguments[1:])
        assert done.code == code, done.err
        return done

    assert "civid case take-up" in run("list", code=1).err
    assert run("take-up", "--batch", "ngay-1", "--json").json["left"] == 1
    assert run("take-up", "--json").json == {"cases": [], "left": 1}
    assert run("take-up").out == "taken up: 0, in 0 cases\n"
    (line,) = run("list", "--json").json["items"]
    case = line["reference"]
    assert (line["batch"], line["state"]) == ("ngay-1", "waiting")
    assert "chờ" in run("list", "--lang", "vi").out
    assert "waiting" in run("list").out
    shown = run("assign", "--as", "officer-1", "--lang", "vi")
    for said in ("Trần Văn Ba", "Nguyễn Thị An", "≠", "số định danh cá nhân", "same-person"):
        assert said in shown.out
    assert shown.out == run("show", case, "--as", "officer-1", "--lang", "vi").out
    run("show", case, "--as", "officer-2", code=4)
    file = run("assign", "--as", "officer-1", "--json").json
    assert file["codes"] == ["prints.alike"]
    first = file["candidates"][0]["party"]["reference"]
    second = file["subject"]["reference"]
    run("decide", case, "merge", "--reason", "prints.alike", "--as", "officer-1", code=3)
    judged = ("same-person", "--reason", "prints.alike", "--person", first)
    stale = run("decide", case, *judged, "--as", "officer-1", "--ticket", "00" * 8, code=4)
    assert "look at it again" in stale.err
    answer = run("decide", case, *judged, "--as", "officer-1", "--ticket", file["ticket"])
    assert "another officer judges it too" in answer.out
    run("withdraw", case, "--reason", "mistake", "--as", "officer-2", code=4)
    assert "yours again" in run("withdraw", case, "--reason", "mistake", "--as", "officer-1").out
    run("decide", case, *judged, "--as", "officer-1")
    vietnamese = ("--reason", "mistake", "--lang", "vi", "--as", "officer-1")
    assert "của bạn" in run("withdraw", case, *vietnamese).out
    run("decide", case, *judged, "--as", "officer-1")
    back = run("withdraw", case, "--reason", "mistake", "--as", "officer-1", "--json").json
    assert (back["state"], back["mine"]) == ("taken", True)
    run("decide", case, *judged, "--as", "officer-1")
    run("assign", "--as", "officer-1", code=1)
    run("assign", "--as", "officer-2", "--json")
    late = run("withdraw", case, "--reason", "mistake", "--as", "officer-1", code=4)
    assert "too late" in late.err
    run("postpone", case, "--reason", "papers.asked", "--as", "officer-2")
    run("assign", "--as", "officer-2", code=1)
    with Register.open(folder) as register:  # the day has come
        from civid.register.store.adjudication_tables import adjudications

        register._session.database.write(
            lambda connection: connection.execute(adjudications.update().values(not_before=0))
        )
    run("assign", "--as", "officer-2")
    run("release", case, "--reason", "on.leave", "--as", "head")
    run("assign", "--as", "officer-3")
    assert run("decide", case, *judged, "--as", "officer-3", "--json").json["is_final"]
    with Register.open(folder) as register:
        assert register.people.get(second).reference == first
        (closed,) = register.cases.queue(kind="duplicate", state="closed")
        assert closed.reason == "same_person"
    for said in ("đã kết luận", "cùng một người (hợp nhất)", "vân tay trùng, "):
        assert said in run("show", case, "--lang", "vi").out
    assert "(same-person: withdrawn)" in run("show", case).out
    run("seed", case, "--as", "head")
    report = run("report", "--json").json
    assert report["agreement"] == {"count": 1, "of": 1, "share": 1.0}
    assert report["reasons"] == {"ngay-1": {"same-person prints.alike": 1}}
    report = ("report", "--since", "2020-01-01")
    assert "same-person prints.alike" in run(*report).out
    for said in ("thống nhất", "cùng một người (hợp nhất), vân tay trùng"):
        assert said in run(*report, "--lang", "vi").out
    assert "second agrees" in run("report", "--until", "2090-01-01").out
    run("undo", case, "--reason", "court.order", "--as", "officer-1", code=4)
    run("undo", case, "--reason", "court.order", "--as", "head")
    with Register.open(folder) as register:
        assert register.people.get(second).reference == second
        assert register.check().clean


@pytest.mark.parametrize(
    "wrong",
    [
        ("list", "--state", "gone"), ("list", "--lang", "fr"), ("report", "--since", "hôm qua"),
        ("decide", "0" * 32, "split", "--reason", "number.shared", "--until", "mai"),
        ("assign", "--as", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(civid: Civid, folder: str, wrong: tuple[str, ...]) -> None:
    assert civid("case", wrong[0], folder, *wrong[1:]).code == 2
