"""``civid request``, ``prefill`` and ``consent``: units ask each other, nobody is asked twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.register.citizens import citizen

from civid.exchange.sharing import Allow, Grant, Sharing
from civid.register import Register

Civid = Callable[..., Any]
NUMBER = "046301000777"
HUE, SAIGON = ("--unit", "46/474", "--as", "hue"), ("--unit", "79/760", "--as", "sg")
BASIS = ("--basis", "Nghị định 70/2024/NĐ-CP")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A register with one person."""
    with Register.open(tmp_path / "register", create=True) as register:
        register.people.add(citizen(number=NUMBER), unit="46/474")
    return str(tmp_path / "register")


def test_a_confirmation(civid: Civid, folder: str) -> None:
    def run(*arguments: str, code: int = 0) -> Any:
        done = civid("request", arguments[0], folder, *arguments[1:])
        assert done.code == code, done.err
        return done

    run("queue", "46", code=1)
    run("remind", "79", code=1)
    run("league", code=1)
    sent = run(
        "send", "46/474", "confirmation", *BASIS, *SAIGON, "--value", f"number={NUMBER}",
        "--value", "name=NGUYỄN THỊ AN", "--value", "sex=Nam", "--days", "3", "--json",
    ).json  # fmt: skip
    reference = sent["reference"]
    assert (sent["state"], sent["asks"], sent["asked"]) == ("sent", "79/760", "46/474")
    assert reference in run("queue", "46").out
    assert reference in run("waiting", "79").out
    run("queue", "46", "--overdue", code=1)
    assert run("remind", "79", "--within", "9", "--json").json[0]["reference"] == reference
    assert "đã tiếp nhận" in run("receive", reference, *HUE, "--lang", "vi").out
    run("extend", reference, "--days", "2", "--reason", "flood", *SAIGON)
    back = run("return", reference, "--reason", "name_unclear", *HUE, "--lang", "vi")
    assert "trả lại" in back.out
    run("send-again", reference, "--note", "sinh năm 2001", *SAIGON)
    answered = run("confirm", reference, *HUE, "--json").json
    assert answered["reply"]["verdicts"] == {"number": "yes", "name": "yes", "sex": "no"}
    assert "sinh năm 2001" in run("show", reference).out
    refused = run("cancel", reference, "--reason", "late", *SAIGON, code=3)
    assert "a request that is answered cannot become cancelled" in refused.err
    steps = [one["step"] for one in run("history", reference, "--json").json]
    assert steps == ["sent", "reminded", "received", "extended", "returned", "sent", "answered"]
    assert "flood" in run("history", reference).out
    assert "100%" in run("league").out
    assert run("league", "--json").json[0]["answered"] == 1


def test_checks_and_documents(civid: Civid, folder: str) -> None:
    sent = civid("request", "send", folder, "46/474", "document", *BASIS, *SAIGON, "--wanted",
                 "paper.birth", "--wanted", "paper.marriage", "--json")  # fmt: skip
    reference = sent.json["reference"]
    passed = civid("request", "reassign", folder, reference, "46/475", "--reason", "elsewhere",
                   *HUE, "--json")  # fmt: skip
    assert passed.json["asked"] == "46/475"
    done = civid(
        "request", "answer", folder, reference, "--document", "paper.birth=12/2001", "--sha256",
        f"paper.birth={'ab' * 32}", "--result", "paper.marriage=none", "--unit", "46/475", "--json",
    )  # fmt: skip
    assert done.json["reply"]["documents"][0]["number"] == "12/2001"
    assert "12/2001" in civid("request", "show", folder, reference).out
    other = civid("request", "send", folder, "46/474", "check", *BASIS, *SAIGON, "--wanted", "a",
                  "--json").json["reference"]  # fmt: skip
    gone = civid("request", "cancel", folder, other, "--reason", "found", *SAIGON, "--lang", "vi")
    assert "đã hủy" in gone.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("send", "R", "46", "gossip", *BASIS, *SAIGON), 3, "kind"),
        (("send", "R", "46", "check", *BASIS, "--wanted", "a"), 3, "the unit that asks"),
        (("send", "R", "46", "confirmation", *BASIS, *SAIGON, "--value", "An"), 2, "NAME=TEXT"),
        (("show", "R", "abc"), 3, "32 hexadecimal digits"),
        (("show", "R", "0" * 32), 1, "no such request"),
        (("league", "R", "--day", "yesterday"), 2, "2026-11-29"),
    ],
)
def test_what_is_wrong(
    civid: Civid, folder: str, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = civid("request", *(folder if one == "R" else one for one in arguments))
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_form_and_what_it_saves(civid: Civid, folder: str, tmp_path: Path) -> None:
    assert civid("prefill", "counts", folder).code == 1
    asked = ("--procedure", "1.004222", "--unit", "46/474")
    shown = civid("prefill", "form", folder, NUMBER, "ct01", *asked)
    lines = shown.out.splitlines()
    assert lines[0] == "Tờ khai thay đổi thông tin cư trú (CT01)"
    assert lines[-1] == "Không phải khai lại: 4/10; [?] cần xác nhận: 0"
    file = tmp_path / "form.txt"
    told = civid("prefill", "form", folder, NUMBER, "dc01", *asked, "-o", str(file))
    assert "Nguyễn" not in told.out
    assert "Nguyễn Thị An" in file.read_text(encoding="utf-8")
    made = civid("prefill", "form", folder, NUMBER, "card", *asked, "--json").json
    assert made["not_asked_again"] == 5
    (month,) = {one["month"] for one in civid("prefill", "counts", folder, "--json").json}
    table = civid("prefill", "counts", folder, "--of", "46", "--from", month, "--to", month)
    assert [line.split()[3] for line in table.out.splitlines() if "46/474" in line] == [
        "card", "ct01", "dc01",
    ]  # fmt: skip
    for wrong, code in (("dc99", 3), ("ct01", 3)):
        bad = civid("prefill", "form", folder, NUMBER, wrong, "--procedure", "1.004222")
        assert bad.code == code
    assert civid("prefill", "form", folder, "046301000778", "ct01", *asked).code == 1


def test_a_consent(civid: Civid, folder: str) -> None:
    with Register.open(folder) as register:
        terms = Grant(
            "bhxh", "bhyt", "46/2014/QH13", "Luật Bảo hiểm y tế", (Allow.of("birth:year"),),
            date(2020, 1, 1), date(2090, 1, 1), match=("name",), consent=True, two_person=False,
        )  # fmt: skip
        grant = Sharing(register).grants.add(terms).reference
    assert civid("consent", "list", folder, NUMBER).code == 1
    given = ("consent", "give", folder, NUMBER, grant, "--evidence", "PDY-1", "--how")
    assert civid(*given, "silence").code == 3
    assert civid(*given, "paper", "--until", "tomorrow").code == 2
    assert "PHIẾU GHI NHẬN SỰ ĐỒNG Ý" in civid(*given, "paper").out
    made = civid(*given, "app", "--by", "representative", "--until", "2031-01-31", "--json").json
    assert (made["until"], made["in_force"]) == (1_927_645_200_000_000, True)
    assert "bhxh" in civid("consent", "list", folder, NUMBER).out
    assert civid("consent", "withdraw", folder, NUMBER, grant, "--json").json == {"withdrawn": 2}
    assert civid("consent", "withdraw", folder, NUMBER, grant).code == 1
    listed = civid("consent", "list", folder, NUMBER, "--json").json
    assert [one["in_force"] for one in listed] == [False, False]
