"""Leave to do one thing once: exactly that thing, exactly once, in time, and by a person's word."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Forbidden, NotFound
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.approvals import queries, service
from taskjuggler_app.domain.approvals.fingerprint import fingerprint
from taskjuggler_app.domain.approvals.service import Proposal
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.models import Approval, ApprovalState, Notification
from tests import factories as make

SMS = {"to": "+12075550110", "text": "We come at nine."}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def proposed(session: Session, by: Principal, **over: Any) -> Approval:
    """A proposal to send a text about a task."""
    task = make.make_task(session, by)
    values = {"tool": "mcp:send_sms", "given": SMS, "subject": ("task", task.id), "summary": "Send a text", **over}
    return service.propose(session, by, Proposal(**values))


def spend(session: Session, by: Principal, one: UUID, **over: Any) -> Approval:
    """Use the approval as it was proposed, unless told otherwise."""
    return service.use(session, by, one, **{"tool": "mcp:send_sms", "given": SMS, "budget": None, **over})


def test_nothing_happens_before_a_person_says_yes_and_then_once(session: Session) -> None:
    owner = make.make_owner(session)
    one = proposed(session, owner)
    with pytest.raises(Conflict, match="Nobody has approved"):
        spend(session, owner, one.id)
    service.approve(session, owner, one.id)
    assert spend(session, owner, one.id).state is ApprovalState.USED
    with pytest.raises(Conflict, match="used already"):
        spend(session, owner, one.id)
    with pytest.raises(Conflict):
        service.approve(session, owner, one.id)


@pytest.mark.parametrize(
    "changed",
    [
        {"given": {**SMS, "text": "We come at ten."}},
        {"given": {**SMS, "extra": None}},
        {"tool": "mcp:send_mail"},
        {"budget": Decimal("0.01")},
        {"currency": "EUR"},
    ],
)
def test_what_was_not_approved_is_refused_and_spends_nothing(session: Session, changed: dict[str, Any]) -> None:
    owner = make.make_owner(session)
    one = proposed(session, owner)
    service.approve(session, owner, one.id)
    with pytest.raises(Conflict, match="changed"):
        spend(session, owner, one.id, **changed)
    assert spend(session, owner, one.id).used_at is not None


def test_a_yes_holds_for_a_day(session: Session) -> None:
    owner = make.make_owner(session)
    late, unused = proposed(session, owner), proposed(session, owner)
    service.approve(session, owner, unused.id)
    with clock.at(clock.utcnow() + timedelta(days=1, seconds=1)):
        with pytest.raises(Conflict, match="expired"):
            service.approve(session, owner, late.id)
        with pytest.raises(Conflict, match="expired"):
            spend(session, owner, unused.id)
        assert service.expire(session, clock.utcnow()) == 2
        assert service.expire(session, clock.utcnow()) == 0
    with pytest.raises(Conflict, match="expired"):
        spend(session, owner, unused.id)


def test_no_key_and_no_agent_approves_for_itself(session: Session) -> None:
    owner = make.make_owner(session)
    one = proposed(session, owner)
    for door in (Door.API, Door.MCP, Door.JOB, Door.WEBHOOK):
        with pytest.raises(Forbidden):
            service.approve(session, replace(owner, door=door), one.id)
    with pytest.raises(Forbidden):
        service.approve(session, Principal.system(owner.team_id), one.id)
    with pytest.raises(Forbidden):
        service.approve(session, make.make_colleague(session, owner), one.id)
    with pytest.raises(NotFound):
        service.approve(session, make.make_owner(session), one.id)
    with pytest.raises(NotFound):
        spend(session, make.make_owner(session), one.id)


def test_who_is_asked_is_told_and_may_answer(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    one = proposed(session, owner, owner_id=colleague.user_id)
    told = session.exec(select(Notification.user_id).where(Notification.type == "approval")).all()
    assert list(told) == [colleague.user_id]
    assert queries.waiting(session, colleague) == 1
    service.refuse(session, colleague, one.id, "Not today")
    assert queries.waiting(session, colleague) == 0
    with pytest.raises(Conflict, match="refused"):
        spend(session, owner, one.id)


def test_an_answer_defers_what_follows(session: Session) -> None:
    owner = make.make_owner(session)
    yes, no = (proposed(session, owner, then_job="tools.go_on") for _ in range(2))
    service.approve(session, owner, yes.id)
    service.refuse(session, owner, no.id)
    assert [args["approval_id"] for args in make.jobs(session, "tools.go_on")] == [str(yes.id), str(no.id)]


def test_proposed_approved_and_executed_are_three_events_of_the_thread(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        one = proposed(session, owner)
        found, task_id = one.id, one.subject_id
    with transaction() as session:
        service.approve(session, owner, found)
    with transaction() as session:
        spend(session, Principal.system(owner.team_id), found)
    with transaction() as session:
        kinds = [row.kind for row in cases.thread(session, owner, {"task": task_id})]
        assert [kind for kind in kinds if kind.startswith("approval.")] == [
            "approval.proposed",
            "approval.approved",
            "approval.executed",
        ]
        assert cases.verify(session, owner.team_id) is None


def test_of_many_at_once_one_gets_through(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        found = proposed(session, owner).id
        service.approve(session, owner, found)

    def attempt(_: int) -> bool:
        try:
            with transaction() as session:
                spend(session, owner, found)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 1


def test_rolled_back_it_was_not_used(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        found = proposed(session, owner).id
        service.approve(session, owner, found)
    with pytest.raises(RuntimeError), transaction() as session:
        spend(session, owner, found)
        raise RuntimeError
    with transaction() as session:
        assert spend(session, owner, found).state is ApprovalState.USED


@given(json_values, json_values)
def test_two_inputs_share_a_fingerprint_only_when_they_are_the_same(one: Any, other: Any) -> None:
    same = fingerprint("t", {"a": one, "b": other}, None) == fingerprint("t", {"b": other, "a": one}, None)
    crossed = fingerprint("t", {"a": one}, None) == fingerprint("t", {"a": other}, None)
    assert same
    assert crossed == (repr(one) == repr(other) or _same(one, other))


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: 1 and true are two things there."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
