"""The time machine: what other rules would have done, with no effect on anything. Why each rule said what it said."""

import random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import queries, replay, runs, service, undo, versions, why
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.routing import RoutingRun, RoutingRunChange, RunStatus
from tests import factories as make

KINDS = ("billing", "maintenance", "legal", "sales")
EVERYTHING = (
    "SELECT (SELECT md5(string_agg(t::text, '' ORDER BY t.id)) FROM inbox_items t),"
    " (SELECT md5(string_agg(t::text, '' ORDER BY t.id)) FROM routing_rules t),"
    " (SELECT md5(string_agg(t::text, '' ORDER BY t.id)) FROM routing_decisions t),"
    " (SELECT count(*) FROM tasks), (SELECT count(*) FROM notifications), (SELECT count(*) FROM task_actions)"
)


def rule(name: str, category: str, **actions: Any) -> dict[str, Any]:
    conditions = [{"field": "category", "operator": "equals", "value": category}]
    return {"name": name, "conditions": conditions, "actions": actions}


@pytest.fixture
def owner(session: Session) -> Principal:
    """A workspace with three rules and sixty decided messages."""
    made = make.make_owner(session)
    service.create(session, made, rule("Mark", "billing", **{"continue": True, "tags": ["money"]}))
    service.create(session, made, rule("Billing", "billing", priority="high"))
    service.create(session, made, rule("Repairs", "maintenance", auto_response="On our way"))
    channel, chance = make.make_channel(session, made), random.Random(4)
    for number in range(60):
        item = make.make_item(session, channel, source_id=f"S{number}")
        facts = {
            "category": chance.choice(KINDS),
            "body": f"message {number}",
            "urgency": chance.choice(["low", "high"]),
        }
        service.keep(session, made.team_id, item.id, service.decide(session, made.team_id, facts), "It went there.")
    session.flush()
    return made


def ran(session: Session, owner: Principal, rules: list[dict[str, Any]], **over: Any) -> RoutingRun:
    """The run, gone through to its end."""
    run = runs.start(session, owner, rules, **{"last": 1_000, **over})
    while replay.step(session, run.id):
        pass
    session.refresh(run)
    return run


def test_the_live_rules_do_again_what_they_did_and_nothing_is_touched(session: Session, owner: Principal) -> None:
    before = session.execute(text(EVERYTHING)).one()
    for against in ("happened", "now"):
        run = ran(session, owner, runs.stored(session, owner), against=against)
        assert (run.status, run.done, run.total, run.counts["changed"]) == (RunStatus.DONE, 60, 60, 0)
        assert run.counts["unrouted_before"] == run.counts["unrouted_after"] > 0
    draft = runs.with_draft(session, owner, None, rule("Legal", "legal", auto_response="We read it", priority="urgent"))
    assert ran(session, owner, draft).counts["changed"] > 0
    assert session.execute(text(EVERYTHING)).one() == before


def test_what_would_change_is_counted_and_shown_message_by_message(session: Session, owner: Principal) -> None:
    colleague = make.make_colleague(session, owner, name="Carlos Vega")
    member = next(one for one in teams.members(session, owner) if one.name == "Carlos Vega")
    assert colleague.team_id == owner.team_id
    billing = next(row for row in queries.rules(session, owner) if row.name == "Billing")
    told = {"assign_to": "team_member", "team_member_id": member.id, "auto_response": "Thank you"}
    run = ran(session, owner, runs.with_draft(session, owner, UUID(billing.id), rule("Billing", "billing", **told)))
    hits = session.execute(text("SELECT count(*) FROM routing_decisions WHERE input->>'category' = 'billing'")).scalar()
    assert [run.counts[name] for name in ("changed", "assignee", "priority", "reply", "place")] == [hits] * 4 + [0]
    first, *_ = runs.changes(session, owner, run.id, "assignee")
    assert first.doer == ["the channel's owner", "Carlos Vega"]
    assert first.priority == ["high", "normal"]
    assert first.reply == ["no reply", "Thank you"]
    assert first.rule == ["Mark and Billing", "Mark and Billing"]
    assert runs.changes(session, owner, run.id, "place") == []
    assert runs.row(session, owner, run.id).differs == ["Billing"]


@pytest.mark.parametrize("seed", range(3))
def test_only_messages_that_a_change_touches_are_decided_again_with_the_same_answer(
    session: Session, owner: Principal, seed: int
) -> None:
    chance = random.Random(seed)
    live = runs.stored(session, owner)
    draft = [dict(one) for one in live]
    draft[seed]["is_active"] = False
    draft[1]["priority"] = chance.choice([1, 99])
    draft.append({**live[0], "id": "new", "name": "New", "priority": 15, "actions": {"priority": "low"}})
    draft.sort(key=lambda one: one["priority"])
    messages = [{"category": chance.choice(KINDS)} for _ in range(300)]
    run = RoutingRun(team_id=owner.team_id, title="x", rules=draft, live_rules=live)
    found = replay.compare(run, messages, [{} for _ in messages])
    old, new = (versions.compiled([one for one in some if one["is_active"]]) for some in (live, draft))
    for one, facts in zip(found, messages, strict=True):
        assert (one.before, one.after) == (replay.decided(old, facts), replay.decided(new, facts))


def test_a_run_is_taken_up_where_it_was_left_and_stops_when_cancelled(
    session: Session, owner: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "STEP", 7)
    draft = runs.with_draft(session, owner, None, rule("Rest", "legal"))
    whole = ran(session, owner, draft)
    assert whole.done == 60
    places = session.exec(select(RoutingRunChange.place).where(RoutingRunChange.run_id == whole.id)).all()
    assert len(places) == len(set(places)) == whole.counts["changed"]
    part = runs.start(session, owner, draft, last=20)
    assert replay.step(session, part.id)
    runs.cancel(session, owner, part.id)
    assert not replay.step(session, part.id)
    session.refresh(part)
    assert (part.status, part.done, part.total) == (RunStatus.CANCELLED, 7, 20)
    replay.step(session, whole.id)
    session.refresh(whole)
    assert whole.status is RunStatus.DONE


def test_a_draft_is_put_to_work_unless_the_rules_changed_meanwhile(session: Session, owner: Principal) -> None:
    before = undo.snapshot(session, owner)
    run = ran(session, owner, runs.with_draft(session, owner, None, rule("Legal", "legal")))
    assert runs.row(session, owner, run.id).usable
    runs.put_to_work(session, owner, run.id)
    session.flush()
    assert [row.name for row in queries.rules(session, owner)] == ["Mark", "Billing", "Repairs", "Legal"]
    with pytest.raises(Conflict):
        runs.put_to_work(session, owner, run.id)
    undo.put_back(session, owner, before, undo.snapshot(session, owner))
    assert undo.snapshot(session, owner) == before


def test_runs_are_the_workspaces_own_and_made_by_its_admins(session: Session, owner: Principal) -> None:
    run = ran(session, owner, runs.stored(session, owner))
    colleague, stranger = make.make_colleague(session, owner), make.make_owner(session)
    assert runs.row(session, colleague, run.id).done == 60
    with pytest.raises(Forbidden):
        runs.start(session, colleague, [], last=10)
    for missing in (runs.row, runs.changes, runs.cancel, runs.put_to_work):
        with pytest.raises(NotFound):
            missing(session, stranger, run.id)
    with pytest.raises(Invalid):
        runs.start(session, owner, [{**rule("Bad", "x"), "conditions": [{"field": "mood"}]}], last=10)
    with pytest.raises(Invalid):
        runs.start(session, owner, [], last=runs.MOST + 1)


def test_every_rule_says_why_or_why_not(session: Session, owner: Principal) -> None:
    item = make.make_item(session, make.make_channel(session, owner, phone_number="+12075550199"))
    decided = service.decide(session, owner.team_id, {"category": "billing"})
    service.keep(session, owner.team_id, item.id, decided, "It went to the owner.")
    service.create(session, owner, rule("Written later", "billing"))
    session.flush()
    found = why.of_item(session, owner, item.id)
    assert found.note == "It went to the owner."
    assert [(row.name, row.result) for row in found.rows] == [
        ("Mark", "matched"),
        ("Billing", "matched"),
        ("Repairs", "not_reached"),
        ("Written later", "later"),
    ]
    assert [row.sentence for row in found.rows[1:]] == [
        "category was billing.",
        "A rule before it had decided. It would not have matched: category was billing, not maintenance.",
        "It was not there yet. It would have matched: category was billing.",
    ]
    stranger = make.make_owner(session)
    assert why.of_item(session, stranger, item.id).rows == []
