"""What a provider tells of a plan, in any order and repeatedly: begun, changed, paid, not paid, over; and running out.

The reference of a charge is "<plan>:<user>", so that the provider's facts say what was bought. Facts carry their own
time: of the subscription that counts, an older fact changes nothing after a newer one. Money is a movement of the
ledger under the invoice's id, whatever becomes of the plan.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.payments import ledger
from taskjuggler_app.domain.plans.limits import GRACE, PLANS
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.users import Plan, User

PATH = "/settings/plan"
_KEPT = "billing"


def apply(session: Session, fact: PaymentFact) -> str:
    """Do what follows. Returns a subscription to be ended, because another one counts; "" for none."""
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
    if fact.kind is FactKind.INVOICE_PAID:
        _paid(session, user, Plan(plan), fact)
        return ""
    before, said = kept(user), dict(kept(user))
    at = float(fact.data.get("at") or 0)
    if at and at < float(before.get("at") or 0):
        return _late(session, user, fact)
    stood = _stands(user, before)
    replaced = _take(user, Plan(plan), fact, said)
    if replaced is None:
        return ""
    if at:
        said["at"] = str(at)
    keep(user, said)
    session.add(user)
    if _stands(user, said) != stood:
        told(session, user, f"plan.{fact.kind.value}", said.get("problem", ""))
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
        keep(user, {name: value for name, value in kept(user).items() if name in ("over", "subscription", "at")})
        session.add(user)
        told(session, user, "plan.expired", f"{label} has run out. What you have stays; the Free plan's limits hold.")
    return len(due)


def kept(user: User) -> dict[str, str]:
    """What is remembered: subscription, begins, ends, problem, over (subscriptions), at (time of the newest fact)."""
    return {str(key): str(value) for key, value in dict(user.settings.get(_KEPT) or {}).items()}


def keep(user: User, said: dict[str, str]) -> None:
    """Remember it."""
    user.settings = {**user.settings, _KEPT: said}


def live_subscription(user: User) -> str:
    """The subscription that is paid for now; "" for none."""
    said = kept(user)
    current = said.get("subscription", "")
    return current if user.plan is not Plan.FREE and current not in said.get("over", "").split() else ""


def told(session: Session, user: User, kind: str, words: str) -> None:
    """The log and the open pages of the payer's workspaces; a notification when there is something to say."""
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


def _take(user: User, plan: Plan, fact: PaymentFact, said: dict[str, str]) -> str | None:
    """Change the user and what is remembered; the subscription that is replaced, None when nothing follows."""
    current, over = said.get("subscription", ""), set(said.get("over", "").split())
    until = moment(fact.data.get("until"))
    replaced = ""
    if fact.kind is FactKind.SUBSCRIBED:
        if fact.object_id in over:
            return None
        newest = until
        if fact.object_id != current:
            replaced = current if current not in over else ""
            over |= {current}
        elif not fact.data.get("at"):
            newest = max(filter(None, (user.plan_expires_at, until)), default=None)
        user.plan, user.plan_expires_at = plan, newest
        user.stripe_customer_id = str(fact.data.get("customer") or "")[:255] or user.stripe_customer_id
        said.update(subscription=fact.object_id, begins=str(fact.data.get("begins") or ""))
        said.pop("problem", None)
        said["ends"] = "yes" if fact.data.get("ends") else ""
    elif fact.kind is FactKind.PAST_DUE and fact.object_id == current and user.plan is not Plan.FREE:
        user.plan_expires_at = until or user.plan_expires_at
        said["problem"] = _unpaid(user)
    elif fact.kind is FactKind.SUBSCRIPTION_ENDED:
        over |= {fact.object_id}
        if fact.object_id == current and user.plan is not Plan.FREE:
            said["ends"] = "yes"
            user.plan_expires_at = until or user.plan_expires_at or clock.utcnow()
    elif fact.kind in (FactKind.INVOICE_FAILED, FactKind.PAYMENT_FAILED) and user.plan is not Plan.FREE:
        said["problem"] = _unpaid(user)
    else:
        return None
    said["over"] = " ".join(sorted(over - {""}))
    return replaced


def _stands(user: User, said: dict[str, str]) -> tuple[object, ...]:
    """What a fact may change, but for its time."""
    return user.plan, user.plan_expires_at, user.stripe_customer_id, {**said, "at": ""}


def _late(session: Session, user: User, fact: PaymentFact) -> str:
    """A fact that a newer one overtook. A second subscription that nobody wants is ended."""
    said = kept(user)
    over = set(said.get("over", "").split())
    known = over | {said.get("subscription", "")}
    if fact.kind is FactKind.SUBSCRIBED and fact.object_id not in known and live_subscription(user):
        said["over"] = " ".join(sorted(over | {fact.object_id}))
        keep(user, said)
        session.add(user)
        return fact.object_id
    return ""


def _paid(session: Session, user: User, plan: Plan, fact: PaymentFact) -> None:
    lines = {ledger.PROVIDER: fact.amount, ledger.plan_account(user.id): -fact.amount}
    memo = f"TaskJuggler {PLANS[plan].label}"
    if ledger.post(session, f"payment:{fact.object_id}", "plan", fact.currency, lines, memo=memo):
        told(session, user, "plan.paid", "")


def _unpaid(user: User) -> str:
    label = PLANS[user.plan].label
    return (
        f"The last payment failed. {label} stays for {GRACE.days} days after it runs out: see to the card until then."
    )


def moment(said: object) -> datetime | None:
    """A time of a fact; None for none."""
    try:
        return datetime.fromisoformat(str(said)) if said else None
    except ValueError:
        return None
