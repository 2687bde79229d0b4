"""What the network pages show: the actors around a workspace, one of them whole, its deliveries and its quarantine."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import literal
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, or_, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.teams.faces import face_of
from taskjuggler_app.domain.tef import (
    actors,
    capabilities,
    devices,
    exchange,
    keys,
    mailbox,
    permissions,
    relationships,
    rules,
    talks,
    trust,
)
from taskjuggler_app.domain.tef.rows import (
    ActorDetail,
    ActorRow,
    ChangeRow,
    EnvelopeRow,
    HandedRow,
    KeyRow,
    PointRow,
    RuleRow,
)
from taskjuggler_app.models.exchange import EnvelopeLog, Exchange, Kind
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.tef import Actor, ActorStatus, ActorType, Relationship, RelationshipHistory

MOST = 300


def network(session: Session, principal: Principal, can_do: Collection[str] = ()) -> list[ActorRow]:
    """The actors the principal sees that have all of the capabilities, those with a relationship first, by name.

    A capability is a type, with or without a least version (`text.summarise@2.1`).
    """
    actors.of_team(session, principal.team_id)
    actors.own(session, principal)
    query = select(Actor).where(actors.visible(session, principal), Actor.status != ActorStatus.DELETED)
    for kind in can_do:
        query = query.where(col(Actor.capabilities).contains([{"type": kind.partition("@")[0].strip().lower()}]))
    asked = session.exec(query.order_by(col(Actor.display_name)).limit(MOST))
    found = [
        actor for actor in asked if not capabilities.missing(actor.capabilities, [one_.lower() for one_ in can_do])
    ]
    known = _relations(session, principal, found)
    trusts = relationships.scores(session, {one_.id for one_ in known.values()}, clock.utcnow())
    new = talks.unread_by_actor(session, principal)
    faces = _faces(session, principal, found)
    rows = [
        replace(
            _row(principal, actor, known.get(actor.id), trusts),
            unread=new.get(actor.id, 0),
            picture=faces.get(actor.id, ""),
        )
        for actor in found
    ]
    return sorted(rows, key=lambda row: (row.relation == "", row.name.lower()))


def one(session: Session, principal: Principal, actor_id: UUID) -> ActorDetail:
    """One actor. NotFound unless the principal sees it."""
    actor = actors.get(session, principal, actor_id)
    known = _relations(session, principal, [actor]).get(actor.id)
    trusts = relationships.scores(session, [known.id] if known else [], clock.utcnow())
    detail = ActorDetail(_row(principal, actor, known, trusts), contact=actors.address(actor) or "")
    detail.row.picture = _faces(session, principal, [actor]).get(actor.id, "")
    detail.may_change = principal.is_admin and detail.row.ours
    if detail.may_change:
        names = {"id": "id", "kind": "kind", "prefix": "prefix", "created_at": "made_at", "expires_at": "ends_at"}
        detail.live_keys = [
            KeyRow(**{names[key]: value or "" for key, value in row.items()}) for row in keys.listed(actor)
        ]
    detail.handed = _handed(session, principal, actor)
    if known is not None:
        now = clock.utcnow()
        ledger = relationships.ledger(session, known, now)
        detail.points = [_point(point) for point in ledger.points]
        detail.raises = trust.raises(ledger, now)
        detail.changes = [_change(row) for row in relationships.history(session, principal, known.id)[:30]]
        detail.may = _may(known.permissions)
    return detail


def deliveries(session: Session, principal: Principal, cursor: str = "") -> tuple[list[EnvelopeRow], str]:
    """A page of the delivery log, newest first, and the cursor of the next."""
    page = mailbox.log(session, principal, cursor)
    return _envelopes(session, principal, page.rows), page.next_cursor


def held(session: Session, principal: Principal) -> list[EnvelopeRow]:
    """Tasks of strangers that wait for a decision."""
    return _envelopes(session, principal, exchange.quarantine(session, principal))


def rule_rows(session: Session, principal: Principal) -> list[RuleRow]:
    """The delegation rules in the order they are asked."""
    found = rules.listed(session, principal)
    names = _names(session, {rule.delegatee_actor_id for rule in found})
    return [
        RuleRow(
            str(rule.id),
            rules.sentence(rule),
            names.get(rule.delegatee_actor_id, ""),
            ", ".join(rules.scopes_of(rule)),
            rule.is_active,
        )
        for rule in found
    ]


def _faces(session: Session, principal: Principal, found: Iterable[Actor]) -> dict[UUID, str]:
    """Actor -> the picture of the colleague whom it stands for; a device that they claimed has none."""
    ids = [actor.id for actor in found if actor.actor_type is ActorType.HUMAN]
    query = sa_select(col(Actor.id), face_of(col(Actor.user_id), literal(principal.team_id)))
    return {actor_id: picture for actor_id, picture in session.execute(query.where(col(Actor.id).in_(ids))) if picture}


def _relations(session: Session, principal: Principal, found: Iterable[Actor]) -> dict[UUID, Relationship]:
    """Actor -> its relationship with us."""
    ours = set(session.exec(actors.ours(principal)))
    ids = [actor.id for actor in found]
    rows = session.exec(
        select(Relationship).where(or_(col(Relationship.actor_a_id).in_(ids), col(Relationship.actor_b_id).in_(ids)))
    )
    known: dict[UUID, Relationship] = {}
    for row in rows:
        for one_, other in ((row.actor_a_id, row.actor_b_id), (row.actor_b_id, row.actor_a_id)):
            if other in ours:
                known.setdefault(one_, row)
    return known


def _row(principal: Principal, actor: Actor, known: Relationship | None, trusts: Mapping[UUID, Decimal]) -> ActorRow:
    now = clock.utcnow()
    return ActorRow(
        id=str(actor.id),
        name=actor.display_name,
        kind=actor.actor_type.value,
        status=actor.status.value,
        relation=known.relationship_type.value.lower() if known else "",
        relationship_id=str(known.id) if known else "",
        trust=str(trusts[known.id]) if known else "",
        tasks=known.task_count if known else 0,
        capabilities=", ".join(str(one_["type"]) for one_ in actor.capabilities),
        seen_at=_iso(actor.last_seen_at),
        silent=devices.is_silent(actor, now),
        ours=actor.team_id == principal.team_id or (actor.user_id is not None and actor.user_id == principal.user_id),
    )


def _point(point: trust.Point) -> PointRow:
    return PointRow(
        point.event.outcome.value, _iso(point.event.at), f"{point.weight:+}", f"{point.decay:.0%}", f"{point.counts:+}"
    )


def _change(row: RelationshipHistory) -> ChangeRow:
    new = row.new_values or {}
    said = "; ".join(f"{name}: {value}" for name, value in new.items() if value not in (None, {}, ""))
    return ChangeRow(row.change_type.value.replace("_", " "), _iso(row.created_at), said)


def _may(allows: dict[str, Any]) -> list[str]:
    words = {"create_task": "send tasks", "message": "write messages", "delegate": "hand tasks on",
             "see_status": "see how tasks stand"}  # fmt: skip
    said = [text for flag, text in words.items() if permissions.allows(allows, flag)]
    limit, depth = permissions.at_most(allows, "max_budget"), permissions.at_most(allows, "max_depth")
    if limit is not None:
        said.append(f"budgets up to {limit}")
    if depth is not None:
        said.append(f"handed on at most {depth} times")
    if "scopes" in allows:
        said.append("only " + ", ".join(allows["scopes"]))
    return said


def _handed(session: Session, principal: Principal, actor: Actor) -> list[HandedRow]:
    query = (
        select(Exchange, Task.title)
        .outerjoin(Task, col(Task.id) == col(Exchange.task_id))
        .where(
            Exchange.team_id == principal.team_id,
            or_(Exchange.source_actor_id == actor.id, Exchange.target_actor_id == actor.id),
        )
        .order_by(col(Exchange.created_at).desc())
        .limit(50)
    )
    return [
        HandedRow(
            str(row.id),
            str(row.task_id or ""),
            title or "A deleted task",
            "taken back" if row.revoked_at else row.state.value.lower().replace("_", " "),
            row.target_actor_id == actor.id,
            row.progress,
            row.revoked_at is None and row.state.value not in ("COMPLETED", "CANCELLED"),
        )
        for row, title in session.exec(query)
    ]


def _envelopes(session: Session, principal: Principal, rows: list[EnvelopeLog]) -> list[EnvelopeRow]:
    names = _names(session, {row.source_actor_id for row in rows} | {row.target_actor_id for row in rows})
    return [
        EnvelopeRow(
            str(row.id),
            row.kind.value,
            names.get(row.source_actor_id, ""),
            names.get(row.target_actor_id, ""),
            row.state.value in ("queued", "delivered", "failed"),
            row.state.value,
            row.reason or "",
            row.attempts,
            _iso(row.created_at),
            str(row.body.get("payload", {}).get("title", "")) if row.kind is Kind.TASK_CREATE else "",
        )
        for row in rows
    ]


def _names(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    return dict(session.exec(select(Actor.id, Actor.display_name).where(col(Actor.id).in_(ids))).all())


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
