"""The plan of a workspace: how it stands, what another one costs now, how it is begun, changed and ended."""

from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, money
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.ports import Charge
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.billing import proration
from taskjuggler_app.domain.billing.subscriptions import PATH, kept, live_subscription, moment
from taskjuggler_app.domain.payments import checks, ledger
from taskjuggler_app.domain.payments.paper import number_of
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.domain.plans.limits import KINDS, PLANS
from taskjuggler_app.models.payments import LedgerEntry, LedgerPosting
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.users import Plan, User

PURPOSE = checks.PLAN
CURRENCY = "USD"
_OWNER = "Only who made the workspace chooses and pays its plan."


@dataclass
class LimitRow:
    """How much is used of how much, `share` percent of it (-1 without a limit); `near` warns before it bites."""

    what: str = ""
    used: str = ""
    most: str = ""
    near: bool = False
    share: int = -1


@dataclass
class PlanRow:
    """A plan on offer; `now` marks the one that counts. deed: begin, change, end, or nothing."""

    key: str = ""
    label: str = ""
    price: str = ""
    allows: list[str] = field(default_factory=list)
    now: bool = False
    deed: str = ""
    button: str = ""


@dataclass
class PaidRow:
    """What was paid once for a plan."""

    at: str = ""
    what: str = ""
    amount: str = ""
    number: str = ""
    href: str = ""


@dataclass
class PlanView:
    """The page: what counts, until when, what is used, what else there is."""

    label: str = ""
    until: str = ""
    ends: bool = False
    problem: str = ""
    mine: bool = False
    has_portal: bool = False
    limits: list[LimitRow] = field(default_factory=list)
    plans: list[PlanRow] = field(default_factory=list)
    paid: list[PaidRow] = field(default_factory=list)


@dataclass
class Quote:
    """What a change of plan does, said before it is done."""

    plan: str = ""
    title: str = ""
    words: str = ""
    button: str = ""


def view(session: Session, principal: Principal) -> PlanView:
    """How the workspace stands with its plan."""
    user = payer(session, principal)
    counts = limits.of_team(session, principal.team_id)
    said, mine = kept(user), user.id == principal.user_id
    rows = []
    for kind, words in KINDS.items():
        most, used = PLANS[counts].limits[kind], limits.used(session, principal.team_id, kind)
        name = words if words[0] == "A" else words.capitalize()
        share = -1 if most is None else min(100, round(100 * used / max(most, 1)))
        rows.append(LimitRow(name, f"{used:,}", _most(most).capitalize(), limits.is_near(used, most), share))
    return PlanView(
        label=PLANS[counts].label,
        until=user.plan_expires_at.isoformat() if user.plan_expires_at and user.plan is not Plan.FREE else "",
        ends=bool(said.get("ends")),
        problem=said.get("problem", ""),
        mine=mine,
        has_portal=bool(user.stripe_customer_id),
        limits=rows,
        plans=[_offer(user, plan, counts) for plan in PLANS],
        paid=_payments(session, user) if mine else [],
    )


def charge(session: Session, principal: Principal, plan: str) -> Charge:
    """What the provider shall ask for every month. Conflict while a plan is paid for: that one is changed."""
    user, wanted = _choosing(session, principal, plan)
    if live_subscription(user):
        raise Conflict(f"You pay for {PLANS[user.plan].label} already: change that.")
    checks.watch(session, PURPOSE, str(user.id))
    return _charge(user, wanted)


def remember_checkout(session: Session, principal: Principal, checkout_id: str) -> None:
    """Keep where the payer was sent to pay: before the first payment nothing else finds it at the provider."""
    checks.watch(session, PURPOSE, str(payer(session, principal).id), checkout_id)


def quote(session: Session, principal: Principal, plan: str) -> Quote:
    """What changing to a plan costs now and later."""
    user, wanted = _choosing(session, principal, plan)
    _require_change(user, wanted)
    terms, price = PLANS[wanted], money.shown(PLANS[wanted].price, CURRENCY)
    if user.plan is wanted:
        words = f"{terms.label} does not end: it goes on for {price} a month. Nothing is due now."
        return Quote(wanted.value, f"Go on with {terms.label}?", words, f"Go on with {terms.label}")
    due = _due(user, wanted)
    if due >= 0:
        words = f"{money.shown(due, CURRENCY)} for the rest of this month are charged now, then {price} a month."
    else:
        words = (
            f"{money.shown(-due, CURRENCY)} of this month are kept for your next payments, then it is {price} a month. "
            "What you have stays; more of it is refused above the smaller limits."
        )
    return Quote(wanted.value, f"Change to {terms.label}?", words, f"Change to {terms.label}")


def change(session: Session, principal: Principal, plan: str) -> tuple[str, Charge]:
    """The subscription that is paid for, and what it shall ask for from now on."""
    user, wanted = _choosing(session, principal, plan)
    _require_change(user, wanted)
    return live_subscription(user), _charge(user, wanted)


def subscription(session: Session, principal: Principal) -> str:
    """The subscription to end: the plan stays until what is paid for is over."""
    user = payer(session, principal)
    require(user.id == principal.user_id, _OWNER)
    found = live_subscription(user)
    if not found:
        raise Conflict("Nothing is paid for.")
    return found


def customer(session: Session, principal: Principal) -> str:
    """The provider's name of the payer, for its own pages."""
    user = payer(session, principal)
    require(user.id == principal.user_id, _OWNER)
    if not user.stripe_customer_id:
        raise Conflict("Nothing was ever paid here.")
    return user.stripe_customer_id


def payer(session: Session, principal: Principal, *, lock: bool = False) -> User:
    """Who made the workspace. NotFound when nobody owns it any more."""
    query = select(User).join(Team, col(Team.created_by) == col(User.id)).where(Team.id == principal.team_id)
    user = session.exec(query.with_for_update(of=User) if lock else query).first()
    if user is None:
        raise NotFound("Nobody owns this workspace: an admin has to take it over first.")
    return user


def _choosing(session: Session, principal: Principal, plan: str) -> tuple[User, Plan]:
    user = payer(session, principal, lock=True)
    require(user.id == principal.user_id, _OWNER)
    if plan not in (Plan.PRO, Plan.ENTERPRISE):
        raise Invalid("Choose Pro or Enterprise.")
    return user, Plan(plan)


def _require_change(user: User, wanted: Plan) -> None:
    said = kept(user)
    if not live_subscription(user):
        raise Conflict("Nothing is paid for yet: choose a plan first.")
    if user.plan is wanted and not said.get("ends"):
        raise Conflict(f"You have {PLANS[wanted].label} already.")
    if said.get("problem"):
        raise Conflict("The last payment failed. See to the card first, then change the plan.")


def _charge(user: User, plan: Plan) -> Charge:
    return Charge(
        reference=f"{plan.value}:{user.id}",
        amount=PLANS[plan].price,
        currency=CURRENCY,
        description=f"TaskJuggler {PLANS[plan].label}",
        return_url=f"{settings().public_url}{PATH}",
        purpose=PURPOSE,
        email=user.email,
        monthly=True,
        customer=user.stripe_customer_id or "",
    )


def _due(user: User, wanted: Plan) -> Decimal:
    until = user.plan_expires_at
    if until is None:
        return Decimal(0)
    begins = moment(kept(user).get("begins")) or until - proration.MONTH
    old, new = PLANS[user.plan].price, PLANS[wanted].price
    return proration.difference(old, new, begins, until, clock.utcnow(), CURRENCY)


def _offer(user: User, plan: Plan, counts: Plan) -> PlanRow:
    terms, live, ends = PLANS[plan], bool(live_subscription(user)), bool(kept(user).get("ends"))
    deed, button = "", ""
    if plan is Plan.FREE:
        deed, button = ("end", "Go back to Free") if live and not ends else ("", "")
    elif not live:
        deed, button = "begin", f"Choose {terms.label}"
    elif plan is user.plan:
        deed, button = ("change", f"Go on with {terms.label}") if ends else ("", "")
    else:
        deed, button = "change", f"Change to {terms.label}"
    return PlanRow(
        plan.value,
        terms.label,
        f"{money.shown(terms.price, CURRENCY)} a month" if terms.price else "Free",
        [f"{_most(terms.limits[kind]).capitalize()} {words}" for kind, words in KINDS.items()],
        plan is counts,
        deed,
        button,
    )


def _payments(session: Session, user: User) -> list[PaidRow]:
    rows = session.exec(
        select(LedgerEntry, col(LedgerPosting.amount))
        .join(LedgerPosting, col(LedgerPosting.entry_id) == col(LedgerEntry.id))
        .where(LedgerPosting.account == ledger.plan_account(user.id))
        .order_by(col(LedgerEntry.created_at).desc(), col(LedgerEntry.id))
        .limit(24)
    ).all()
    return [
        PaidRow(
            entry.created_at.isoformat(),
            entry.memo,
            money.shown(-amount, entry.currency),
            number_of(str(entry.id)),
            f"/receipts/plan/{entry.id}",
        )
        for entry, amount in rows
    ]


def _most(most: int | None) -> str:
    return "any number of" if most is None else f"{most:,}"
