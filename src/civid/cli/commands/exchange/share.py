"""``civid share``: grants, questions of partners, and what a citizen sees of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.exchange.share_grant import app as grant
from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where, opened
from civid.cli.commands.register.show import Number
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, usage
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.exchange.sharing import Answer, Question

app = typer.Typer(help="Sharing (chia sẻ, khai thác): the least that answers a partner.")
app.add_typer(grant, name="grant")

_WORDS = {"yes": "yes", "no": "no", "unknown": "unknown"}


@app.command()
def ask(
    register: Where,
    number: Annotated[
        str | None, typer.Argument(metavar="[NUMBER]", help="Personal number or CMND.")
    ] = None,
    partner: Annotated[str, typer.Option(help="Code of who asks, such as bhxh.")] = "",
    purpose: Annotated[str, typer.Option(help="Code of what for (mục đích).")] = "",
    request: Annotated[str, typer.Option(help="Id of the request (mã yêu cầu).")] = "",
    procedure: Annotated[str, typer.Option(help="Code of the procedure (mã thủ tục).")] = "",
    asking_unit: Annotated[str, typer.Option(help="Unit that asks (mã đơn vị).")] = "",
    officer: Annotated[str, typer.Option(help="Who asks (mã cán bộ).")] = "",
    given: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=TEXT", help="What is said of the person; again for several."),
    ] = None,
    predicate: Annotated[
        list[str] | None,
        typer.Option(
            "--is", metavar="QUESTION", help="Such as 'birth over_age 18'; again for several."
        ),
    ] = None,
    want: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD:FORM", help="Such as birth:year; again for several."),
    ] = None,
    by_pseudonym: Annotated[str | None, typer.Option(help="In place of a number.")] = None,
    by_match_id: Annotated[str | None, typer.Option(help="In place of a number.")] = None,
    pseudonym: Annotated[
        bool, typer.Option("--pseudonym", help="Ask for the partner's pseudonym.")
    ] = False,
    match_id: Annotated[bool, typer.Option("--match-id", help="Ask for a match id.")] = False,
    relative: Annotated[
        bool, typer.Option("--as-relative", help="Asked about in somebody else's procedure.")
    ] = False,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    as_json: AsJson = False,
) -> int:
    """Ask for a partner (khai thác). Exit code 1: what was given is not confirmed."""
    from civid.exchange.sharing import Predicate, Question, Sharing, Subject, Truth, Wanted

    question = Question(
        request, partner, purpose, procedure, asking_unit, officer,
        Subject(number=number, pseudonym=by_pseudonym, match_id=by_match_id),
        given=dict(_pair(one) for one in given or ()),
        predicates=tuple(map(Predicate.of, predicate or ())),
        attributes=tuple(map(Wanted.of, want or ())),
        pseudonym=pseudonym, match_id=match_id, as_relative=relative,
    )  # fmt: skip
    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        answer = Sharing(one).ask(question)
    if as_json:
        out.json(answer.to_dict())
    else:
        _show(out, question, answer)
    no = (answer.match not in (None, Truth.YES)) or answer.found is Truth.NO
    return Exit.NOTHING if no else Exit.DONE


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise usage("--given: expected FIELD=TEXT, such as name='Nguyễn Thị An'")
    return name, value


def _show(out: Output, question: Question, answer: Answer) -> None:
    made = table("answer", "", "")
    if answer.found is not None:
        add_row(made, say("there is such a person"), say(_WORDS[answer.found]))
    if answer.match is not None:
        add_row(made, say("what was given is confirmed"), say(_WORDS[answer.match]))
    for name, truth in answer.reasons.items():
        add_row(made, f"  {name}", say(_WORDS[truth]))
    for asked, truth in zip(question.predicates, answer.predicates, strict=True):
        text = " ".join((asked.attribute, asked.operator, "|".join(asked.values)))
        add_row(made, text, say(_WORDS[truth]))
    for name, value in answer.values.items():
        add_row(made, name, say("unknown") if value is None else value)
    if answer.pseudonym:
        add_row(made, say("pseudonym"), answer.pseudonym)
    if answer.match_id:
        add_row(made, say("match id"), answer.match_id)
    out.print(made)


@app.command()
def seen(
    register: Where,
    number: Number,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """What a citizen is told (ai đã khai thác): who asked, when, why, about what; no values."""
    from civid.cli.commands.register.tables import when
    from civid.exchange.sharing import Sharing

    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = Sharing(one).seen_by(one.person(number).reference)
    if as_json:
        out.json([answer.to_dict() for answer in found])
    elif found:
        made = table("asked about", "when", "partner", "unit", "procedure",
                     "purpose", "law", "about")  # fmt: skip
        for answer in found:
            others = say("another's") if answer.as_relative else ""
            add_row(
                made, when(answer.at), answer.partner, answer.unit,
                others or answer.procedure, answer.purpose, answer.law, ", ".join(answer.topics),
            )  # fmt: skip
        out.print(made)
    else:
        out.print("nobody has asked")
    return Exit.DONE if found else Exit.NOTHING
