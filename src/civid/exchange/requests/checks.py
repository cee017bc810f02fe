"""Questions and replies as they may be stored: bounded, of the right kind, with known fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from civid.errors import FieldError
from civid.people.citizen import field_of
from civid.register.asking.content import Document, Question, Reply, Verdict
from civid.register.asking.request import Kind
from civid.register.codes import code, note

MOST_FIELDS, MOST_CODES, MOST_DAYS = 40, 40, 250
_LONGEST, _SHORT = 1024, 64
_SHA256 = re.compile(r"[0-9a-f]{64}|")


def checked_question(
    kind: Kind,
    *,
    values: Mapping[str, str],
    wanted: Iterable[str],
    procedure: str,
    matter: str,
    basis: str,
    text: str,
    days: int,
    trace: str,
) -> Question:
    """A question of a kind; `FieldError` names what cannot be asked."""
    said = {field_of(name).name: _text(name, one, _LONGEST) for name, one in values.items()}
    codes = tuple(dict.fromkeys(code(one, "wanted") for one in wanted))
    if len(said) > MOST_FIELDS or len(codes) > MOST_CODES:
        raise FieldError("question", f"asks for more than {MOST_FIELDS} things")
    if kind is Kind.CONFIRMATION and (not said or codes):
        raise FieldError("values", "a confirmation asks about fields and their texts alone")
    if kind is not Kind.CONFIRMATION and not codes:
        raise FieldError("wanted", "a check or a document is asked for by codes")
    if not all(one.strip() for one in said.values()):
        raise FieldError("values", "an empty text cannot be confirmed")
    if not basis.strip():
        raise FieldError("basis", "missing: the law or decision that allows to ask")
    if not 1 <= days <= MOST_DAYS:
        raise FieldError("days", f"outside 1 to {MOST_DAYS} working days")
    short = {"procedure": procedure, "matter": matter, "trace": trace}
    return Question(
        said, codes, basis=_text("basis", basis, _LONGEST), note=note(text), days=days,
        **{name: _text(name, one, _SHORT) for name, one in short.items()},
    )  # fmt: skip


def checked_reply(kind: Kind, question: Question, reply: Reply) -> Reply:
    """A reply that answers the question and says nothing else.

    Raises
    ------
    FieldError
        It leaves something open, answers what was not asked, or is of another kind.
    """
    note(reply.note)
    verdicts = {field_of(name).name: Verdict(one) for name, one in reply.verdicts.items()}
    results = {code(one, "results"): code(said, "results") for one, said in reply.results.items()}
    documents = tuple(map(_document, reply.documents))
    answered = [*results, *(one.code for one in documents)]
    if kind is Kind.CONFIRMATION:
        _same("verdicts", verdicts, question.values)
        if answered:
            raise FieldError("results", "a confirmation is answered by verdicts alone")
    else:
        if verdicts or (documents and kind is Kind.CHECK):
            raise FieldError("verdicts", f"not the answer to a {kind.value}")
        _same("results", answered, question.wanted)
    return Reply(verdicts, results, documents, reply.note)


def _same(field: str, said: Iterable[str], asked: Iterable[str]) -> None:
    missing, beyond = set(asked) - set(said), set(said) - set(asked)
    if missing:
        raise FieldError(field, f"{min(missing)} is not answered")
    if beyond:
        raise FieldError(field, f"{min(beyond)} was not asked")


def _document(one: Document) -> Document:
    code(one.code, "documents")
    if not _SHA256.fullmatch(one.sha256):
        raise FieldError("documents", "a digest has 64 hexadecimal digits")
    if not _text("documents", one.number, _SHORT).strip():
        raise FieldError("documents", "a document without a number")
    return one


def _text(field: str, text: str, longest: int) -> str:
    if not isinstance(text, str) or len(text) > longest or not text.isprintable():
        raise FieldError(field, f"must be text of at most {longest} printable characters")
    return text
