"""Command mode: a member of the workspace moves a task from their own verified phone or mailbox.

Only verbs that can be undone, and the answer says how. Senders can be forged, so the phone has to be verified and the
mail signed by the address's own domain; anything else is an ordinary message.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text as sql
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.receptionist import threads
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem, SourceType
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

_VERBS = re.compile(
    r"\s*(done|accept|decline|undo|assign(?:ed)?\s+to\s+(?P<who>[^#\n]{1,80}?))(?P<rest>\s*\[?#\S+)?\s*[.!]?\s*", re.I
)
_OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
_MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked: done, accept, decline, undo, or assign with the name of who shall do it."""

    verb: str
    who: str = ""


class _Unclear(Exception):
    """The command cannot be done as it stands; the message says what is missing."""


def parse(text: str) -> Command | None:
    """The command that the first line of a message is; None for anything that says more."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    found = _VERBS.fullmatch(lines[0]) if lines else None
    if found is None or (len(lines) > 1 and not lines[1].startswith((">", "--", "On ", "Sent from"))):
        return None
    if found["who"]:
        return Command("assign", " ".join(found["who"].split()))
    return Command(found[1].split()[0].lower())


def is_command(subject: str, text: str) -> bool:
    """Whether a mail asks for a command, so that its signature is worth checking."""
    return parse(text) is not None


def obey(session: Session, item: InboxItem) -> str | None:
    """Do what a member commands and give the answer that was sent; None when this is an ordinary message."""
    command = parse(item.body)
    if command is None:
        return None
    principal = _commander(session, item)
    if principal is None:
        return None
    try:
        with session.begin_nested():
            said = _do(session, principal, item, command)
    except (_Unclear, DomainError) as error:
        said = str(error)
    _answer(session, item, said)
    return said


def _commander(session: Session, item: InboxItem) -> Principal | None:
    """The member whose own verified number or signed mail this is."""
    query = (
        select(User, TeamMember)
        .join(TeamMember, col(TeamMember.user_id) == col(User.id))
        .where(TeamMember.team_id == item.team_id)
    )
    if item.source_type is SourceType.SMS:
        query = query.where(User.phone == item.from_identifier, col(User.phone_verified_at).is_not(None))
    elif item.source_type is SourceType.EMAIL:
        headers = item.source_data.get("headers") or {}
        if not item.source_data.get("dkim_aligned") or headers.get("auto-submitted", "no").lower() != "no":
            return None
        query = query.where(
            func.lower(User.email) == item.from_identifier.lower(), col(User.email_verified_at).is_not(None)
        )
    else:
        return None
    found = session.exec(query).all()
    if len(found) != 1:
        return None
    user, member = found[0]
    role = Role.ADMIN if member.is_admin else Role.MEMBER
    return Principal(user.id, item.team_id, role, Door.WEBHOOK, email=user.email, name=user.name)


def _do(session: Session, principal: Principal, item: InboxItem, command: Command) -> str:
    if command.verb == "undo":
        return _undo(session, principal, item)
    task = _task(session, principal, item)
    before = {"status": task.status.value, "member_id": str(_member_id(session, task) or "")}
    if command.verb == "done":
        tasks.change_status(session, principal, task.id, TaskStatus.COMPLETED)
        said = f"“{task.title}” is done."
    elif command.verb == "accept":
        tasks.assign(session, principal, task.id, _own_membership(session, principal))
        if task.status is TaskStatus.PENDING:
            tasks.change_status(session, principal, task.id, TaskStatus.IN_PROGRESS)
        said = f"“{task.title}” is yours and in progress."
    elif command.verb == "decline":
        tasks.assign(session, principal, task.id, None)
        said = f"“{task.title}” is nobody's now."
    else:
        member_id, name = _named(session, principal, command.who)
        tasks.assign(session, principal, task.id, member_id)
        said = f"“{task.title}” went to {name}."
    item.source_data = {**item.source_data, "command": {"verb": command.verb, "task_id": str(task.id), **before}}
    session.add(item)
    return f"{said} To take it back, reply: undo"


def _undo(session: Session, principal: Principal, item: InboxItem) -> str:
    """Put the task of the sender's last command back to where it was."""
    last = session.exec(
        select(InboxItem)
        .where(
            InboxItem.team_id == item.team_id,
            InboxItem.from_identifier == item.from_identifier,
            sql("inbox_items.source_data ? 'command'"),
            InboxItem.id != item.id,
        )
        .order_by(col(InboxItem.received_at).desc(), col(InboxItem.id))
        .limit(1)
        .with_for_update()
    ).first()
    command = (last.source_data.get("command") or {}) if last else {}
    if last is None or command.get("undone"):
        raise _Unclear("There is no command left to take back.")
    task = tasks_of(session, principal, UUID(command["task_id"]))
    if _member_id(session, task) != (member := UUID(command["member_id"]) if command["member_id"] else None):
        tasks.assign(session, principal, task.id, member)
    if task.status.value != command["status"]:
        tasks.change_status(session, principal, task.id, TaskStatus(command["status"]))
    last.source_data = {**last.source_data, "command": {**command, "undone": True}}
    session.add(last)
    return f"Taken back: “{task.title}” is as it was before."


def tasks_of(session: Session, principal: Principal, task_id: UUID) -> Task:
    """The workspace's task, as it is now."""
    task = session.get(Task, task_id)
    if task is None or task.team_id != principal.team_id or task.deleted_at is not None:
        raise _Unclear("That task is not there any more.")
    return task


def _task(session: Session, principal: Principal, item: InboxItem) -> Task:
    """The task meant: by code, by the thread that is answered, else the person's only open one."""
    thread_id = threads.find(session, item).thread_id
    codes = threads.codes(f"{item.subject or ''} {item.body}")
    if thread_id is not None and (task := threads.task_of(session, thread_id)) is not None:
        return task
    if codes:
        raise _Unclear(f"There is no case #{codes[0]}.")
    mine = session.exec(
        select(Task, InboxItem.thread_code)
        .outerjoin(InboxItem, col(InboxItem.id) == col(Task.inbox_item_id))
        .where(
            Task.team_id == principal.team_id,
            Task.team_member_id == _own_membership(session, principal),
            col(Task.status).in_(_OPEN),
            col(Task.deleted_at).is_(None),
        )
        .order_by(col(Task.created_at).desc())
        .limit(_MOST_LISTED + 1)
    ).all()
    if len(mine) == 1:
        return mine[0][0]
    if not mine:
        raise _Unclear("No open task is yours. Name the case, as in: done #K7Q2M4XP")
    listed = "; ".join(f"#{code} {task.title[:40]}" for task, code in mine[:_MOST_LISTED] if code)
    raise _Unclear(f"Which one? Name the case: {listed}" if listed else "Which one? Say it on the task's page.")


def _named(session: Session, principal: Principal, name: str) -> tuple[UUID, str]:
    people = session.exec(
        select(TeamMember.id, User.name)
        .join(User, col(User.id) == col(TeamMember.user_id))
        .where(TeamMember.team_id == principal.team_id)
    ).all()
    wanted = name.lower()
    exact = [(one, said) for one, said in people if said.lower() == wanted]
    found = exact or [(one, said) for one, said in people if wanted in said.lower().split()]
    if len(found) != 1:
        known = ", ".join(sorted(said for _, said in people))
        raise _Unclear(f"{'Nobody' if not found else 'More than one person'} here is called {name}. People: {known}")
    return found[0]


def _own_membership(session: Session, principal: Principal) -> UUID | None:
    return session.exec(
        select(TeamMember.id).where(TeamMember.team_id == principal.team_id, TeamMember.user_id == principal.user_id)
    ).first()


def _member_id(session: Session, task: Task) -> UUID | None:
    if task.team_member_id is not None or task.owner_id is None:
        return task.team_member_id
    return session.exec(
        select(TeamMember.id).where(TeamMember.team_id == task.team_id, TeamMember.user_id == task.owner_id)
    ).first()


def _answer(session: Session, item: InboxItem, said: str) -> None:
    key = f"command:{item.id}"
    channel = session.get(AssistantChannel, item.channel_id) if item.channel_id else None
    if item.source_type is SourceType.SMS:
        sender = channel.phone_number if channel else ""
        defer(session, "sms.send", to=item.from_identifier, body=said[:600], idempotency_key=key, sender=sender or "")
    else:
        subject = f"Re: {item.subject or 'your command'}"[:200]
        defer(session, "mail.send", to=item.from_identifier, subject=subject, text=said, idempotency_key=key)
