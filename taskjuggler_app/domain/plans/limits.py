"""Plans and what each allows: the one place that says so, and the one function that refuses.

A workspace has the plan of who made it. A plan that ran out or was not paid counts for three more days, then as free.
Nothing is taken away by a smaller plan: what is there stays, only more of it is refused.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import LimitReached
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.ai_tools import AIToolConfig, AIToolExecution
from taskjuggler_app.models.receptionist import AssistantChannel
from taskjuggler_app.models.sitehealth import Site
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.users import Plan, User

GRACE = timedelta(days=3)
NEAR = 0.8
"""From this share of a limit on a page warns."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan costs a month and allows; None is no limit."""

    label: str
    price: Decimal
    limits: dict[str, int | None]


KINDS = {
    "members": "people",
    "channels": "channels",
    "sites": "sites",
    "tools": "AI tools",
    "runs": "tool runs a month",
}
PLANS = {
    Plan.FREE: Terms("Free", Decimal(0), {"members": 10, "channels": 12, "sites": 10, "tools": 8, "runs": 200}),
    Plan.PRO: Terms("Pro", Decimal(29), {"members": 50, "channels": 60, "sites": 100, "tools": 30, "runs": 5_000}),
    Plan.ENTERPRISE: Terms("Enterprise", Decimal(149), dict.fromkeys(KINDS)),
}


def effective(plan: Plan, expires_at: datetime | None, now: datetime) -> Plan:
    """What counts now of what was paid for: pure."""
    if plan is not Plan.FREE and expires_at is not None and expires_at + GRACE <= now:
        return Plan.FREE
    return plan


def of_team(session: Session, team_id: UUID) -> Plan:
    """The plan that counts for a workspace now."""
    query = select(User.plan, User.plan_expires_at).join(Team, col(Team.created_by) == col(User.id))
    found = session.exec(query.where(Team.id == team_id)).first()
    return Plan.FREE if found is None else effective(Plan(found[0]), found[1], clock.utcnow())


def used(session: Session, team_id: UUID, kind: str) -> int:
    """How much of a limit is used."""
    return int(session.exec(_count(team_id, kind)).one())


def require_room(session: Session, principal: Principal, kind: str) -> None:
    """LimitReached when one more would be more than the plan allows."""
    plan = of_team(session, principal.team_id)
    most = PLANS[plan].limits[kind]
    if most is not None and used(session, principal.team_id, kind) >= most:
        raise LimitReached(
            f"The {PLANS[plan].label} plan has {most} {KINDS[kind]}. Choose a larger plan at Settings → Plan."
        )


def is_near(used: int, most: int | None) -> bool:
    """Whether a page warns: pure."""
    return most is not None and used >= most * NEAR


def warning(session: Session, principal: Principal, kind: str) -> str:
    """What the place where a limit bites says before it does; "" while there is room."""
    plan = of_team(session, principal.team_id)
    most, have = PLANS[plan].limits[kind], used(session, principal.team_id, kind)
    if most is None or not is_near(have, most):
        return ""
    if have >= most:
        return f"All {most:,} {KINDS[kind]} of the {PLANS[plan].label} plan are used: one more needs a larger plan."
    return f"{have:,} of the {PLANS[plan].label} plan's {most:,} {KINDS[kind]} are used."


def _count(team_id: UUID, kind: str) -> Any:
    first = clock.utcnow().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counted: dict[str, tuple[Any, ...]] = {
        "members": (TeamMember.team_id == team_id,),
        "channels": (AssistantChannel.team_id == team_id, AssistantChannel.is_active),
        "sites": (Site.team_id == team_id,),
        "tools": (AIToolConfig.team_id == team_id, AIToolConfig.is_active),
        "runs": (AIToolExecution.team_id == team_id, AIToolExecution.created_at >= first),
    }
    return select(func.count()).where(*counted[kind])
