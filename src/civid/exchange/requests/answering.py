"""For the unit that is asked: receive, answer, give back, pass on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from civid.errors import FieldError, TransitionError
from civid.exchange.requests.checks import checked_reply
from civid.exchange.requests.common import DeskPart, held_by_asked, holder, shown
from civid.exchange.sharing import judging
from civid.people.citizen import Citizen, field_of
from civid.people.forms import same_said
from civid.register.actor import Capability
from civid.register.asking import rows
from civid.register.asking.content import Question, Reply, Verdict
from civid.register.asking.request import RUNNING, Kind, RequestState, UnitRequest
from civid.register.codes import code, note
from civid.register.ids import from_text, to_text
from civid.register.population.people import readable
from civid.register.session import Work, changes
from civid.register.units import unit_code


class Answering(DeskPart):
    """What the asked unit does. Safe for threads."""

    @changes("request.receive", Capability.VERIFY)
    def receive(self, work: Work, reference: str) -> UnitRequest:
        """Take a request up (tiếp nhận): it is the actor's from now on."""
        held = held_by_asked(work, reference)
        return shown(work, rows.move(work, held, RequestState.RECEIVED, owner=work.actor.name))

    @changes("request.answer", Capability.VERIFY)
    def answer(self, work: Work, reference: str, reply: Reply) -> UnitRequest:
        """Answer what was asked, all of it and nothing else.

        Raises
        ------
        FieldError
            The reply leaves something open, answers what was not asked, or is of another kind.
        """
        held = held_by_asked(work, reference)
        return _answered(work, held, checked_reply(held.kind, held.question, reply))

    @changes("request.confirm", Capability.VERIFY)
    def confirm(
        self, work: Work, reference: str, found: Mapping[str, str] | None = None, *,
        text: str = "",
    ) -> UnitRequest:  # fmt: skip
        """Answer a confirmation: whether each field is as the asking unit wrote it.

        Another way of writing is no contradiction. The asking unit gets verdicts and never a value.

        Parameters
        ----------
        found : mapping, optional
            Field -> text as the asked unit has it, on paper for instance. Unless given, what the
            register holds of the person that the request names, who has to lie in the actor's
            scope; where there is no such person, or the best sources disagree, it is *unknown*.
        text : str
            A note to the asking unit.
        """
        held = held_by_asked(work, reference)
        if held.kind is not Kind.CONFIRMATION:
            raise FieldError("kind", f"a {held.kind.value} is answered by `answer`")
        if found is None:
            said, person = _register_says(work, held)
            held = replace(held, person=person)
        else:
            said = {field_of(name).name: one for name, one in found.items()}
        reply = Reply(verdicts(held.question, said), note=note(text))
        return _answered(work, held, reply)

    @changes("request.give_back", Capability.VERIFY)
    def give_back(self, work: Work, reference: str, reason: str) -> UnitRequest:
        """Give a request back that cannot be answered as it stands; with a code of why.

        Days stop running until the asking unit sends it again.
        """
        held = held_by_asked(work, reference)
        return shown(
            work, rows.move(work, held, RequestState.RETURNED, reason=code(reason), owner="")
        )

    @changes("request.reassign", Capability.VERIFY)
    def reassign(self, work: Work, reference: str, unit: str, reason: str) -> UnitRequest:
        """Pass a request on to the unit that can answer it; the last day stays.

        Raises
        ------
        TransitionError
            Nobody works on it any more, or it would come back to who asks.
        """
        held = held_by_asked(work, reference)
        if held.state not in RUNNING:
            raise TransitionError(f"a request that is {held.state}: nobody works on it")
        if unit_code(unit) in (held.asked, held.asks):
            raise TransitionError("a request is passed on to a third unit")
        after = rows.save(
            work, replace(held, asked=unit, state=RequestState.SENT, owner="", reminded=None)
        )
        rows.event(work, after, "reassigned", unit, code(reason))
        return shown(work, after)


def verdicts(question: Question, found: Mapping[str, str]) -> dict[str, Verdict]:
    """Whether each field of a question is as it was written.

    >>> question = Question({"name": "NGUYỄN THỊ AN", "birth": "2001", "sex": "Nữ"})
    >>> [one.value for one in verdicts(question, {"name": "Nguyễn Thị An", "sex": "Nam"}).values()]
    ['yes', 'unknown', 'no']
    """
    return {
        name: Verdict.UNKNOWN
        if not found.get(name, "").strip()
        else Verdict.YES
        if same_said(name, text, found[name])
        else Verdict.NO
        for name, text in question.values.items()
    }


def _register_says(work: Work, held: UnitRequest) -> tuple[dict[str, str], str | None]:
    """Field -> text of the person in question, and their reference."""
    about = None if held.person is None else from_text(held.person)
    about = about or holder(work, held.question.values.get("number", ""))
    if about is None:
        return {}, None
    record = readable(work, about)
    citizen: Citizen = record.citizen
    texts = {  # neither a yes nor a no where the best sources disagree, as in sharing
        name: citizen.text(name) if judging.held(citizen, name) else ""
        for name in held.question.values
    }
    return texts, to_text(record.id)


def _answered(work: Work, held: UnitRequest, reply: Reply) -> UnitRequest:
    done = rows.move(
        work, held, RequestState.ANSWERED, reply=reply, person=held.person,
        owner=held.owner or work.actor.name, closed=work.session.today(),
    )  # fmt: skip
    work.detail["late"] = done.closed is not None and done.closed > done.due
    return shown(work, done)
