"""Money: orders to the provider, what it tells, the comparison of its record with ours."""

from typing import Any
from uuid import UUID

from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.embedded_payments import EVENT
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.billing import standing, subscriptions
from taskjuggler_app.domain.payments import checks, events, operations, reconcile
from taskjuggler_app.models.payments import OperationKind


@job(operations.CARRY_OUT, retries=Backoff(attempts=10, first=2.0))
def carry_out(operation_id: str) -> None:
    """Tell the provider, outside any transaction; its answer and its webhook record the same thing once."""
    found_id = UUID(operation_id)
    with transaction() as session:
        asked = operations.to_carry_out(session, found_id)
    if asked is None:
        return
    kind, order = asked
    provider = registry.payments()
    try:
        done = provider.transfer(order) if kind is OperationKind.TRANSFER else provider.refund(order)
    except VendorError as error:
        with transaction() as session:
            operations.refused(session, found_id, str(error), for_good=not error.retryable)
        if error.retryable:
            raise
        return
    with transaction() as session:
        operations.done(session, found_id, done)


@job(events.HANDLE)
def handle_event(event_id: str) -> None:
    """Apply what a provider told us."""
    with transaction() as session:
        events.handle(session, event_id)


@job(EVENT)
def embedded_event(fact: dict[str, Any]) -> None:
    """The embedded provider's webhook."""
    with transaction() as session:
        events.store(session, "embedded", events.read(fact))


@job(checks.CHECK, retries=Backoff(attempts=3))
def check(purpose: str, reference: str) -> None:
    """Compare one payment, booking or plan with the provider's own record."""
    if purpose == checks.PLAN:
        _check_plan(UUID(reference))
        return
    history = registry.payments().history(reference)
    with transaction() as session:
        if purpose == checks.BOOKING:
            reconcile.booking(session, reference, history)
        else:
            reconcile.payment(session, UUID(reference), history, clock.utcnow())


@job(events.PLANNED, retries=Backoff(attempts=8))
def plan_fact(fact: dict[str, Any]) -> None:
    """What a provider tells of a plan; a subscription that it replaces is ended."""
    with transaction() as session:
        replaced = subscriptions.apply(session, events.read(fact))
    if replaced:
        registry.payments().end_subscription(replaced)


def _check_plan(user_id: UUID) -> None:
    with transaction() as session:
        customer, checkout = standing.names_at_provider(session, user_id)
    provider = registry.payments()
    history = provider.plan_history(customer, checkout) if customer or checkout else []
    with transaction() as session:
        _, replaced = standing.reconcile(session, user_id, history)
    for subscription in replaced:
        provider.end_subscription(subscription)
