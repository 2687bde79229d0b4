"""The steps of a deletion, as tests take them."""

from datetime import timedelta

from jobs.handlers import account
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.farewell import asking
from taskjuggler_app.models import (
    AccountDeletion,
)

DUE = timedelta(days=14)


def ask(who: Principal, code: str = "") -> None:
    """Ask for it."""
    with transaction() as session:
        asking.ask(session, who, code, clock.utcnow())


def delete(who: Principal, after: timedelta = DUE) -> None:
    """Run the job after that long."""
    with clock.at(clock.utcnow() + after + timedelta(minutes=1)):
        account.delete(str(who.user_id))


def row(who: Principal) -> AccountDeletion | None:
    """What is kept of the asking."""
    with transaction() as session:
        return session.get(AccountDeletion, who.user_id)
