"""Everything of mine as a ZIP: complete, without keys, mine alone, made once however often the job runs."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from jobs.handlers import account
from jobs.worker import drain_now
from taskjuggler_app.adapters import registry
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files import queries as files
from taskjuggler_app.domain.files import service as storing
from taskjuggler_app.domain.files.service import Received
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.domain.teams import exports
from taskjuggler_app.models import Notification, StoredFile
from tests import factories as make

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def me(database_url: str) -> Principal:
    """Somebody with a task and a file."""
    key = storing.new_key()
    size = registry.files().put(key, io.BytesIO(b"my words"))
    with transaction() as session:
        owner = make.make_owner(session)
        tasks.create(session, owner, TaskDraft(FORMULA, UUID(str(owner.user_id))))
        storing.keep(session, owner, Received("notes.txt", b"my words", size, "0" * 64, key))
    return owner


def start(who: Principal) -> str:
    with transaction() as session:
        return exports.start(session, who)


def ready(who: Principal) -> list[exports.ExportRow]:
    with transaction() as session:
        return exports.ready(session, who)


def opened(who: Principal) -> zipfile.ZipFile:
    with transaction() as session:
        key = files.readable(session, who, UUID(ready(who)[0].id)).storage_key
    with registry.files().open(key) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def test_it_holds_my_rows_twice_my_files_and_a_readme(me: Principal) -> None:
    start(me)
    drain_now()
    packed = opened(me)
    assert packed.testzip() is None
    names = set(packed.namelist())
    assert {f"{part}.{kind}" for part in exports.PARTS for kind in ("json", "csv")} | {"README.txt"} <= names
    assert [row["title"] for row in json.loads(packed.read("tasks.json"))] == [FORMULA]
    sheet = list(csv.DictReader(io.StringIO(packed.read("tasks.csv").decode())))
    assert [row["title"] for row in sheet] == [f"'{FORMULA}"]
    assert [packed.read(name) for name in names if name.startswith("files/")] == [b"my words"]
    told = packed.read("README.txt").decode()
    assert all(f"{part}.json" in told for part in exports.PARTS)


def test_no_hash_and_no_key_is_in_it(me: Principal) -> None:
    with transaction() as session:
        session.execute(text("UPDATE users SET password = 'argon2-of-mine' WHERE id = :me"), {"me": me.user_id})
        session.execute(
            text("""UPDATE users SET settings = '{"mcp_keys": ["hash"], "theme": "dark"}' WHERE id = :me"""),
            {"me": me.user_id},
        )
    start(me)
    drain_now()
    packed = opened(me)
    account_row = json.loads(packed.read("account.json"))[0]
    assert account_row["settings"] == {"theme": "dark"}
    assert "password" not in account_row
    everything = b"".join(packed.read(name) for name in packed.namelist()).decode()
    assert "argon2-of-mine" not in everything
    assert "storage_key" not in everything


def test_it_is_mine_alone_and_holds_nothing_of_others(me: Principal) -> None:
    with transaction() as session:
        other = make.make_colleague(session, me)
        tasks.create(session, other, TaskDraft("theirs", UUID(str(other.user_id))))
    start(me)
    drain_now()
    assert b"theirs" not in opened(me).read("tasks.json")
    file_id = UUID(ready(me)[0].id)
    with transaction() as session:
        for act in (files.readable, exports.forget):
            with pytest.raises(NotFound):
                act(session, other, file_id)
        assert exports.ready(session, other) == []


def test_a_job_that_runs_again_makes_no_second_zip(me: Principal) -> None:
    batch_id = start(me)
    for _ in range(2):
        account.pack(str(me.user_id), str(me.team_id), batch_id)
    assert len(ready(me)) == 1
    with transaction() as session:
        told = session.exec(select(Notification).where(Notification.link == "/settings/data")).all()
        assert len(told) == 1
        assert exports.packing(session, me).batch_id == ""


def test_a_job_killed_half_way_is_made_again_and_counts_each_part_once(
    me: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = start(me)

    def killed(*_: object) -> str:
        raise SystemExit

    monkeypatch.setattr(exports, "readme", killed)
    with pytest.raises(SystemExit):
        account.pack(str(me.user_id), str(me.team_id), batch_id)
    with transaction() as session:
        assert exports.packing(session, me).done == len(exports.PARTS)
    assert ready(me) == []
    monkeypatch.undo()
    account.pack(str(me.user_id), str(me.team_id), batch_id)
    assert len(ready(me)) == 1


def test_asking_twice_is_refused_while_it_is_packed_and_for_a_while_after(me: Principal) -> None:
    start(me)
    with pytest.raises(Conflict, match="already"):
        start(me)
    drain_now()
    with pytest.raises(Conflict, match="few minutes"):
        start(me)
    with clock.at(clock.utcnow() + timedelta(minutes=11)):
        assert start(me)


def test_after_the_last_attempt_one_may_ask_again(me: Principal) -> None:
    batch_id = start(me)
    account._died(str(me.user_id), str(me.team_id), batch_id)
    assert start(me) != batch_id


def test_it_is_kept_for_a_week(me: Principal) -> None:
    start(me)
    drain_now()
    with transaction() as session:
        assert exports.sweep(session, clock.utcnow() + timedelta(days=6)) == 0
        key = session.exec(select(StoredFile.storage_key).where(StoredFile.content_type == "application/zip")).one()
        assert exports.sweep(session, clock.utcnow() + timedelta(days=8)) == 1
    drain_now()
    with pytest.raises(NotFound):
        registry.files().open(key)
