"""What each address does, as plain functions of a visit; they run in threads."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from civid.dedup.cases import CaseFile, CaseState, CaseSummary
from civid.dedup.pages import layout, sheet
from civid.dedup.pages.doors import Doors
from civid.dedup.pages.visit import Visit
from civid.dedup.pages.words import LANGUAGES, age, moment
from civid.errors import AccessRefusedError, ChangedMeanwhileError

#: Cases that are counted for the first page; beyond, it says "or more".
_COUNTED = 500
_LISTED = 50
#: Notices that may stand in an address: nothing else is said there.
_NOTICES = ("kept", "kept-first", "postponed", "withdrawn", "undone", "nothing", "ended")


def sign_in_page(visit: Visit) -> Any:
    """The form to sign in."""
    _notices(visit)
    return visit.page("sign_in.html", problem="")


def sign_in(visit: Visit) -> Any:
    """Name and password; a new session with a new key."""
    name, sessions = visit.one("name").strip()[:64], visit.house.sessions
    if sessions.must_wait(name):
        return visit.page("sign_in.html", problem=visit.say("wait"), status=429)
    found = visit.house.officers.check(name, visit.one("password"))
    if found is None:
        sessions.wrong(name)
        Doors(visit.house.register).wrong()
        return visit.page("sign_in.html", problem=visit.say("wrong"), status=403)
    sessions.right(name)
    visit.officer = found
    try:
        Doors(visit.register).enter()
    except AccessRefusedError:
        visit.officer = None
        raise
    visit.key = sessions.begin(found.name, found.digest)
    return visit.to("/")


def sign_out(visit: Visit) -> Any:
    """End the session."""
    visit.house.sessions.end(visit.key)
    with suppress(AccessRefusedError):
        Doors(visit.register).leave()
    visit.officer = None
    return visit.to("/sign-in")


def language(visit: Visit) -> Any:
    """Choose a language, and go back to where one was."""
    from civid.dedup.pages.guard import own_path

    wanted = visit.one("language")
    answer = visit.to(own_path(visit.one("back")))
    return visit.remember(answer, wanted) if wanted in LANGUAGES else answer


def queue(visit: Visit) -> Any:
    """What waits, and the button for the next case."""
    _notices(visit)
    desk = visit.desk
    found: list[CaseSummary] = []
    after: str | None = None
    while len(found) < _COUNTED:
        part = desk.list(limit=100, after=after)
        found += part
        if (after := part.after) is None:
            break
    mine = next((one.reference for one in found if one.mine), None)
    last = desk.withdrawable() if mine is None else None
    sizes = [
        _size(visit, found, one, after is not None) for one in (CaseState.WAITING, CaseState.TAKEN)
    ]
    return visit.page(
        "queue.html", mine=mine, last=None if last is None else last.reference, sizes=sizes
    )


def _size(
    visit: Visit, found: Sequence[CaseSummary], state: CaseState, is_part: bool
) -> dict[str, str]:
    kept = [one for one in found if one.state is state]
    now = visit.register._session.clock()
    count = str(len(kept))
    return {
        "state": visit.say(f"state.{state.value}"),
        "count": visit.say("at-least", count) if is_part else count,
        "oldest": age(now - min(one.opened for one in kept), visit.language) if kept else "",
    }


def take(visit: Visit) -> Any:
    """The next case, or the one that the officer has."""
    file = visit.desk.assign()
    return visit.to("/?say=nothing" if file is None else f"/case/{file.reference}")


def decided(visit: Visit) -> Any:
    """Cases that are closed or were taken back."""
    found = visit.desk.list(
        states=(CaseState.CLOSED, CaseState.UNDONE), limit=_LISTED,
        after=visit.request.query_params.get("after") or None,
    )  # fmt: skip
    lines = [
        {
            "reference": one.reference, "state": visit.say(f"state.{one.state.value}"),
            "outcome": visit.say(f"ruling.{one.outcome}") if one.outcome else "",
            "closed": "" if one.closed is None else moment(one.closed),
        }
        for one in found
    ]  # fmt: skip
    return visit.page("decided.html", cases=lines, after=found.after)


def case(visit: Visit) -> Any:
    """A case: its evidence and the answers."""
    _notices(visit)
    file = visit.desk.show(visit.request.path_params["reference"])
    return _case(visit, file)


def _case(visit: Visit, file: CaseFile, problem: str = "", status: int = 200) -> Any:
    desk, language = visit.desk, visit.language
    which = min(max(_number(visit, "with", 1) - 1, 0), max(len(file.candidates) - 1, 0))
    shown: dict[str, Any] = {"pair": None, "alone": None, "fingers": [], "figure": None}
    if not file.candidates:
        shown["alone"] = layout.alone(desk, file, language)
    else:
        ours = layout.prints_of(desk, file.reference, file.subject)
        theirs = layout.prints_of(desk, file.reference, file.candidates[which].party)
        finger = _number(visit, "finger", -1)
        shown |= layout.one_figure(ours, theirs, file, which, finger, language)
        shown["pair"] = layout.pair(desk, file, which, language)
    return visit.page(
        "case.html", file=file, headline=layout.headline(file, language),
        opened=moment(file.opened), tabs=layout.tabs(file, which), problem=problem,
        answers=sheet.answers(file, language), answer=visit.one("answer"),
        note=visit.one("note")[:1000],
        people=visit.form.get("people", []), may_undo=_may_undo(visit, file), status=status,
        **shown, **layout.what_happened(file, language),
    )  # fmt: skip


def _may_undo(visit: Visit, file: CaseFile) -> bool:
    assert visit.officer is not None
    mine = any(one.officer == visit.officer.name for one in file.rulings)
    return file.state is CaseState.CLOSED and not mine


def decide(visit: Visit) -> Any:
    """What an officer says of a case: asked once more, then kept."""
    reference = visit.request.path_params["reference"]
    ruling, _, reason = visit.one("answer").partition(" ")
    people = visit.form.get("people", []) if ruling in ("same-person", "split") else []
    file = _mine(visit, reference) if visit.one("sure") != "yes" else None
    if file is not None:
        known = {f"{one.ruling.value} {why}" for one in sheet.answers(file, "en")
                 for why, _ in one.reasons}  # fmt: skip
        if visit.one("answer") not in known and file.ticket:
            return _case(visit, file, visit.say("need-reason"), 400)
        if ruling == "same-person" and len(file.candidates) > 1 and not people:
            return _case(visit, file, visit.say("need-people"), 400)
        if file.ticket and file.ticket == visit.one("ticket"):
            return _sure(visit, file, ruling, reason, people)
    said = visit.desk.decide(
        reference, ruling, reason, people=people, note=visit.one("note"),
        ticket=visit.one("ticket"),
    )  # fmt: skip
    return visit.to(f"/?say={'kept' if said.is_final else 'kept-first'}")


def _mine(visit: Visit, reference: str) -> CaseFile:
    """The case, for who had it when the form was made."""
    try:
        return visit.desk.show(reference)
    except AccessRefusedError:
        raise ChangedMeanwhileError("this case is not yours any more") from None


def _sure(visit: Visit, file: CaseFile, ruling: str, reason: str, people: list[str]) -> Any:
    about = [one["name"] for one in layout.tabs(file, 0) if one["reference"] in people]
    return visit.page(
        "sure.html", file=file, answer=visit.one("answer"), people=people, about=about,
        note=visit.one("note"), ruling=visit.say(f"ruling.{ruling}"),
        reason=visit.say(f"reason.{reason}"),
    )  # fmt: skip


def withdraw(visit: Visit) -> Any:
    """Take the own answer back: the case is the officer's again, unless it is too late."""
    reference = visit.request.path_params["reference"]
    try:
        visit.desk.withdraw(reference, "mistake")
    except ChangedMeanwhileError:
        return visit.page("error.html", problem=visit.say("too-late"), status=409)
    return visit.to(f"/case/{reference}?say=withdrawn")


def postpone(visit: Visit) -> Any:
    """Not now."""
    visit.desk.postpone(
        visit.request.path_params["reference"], visit.one("reason"), ticket=visit.one("ticket")
    )
    return visit.to("/?say=postponed")


def undo(visit: Visit) -> Any:
    """Take a decision back."""
    reference = visit.request.path_params["reference"]
    visit.desk.undo(reference, visit.one("reason"))
    return visit.to(f"/case/{reference}?say=undone")


def _number(visit: Visit, name: str, otherwise: int) -> int:
    text = visit.request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else otherwise


def _notices(visit: Visit) -> None:
    wanted = visit.request.query_params.get("say", "")
    if wanted in _NOTICES:
        visit.notices.append(visit.say(wanted))
