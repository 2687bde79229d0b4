"""Assistants at /mcp, driven with the SDK's own client: tools, what needs approval, resources, prompts, the log."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx2
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from sqlmodel import col, select

from taskjuggler_app.api import mcp
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.approvals import service as approvals
from taskjuggler_app.domain.sitehealth import sites
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models import CaseEvent, Scan
from tests.factories import make_owner

URL = f"http://127.0.0.1{mcp.PATH}"


def _key(*abilities: str) -> str:
    limits.forget_everything()
    with transaction() as session:
        made = tokens.create(
            session, make_owner(session), name="Assistant", abilities=list(abilities or tokens.ABILITIES), days=7
        )
        return made.secret


def _talk(key: str, use: Callable[[ClientSession], Awaitable[None]]) -> None:
    async def run() -> None:
        server = mcp.create()
        app = mcp.app(server)
        async with server.session_manager.run():
            transport = httpx2.ASGITransport(app=app)
            headers = {"Authorization": f"Bearer {key}"}
            async with (
                httpx2.AsyncClient(transport=transport, headers=headers) as http,
                streamable_http_client(URL, http_client=http) as streams,
                ClientSession(streams[0], streams[1]) as session,
            ):
                await session.initialize()
                await use(session)

    asyncio.run(run())


def _said(answer: Any) -> str:
    return "".join(part.text for part in answer.content)


def test_an_assistant_makes_finds_and_finishes_a_task_and_every_call_is_in_the_log(database_url: str) -> None:
    async def use(session: ClientSession) -> None:
        made = await session.call_tool("create_task", {"title": "Fix the faucet", "priority": "high"})
        assert not made.is_error, _said(made)
        found = await session.call_tool("search_tasks", {"query": "faucet"})
        assert "Fix the faucet" in _said(found)
        with transaction() as db:
            event = db.exec(select(CaseEvent).where(CaseEvent.kind == "task.created")).one()
        done = await session.call_tool("complete_task", {"task_id": event.subject_id})
        assert '"completed"' in _said(done)

    _talk(_key(), use)
    with transaction() as session:
        calls = session.exec(select(CaseEvent).where(CaseEvent.subject_type == "mcp").order_by(col(CaseEvent.id))).all()
    assert [one.kind for one in calls] == ["mcp.create_task", "mcp.search_tasks", "mcp.complete_task"]
    assert {one.door for one in calls} == {"mcp"}


def test_what_reaches_people_outside_waits_for_a_person_and_works_once(database_url: str) -> None:
    limits.forget_everything()
    with transaction() as session:
        owner = make_owner(session)
        site = sites.create(session, owner, SiteDraft("https://example.com", "Ours"))
        session.flush()
        site_id = site.id
        key = tokens.create(session, owner, name="Assistant", abilities=list(tokens.ABILITIES), days=7).secret

    async def use(session: ClientSession) -> None:
        asked = json.loads(_said(await session.call_tool("start_scan", {"site_id": site_id})))
        assert asked["state"] == "waiting"
        repeated = json.loads(_said(await session.call_tool("start_scan", {"site_id": site_id})))
        assert repeated == asked
        again = {"site_id": site_id, "approval_id": asked["approval_id"]}
        early = await session.call_tool("start_scan", again)
        assert early.is_error
        assert "Nobody has approved" in _said(early)
        with transaction() as db:
            assert db.exec(select(Scan)).all() == []
            approvals.approve(db, owner, UUID(asked["approval_id"]))
        other = await session.call_tool("start_scan", {**again, "site_id": (site_id or 0) + 1})
        assert other.is_error
        assert not (await session.call_tool("start_scan", again)).is_error
        assert (await session.call_tool("start_scan", again)).is_error
        with transaction() as db:
            assert len(db.exec(select(Scan)).all()) == 1

    _talk(key, use)


def test_a_key_bounds_the_tools(database_url: str) -> None:
    async def use(session: ClientSession) -> None:
        refused = await session.call_tool("create_task", {"title": "x"})
        assert refused.is_error
        assert "tasks:write" in _said(refused)
        assert not (await session.call_tool("search_tasks", {})).is_error
        assert (await session.call_tool("read_task", {"task_id": "nonsense"})).is_error

    _talk(_key("tasks:read"), use)
    with transaction() as session:
        calls = session.exec(select(CaseEvent).where(CaseEvent.door == "mcp").order_by(col(CaseEvent.id))).all()
    assert [(one.kind, bool(one.data.get("refused"))) for one in calls] == [
        ("mcp.create_task", True),
        ("mcp.search_tasks", False),
        ("mcp.read_task", True),
    ]


def test_resources_and_prompts_are_there(database_url: str) -> None:
    async def use(session: ClientSession) -> None:
        listed = await session.list_resources()
        assert {str(one.uri) for one in listed.resources} == {"taskjuggler://tasks/open", "taskjuggler://inbox/new"}
        read = await session.read_resource("taskjuggler://tasks/open")
        assert '"tasks"' in str(read.contents[0])
        assert {one.name for one in (await session.list_prompts()).prompts} == {"triage", "day"}
        assert "approv" not in str(await session.get_prompt("day"))
        assert len((await session.list_tools()).tools) == 16

    _talk(_key(), use)


def test_without_a_key_that_is_good_nobody_is_let_in(database_url: str) -> None:
    async def run() -> int:
        server = mcp.create()
        app = mcp.app(server)
        async with server.session_manager.run(), httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as http:
            answer = await http.post(URL, json={}, headers={"Authorization": "Bearer tj_wrong"})
            return int(answer.status_code)

    assert asyncio.run(run()) == 401
