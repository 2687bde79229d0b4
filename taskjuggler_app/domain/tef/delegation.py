"""Handing one of our tasks to an actor: what must hold, the exchange, and taking it back with all that came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Conflict, Forbidden, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import policy as task_policy
from taskjuggler_app.domain.tasks import queries as task_queries
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tef import actors, capabilities, conversations, outgoing, permissions, policy, relationships
from taskjuggler_app.domain.tef.trust import THRESHOLD
from taskjuggler_app.models.exchange import Exchange, ExchangeState, Kind, Side
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.tef import Actor, ActorStatus, Relationship

OPEN = (ExchangeState.PENDING, ExchangeState.ACCEPTED, ExchangeState.IN_PROGRESS, ExchangeState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the task needs and may cost."""

    scopes: tuple[str, ...] = ()
    budget: Decimal | None = None
    currency: str = "USD"


def refusals(
    session: Session, source: Actor, target: Actor, known: Relationship | None, terms: Terms, path: Sequence[str]
) -> list[str]:
    """Every reason why `target` may not be given the task, as sentences; none when it may."""
    now, name = clock.utcnow(), target.display_name
    if known is None or not relationships.in_force(known, now):
        return [f"{source.display_name} and {name} have no relationship in force."]
    said = []
    if target.status is not ActorStatus.ACTIVE:
        said.append(f"{name} is {target.status}.")
    allows = known.permissions
    if not permissions.allows(allows, "create_task"):
        said.append(f"The relationship with {name} allows no tasks.")
    trust = relationships.ledger(session, known, now).score
    if trust < THRESHOLD:
        said.append(f"{name} is trusted {trust} of 100; below {THRESHOLD} nothing is delegated.")
    lacking = capabilities.missing(target.capabilities, terms.scopes)
    if lacking:
        said.append(f"{name} does not say that it can do {', '.join(lacking)}.")
    beyond = permissions.outside(allows, [scope.partition("@")[0] for scope in terms.scopes])
    if beyond:
        said.append(f"Outside what the relationship allows: {', '.join(beyond)}.")
    limit = permissions.at_most(allows, "max_budget")
    if limit is not None and (terms.budget or Decimal(0)) > limit:
        said.append(f"The budget is over the {limit} that the relationship allows.")
    if str(target.id) in path:
        said.append(f"{name} had this task before: it would go in circles.")
    depth = permissions.at_most(allows, "max_depth")
    if len(path) > (permissions.DEPTH if depth is None else min(int(depth), permissions.DEPTH)):
        said.append(f"The task was handed on {len(path)} times already.")
    return said


def delegate(
    session: Session, principal: Principal, task_id: UUID, target_id: UUID, terms: Terms | None = None
) -> Exchange:
    """Hand the task to an actor. Raises NotFound, Conflict when it is handed on already, Forbidden with the reasons."""
    terms = terms or Terms()
    require(policy.can_delegate(principal), "Only people of the workspace hand tasks on.")
    task = task_queries.get_for_update(session, principal, task_id)
    doer = task_queries.doer_id(session, task)
    may = task_policy.can_assign(principal, task, doer)
    require(may, "Only the one who does this task, its requestor or an admin can hand it on.")
    if _current(session, task_id, Side.REQUESTOR) is not None:
        raise Conflict("This task is handed on already. Take it back first.")
    target = actors.get(session, principal, target_id)
    source = conversations.speaking_to(session, principal, target_id)
    known = relationships.between(session, source.id, target.id, lock=True)
    parent = _current(session, task_id, Side.DOER)
    if parent is not None and parent.revoked_at is not None:
        raise Forbidden("The one who gave us this task has taken it back.")
    path = [*(parent.path if parent else []), *([str(parent.target_actor_id)] if parent else [])]
    said = refusals(session, source, target, known, terms, path)
    if said or known is None:
        raise Forbidden(" ".join(said))
    allowed = permissions.narrowed(parent.permissions, known.permissions) if parent else known.permissions
    left = _budget(parent, terms)
    return _hand_over(session, principal, task, source, target, parent, allowed, terms, left, path)


def revoke(session: Session, principal: Principal, exchange_id: UUID) -> int:
    """Take a task back from whoever has it, and from all they handed it on to; says how many that were.

    Each of them is refused at its next message.
    """
    found = session.exec(select(Exchange).where(Exchange.id == exchange_id).with_for_update()).first()
    if found is None or found.team_id != principal.team_id or found.side is not Side.REQUESTOR:
        raise NotFound
    require(policy.can_delegate(principal), "Only people of the workspace take tasks back.")
    if found.revoked_at is not None:
        raise Conflict("It was taken back already.")
    return sum(_revoke(session, one) for one in _descendants(session, found))


def exchanges(session: Session, principal: Principal, task_id: UUID) -> list[Exchange]:
    """Where the task came from and where it went, oldest first."""
    query = select(Exchange).where(Exchange.task_id == task_id, Exchange.team_id == principal.team_id)
    return list(session.exec(query.order_by(col(Exchange.created_at))))


def _hand_over(
    session: Session,
    principal: Principal,
    task: Task,
    source: Actor,
    target: Actor,
    parent: Exchange | None,
    allowed: dict[str, object],
    terms: Terms,
    budget: Decimal | None,
    path: list[str],
) -> Exchange:
    made = Exchange(
        team_id=principal.team_id,
        task_id=task.id,
        task_ref=uuid4(),
        source_actor_id=source.id,
        target_actor_id=target.id,
        side=Side.REQUESTOR,
        parent_id=parent.id if parent else None,
        permissions=allowed,
        depth=len(path),
        path=path,
        budget=budget,
        currency=terms.currency if budget is not None else None,
        created_at=clock.utcnow(),
    )
    session.add(made)
    session.flush()
    task.meta = {**task.meta, tasks.FOLLOWED: True}
    if task_queries.doer_id(session, task) is None:
        task.owner_id = principal.user_id  # somebody here stays accountable
    session.add(task)
    tasks.record(session, principal, task, "handed_on", {"to": target.display_name, "actor": str(target.id)})
    payload = {
        "title": task.title,
        "description": (task.description or "")[:20_000],
        "priority": task.priority.value,
        "due_date": task.due_date.isoformat() if task.due_date else None,
        "tags": [str(tag)[:50] for tag in task.tags][:20],
        "scopes": list(terms.scopes),
        "budget": {"amount": str(budget), "currency": terms.currency} if budget is not None else None,
        "depth": len(path),
        "path": path,
    }
    outgoing.send(session, made, Kind.TASK_CREATE, payload, source=source.id, target=target.id)
    conversations.show_task(session, principal, source.id, target.id, task)
    return made


def _budget(parent: Exchange | None, terms: Terms) -> Decimal | None:
    """What may be spent further down: never more than what came from above."""
    if parent is None or parent.budget is None:
        return terms.budget
    if terms.budget is not None and (terms.budget > parent.budget or terms.currency != parent.currency):
        raise Forbidden(f"The task came with a budget of {parent.budget} {parent.currency}.")
    return terms.budget if terms.budget is not None else parent.budget


def _current(session: Session, task_id: UUID, side: Side) -> Exchange | None:
    query = select(Exchange).where(Exchange.task_id == task_id, Exchange.side == side, col(Exchange.state).in_(OPEN))
    rows = session.exec(query.order_by(col(Exchange.created_at).desc())).all()
    return next((row for row in rows if side is Side.DOER or row.revoked_at is None), None)


def _descendants(session: Session, root: Exchange) -> list[Exchange]:
    """The exchange and everything below it, across workspaces of this installation, each locked."""
    found, seen, level = [root], {root.id}, [root]
    while level:
        ids = [one.id for one in level]
        mirrors = [
            select(Exchange).where(
                Exchange.task_ref == one.task_ref,
                Exchange.source_actor_id == one.source_actor_id,
                Exchange.id != one.id,
            )
            for one in level
        ]
        children = select(Exchange).where(col(Exchange.parent_id).in_(ids))
        level = []
        for query in (children, *mirrors):
            for one in session.exec(query.with_for_update()):
                if one.id not in seen:
                    seen.add(one.id)
                    found.append(one)
                    level.append(one)
    return found


def _revoke(session: Session, one: Exchange) -> int:
    if one.revoked_at is not None or one.state not in OPEN:
        return 0
    now = clock.utcnow()
    one.revoked_at, one.updated_at = now, now
    session.add(one)
    if one.side is Side.DOER:  # the CANCEL that comes ends it, and the task with it
        session.flush()
        return 0
    one.state = ExchangeState.CANCELLED
    session.flush()
    source, target = one.source_actor_id, one.target_actor_id
    outgoing.send(session, one, Kind.CANCEL, {"reason": "Taken back."}, source=source, target=target)
    return 1
