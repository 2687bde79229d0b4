"""What assistants may do at /mcp. Each tool names its ability and runs in one transaction.

A call is a line in the case log, done or refused. Tools that reach people outside wait for a person's approval of
exactly what was asked; asked again, they give the same.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from mcp.server.auth.middleware.auth_context import get_access_token
from pydantic import TypeAdapter
from sqlmodel import Session

from taskjuggler_app.api.v1 import appointment_types, appointments, inbox, market, sites, task_shapes, tasks
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.appointments import queries as calendar
from taskjuggler_app.domain.approvals import queries as asking
from taskjuggler_app.domain.approvals import service as approvals
from taskjuggler_app.domain.approvals.fingerprint import fingerprint
from taskjuggler_app.domain.approvals.service import Proposal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.routing import recent
from taskjuggler_app.domain.sitehealth import queries as health
from taskjuggler_app.domain.tasks import service
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models.tasks import TaskStatus

T = TypeVar("T")


async def _act(tool: str, ability: str, use: Callable[[Session, Principal], T], given: dict[str, Any]) -> Any:
    """Run one tool under the caller's key: its ability, one transaction, one line in the log."""
    token = get_access_token()
    return await run_in_db(_run, token.token if token else "", tool, ability, use, given)


def _run(token: str, tool: str, ability: str, use: Callable[[Session, Principal], T], given: dict[str, Any]) -> Any:
    with transaction() as session:
        principal = _caller(session, token)
        if principal is None:
            raise Invalid("This key is unknown, revoked or expired.")
        tokens.require_ability(principal, ability)
        made = use(session, principal)
        _log(session, principal, tool, given)
        session.flush()
        return TypeAdapter(type(made)).dump_python(made, mode="json", by_alias=True)


async def note_refusal(tool: str, given: dict[str, Any], why: str) -> None:
    """A call that was not done is a line in the log too; one whose key is unknown has no workspace to be noted in."""
    token = get_access_token()
    await run_in_db(_note, token.token if token else "", tool, given, why)


def _note(token: str, tool: str, given: dict[str, Any], why: str) -> None:
    with transaction() as session:
        principal = _caller(session, token)
        if principal is not None:
            _log(session, principal, tool, {**given, "refused": why})


def _caller(session: Session, token: str) -> Principal | None:
    found = tokens.resolve(session, token, clock.utcnow())
    return replace(found, door=Door.MCP) if found else None


def _log(session: Session, principal: Principal, tool: str, given: dict[str, Any]) -> None:
    shown = {name: str(value)[:200] for name, value in given.items() if value not in ("", None)}
    record_event(session, principal, kind=f"mcp.{tool}", subject_type="mcp", subject_id=tool, data=shown)


async def _outward(
    tool: str,
    ability: str,
    use: Callable[[Session, Principal], Any],
    given: dict[str, Any],
    summary: str,
    approval: str,
) -> Any:
    """Do what reaches people outside, once a person approved exactly this; until then only ask for it."""
    name = f"mcp:{tool}"

    def act(session: Session, principal: Principal) -> Any:
        if approval:
            approvals.use(session, principal, parse_uuid(approval), tool=name, given=given, budget=None)
            return use(session, principal)
        subject = ("mcp", str(principal.user_id))
        wanted = Proposal(name, given, subject, summary, f"An assistant: {tool}")
        asked = asking.waiting_alike(session, principal, name, fingerprint(name, given, None, wanted.currency))
        asked = asked or approvals.propose(session, principal, wanted)
        where = f"{settings().public_url}/approvals"
        return {"approval_id": str(asked.id), "state": asked.state.value, "where": where, "what": summary}

    return await _act(tool, ability, act, {**given, "approval": approval})


async def search_inbox(query: str = "", folder: str = "all", cursor: str = "") -> Any:
    """Messages that came in, newest first; `query` as in the inbox's search (words, from:, is:unread, after:)."""
    given = {"query": query, "folder": folder}
    found = await _act("search_inbox", "inbox:read", lambda s, p: inbox.page(s, p, folder, query, cursor), given)
    return {"messages": found["rows"], "next": found["next_cursor"]}


async def read_message(message_id: str) -> Any:
    """One message with its text and what was read out of it."""
    given = {"message_id": message_id}
    return await _act("read_message", "inbox:read", lambda s, p: inbox.one(s, p, parse_uuid(message_id)), given)


async def search_tasks(query: str = "", status: str = "open", scope: str = "all", cursor: str = "") -> Any:
    """Tasks, newest first.

    status: open, any, pending, in_progress, completed, cancelled; scope: all, mine, unassigned.
    """
    wanted = TaskFilter.parse({"text": query, "status": status, "scope": scope})
    given = {"query": query, "status": status, "scope": scope}
    found = await _act("search_tasks", "tasks:read", lambda s, p: tasks.page(s, p, wanted, cursor, 50), given)
    return {"tasks": found["rows"], "next": found["next_cursor"]}


async def read_task(task_id: str) -> Any:
    """One task with all it says."""
    return await _act("read_task", "tasks:read", lambda s, p: tasks.one(s, p, parse_uuid(task_id)), {"task": task_id})


async def create_task(title: str, description: str = "", priority: str = "normal", due_at: str = "") -> Any:
    """Make a task. priority: low, normal, high, urgent; due_at is ISO 8601 with an offset."""
    draft = {"title": title, "description": description, "priority": priority, "due_at": due_at or None}
    new = task_shapes.NewTask.model_validate(draft)
    return await _act("create_task", "tasks:write", lambda s, p: tasks.create(s, p, new), {"title": title})


async def assign_task(task_id: str, member_id: str = "") -> Any:
    """Give a task to a member (an id of list_people), or to nobody."""

    def use(session: Session, principal: Principal) -> Any:
        service.assign(session, principal, parse_uuid(task_id), parse_uuid(member_id) if member_id else None)
        return tasks.one(session, principal, parse_uuid(task_id))

    return await _act("assign_task", "tasks:write", use, {"task": task_id, "member": member_id})


async def complete_task(task_id: str) -> Any:
    """Finish a task."""

    def use(session: Session, principal: Principal) -> Any:
        service.change_status(session, principal, parse_uuid(task_id), TaskStatus.COMPLETED)
        return tasks.one(session, principal, parse_uuid(task_id))

    return await _act("complete_task", "tasks:write", use, {"task": task_id})


async def list_people() -> Any:
    """The workspace's people with their load; `id` is what assign_task takes."""
    return {"people": await _act("list_people", "teams:read", teams.load, {})}


async def read_calendar() -> Any:
    """What is booked, soonest first."""
    found = await _act(
        "read_calendar", "appointments:read", lambda s, p: calendar.upcoming(s, p, clock.utcnow()).rows, {}
    )
    return {"appointments": found}


async def offer_times(type_id: str = "") -> Any:
    """The next free times of a kind of appointment; without one, the kinds that there are."""
    if not type_id:
        return {"types": await _act("offer_times", "appointments:read", appointment_types.of_workspace, {})}

    def use(session: Session, principal: Principal) -> Any:
        return appointment_types.free(session, principal, parse_uuid(type_id), None, None)[:20]

    return {"times": await _act("offer_times", "appointments:read", use, {"type": type_id})}


async def book(type_id: str, start: str, name: str, email: str, approval_id: str = "") -> Any:
    """Book a free time for somebody, who gets a letter. Needs approval."""
    wanted = appointments.Booking.model_validate({"type_id": type_id, "start": start, "name": name, "email": email})
    given = wanted.model_dump(mode="json")
    summary = f"Book {start} for {name} ({email})"
    return await _outward(
        "book", "appointments:write", lambda s, p: appointments.booked(s, p, wanted), given, summary, approval_id
    )


async def list_sites() -> Any:
    """The web sites that are looked after, with their scores."""
    return {"sites": await _act("list_sites", "sites:read", lambda s, p: health.sites(s, p).rows, {})}


async def list_issues(site_id: int) -> Any:
    """What is wrong with a site, worst first."""
    found = await _act(
        "list_issues", "sites:read", lambda s, p: health.issues(s, p, site_id, size=50).rows, {"site": site_id}
    )
    return {"issues": found}


async def start_scan(site_id: int, approval_id: str = "") -> Any:
    """Scan a site now. Needs approval."""
    given, summary = {"site": site_id}, f"Scan site {site_id}"
    return await _outward(
        "start_scan", "sites:write", lambda s, p: sites.scan(s, p, site_id), given, summary, approval_id
    )


async def test_rule(conditions: dict[str, Any]) -> Any:
    """What a rule with these conditions would have done with the recent messages; nothing is changed."""
    given = {"conditions": json.dumps(conditions)}
    return await _act("test_rule", "rules:read", lambda s, p: recent.preview(s, p, conditions), given)


async def place_bid(listing_id: str, vendor_id: str, amount: str, message: str = "", approval_id: str = "") -> Any:
    """Bid on a listing with a vendor of one's own. Needs approval."""
    new = market.NewBid.model_validate({"vendor_id": vendor_id, "amount": amount, "message": message})
    listing = parse_uuid(listing_id)
    given = {"listing": str(listing), **new.model_dump(mode="json")}
    return await _outward(
        "place_bid",
        "marketplace:write",
        lambda s, p: market.bid(s, p, listing, new),
        given,
        f"Bid {amount} on the listing {listing}",
        approval_id,
    )


async def open_tasks() -> str:
    """The resource of open tasks."""
    return json.dumps(await search_tasks())


async def new_messages() -> str:
    """The resource of unread messages."""
    return json.dumps(await search_inbox("is:unread"))


def triage() -> str:
    """The prompt that goes through what is new."""
    return (
        "Read the new messages (search_inbox with is:unread). For each say in a line who wants what, whether it has a "
        "task, who should do it, and what you propose. Do nothing before I agree."
    )


def day() -> str:
    """The prompt that plans a day."""
    return (
        "Read my open tasks (search_tasks with scope=mine) and the calendar (read_calendar). Propose an order for "
        "today that fits around the appointments, overdue and urgent first, and say what will not fit."
    )


TOOLS: tuple[Callable[..., Awaitable[Any]], ...] = (
    search_inbox,
    read_message,
    search_tasks,
    read_task,
    create_task,
    assign_task,
    complete_task,
    list_people,
    read_calendar,
    offer_times,
    book,
    list_sites,
    list_issues,
    start_scan,
    test_rule,
    place_bid,
)
