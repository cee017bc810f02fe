"""The pages in a real Chromium, as an officer uses them: by keyboard, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.dedup.pages.office import (
    HOSTILE,
    UNIT,
    Office,
    enrol,
    file_case,
    served,
    sign_in,
    templates,
)
from tests.register.citizens import WEEKDAYS, citizen

from civid.dedup.cases import CaseDesk
from civid.dedup.pages.officers import FILE, Officers
from civid.dedup.pages.one_file import case_as_html
from civid.register import Actor, Capability

pytestmark = pytest.mark.slow
Visitor = Callable[..., Any]


@pytest.fixture
def case(room: Office) -> str:
    """Somebody comes again, their name without accents, with the fingers they had."""
    register = room.register
    enrol(register, citizen("Nguyễn Thị An", home_town="Huế"), 1)
    again, dossier = enrol(
        register, citizen("NGUYEN THI AN", home_town="Huế"), 1, seed=5, station="máy 2"
    )
    return file_case(register, again, templates(1, 5), dossier)


@pytest.fixture
def address(room: Office) -> Iterator[str]:
    for name in ("officer-1", "officer-2", "officer-3"):
        room.officer(name)
    with served(room) as where:
        yield where


def _in(room: Office, page: Any, address: str, name: str) -> None:
    sign_in(page, address, name, room.passwords[name])
    page.wait_for_url(address)


def _decide(page: Any, said: str) -> None:
    """Enter, and once more when the page asks."""
    page.keyboard.press("Enter")
    page.wait_for_url("**/decide")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/?say={said}")


def test_two_officers_decide_by_keyboard_and_a_third_takes_it_back(
    room: Office, address: str, case: str, visitor: Visitor
) -> None:
    for name, notice in (("officer-1", "Another officer"), ("officer-2", "the case is closed")):
        page = visitor()
        asked = list[str]()
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        _in(room, page, address, name)
        page.keyboard.press("n")
        page.wait_for_url(f"**/case/{case}")
        assert page.get_by_role("heading", level=1).inner_text().endswith("the same person?")
        # What differs is marked on both sides; the prints are there with numbered pairs.
        assert {"E", "I", "ễ", "ị"} <= set(page.locator("mark").all_inner_texts())
        assert page.locator("svg.pair .numbers text").count() >= 20
        assert not page.locator("svg.overlay").is_visible()
        page.keyboard.press("o")
        assert page.locator("svg.overlay").is_visible()
        assert not page.locator("svg.pair").is_visible()
        page.keyboard.press("1")
        page.keyboard.press("1")
        assert page.get_by_label("the data are the same").is_checked()
        page.keyboard.press("g")
        page.keyboard.type("1 o n")  # in a remark, keys are letters
        page.keyboard.press("Escape")
        _decide(page, "*")
        assert notice in page.get_by_role("status").inner_text()
        # Addresses name a case and nothing of people.
        ours = re.compile(
            re.escape(address)
            + r"(next|sign-in|case/[0-9a-f]{32}(/decide)?|static/[a-z.]+|\?say=[a-z-]+)?"
        )
        assert [one for one in asked if not ours.fullmatch(one) and one[:5] != "data:"] == []
    chief = CaseDesk(room.register)
    closed = chief.show(case)
    assert [one.statement.note for one in closed.rulings] == ["1 o n"] * 2
    people = [closed.subject.reference, closed.candidates[0].party.reference]
    assert len({room.register.people.get(one).reference for one in people}) == 1

    # Who decided is not offered to take it back; who did not, is.
    page.get_by_role("link", name="Decided cases").click()
    page.get_by_role("link", name=case[-8:].upper()).click()
    assert page.get_by_role("button", name="Undo").count() == 0
    third = visitor()
    _in(room, third, address, "officer-3")
    third.goto(f"{address}case/{case}")
    third.get_by_label("it was a mistake").check()
    third.get_by_role("button", name="Undo").click()
    third.wait_for_url("**/case/*say=undone")
    assert "Taken back" in third.get_by_role("status").inner_text()
    assert len({room.register.people.get(one).reference for one in people}) == 2


def test_a_wrong_answer_is_taken_back_by_keyboard(
    room: Office, address: str, case: str, visitor: Visitor
) -> None:
    page = visitor()
    _in(room, page, address, "officer-1")
    page.keyboard.press("n")
    page.wait_for_url(f"**/case/{case}")
    page.keyboard.press("2")
    _decide(page, "kept-first")
    assert page.get_by_role("button", name="Take back").is_visible()
    page.keyboard.press("z")
    page.wait_for_url(f"**/case/{case}?say=withdrawn")
    assert "yours again" in page.get_by_role("status").inner_text()
    page.keyboard.press("1")
    _decide(page, "kept-first")
    # On a page that is older than what happened since, the officer is told.
    assert CaseDesk(room.register.acting_as("officer-2")).assign() is not None
    page.keyboard.press("z")
    page.wait_for_url("**/withdraw")
    assert "Too late" in page.get_by_role("alert").inner_text()
    page.get_by_role("link", name="Back to the cases").click()
    assert page.get_by_role("button", name="Take back").count() == 0


def test_two_officers_at_once_one_wins_and_the_other_is_told(
    room: Office, address: str, case: str, visitor: Visitor
) -> None:
    # The case is taken from an officer who has the page open, and another decides.
    slow, fast = visitor(), visitor()
    _in(room, slow, address, "officer-1")
    slow.keyboard.press("n")
    slow.wait_for_url("**/case/*")
    CaseDesk(room.register).release(case, "absent")
    _in(room, fast, address, "officer-2")
    fast.keyboard.press("n")
    fast.wait_for_url("**/case/*")
    fast.keyboard.press("1")
    _decide(fast, "kept-first")
    slow.keyboard.press("2")
    slow.keyboard.press("Enter")
    slow.wait_for_url("**/decide")
    assert "Somebody else was faster" in slow.get_by_role("alert").inner_text()
    assert slow.get_by_role("link", name="Back to the cases").is_visible()


def test_one_officer_on_two_screens_counts_once(
    room: Office, address: str, case: str, visitor: Visitor
) -> None:
    pages = [visitor(), visitor()]
    for page in pages:
        _in(room, page, address, "officer-1")
        page.keyboard.press("n")
        page.wait_for_url(f"**/case/{case}")
        page.keyboard.press("1")
    _decide(pages[0], "kept-first")
    pages[1].keyboard.press("Enter")
    pages[1].wait_for_url("**/decide")
    assert "Your answer was not taken" in pages[1].get_by_role("alert").inner_text()


def test_a_wrong_role_is_refused_and_logged(room: Office, address: str, visitor: Visitor) -> None:
    room.officer("clerk", capabilities=frozenset({Capability.READ, Capability.ENROL}))
    page = visitor()
    sign_in(page, address, "clerk", room.passwords["clerk"])
    assert "You have no right" in page.get_by_role("alert").inner_text()
    page.goto(address)
    assert page.url.endswith("/sign-in") or "/sign-in?" in page.url
    told = room.register.audit.entries()[-1]
    assert (told.actor, told.operation, told.outcome) == (
        "clerk", "adjudication.sign_in", "refused",
    )  # fmt: skip


def test_a_case_beyond_the_scope_is_not_given_out(
    room: Office, address: str, case: str, visitor: Visitor
) -> None:
    password = Officers(room.folder / FILE).add("far-away", unit="01")
    page = visitor()
    sign_in(page, address, "far-away", password)
    page.get_by_role("button", name="Next case").click()
    assert "Nothing waits for you" in page.get_by_role("status").inner_text()
    page.goto(f"{address}case/{case}")
    assert "You have no right" in page.get_by_role("alert").inner_text()


def test_vietnamese_and_back(room: Office, address: str, case: str, visitor: Visitor) -> None:
    page = visitor("vi-VN")
    page.goto(address)
    assert page.locator("html").get_attribute("lang") == "vi"
    page.get_by_label("Tên tài khoản").fill("officer-1")
    page.get_by_label("Mật khẩu").fill(room.passwords["officer-1"])
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(address)
    page.keyboard.press("n")
    page.wait_for_url("**/case/*")
    assert "có phải một người không" in page.get_by_role("heading", level=1).inner_text()
    assert page.get_by_role("cell", name="giống nhau nếu bỏ dấu").is_visible()
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/case/*")  # the same page, in the other language
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("cell", name="the same without accents").is_visible()


def test_a_hostile_name_is_text(room: Office, address: str, visitor: Visitor) -> None:
    register = room.register
    register.people.add(citizen(HOSTILE, cmnd9="191234567", home_town=HOSTILE), unit=UNIT)
    two = register.people.add(
        citizen(HOSTILE, cmnd9="191234567", home_town='"><img src=x onerror=a>'), unit=UNIT
    )
    case = file_case(register, two.reference)
    page = visitor()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _in(room, page, address, "officer-1")
    page.keyboard.press("n")
    page.wait_for_url(f"**/case/{case}")
    assert "broken" not in page.title()
    assert page.locator("main").inner_text().count("<script>") >= 3
    assert page.locator("main img, main script").count() == 0
    assert all(one.startswith((address, "data:")) for one in asked)
    desk = CaseDesk(register.acting_as(Actor("officer-1", scope=("",))))
    text = case_as_html(desk, case, reader="<b>", language="en")
    assert "<script" not in text
    assert "<b>" not in text


def test_several_candidates_and_whom_it_is_about(
    room: Office, address: str, visitor: Visitor
) -> None:
    register = room.register
    enrol(register, citizen("Nguyễn Thị An"), 1)
    register.people.add(citizen("Nguyễn Thị An"), unit=UNIT)
    subject, dossier = enrol(register, citizen("Nguyễn Thị An"), 1, seed=5)
    file_case(register, subject, templates(1, 5), dossier)
    page = visitor()
    _in(room, page, address, "officer-1")
    page.keyboard.press("n")
    page.wait_for_url("**/case/*")
    assert page.get_by_role("navigation").get_by_role("link").count() == 2
    page.keyboard.press("c")
    page.wait_for_url("**with=2*")
    assert "Candidate 2 of 2" in page.get_by_role("heading", level=2).first.inner_text()
    page.get_by_label("the prints are the same").check()
    page.get_by_role("button", name="Decide").click()
    assert "which of the candidates" in page.get_by_role("alert").inner_text()
    assert page.get_by_label(
        "the prints are the same"
    ).is_checked()  # nothing has to be typed again
    page.keyboard.press("1")  # by keyboard it is about who is looked at
    assert page.get_by_label("1. Nguyễn Thị An").is_checked()
    page.get_by_role("button", name="Decide").click()
    assert page.locator(".said").inner_text().endswith("about Nguyễn Thị An")
    page.get_by_role("button", name="Yes").click()
    page.wait_for_url("**/?say=kept-first")


def test_put_off_goes_to_somebody_else(
    room: Office, address: str, case: str, visitor: Visitor
) -> None:
    page = visitor()
    _in(room, page, address, "officer-1")
    page.keyboard.press("n")
    page.wait_for_url("**/case/*")
    page.get_by_text("Put off").first.click()
    page.get_by_label("papers were asked for").check()
    page.get_by_role("button", name="Put off").click()
    page.wait_for_url("**/?say=postponed")
    assert [one.state.value for one in CaseDesk(room.register).list()] == ["waiting"]


def test_a_wrong_key_can_be_taken_back_before_it_counts(
    room: Office, address: str, case: str, visitor: Visitor
) -> None:
    page = visitor()
    _in(room, page, address, "officer-1")
    page.keyboard.press("n")
    page.wait_for_url("**/case/*")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decide")
    assert "Different people" in page.locator(".said").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/case/{case}")
    assert not CaseDesk(room.register.acting_as(Actor("officer-1", scope=("",)))).show(case).rulings
    page.keyboard.press("1")
    _decide(page, "kept-first")


def test_nobody_was_found_and_the_prints_prove_nothing(
    room: Office, address: str, visitor: Visitor
) -> None:
    who = room.register.people.add(citizen("Phạm Thị Sen"), unit=UNIT)
    enrolment = room.register.enrolment(who, unit=UNIT, calendar=WEEKDAYS)
    file_case(room.register, who.reference, dossier=enrolment.reference)
    page = visitor()
    _in(room, page, address, "officer-1")
    page.keyboard.press("n")
    page.wait_for_url("**/case/*")
    assert "What becomes of this dossier?" in page.get_by_role("heading", level=1).inner_text()
    assert page.get_by_role("cell", name="Phạm Thị Sen").is_visible()
    assert page.get_by_role("group", name="The same person").count() == 0
    page.keyboard.press("1")  # means the same in every case: here nothing
    assert page.locator("input[name=answer]:checked").count() == 0
    page.get_by_label("the prints are too poor").check()
    page.get_by_label("the prints are too poor").press("Enter")
    assert "Back to the counter" in page.locator(".said").inner_text()
    page.get_by_role("button", name="Yes").click()
    page.wait_for_url("**/?say=kept-first")


def test_nothing_that_the_rules_of_axe_find(
    room: Office, address: str, case: str, visitor: Visitor
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visitor()
    page.goto(address)
    seen = [("sign-in", Axe().run(page).response["violations"])]
    _in(room, page, address, "officer-1")
    seen.append(("queue", Axe().run(page).response["violations"]))
    page.keyboard.press("n")
    page.wait_for_url("**/case/*")
    seen.append(("case", Axe().run(page).response["violations"]))
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decide")
    seen.append(("sure", Axe().run(page).response["violations"]))
    page.goto(f"{address}decided")
    seen.append(("decided", Axe().run(page).response["violations"]))
    wrong = [(name, one["id"], [node["html"] for node in one["nodes"]][:3])
             for name, found in seen for one in found]  # fmt: skip
    assert not wrong


def test_keys_can_be_turned_off(room: Office, address: str, case: str, visitor: Visitor) -> None:
    page = visitor()
    _in(room, page, address, "officer-1")
    page.keyboard.press("n")
    page.wait_for_url("**/case/*")
    page.get_by_role("button", name="Turn keys off").click()
    page.locator("h1").click()
    page.keyboard.press("1")
    assert page.locator("input[name=answer]:checked").count() == 0
    page.reload()  # it is remembered
    page.keyboard.press("1")
    assert page.locator("input[name=answer]:checked").count() == 0
    page.get_by_role("button", name="Turn keys on").click()
    page.locator("h1").click()
    page.keyboard.press("1")
    assert page.locator("input[name=answer]:checked").count() == 1


def test_everything_works_without_scripts(
    room: Office, address: str, case: str, visitor: Visitor
) -> None:
    page = visitor(java_script_enabled=False)
    sign_in(page, address, "officer-1", room.passwords["officer-1"])
    page.get_by_role("button", name="Next case").click()
    page.locator("label[for=view-overlay]").click()
    assert page.locator("svg.overlay").is_visible()
    page.get_by_role("link", name=re.compile("left index")).click()
    page.get_by_label("the prints are the same").check()
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("button", name="Yes").click()
    assert "Your decision is kept" in page.get_by_role("status").inner_text()


def test_the_one_file_needs_nothing_else(
    room: Office, case: str, visitor: Visitor, tmp_path: Path
) -> None:
    desk = CaseDesk(room.register.acting_as(Actor("officer-1", scope=("",))))
    assert desk.assign() is not None
    file = tmp_path / "case.html"
    file.write_text(case_as_html(desk, case, reader="officer-1", language="en"), "utf-8")
    page = visitor(java_script_enabled=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []
    assert page.locator("svg.overlay").count() == 2
    assert page.locator("svg.overlay").first.is_visible()
    # The style sheet inside is let through by the file's own policy.
    assert page.locator("mark").first.evaluate("one => getComputedStyle(one).fontWeight") == "700"
    pictures = page.locator("img").all()
    assert pictures
    assert all(one.evaluate("one => one.naturalWidth > 0") for one in pictures)
