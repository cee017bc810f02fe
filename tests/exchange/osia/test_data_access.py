"""matchPersonAttributes and verifyPersonAttributes: the least that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from tests.exchange.osia.conftest import UIN
from tests.exchange.osia.service import Client

from civid.exchange.osia.data_access import data_access_part
from civid.exchange.service import House, make_app
from civid.exchange.sharing import Allow, Grant, Limit, Sharing
from civid.register import Register

WHY = {
    "Civid-Purpose": "bhyt.cap-the",
    "Civid-Procedure": "1.002",
    "Civid-Unit": "46",
    "Civid-Officer": "cb-7",
}
BOTH = "pr.person.match+pr.person.verify"
ALL = "all"
AN = {"name": "NGUYEN THI AN", "birth": "2001-03-05"}
Ask = Callable[..., Any]


@pytest.fixture
def grant(register: Register) -> Callable[..., None]:
    """Gives the social insurance a grant."""

    def given(**terms: Any) -> None:
        terms = {
            "allows": (Allow.of("birth:over_age:18"), Allow.of("birth:<"), Allow.of("sex:!=")),
            "match": ("name", "birth"),
            "starts": date(2000, 1, 1),
            "ends": date(2099, 12, 31),
            "two_person": False,
            **terms,
        }
        Sharing(register).grants.add(Grant("bhxh", "bhyt.cap-the", "26/2023/QH15", "Luật", **terms))

    return given


@pytest.fixture
def ask(house: House, register: Register) -> Iterator[Ask]:
    """Asks for the social insurance; another token is nobody's."""
    partners = {BOTH: "bhxh", ALL: "bhxh", "pr.person.match": "bhxh"}
    app = make_app(house, parts=[data_access_part(register, partners)], hosts=("testserver",))
    with Client(app) as client:

        def asked(
            verb: str, body: Any, *, uin: str = UIN, token: str = BOTH, **headers: str
        ) -> Any:
            headers = {"Authorization": f"Bearer {token}", **WHY, **headers}
            path = f"/v1/persons/{uin}/{verb}"
            return client.request("POST", path, json=body, headers=headers)

        yield asked


def expression(name: str, operator: str, value: Any) -> dict[str, Any]:
    """One of OSIA's."""
    return {"attributeName": name, "operator": operator, "value": value}


SAID = [expression("name", "=", "Nguyễn Thị An"), expression("birth", "=", "2001-03-05")]


def test_what_agrees_is_an_empty_list(ask: Ask, grant: Callable[..., None]) -> None:
    grant()
    assert ask("match", AN).json() == []


@pytest.mark.parametrize(
    ("reasons", "token", "told"),
    [
        (True, ALL, [{"attributeName": "birth", "errorCode": 1}]),
        (False, ALL, [{}]),
        (True, BOTH, [{}]),
    ],
)
def test_reasons_need_the_grant_and_a_scope(
    ask: Ask, grant: Callable[..., None], reasons: bool, token: str, told: Any
) -> None:
    grant(reasons=reasons, existence=reasons)  # reasons say who exists
    assert ask("match", {**AN, "birth": "2001-03-06"}, token=token).json() == told


def test_who_exists_is_not_told_without_a_grant_for_it(
    ask: Ask, grant: Callable[..., None]
) -> None:
    grant()
    told = ask("match", AN, uin="046301999999", token=ALL)
    assert (told.status_code, told.json()) == (200, [{}])
    assert ask("match", {**AN, "birth": "2001-03-06"}, token=ALL).json() == told.json()


def test_who_exists_is_told_with_a_grant_for_it(ask: Ask, grant: Callable[..., None]) -> None:
    grant(existence=True)
    answer = ask("match", AN, uin="046301999999")
    assert answer.status_code == 404
    assert answer.json()["code"] == 1010


def test_expressions_are_true_false_or_not_known(ask: Ask, grant: Callable[..., None]) -> None:
    grant(also_match=("ethnic",), existence=True)
    true, false = expression("birth", "<", "2002-01-01"), expression("birth", "<", "2000-01-01")
    assert ask("verify", [*SAID, true]).json() is True
    assert ask("verify", [*SAID, true, false]).json() is False
    assert ask("verify", [*SAID, expression("sex", "!=", "Nam")]).json() is True
    wrong = [expression("name", "=", "Trần Văn Ba"), SAID[1], true]
    assert ask("verify", wrong).json() is False
    # Nothing is said of it in the register.
    assert ask("verify", [*SAID, expression("ethnic", "=", "Kinh")]).json() is None


def test_refusals(ask: Ask, grant: Callable[..., None]) -> None:
    assert ask("match", AN).status_code == 403  # no grant yet
    grant(limits=(Limit.of("person/day=1"),))
    assert ask("match", {"name": AN["name"]}).status_code == 403  # birth is wanted as well
    assert ask("verify", [*SAID, expression("phone", "<", "1")]).status_code == 400
    assert ask("verify", [*SAID, expression("sex", "!=", "x"), *SAID]).status_code in (400, 403)
    first = ask("match", AN, **{"X-Request-ID": "r-1"})
    assert first.json() == []
    assert ask("match", AN, **{"X-Request-ID": "r-1"}).json() == []  # the same one again
    other = ask("match", {**AN, "birth": "2001-03-06"}, **{"X-Request-ID": "r-1"})
    assert other.status_code == 409
    assert ask("match", AN).status_code == 429
    assert ask("match", AN, **{"Civid-Purpose": "other"}).status_code == 403


def test_a_partner_is_not_taken_from_a_request(ask: Ask, grant: Callable[..., None]) -> None:
    grant()
    answer = ask("match", AN, token="pr.person.match+cr.person.match")
    assert answer.status_code == 403
    assert "partner" in answer.json()["message"]
    assert ask("verify", SAID, token="pr.person.match").status_code == 403  # lacks the scope


WRONG: list[tuple[str, Any]] = [
    ("match", {}),
    ("match", {"name": {"deep": 1}}),
    ("match", {"name": True}),
    ("match", {"name": None}),
    ("match", {"shoe size": "44"}),
    ("match", {f"a{n}": "x" for n in range(65)}),
    ("match", []),
    ("verify", []),
    ("verify", {}),
    ("verify", [{"attributeName": "name", "operator": "~", "value": "x"}]),
    ("verify", [{"attributeName": "name", "operator": "="}]),
    ("verify", [{**SAID[0], "more": 1}]),
    ("verify", [expression("birth", "<", "when?")]),
    ("verify", SAID * 40),
]


def test_wrong_questions(ask: Ask, grant: Callable[..., None]) -> None:
    grant()
    for verb, body in WRONG:
        answer = ask(verb, body)
        assert answer.status_code == 400, (verb, body, answer.text)
        assert set(answer.json()) == {"code", "message"}


def test_why_has_to_be_said(ask: Ask, grant: Callable[..., None]) -> None:
    grant()
    for name in WHY:
        assert ask("match", AN, **{name: ""}).status_code == 400, name
