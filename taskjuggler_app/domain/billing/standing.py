"""A person's plan against the provider's own record of their subscriptions and invoices."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.domain.billing import subscriptions
from taskjuggler_app.domain.payments import checks, ledger
from taskjuggler_app.domain.payments.checks import Difference
from taskjuggler_app.models.users import Plan, User

_PAID = text(
    "SELECT coalesce(-sum(p.amount), 0) FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id "
    "WHERE p.account = :account AND starts_with(e.key, 'payment:emb_') = :embedded"
)


def names_at_provider(session: Session, user_id: UUID) -> tuple[str, str]:
    """What the provider calls the payer ("" before the first payment), and where they were last sent to pay."""
    user = session.get(User, user_id)
    customer = user.stripe_customer_id if user is not None else None
    return customer or "", checks.handle_of(session, checks.PLAN, str(user_id))


def reconcile(
    session: Session, user_id: UUID, history: Sequence[PaymentFact]
) -> tuple[Difference | None, frozenset[str]]:
    """Apply how the provider's subscriptions stand and what was paid; the difference that is left.

    Also says which subscriptions are to be ended, because another one counts.
    """
    mine = [fact for fact in history if fact.reference.endswith(f":{user_id}")]
    replaced = frozenset(subscriptions.apply(session, fact) for fact in mine) - {""}
    theirs = sum((fact.amount for fact in mine if fact.kind is FactKind.INVOICE_PAID), Decimal(0))
    embedded = checks.provider_name() == "embedded"
    values = {"account": ledger.plan_account(user_id), "embedded": embedded}
    ours = Decimal(session.execute(_PAID, values).scalar_one())
    currency = next((fact.currency for fact in mine), "USD")
    user = session.get(User, user_id)
    goes_on = user is not None and user.plan is not Plan.FREE
    found = checks.keep(session, checks.PLAN, str(user_id), theirs, ours, currency, goes_on=goes_on)
    return found, replaced
