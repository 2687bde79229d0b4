"""Paying for a plan: asked for, told by the provider in any order and repeatedly, run out, not paid.

The reference of a charge is "<plan>:<user>", so that the provider's facts say what was bought. A month's end only moves
forward for the subscription that counts; an older subscription's facts change nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, money, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.ports import Charge, FactKind, PaymentFact
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.domain.plans.limits import GRACE, KINDS, PLANS
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.users import Plan, User

PURPOSE = "plan"
PATH = "/settings/plan"
_KEPT = "billing"
_OWNER = "Only who made the workspace chooses and pays its plan."


@dataclass
class LimitRow:
    """A limit: how much is used of how much; `near` warns before it bites."""

    what: str = ""
    used: str = ""
    most: str = ""
    near: bool = False


@dataclass
class PlanRow:
    """A plan on offer; `now` marks the one that counts."""

    key: str = ""
    label: str = ""
    price: str = ""
    allows: list[str] = field(default_factory=list)
    now: bool = False


@dataclass
class PlanView:
    """The page: what counts, until when, what is used, what else there is."""

    label: str = ""
    until: str = ""
    ends: bool = False
    problem: str = ""
    mine: bool = False
    paid: bool = False
    has_portal: bool = False
    limits: list[LimitRow] = field(default_factory=list)
    plans: list[PlanRow] = field(default_factory=list)


def view(session: Session, principal: Principal) -> PlanView:
    """How the workspace stands with its plan."""
    user = _payer(session, principal)
    counts = limits.of_team(session, principal.team_id)
    kept = _kept(user)
    rows = []
    for kind, words in KINDS.items():
        most, used = PLANS[counts].limits[kind], limits.used(session, principal.team_id, kind)
        near = most is not None and used >= most * limits.NEAR
        rows.append(LimitRow(words.capitalize() if words[0] != "A" else words, str(used), _most(most), near))
    return PlanView(
        label=PLANS[counts].label,
        until=user.plan_expires_at.isoformat() if user.plan_expires_at and user.plan is not Plan.FREE else "",
        ends=bool(kept.get("ends")),
        problem=kept.get("problem", ""),
        mine=user.id == principal.user_id,
        paid=user.plan is not Plan.FREE,
        has_portal=bool(user.stripe_customer_id),
        limits=rows,
        plans=[
            PlanRow(
                plan.value,
                terms.label,
                f"{money.shown(terms.price, 'USD')} a month" if terms.price else "Free",
                [f"{_most(terms.limits[kind])} {words}" for kind, words in KINDS.items()],
                plan is counts,
            )
            for plan, terms in PLANS.items()
        ],
    )


def charge(session: Session, principal: Principal, plan: str) -> Charge:
    """What the provider shall ask for every month. Conflict for the plan that is paid for already."""
    user = _payer(session, principal, lock=True)
    require(user.id == principal.user_id, _OWNER)
    if plan not in (Plan.PRO, Plan.ENTERPRISE):
        raise Invalid("Choose Pro or Enterprise.")
    wanted = Plan(plan)
    if user.plan is wanted and not _kept(user).get("ends"):
        raise Conflict(f"You have {PLANS[wanted].label} already.")
    return Charge(
        reference=f"{wanted.value}:{user.id}",
        amount=PLANS[wanted].price,
        currency="USD",
        description=f"TaskJuggler {PLANS[wanted].label}",
        return_url=f"{settings().public_url}{PATH}",
        purpose=PURPOSE,
        email=user.email,
        monthly=True,
        customer=user.stripe_customer_id or "",
    )


def subscription(session: Session, principal: Principal) -> str:
    """The subscription to end: the plan stays until what is paid for is over."""
    user = _payer(session, principal)
    require(user.id == principal.user_id, _OWNER)
    found = _kept(user).get("subscription", "")
    if user.plan is Plan.FREE or not found:
        raise Conflict("Nothing is paid for.")
    return found


def customer(session: Session, principal: Principal) -> str:
    """The provider's name of the payer, for its own pages."""
    user = _payer(session, principal)
    require(user.id == principal.user_id, _OWNER)
    if not user.stripe_customer_id:
        raise Conflict("Nothing was ever paid here.")
    return user.stripe_customer_id


def apply(session: Session, fact: PaymentFact) -> str:
    """What a provider tells of a plan. Returns a subscription that this one replaces, to be ended; "" for none."""
    plan, _, user_id = fact.reference.partition(":")
    if plan not in (Plan.PRO, Plan.ENTERPRISE):
        return ""
    try:
        found = UUID(user_id)
    except ValueError:
        return ""
    user = session.exec(select(User).where(User.id == found).with_for_update()).first()
    if user is None:
        return ""
    kept, replaced = dict(_kept(user)), ""
    until = _moment(fact.data.get("until"))
    current = kept.get("subscription", "")
    over = set(kept.get("over", "").split())
    if fact.kind is FactKind.SUBSCRIBED:
        if fact.object_id in over:
            return ""
        if fact.object_id != current:
            replaced = current
            kept = {"subscription": fact.object_id, "over": " ".join([*over, current]).strip()}
            user.plan_expires_at = until
        user.plan = Plan(plan)
        user.plan_expires_at = max(filter(None, (user.plan_expires_at, until)), default=None)
        user.stripe_customer_id = str(fact.data.get("customer") or "")[:255] or user.stripe_customer_id
        kept.pop("problem", None)
    elif fact.kind is FactKind.SUBSCRIPTION_ENDED:
        kept["over"] = " ".join([*over, fact.object_id]).strip()
        if fact.object_id == current:
            kept["ends"] = "yes"
            user.plan_expires_at = until or user.plan_expires_at or clock.utcnow()
    elif fact.kind in (FactKind.INVOICE_FAILED, FactKind.PAYMENT_FAILED) and user.plan is not Plan.FREE:
        kept["problem"] = f"The last payment failed. The plan stays for {GRACE.days} days after it runs out."
    else:
        return ""
    user.settings = {**user.settings, _KEPT: kept}
    session.add(user)
    _told(session, user, f"plan.{fact.kind.value}", kept.get("problem", ""))
    return replaced


def expire(session: Session, now: datetime) -> int:
    """Plans that ran out, and whose grace is over, become free; says how many."""
    due = session.exec(
        select(User)
        .where(col(User.plan) != Plan.FREE, col(User.plan_expires_at) <= now - GRACE)
        .with_for_update(skip_locked=True)
        .limit(200)
    ).all()
    for user in due:
        label = PLANS[user.plan].label
        user.plan, user.plan_expires_at = Plan.FREE, None
        user.settings = {**user.settings, _KEPT: {"over": _kept(user).get("over", "")}}
        session.add(user)
        _told(session, user, "plan.expired", f"{label} has run out. What you have stays; the Free plan's limits hold.")
    return len(due)


def _told(session: Session, user: User, kind: str, words: str) -> None:
    teams = session.exec(select(Team.id).where(Team.created_by == user.id)).all()
    for team_id in teams:
        data = {"plan": user.plan.value, "reason": words}
        record_event(session, Principal.system(team_id), kind=kind, subject_type="team", subject_id=team_id, data=data)
        live.publish(session, topics.team(team_id))
    if words and teams:
        key = f"{kind}:{user.id}:{clock.utcnow().date()}"
        notify(
            session, user.id, type="payment", title="Your plan", message=words, link=PATH, dedupe_key=key,
            team_id=teams[0],
        )  # fmt: skip


def _payer(session: Session, principal: Principal, *, lock: bool = False) -> User:
    query = select(User).join(Team, col(Team.created_by) == col(User.id)).where(Team.id == principal.team_id)
    user = session.exec(query.with_for_update(of=User) if lock else query).first()
    if user is None:
        raise NotFound("Nobody owns this workspace: an admin has to take it over first.")
    return user


def _kept(user: User) -> dict[str, str]:
    """What is remembered of the subscription: its id, whether it ends, what went wrong, those that are over."""
    return {str(key): str(value) for key, value in dict(user.settings.get(_KEPT) or {}).items()}


def _most(most: int | None) -> str:
    return "any number of" if most is None else f"{most:,}"


def _moment(said: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(said)) if said else None
    except ValueError:
        return None
