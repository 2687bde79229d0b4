"""The audit log: who, what, when, through which door; for admins; page by page; as a sheet."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Forbidden, Invalid
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.cases import audit, queries
from taskjuggler_app.domain.cases.audit import SYSTEM, AuditFilter
from taskjuggler_app.domain.cases.service import record_event
from tests import factories as make

DAY = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def happen(session: Session, principal: Principal, kind: str = "task.created", **data: object) -> None:
    """Something happens, in a transaction of its own."""
    record_event(session, principal, kind=kind, subject_type="task", subject_id=uuid4(), data=data)
    session.commit()


def kinds_of(session: Session, principal: Principal, **wanted: str) -> list[str]:
    """The kinds of the events that a filter shows."""
    return [row.kind for row in audit.page(session, principal, AuditFilter(**wanted)).rows]


def test_only_admins_read_it_and_only_of_their_own_workspace(session: Session) -> None:
    owner, other = make.make_owner(session), make.make_owner(session)
    happen(session, owner)
    assert kinds_of(session, owner) == ["task.created"]
    assert kinds_of(session, other) == []
    for reading in (audit.page, audit.as_csv):
        with pytest.raises(Forbidden):
            reading(session, make.make_colleague(session, owner), AuditFilter())


def test_it_is_read_by_person_door_kind_and_day(session: Session) -> None:
    owner = make.make_owner(session)
    ada = make.make_colleague(session, owner, name="Ada")
    with clock.at(DAY):
        happen(session, owner)
        happen(session, replace(ada, door=Door.API, key="tj_abc123"), "task.edited")
    with clock.at(DAY + timedelta(days=1)):
        happen(session, Principal.system(owner.team_id), "message.routed")
        happen(session, Principal.system(owner.team_id, Door.RULE), "tasks.lost")
    assert kinds_of(session, owner, who=str(ada.user_id)) == ["task.edited"]
    assert kinds_of(session, owner, who=SYSTEM) == ["tasks.lost", "message.routed"]
    assert kinds_of(session, owner, door="api") == ["task.edited"]
    assert kinds_of(session, owner, door="rule") == ["tasks.lost"]
    assert kinds_of(session, owner, kind="task") == ["task.edited", "task.created"]
    assert kinds_of(session, owner, kind="task.created") == ["task.created"]
    assert kinds_of(session, owner, since="2026-03-03") == ["tasks.lost", "message.routed"]
    assert kinds_of(session, owner, until="2026-03-02", door="web") == ["task.created"]
    assert kinds_of(session, replace(owner, timezone="Asia/Tokyo"), until="2026-03-02") == []
    assert audit.kinds(session, owner) == ["message", "task", "tasks"]
    row = audit.page(session, owner, AuditFilter(door="api")).rows[0]
    assert (row.who, row.data) == ("Ada", {"api_key": "tj_abc123"})
    assert queries.verify(session) is None


@pytest.mark.parametrize("wanted", [{"door": "window"}, {"who": "ada"}, {"since": "soon"}, {"until": "9999-12-31"}])
def test_a_filter_that_is_none_is_refused(session: Session, wanted: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        audit.page(session, make.make_owner(session), AuditFilter(**wanted))


def test_pages_follow_one_another_while_more_happens(session: Session) -> None:
    owner = make.make_owner(session)
    for number in range(7):
        happen(session, owner, f"task.n{number}")
    seen, cursor = [], ""
    while True:
        page = audit.page(session, owner, AuditFilter(), cursor, 3)
        seen += [row.kind for row in page.rows]
        happen(session, owner, "task.later")
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == [f"task.n{number}" for number in reversed(range(7))]
    with pytest.raises(Invalid):
        audit.page(session, owner, AuditFilter(), "1; DROP TABLE case_events")


def test_subjects_have_their_names_and_a_sheet_runs_no_formula(session: Session) -> None:
    owner = make.make_owner(session)
    task = make.make_task(session, owner, title="=HYPERLINK()")
    record_event(
        session, owner, kind="task.edited", subject_type="task", subject_id=task.id, data={"fields": ["title"]}
    )
    session.commit()
    row = audit.page(session, owner, AuditFilter()).rows[0]
    assert (row.subject, row.detail) == ("=HYPERLINK()", "fields: title")
    sheet = list(csv.DictReader(io.StringIO(audit.as_csv(session, owner, AuditFilter()))))
    assert [one["Subject"] for one in sheet] == ["'=HYPERLINK()"]
    assert sheet[0]["Hash"] == row.hash
