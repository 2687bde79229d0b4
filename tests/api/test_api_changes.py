"""What can be changed through the API: with the tag seen last or not at all, by who may, and as the pages show it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from limits import RateLimitItemPerMinute
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.analytics.board import PLANS
from taskjuggler_app.domain.teams import tokens
from tests.api.test_api_matrix import BODIES
from tests.factories import make_colleague, make_owner, make_task

V1 = "/api/v1"


@pytest.fixture
def client(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    limits.forget_everything()
    monkeypatch.setattr(limits, "API", RateLimitItemPerMinute(1_000_000))
    with transaction() as session:
        owner = make_owner(session)
        make_colleague(session, owner)
        make_task(session, owner, title="Paint the fence")
        made = tokens.create(session, owner, name="Shop", abilities=list(tokens.ABILITIES), days=7)
    headers = {"Authorization": f"Bearer {made.secret}"}
    with TestClient(api.create(), headers=headers, base_url=f"http://testserver{V1}/") as client:
        yield client


def _made(client: TestClient, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


CHANGES = {
    "rules": (BODIES[f"{V1}/rules"], "put", {**BODIES[f"{V1}/rules"], "name": "Pipes"}),
    "channels": (BODIES[f"{V1}/channels"], "put", {"name": "Second line", "phone_number": "+12075550124"}),
    "contact-lists": ({"name": "Tenants"}, "put", {"name": "Owners", "description": "Of flats"}),
    "sites": ({"url": "https://example.com"}, "patch", {"name": "Ours", "schedule": "weekly"}),
    "appointment-types": ({"name": "Visit", "price": "60"}, "patch", {"name": "Long visit", "duration_minutes": 90}),
    "vendors": (
        {"name": "Rosa", "categories": ["maintenance"]},
        "put",
        {"name": "Rosa", "categories": ["maintenance"], "base_rate": "85"},
    ),
    "tef/actors": ({"kind": "AI_AGENT", "name": "Bot"}, "patch", {"display_name": "Summary bot"}),
}


@pytest.mark.parametrize("path", list(CHANGES))
def test_a_change_is_refused_to_who_saw_what_is_not_so_any_more(client: TestClient, path: str) -> None:
    first, method, then = CHANGES[path]
    made = _made(client, path, first)
    here = f"{path}/{made['row']['id'] if 'row' in made else made['id']}"
    seen = client.get(here).headers["ETag"]
    changed = client.request(method, here, json=then, headers={"If-Match": seen})
    assert changed.status_code == 200, changed.text
    refused = client.request(method, here, json=then, headers={"If-Match": seen})
    assert refused.status_code == 412, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.get(here).headers["ETag"] == changed.headers["ETag"] != seen
    again = client.request(method, here, json=then, headers={"If-Match": changed.headers["ETag"]})
    assert again.status_code == 200, again.text


def test_of_many_who_saw_the_same_one_changes_it(client: TestClient) -> None:
    here = f"contact-lists/{_made(client, 'contact-lists', {'name': 'Tenants'})['id']}"
    seen = client.get(here).headers["ETag"]

    def change(number: int) -> int:
        return client.put(here, json={"name": f"Tenants {number}"}, headers={"If-Match": seen}).status_code

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(change, range(6))) == [200, 412, 412, 412, 412, 412]


def test_a_type_keeps_what_a_change_leaves_out(client: TestClient) -> None:
    made = _made(client, "appointment-types", {"name": "Visit", "price": "60", "location": "The shop"})
    changed = client.patch(f"appointment-types/{made['id']}", json={"name": "Long visit", "duration_minutes": 90})
    assert (changed.json()["name"], changed.json()["minutes"]) == ("Long visit", 90)
    assert (changed.json()["price"], changed.json()["hosts"]) == (made["price"], made["hosts"])
    assert client.post(f"appointment-types/{made['id']}/active", json={"is_active": False}).json()["is_active"] is False


def test_hours_are_a_week_and_days_that_differ(client: TestClient) -> None:
    week = {"timezone": "America/New_York", "weekly": {"mon": [["09:00", "12:00"]]}}
    assert client.put("availability", json=week).json()["weekly"] == {"mon": [["09:00", "12:00"]]}
    off = client.put("availability/days/2027-03-01", json={"windows": []})
    assert off.json()["overrides"] == {"2027-03-01": []}
    assert client.delete("availability/days/2027-03-01").status_code == 204
    assert client.get("availability").json()["overrides"] == {}
    assert client.put("availability", json={**week, "timezone": "Mars"}).status_code == 422


def test_people_of_a_list_are_put_on_it_changed_and_taken_off(client: TestClient) -> None:
    here = f"contact-lists/{_made(client, 'contact-lists', {'name': 'Tenants'})['id']}/contacts"
    people = [{"name": name, "email": f"{name}@example.com"} for name in ("ada", "bo")]
    assert client.post(f"{here}/bulk", json={"contacts": people}).json()["size"] == 2
    assert client.post(f"{here}/bulk", json={"contacts": [{"name": "c", "email": "c@example.com"}, {"name": "d"}]}
                       ).status_code == 422  # fmt: skip
    ada, bo = client.get(here).json()["items"]
    changed = client.put(f"{here}/{ada['id']}", json={"name": "Ada L.", "email": "ada@example.org"})
    assert (changed.json()["name"], changed.json()["email"]) == ("Ada L.", "ada@example.org")
    assert client.put(f"{here}/{ada['id']}", json={"email": bo["email"]}).status_code == 409
    assert client.delete(f"{here}/{bo['id']}").status_code == 204
    assert [one["name"] for one in client.get(here).json()["items"]] == ["Ada L."]
    other = _made(client, "contact-lists", {"name": "Others"})["id"]
    assert client.get(f"contact-lists/{other}/contacts/{ada['id']}").status_code == 404


def test_the_workspace_and_its_people_change(client: TestClient) -> None:
    assert client.put("team", json={"name": "Maya's Repairs"}).json()["name"] == "Maya's Repairs"
    member = next(one for one in client.get("team/members").json()["items"] if not one["is_owner"])
    assert client.patch(f"team/members/{member['id']}", json={"is_admin": True}).json()["is_admin"] is True
    invited = client.post("team/invitations", json={"address": "ada@example.com"}).json()["items"][0]["id"]
    assert client.post(f"team/invitations/{invited}/resend").status_code == 429  # just sent
    assert client.delete(f"team/invitations/{invited}").status_code == 204
    assert client.get("team/invitations").json()["items"] == []
    assert client.delete(f"team/members/{member['id']}").status_code == 204
    assert client.get(f"team/members/{member['id']}").status_code == 404


def test_a_listing_is_bid_on_and_taken_away(client: TestClient) -> None:
    made = _made(client, "marketplace/listings", {"title": "Repair a gutter", "budget_max": "300"})
    here = f"marketplace/listings/{made['id']}"
    assert client.post(f"{here}/award", json={"bid_id": made["id"]}).status_code == 409
    assert client.post(f"{here}/cancel", json={"reason": "Done by hand"}).json()["row"]["status"] == "cancelled"
    assert client.post(f"{here}/reopen").json()["row"]["status"] == "open"


def test_the_report_is_given_whole_and_line_by_line(client: TestClient) -> None:
    report = client.get("analytics/monday", params={"from": "2026-01-05", "to": "2026-01-11"}).json()
    assert (report["from"], report["to"], len(report["tiles"])) == ("2026-01-05", "2026-01-11", 12)
    numbers = client.get("analytics/monday/numbers", params={"from": "2026-01-05", "to": "2026-01-11"}).json()["items"]
    assert [one["label"] for one in numbers] == [line["label"] for tile in report["tiles"] for line in tile["lines"]]
    sheet = client.get("analytics/monday/numbers.csv")
    assert sheet.text.splitlines()[0] == "label,value,text,previous,before,unit,tile"
    for name in PLANS:
        found = client.get(f"analytics/{name}")
        assert (found.status_code, found.json()["board"], bool(found.json()["tiles"])) == (200, name, True)
    refused = client.get("analytics/monday", params={"from": "2026-01-11", "to": "2026-01-05"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "from")


def test_an_actor_is_made_claimed_keyed_and_handed_a_task(client: TestClient) -> None:
    made = _made(client, "tef/actors", {"kind": "AI_AGENT", "name": "Painter", "capabilities": [{"type": "painting"}]})
    actor = made["row"]["id"]
    assert made["row"]["status"] == "PENDING_CLAIM"
    code = _made(client, f"tef/actors/{actor}/claim-code", {})["code"]
    assert client.post("tef/claims", json={"code": "TJ-WRONG2"}).status_code in (404, 409, 422)
    assert client.post("tef/claims", json={"code": code}).json()["row"]["status"] == "ACTIVE"
    key = _made(client, f"tef/actors/{actor}/keys", {})
    assert key["token"]
    rule = _made(client, "tef/rules", {"actor_id": actor, "scopes": ["painting"],
                 "conditions": [{"field": "title", "operator": "contains", "value": "paint"}]})  # fmt: skip
    assert client.post(f"tef/rules/{rule['id']}/active", json={"is_active": False}).json()["active"] is False
    assert client.delete(f"tef/rules/{rule['id']}").status_code == 204
    task = client.get("tasks").json()["items"][0]["id"]
    handed = client.post("tef/delegations", json={"task_id": task, "actor_id": actor})
    assert handed.status_code == 200, handed.text
    exchange = handed.json()["handed"][0]["id"]
    assert client.post(f"tef/delegations/{exchange}/revoke").json() == {"changed": 1}
    said = _made(client, f"tef/actors/{actor}/messages", {"text": "Which colour?"})
    talk = client.get("tef/conversations").json()["items"][0]["id"]
    heard = client.get(f"tef/conversations/{talk}/messages").json()["items"]
    assert [(one["kind"], one["task_id"]) for one in heard] == [("text", None), ("task", task)]
    assert heard[0]["id"] == said["id"]
    assert client.post(f"tef/conversations/{talk}/status", json={"status": "archived"}).json()["status"] == "archived"
    assert client.delete(f"tef/actors/{actor}/keys/{key['id']}").status_code == 204
    gone = client.post(f"tef/actors/{actor}/status", json={"status": "SUSPENDED"})
    assert gone.json()["row"]["status"] == "SUSPENDED"


def test_codes_cannot_be_guessed_through_the_api(client: TestClient) -> None:
    statuses = [client.post("tef/claims", json={"code": f"TJ-7K2M{one}9"}).status_code for one in "23456789ABCD"]
    assert statuses == [422] * 10 + [429] * 2


CHANNELS: dict[str, dict[str, Any]] = {
    "sms": {"phone_number": "+12075550140"},
    "phone": {"phone_number": "+12075550141", "ring_to": "+12075550142"},
    "email": {"email_address": "desk@example.com"},
    "web": {"slug": "contact-us", "origins": ["https://www.example.com"]},
    "api": {},
}


@pytest.mark.parametrize("kind", list(CHANNELS))
def test_a_channel_of_any_kind_is_made_and_changed(client: TestClient, kind: str) -> None:
    made = _made(client, "channels", {"name": "Desk", "kind": kind, **CHANNELS[kind]})
    assert made["channel_type"] == kind
    here = f"channels/{made['id']}/settings"
    seen = client.get(here)
    changed = client.patch(here, json={"greeting": "Good day."}, headers={"If-Match": seen.headers["ETag"]})
    assert changed.status_code == 200, changed.text
    assert changed.json() == {**seen.json(), "greeting": "Good day."}
    stale = client.patch(here, json={"name": "Other"}, headers={"If-Match": seen.headers["ETag"]})
    assert stale.status_code == 412
    again = client.post("channels", json={"name": "Desk", "kind": kind, **CHANNELS[kind]})
    assert again.status_code == (201 if kind == "api" else 409), again.text
    assert client.patch(here, json={"kind": "web"}).status_code == 422


def test_many_messages_change_at_once_or_not_at_all(client: TestClient) -> None:
    made = [client.post("inbox", json={"from": f"{n}@example.com", "text": "It leaks"}).json()["id"] for n in range(3)]
    me = client.get("team/members").json()["items"][0]["user_id"]

    def bulk(deed: str, **more: Any) -> Any:
        return client.post("inbox/bulk", json={"message_ids": made, "deed": deed, **more})

    for deed, more in (
        ("assign", {"assigned_to": me}),
        ("snooze", {"until": (clock.utcnow() + timedelta(days=1)).isoformat()}),
        ("unsnooze", {}),
    ):
        assert bulk(deed, **more).json() == {"changed": 3, "skipped": []}, deed
    assert client.post(f"inbox/{made[0]}/transition", json={"verb": "read"}).status_code == 200
    already = {"id": made[0], "reason": "This message is read already."}
    assert bulk("read").json() == {"changed": 2, "skipped": [already]}
    assert client.post(f"inbox/{made[0]}/transition", json={"verb": "read"}).status_code == 200
    assert client.post(f"inbox/{made[0]}/transition", json={"verb": "restore"}).status_code == 409
    assert bulk("unread").json() == {"changed": 3, "skipped": []}
    assert [one["reason"] for one in bulk("unread").json()["skipped"]] == ["This message is unread already."] * 3
    assert bulk("snooze").status_code == 422
    assert client.post("inbox/bulk", json={"message_ids": made[:1], "deed": "spam"}).json()["changed"] == 1
    refused = bulk("spam")
    assert refused.status_code == 409, refused.text
    assert "with the spam already" in refused.json()["detail"]
    assert len(client.get("inbox", params={"folder": "spam"}).json()["items"]) == 1
    missing = client.post("inbox/bulk", json={"message_ids": [*made, str(uuid4())], "deed": "read"})
    assert missing.status_code == 404


def test_a_verb_is_refused_to_who_saw_what_is_not_so_any_more(client: TestClient) -> None:
    made = client.post("inbox", json={"from": "ada@example.com", "text": "It leaks"}).json()["id"]
    here = f"inbox/{made}"
    seen = client.get(here).headers["ETag"]
    moved = client.post(f"{here}/transition", json={"verb": "dismiss"}, headers={"If-Match": seen})
    assert moved.status_code == 200, moved.text
    assert client.post(f"{here}/transition", json={"verb": "restore"}, headers={"If-Match": seen}).status_code == 412
    agent = f"tef/actors/{_made(client, 'tef/actors', {'kind': 'AI_AGENT', 'name': 'Bot'})['row']['id']}"
    seen = client.get(agent).headers["ETag"]
    assert client.patch(agent, json={"display_name": "Bolt"}).status_code == 200
    gone = client.post(f"{agent}/status", json={"status": "DELETED"}, headers={"If-Match": seen})
    assert gone.status_code == 412
    assert client.get(agent).json()["row"]["name"] == "Bolt"


def test_actors_are_found_by_all_they_can_do(client: TestClient) -> None:
    for name, can in (("Old", "1.0"), ("New", "2.3")):
        skills = [{"type": "painting", "version": can}, {"type": f"only.{name.lower()}", "version": "1.0"}]
        _made(client, "tef/actors", {"kind": "AI_AGENT", "name": name, "capabilities": skills})

    def who(*wanted: str) -> list[str]:
        return [one["name"] for one in client.get("tef/actors", params={"capability": wanted}).json()["items"]]

    assert who("painting") == ["New", "Old"]
    assert who("painting@2.1") == ["New"]
    assert who("painting", "only.old") == ["Old"]
    assert who("plumbing") == []
