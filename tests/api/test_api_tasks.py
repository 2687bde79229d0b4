"""Tasks through the API: what is sent twice, changed meanwhile, left out, put into a sheet."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import func, select
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.api.v1 import task_shapes
from taskjuggler_app.core import clock, db
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.tasks import listing
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models import Task
from tests.factories import make_owner

PATH = "/api/v1/tasks"
FAUCET = {"title": "Fix the faucet", "priority": "high", "tags": ["Plumbing"], "checklist": [{"text": "Buy a washer"}]}


@pytest.fixture
def client(database_url: str) -> Iterator[TestClient]:
    limits.forget_everything()
    with transaction() as session:
        made = tokens.create(session, make_owner(session), name="Shop", abilities=list(tokens.ABILITIES), days=7)
    with TestClient(api.create(), headers={"Authorization": f"Bearer {made.secret}"}) as client:
        yield client


def test_a_task_is_made_read_changed_finished_and_talked_about(client: TestClient) -> None:
    made = client.post(PATH, json=FAUCET)
    assert made.status_code == 201
    task = made.json()
    assert (task["title"], task["priority"], task["tags"], task["steps"]) == ("Fix the faucet", "high", ["plumbing"], 1)
    here = made.headers["Location"]
    assert client.patch(here, json={"title": "Fix both faucets"}).json()["title"] == "Fix both faucets"
    assert client.post(f"{here}/comments", json={"text": "The part has come"}).status_code == 201
    assert [one["text"] for one in client.get(f"{here}/comments").json()["items"]] == ["The part has come"]
    assert client.post(f"{here}/transition", json={"status": "completed"}).json()["status"] == "completed"
    again = client.post(f"{here}/transition", json={"status": "cancelled"})
    assert again.status_code == 409
    assert client.delete(here).status_code == 204
    assert client.get(here).status_code == 404


def test_the_same_idempotency_key_makes_one_task_however_often_it_is_sent_at_once(client: TestClient) -> None:
    def send(_: int) -> tuple[int, str]:
        answer = client.post(PATH, json=FAUCET, headers={"Idempotency-Key": "order-7"})
        return answer.status_code, answer.json()["id"]

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(send, range(12)))
    assert len(answers) == 1
    with transaction() as session:
        assert session.exec(select(func.count()).select_from(Task)).one() == 1
    other = client.post(PATH, json={"title": "Another"}, headers={"Idempotency-Key": "order-7"})
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"


def test_a_refused_write_leaves_its_key_free(client: TestClient) -> None:
    key = {"Idempotency-Key": "again"}
    wrong = client.post(PATH, json={"title": "x", "project_id": str(uuid4())}, headers=key)
    assert wrong.status_code == 404
    assert client.post(PATH, json={"title": "x"}, headers=key).status_code == 201


def test_who_changes_an_older_version_is_told_so(client: TestClient) -> None:
    made = client.post(PATH, json=FAUCET)
    here, seen = made.headers["Location"], made.headers["ETag"]
    assert client.patch(here, json={"priority": "low"}, headers={"If-Match": seen}).status_code == 200
    late = client.patch(here, json={"priority": "urgent"}, headers={"If-Match": seen})
    assert late.status_code == 412
    assert client.get(here).json()["priority"] == "low"
    assert client.patch(here, json={"priority": "low"}, headers={"If-Match": "yesterday"}).status_code == 412


def test_who_has_the_newest_version_gets_it_not_again(client: TestClient) -> None:
    here = client.post(PATH, json=FAUCET).headers["Location"]
    seen = client.get(here).headers["ETag"]
    assert client.get(here, headers={"If-None-Match": seen}).status_code == 304


def test_pages_and_fields_and_sheets(client: TestClient) -> None:
    for number in range(5):
        client.post(PATH, json={"title": f"=Task {number}"})
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(PATH, params={"limit": 2, "cursor": cursor, "fields": "title"}).json()
        assert all(list(one) == ["title"] for one in page["items"])
        seen += [one["title"] for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == [f"=Task {number}" for number in (4, 3, 2, 1, 0)]
    sheet = client.get(f"{PATH}.csv", params={"fields": "title,status"})
    assert sheet.headers["content-type"].startswith("text/csv")
    assert sheet.text.splitlines()[:2] == ["title,status", "'=Task 4,pending"]
    assert client.get(PATH, headers={"Accept": "text/csv"}).text.startswith("id,title")
    assert client.get(PATH, params={"fields": "secret"}).status_code == 422


def test_pages_by_due_date_go_on_among_the_tasks_that_have_none(client: TestClient) -> None:
    for number, due in enumerate(["2027-01-02T00:00:00Z", None, "2027-01-01T00:00:00.25Z", None, None]):
        client.post(PATH, json={"title": f"Task {number}", "due_at": due})
    seen: list[tuple[str | None, str]] = []
    cursor = ""
    while cursor or not seen:
        page = client.get(PATH, params={"limit": 2, "cursor": cursor, "sort": "due"}).json()
        seen += [(one["due_at"], one["title"]) for one in page["items"]]
        cursor = page["next"]
    assert [title for _, title in seen[:2]] == ["Task 2", "Task 0"]
    assert sorted(title for due, title in seen[2:] if due is None) == ["Task 1", "Task 3", "Task 4"]


def test_a_page_is_planned_once_and_not_for_every_request(client: TestClient) -> None:
    key = client.headers["Authorization"].removeprefix("Bearer ")
    with transaction() as session:
        principal = tokens.resolve(session, key, clock.utcnow())
        assert principal is not None
        many = text(
            "INSERT INTO tasks (team_id, requestor_id, title) SELECT :team, :user, 'Lock' FROM generate_series(1, 2000)"
        )
        session.execute(many, {"team": principal.team_id, "user": principal.user_id})
        session.execute(text("ANALYZE tasks"))
    with db.reading() as session:
        for _ in range(20):
            listing.page_json(session, principal, TaskFilter())
        plans = text(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE 'SELECT json_build%'"
        )
        ((generic, custom),) = session.execute(plans).all()
    assert custom <= 5 < generic


def test_one_refusal_refuses_the_lot(client: TestClient) -> None:
    ids = [client.post(PATH, json=FAUCET).json()["id"] for _ in range(2)]
    refused = client.post(
        f"{PATH}/bulk", json={"task_ids": [*ids, str(uuid4())], "deed": "status", "value": "completed"}
    )
    assert refused.status_code == 404
    done = client.post(f"{PATH}/bulk", json={"task_ids": ids, "deed": "status", "value": "completed"})
    assert done.json() == {"changed": 2}


def test_what_a_database_cannot_keep_is_refused(client: TestClient) -> None:
    assert client.post(PATH, json={"title": "a\0b"}).status_code == 422
    assert client.get(PATH, params={"q": "a\0b"}).status_code == 422


def test_the_description_can_be_read_by_people(client: TestClient) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "POST /api/v1/tasks" in page.text


def test_a_row_is_the_same_whoever_writes_it(client: TestClient) -> None:
    for number in range(4):
        body = {**FAUCET, "title": f'Täsk "{number}" \\ +00:00', "due_at": "2020-01-01T09:30:00.25+02:00"}
        made = client.post(PATH, json=body if number else {"title": "Plain"})
        client.post(f"{made.headers['Location']}/transition", json={"status": "in_progress"})
    written = _timed(client.get(PATH).json()["items"])
    names = list(written[0])
    assert names == [one.name for one in fields(task_shapes.Task)]
    assert written == _timed(client.get(PATH, params={"fields": ",".join(names)}).json()["items"])
    assert written[0]["overdue"] is True
    one = _timed([client.get(f"{PATH}/{written[0]['id']}").json()])[0]
    assert written[0] == {name: one[name] for name in names}
    found = client.get(PATH, params={"q": "täsk", "limit": 2}).json()
    assert [row["id"] for row in found["items"]] == [row["id"] for row in written[:2]]
    assert found["next"]


def _timed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With moments for their text, which may or may not end a fraction in noughts."""
    for row in rows:
        row |= {name: row[name] and datetime.fromisoformat(row[name]) for name in ("due_at", "created_at")}
    return rows
