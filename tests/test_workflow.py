"""Workflows: the table is the whole law, and a refusal says which part of it was broken."""

from __future__ import annotations

from enum import Enum

from hypothesis import given
from hypothesis import strategies as st

from civid.people.numbers.ledger import ALLOWED, NumberState
from civid.workflow import Refusal, Step, Workflow


class Dossier(Enum):
    DRAFT = "draft"
    FILED = "filed"
    CLOSED = "closed"


ROLES = ("clerk", "head", "")
REASONS = ("", "  ", "withdrawn", "false papers")

states = st.sampled_from(Dossier)
steps = st.builds(
    Step,
    states,
    states,
    st.none() | st.frozensets(st.sampled_from(ROLES)),
    st.booleans(),
    st.lists(st.sampled_from(REASONS[2:]), unique=True).map(tuple),
)
tables = st.lists(steps, max_size=6).map(lambda some: Workflow(tuple(some)))
roles = st.sampled_from(ROLES)
reasons = st.sampled_from(REASONS)


@given(tables, states, states, roles, reasons)
def test_allowed_is_what_one_step_of_the_table_allows(
    table: Workflow[Dossier], source: Dossier, target: Dossier, role: str, reason: str
) -> None:
    refusal = table.refusal(source, target, role=role, reason=reason)
    one_allows = any(
        step.source is source
        and step.target is target
        and step.admits(role)
        and step.accepts(reason)
        for step in table.steps
    )
    assert (refusal is None) == one_allows


@given(tables, states, states, roles, reasons)
def test_what_is_put_right_leads_on(
    table: Workflow[Dossier], source: Dossier, target: Dossier, role: str, reason: str
) -> None:
    refusal = table.refusal(source, target, role=role, reason=reason)
    assert (refusal is Refusal.STATE) == (target not in table.targets(source))
    if refusal is Refusal.REASON:  # nobody else is needed, only words
        said = {table.refusal(source, target, role=role, reason=one) for one in REASONS}
        assert said == {None, Refusal.REASON}
    if refusal is Refusal.ROLE:  # no words help
        said = {table.refusal(source, target, role=role, reason=one) for one in REASONS}
        assert said == {Refusal.ROLE}


@given(tables, steps, states, states, roles, reasons)
def test_one_more_step_forbids_nothing(
    table: Workflow[Dossier],
    step: Step[Dossier],
    source: Dossier,
    target: Dossier,
    role: str,
    reason: str,
) -> None:
    if table.refusal(source, target, role=role, reason=reason) is None:
        wider = Workflow((*table.steps, step))
        assert wider.refusal(source, target, role=role, reason=reason) is None


@given(st.dictionaries(states, st.frozensets(states)), states, states, roles, reasons)
def test_states_alone_ask_for_neither_role_nor_reason(
    following: dict[Dossier, frozenset[Dossier]],
    source: Dossier,
    target: Dossier,
    role: str,
    reason: str,
) -> None:
    table = Workflow.of(following)
    wanted = None if target in following.get(source, ()) else Refusal.STATE
    assert table.refusal(source, target, role=role, reason=reason) is wanted
    assert table.targets(source) == following.get(source, frozenset())


def test_a_blank_is_no_reason() -> None:
    table = Workflow((Step(Dossier.DRAFT, Dossier.CLOSED, needs_reason=True),))
    assert table.refusal(Dossier.DRAFT, Dossier.CLOSED, reason=" \t") is Refusal.REASON
    assert table.refusal(Dossier.DRAFT, Dossier.CLOSED, reason="withdrawn") is None


def test_the_ledger_still_says_what_it_allows() -> None:
    assert set(ALLOWED) == set(NumberState)
    assert ALLOWED[NumberState.RESERVED] == {NumberState.ACTIVE, NumberState.CANCELLED}
