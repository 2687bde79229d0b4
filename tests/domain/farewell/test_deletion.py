"""Deleting an account: asked for, waited, taken back; what goes, what stays; killed in the middle it goes on."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import accounts, sessions, totp, two_factor
from taskjuggler_app.domain.appointments import booking
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.farewell import asking, closing, ending
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.models import (
    AccountDeletion,
    AssistantChannel,
    InboxItem,
    Plan,
    RoutingRule,
    Task,
    TaskStatus,
    Team,
    TeamMember,
    TransactionStatus,
    User,
)
from tests import factories as make
from tests.domain.farewell.steps import DUE, ask, delete, row
from tests.factories import money


def test_nothing_happens_before_its_day_and_keeping_takes_it_back(me: Principal) -> None:
    ask(me)
    delete(me, timedelta(days=13))
    with transaction() as session:
        assert session.get_one(User, me.user_id).name == "Otto Unmistakable"
        assert asking.due_day(session, me)
        assert asking.queue_due(session, clock.utcnow()) == 0
        asking.keep(session, me)
        asking.keep(session, me)  # pressed twice
        assert asking.due_day(session, me) == ""
        subjects = [job["subject"] for job in make.jobs(session, "mail.send")]
    assert [subject.split(" will ")[0] for subject in subjects] == [
        "Your TaskJuggler account",
        "Your TaskJuggler account stays",
    ]
    delete(me)
    with transaction() as session:
        assert session.get_one(User, me.user_id).name == "Otto Unmistakable"


def test_asking_twice_moves_no_day(me: Principal) -> None:
    ask(me)
    first = row(me)
    with clock.at(clock.utcnow() + timedelta(days=3)):
        ask(me)
    second = row(me)
    assert first is not None
    assert second is not None
    assert first.due_at == second.due_at


def test_the_second_factor_is_asked_for(me: Principal) -> None:
    now = clock.utcnow()
    with transaction() as session:
        secret = two_factor.begin(session, me).secret
        two_factor.confirm(session, me, totp.code_at(secret, totp.step_of(now) - 1), now)
        with pytest.raises(Invalid, match="wrong"):
            asking.ask(session, me, "000000", now)
        asking.ask(session, me, totp.code_at(secret, totp.step_of(now)), now)


def test_the_person_goes_and_the_work_stays(boss: Principal, me: Principal) -> None:
    with transaction() as session:
        channel = make.make_channel(session, me)
        item = make.make_item(session, channel)
        rule = make.make_rule(session, me)
        open_task = tasks.create(session, boss, TaskDraft("open", UUID(str(boss.user_id)), owner_id=me.user_id))
        done = tasks.create(session, me, TaskDraft("done", UUID(str(me.user_id)), owner_id=me.user_id))
        tasks.change_status(session, me, done.id, TaskStatus.COMPLETED)
        sessions.create(session, UUID(str(me.user_id)), ip="::1", user_agent="", now=clock.utcnow())
    ask(me)
    delete(me)
    with transaction() as session:
        user = session.get_one(User, me.user_id)
        assert (user.name, user.phone, user.settings, user.plan) == ("Former member", None, {}, Plan.FREE)
        assert accounts.credentials(session, "otto@unmistakable.example") is None
        assert accounts.credentials(session, user.email) is None
        assert sessions.list_devices(session, me, clock.utcnow()) == []
        assert session.exec(select(TeamMember).where(TeamMember.user_id == me.user_id)).all() == []
        assert session.get_one(AssistantChannel, channel.id).user_id == boss.user_id
        assert session.get_one(InboxItem, item.id).user_id == boss.user_id
        assert session.get_one(RoutingRule, rule.id).user_id == boss.user_id
        freed = session.get_one(Task, open_task.id)
        assert (freed.owner_id, freed.team_member_id) == (None, None)
        assert session.get_one(Task, done.id).owner_id == me.user_id
        deletion = session.get_one(AccountDeletion, me.user_id)
        assert deletion.finished_at is not None
    assert _where_is("unmistakable") <= {"case_events", "procrastinate_jobs", "procrastinate_events"}


def test_a_new_account_may_have_the_address(me: Principal) -> None:
    ask(me)
    delete(me)
    with transaction() as session:
        make.make_user(session, email="otto@unmistakable.example")


def test_a_workspace_of_ones_own_goes_with_everything_in_it(boss: Principal) -> None:
    with transaction() as session:
        channel = make.make_channel(session, boss)
        make.make_item(session, channel)
        make.make_rule(session, boss)
        tasks.create(session, boss, TaskDraft("mine", UUID(str(boss.user_id))))
        vendor = money.make_vendor(session, make.make_owner(session))
        payment = money.make_payment(session, boss, vendor)
        payment.status = TransactionStatus.COMPLETED
        listing = session.execute(text("SELECT listing_id FROM transactions")).scalar_one()
        session.execute(text("UPDATE marketplace_listings SET status = 'completed'"))
    ask(boss)
    delete(boss)
    with transaction() as session:
        assert session.get(Team, boss.team_id) is None
        assert session.exec(select(RoutingRule)).all() == []
        kept = session.execute(text("SELECT listing_id, requestor_id FROM transactions")).one()
        assert kept == (listing, boss.user_id)
    assert _rows_of(boss.team_id) == {}


def test_guests_of_what_lies_ahead_are_told(boss: Principal) -> None:
    with transaction() as session:
        kind = make.make_type(session, boss)
        start = clock.utcnow().replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
        made = booking.book(
            session, kind.booking_slug, int(start.timestamp()), Guest("Gail", "gail@guest.example"), clock.utcnow()
        )
        assert made.host_id == boss.user_id
    ask(boss)
    delete(boss)
    with transaction() as session:
        told = [one for one in make.jobs(session, "mail.send") if one["to"] == "gail@guest.example"]
    assert any("ancelled" in one["subject"] for one in told)


PIECES: list[tuple[object, str]] = [
    (closing, "take_apart"),
    (closing, "close"),
    (ending, "places"),
    (ending, "finish"),
]


@pytest.mark.parametrize(("module", "name"), PIECES, ids=[name for _, name in PIECES])
def test_killed_anywhere_it_goes_on_and_nobody_can_keep_it_any_more(
    boss: Principal, module: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., object] = getattr(module, name)

    def killed(*args: object) -> None:
        real(*args)
        raise SystemExit

    with transaction() as session:
        make.make_item(session, make.make_channel(session, boss))
    ask(boss)
    monkeypatch.setattr(module, name, killed)
    with pytest.raises(SystemExit):
        delete(boss)
    monkeypatch.undo()
    with transaction() as session:
        with pytest.raises(Conflict, match="already"):
            asking.keep(session, boss)
        assert asking.queue_due(session, clock.utcnow() + DUE + timedelta(hours=1)) == 1
    delete(boss)
    delete(boss)  # run once more
    with transaction() as session:
        assert session.get_one(AccountDeletion, boss.user_id).finished_at is not None
        assert session.get(Team, boss.team_id) is None
        last = [one for one in make.jobs(session, "mail.send") if one["subject"].endswith("is deleted")]
        assert [one["to"] for one in last] == ["bea@example.com"]


def test_much_is_deleted_piece_by_piece(boss: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "AT_ONCE", 2)
    with transaction() as session:
        for number in range(5):
            make.make_task(session, boss, title=f"task {number}")
    ask(boss)
    with clock.at(clock.utcnow() + DUE + timedelta(minutes=1)), transaction() as session:
        assert closing.take_apart(session, UUID(str(boss.user_id)), boss.team_id, clock.utcnow())
        assert len(session.exec(select(Task)).all()) == 3
    delete(boss)
    assert _rows_of(boss.team_id) == {}


def _tables(session: Session, having: str = "") -> list[str]:
    query = (
        "SELECT DISTINCT c.table_name FROM information_schema.columns c JOIN information_schema.tables t "
        "ON t.table_name = c.table_name AND t.table_type = 'BASE TABLE' AND t.table_schema = 'public' "
        "WHERE c.table_schema = 'public' AND (:column = '' OR c.column_name = :column)"
    )
    return list(session.execute(text(query), {"column": having}).scalars())


def _where_is(words: str) -> set[str]:
    """Tables that hold the words in any column."""
    with transaction() as session:
        query = "SELECT 1 FROM {} t WHERE to_jsonb(t)::text ILIKE '%' || :words || '%' LIMIT 1"
        return {
            table
            for table in _tables(session)
            if session.execute(text(query.format(table)), {"words": words}).first() is not None
        }


def _rows_of(team_id: UUID) -> dict[str, int]:
    """Tables with rows of that workspace, but for the ledger."""
    counting = "SELECT count(*) FROM {} WHERE team_id = :team"
    with transaction() as session:
        counted = {
            table: session.execute(text(counting.format(table)), {"team": team_id}).scalar_one()
            for table in _tables(session, "team_id")
        }
    return {table: number for table, number in counted.items() if number and table != "ledger_entries"}
