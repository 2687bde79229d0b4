"""The receipt of what was paid for a plan."""

from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.payments import ledger
from taskjuggler_app.domain.payments.paper import Paper, number_of
from taskjuggler_app.models.payments import LedgerEntry, LedgerPosting
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.users import User


def of_plan(session: Session, principal: Principal, entry_id: UUID) -> Paper:
    """What the principal themselves paid. NotFound for anybody else's."""
    user = session.get(User, principal.user_id) if principal.user_id else None
    if user is None:
        raise NotFound
    found = session.exec(
        select(LedgerEntry, LedgerPosting)
        .join(LedgerPosting, col(LedgerPosting.entry_id) == col(LedgerEntry.id))
        .where(LedgerEntry.id == entry_id, LedgerPosting.account == ledger.plan_account(user.id))
    ).first()
    if found is None:
        raise NotFound
    entry, posting = found
    team = session.get_one(Team, principal.team_id)
    return Paper(
        title="Receipt",
        number=number_of(str(entry.id)),
        at=entry.created_at,
        zone=principal.timezone,
        currency=entry.currency,
        sides=[("From", ["TaskJuggler"]), ("Paid by", [user.name, user.email, team.name])],
        lines=[(f"{entry.memo}, one month or the rest of one", -posting.amount)],
        total="Paid",
        facts=[("Provider's number", entry.key.removeprefix("payment:"))],
    )
