"""One question, answered or refused, inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civid.errors import FieldError
from civid.exchange.sharing import limiting
from civid.exchange.sharing.answer import Answer
from civid.exchange.sharing.finding import Found, find
from civid.exchange.sharing.grant import Grant
from civid.exchange.sharing.guessing import Learned
from civid.exchange.sharing.judging import agrees, precise, truth
from civid.exchange.sharing.question import Predicate, Question
from civid.exchange.sharing.releasing import released
from civid.exchange.sharing.terms import Limit, Naming
from civid.exchange.sharing.words import Form, Refusal, RefusedError, Truth
from civid.register.asking.consents import agreed
from civid.register.audit.access import AS_RELATIVE, TOLD
from civid.register.ids import to_text
from civid.register.session import Work
from civid.register.sharing import aliases, counted, grants

_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant in force, with its place in the register."""

    id: bytes
    version: int
    grant: Grant
    others: tuple[Limit, ...] = ()  #: of the partner's other grants, for which this counts as well

    @property
    def reference(self) -> str:
        """As an answer names it."""
        return f"{to_text(self.id)}:{self.version}"


def answered(work: Work, question: Question) -> Answer | RefusedError:
    """Answer a question; what was written is undone when it is refused.

    Returns
    -------
    Answer or RefusedError
        The latter where consent alone is missing. To whoever gave the right data it confirms them,
        and so it counts, stays in the log and is told to the citizen like an answer.

    Raises
    ------
    RefusedError
        See `Refusal`.
    """
    describe(work, question)
    held = _granted(work, question)
    grant = held.grant
    _refuse_what_is_not_granted(grant, question)
    request = work.vault.token("request", f"{question.partner}\0{question.request}")
    digest = work.vault.token("question", question.digest)
    before = counted.take(work, question.partner, request, digest, held.id, held.version)
    if before is not None:
        return _again(work, digest, *before)
    found = find(work, grant, question)
    work.about(*(found.entries or (found.token,)))
    limiting.count(work, grant.limits, held.others, question, found)
    told = grant.telling.told(work.now)
    if told:
        work.detail[TOLD] = told
    if question.as_relative:
        work.detail[AS_RELATIVE] = True
    answer = _answer(work, held, question, found)
    if isinstance(answer, RefusedError):
        counted.drop(work, question.partner, request)
        work.detail["reason"] = answer.reason.value
        limiting.tally(work, question.partner, [f"refused.{answer.reason}"])
        return answer
    body = {"answer": answer.to_dict(), "officer": question.officer}
    counted.keep(work, question.partner, request, found.person, body)
    limiting.tally(work, question.partner, ["answered", f"match.{answer.match or 'none'}"])
    return answer


def describe(work: Work, question: Question) -> None:
    """What the log says of a question: codes and counts, never values."""
    asked = {f"{one.attribute} {one.operator}" for one in question.predicates}
    asked |= {f"{name} match" for name in question.given} | set(map(str, question.attributes))
    work.detail.update(
        partner=question.partner, purpose=question.purpose, procedure=question.procedure,
        unit=question.unit, officer=question.officer, by=question.subject.naming.value,
        request=work.vault.token("request", f"{question.partner}\0{question.request}").hex(),
        asked=sorted(asked),
    )  # fmt: skip


def _granted(work: Work, question: Question) -> Granted:
    if not work.actor.acts_as(f"partner:{question.partner}"):
        raise RefusedError(
            Refusal.NOT_THE_PARTNER, "you do not act for this partner: ask as one of its actors"
        )
    known = grants.all_in_force(work, question.partner)
    row = next((one for one in known if one.body["purpose"] == question.purpose), None)
    grant = None if row is None else Grant.from_dict(row.body)
    if row is None or grant is None or not grant.runs(work.session.today()):
        raise RefusedError(
            Refusal.NO_GRANT, "no grant for this partner and purpose is in force today"
        )
    work.detail.update(grant=to_text(row.id), version=row.version)
    others = (Limit.of(text) for one in known if one is not row for text in one.body["limits"])
    return Granted(row.id, row.version, grant, tuple(others))


def _refuse_what_is_not_granted(grant: Grant, question: Question) -> None:
    naming = question.subject.naming
    if naming not in grant.naming:
        raise _not_granted(f"people may not be named by {naming} under this grant")
    for name in question.given:
        if name not in (*grant.match, *grant.also_match):
            raise _not_granted(f"{name} may not be compared under this grant")
    missing = [name for name in grant.match if name not in question.given]
    if missing and naming in (Naming.NUMBER, Naming.ATTRIBUTES):
        raise RefusedError(
            Refusal.MATCH_NEEDED, f"this grant asks for {', '.join(missing)} of the person as well"
        )
    for one in question.predicates:
        if not grant.answers(one.attribute, one.operator, one.values):
            raise _not_granted(f"{one.attribute} {one.operator} is not granted, or not this value")
    for wanted in question.attributes:
        if not grant.gives(wanted.attribute, wanted.form):
            raise _not_granted(f"{wanted} is not granted")
    if question.pseudonym and not grant.pseudonym:
        raise _not_granted("a pseudonym is not granted")
    if question.match_id and not grant.match_minutes:
        raise _not_granted("a match id is not granted")
    if naming is Naming.ATTRIBUTES and not precise(question.given["birth"]):
        raise _not_granted("people are found by a day of birth, not by a month or year")


def _not_granted(message: str) -> RefusedError:
    return RefusedError(Refusal.NOT_GRANTED, message)


def _again(work: Work, digest: bytes, held: bytes, body: dict[str, object]) -> Answer:
    if held != digest:
        raise RefusedError(
            Refusal.REQUEST_REUSED, "this request id was used for another question: take a new one"
        )
    work.detail["repeated"] = True
    return Answer.from_dict(body["answer"])  # type: ignore[arg-type]


def _answer(work: Work, held: Granted, question: Question, found: Found) -> Answer | RefusedError:
    grant, today = held.grant, work.session.today()
    guarded = _locked(work, grant, question, found)
    entries = found.entries or (found.token,)
    consent = not grant.consent or agreed(work, held.id, held.version, grant.to_dict(), entries)
    for name, learned in guarded.items():
        asked = [one for one in _guessable(grant, question) if one.attribute == name]
        if not learned.allows(int(name in question.given), asked, grant.bound, today):
            raise RefusedError(
                Refusal.TOO_MANY_GUESSES,
                f"too many answers about {name} of this person were asked for or missed: try again"
                " when the window of the grant has passed",
            )
    said = {name: agrees(found.citizen, name, text) for name, text in question.given.items()}
    if found.person is None:
        said = dict.fromkeys(said, Truth.NO)
    match = _match(grant, said)
    for name in said:
        if name in guarded:
            guarded[name] = guarded[name].guessed(said[name] if grant.reasons else match)
    known = found.person is not None and (not said or match is Truth.YES)
    if known and not consent:  # said only to whoever knows the person already
        return RefusedError(Refusal.NO_CONSENT, "no consent of this person is recorded")
    predicates = tuple(truth(found.citizen, one, today) for one in question.predicates)
    values = {
        str(one): released(found.citizen, one.attribute, one.form) for one in question.attributes
    }
    for one, answer in zip(question.predicates, predicates, strict=True):
        if known and one in _guessable(grant, question):
            guarded[one.attribute] = guarded[one.attribute].answered(one, answer, today)
    for name, learned in guarded.items():
        counted.learn(work, _token(work, found, name), learned.to_json())
    if not known:
        predicates = (Truth.UNKNOWN,) * len(predicates)
        values = dict.fromkeys(values)
    until = work.now + grant.match_minutes * _MINUTE
    partner, person = question.partner, found.person if known else None
    return Answer(
        question.request, work.now, held.reference, match if said else None,
        _found(grant, found), predicates, values, said if grant.reasons else {},
        aliases.pseudonym(work, partner, person) if question.pseudonym and person else None,
        aliases.match_id(work, partner, person, until) if question.match_id and person else None,
        until if question.match_id and person else None,
    )  # fmt: skip


def _found(grant: Grant, found: Found) -> Truth | None:
    if not grant.existence:
        return None
    return Truth.NO if found.person is None else Truth.YES


def _match(grant: Grant, said: dict[str, Truth]) -> Truth:
    """All of them together. Where it must not show who exists, what is not yes is no."""
    answers = set(said.values())
    if Truth.NO in answers:
        return Truth.NO
    if Truth.UNKNOWN in answers:
        return Truth.UNKNOWN if grant.existence else Truth.NO
    return Truth.YES


def _guessable(grant: Grant, question: Question) -> list[Predicate]:
    """Comparisons with what cannot be had as a whole: that need not be guessed."""
    return [one for one in question.predicates if not grant.gives(one.attribute, Form.FULL)]


def _locked(work: Work, grant: Grant, question: Question, found: Found) -> dict[str, Learned]:
    """What the partner has learned of each attribute that could be guessed by this question."""
    wanted = {one.attribute for one in _guessable(grant, question)} | set(question.given)
    return {
        name: Learned.from_json(
            counted.learned(work, _token(work, found, name), found.person, Learned().to_json())
        ).at(work.now)
        for name in sorted(wanted)
    }


def _token(work: Work, found: Found, name: str) -> bytes:
    return work.vault.token("learned", f"{found.token.hex()}\0{name}")


def topics(asked: Iterable[str]) -> tuple[str, ...]:
    """What `describe` wrote of attributes, as the topics that a citizen is told.

    >>> topics(["birth over_age", "name match", "permanent_residence:province"])
    ('identity', 'residence')
    """
    from civid.exchange.sharing.attributes import attribute

    found = set()
    for one in asked:
        try:
            found.add(attribute(one.replace(":", " ").split()[0]).topic.value)
        except (FieldError, IndexError):
            continue
    return tuple(sorted(found))
