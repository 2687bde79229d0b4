"""Names of doers."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.models.marketplace import MarketplaceVendor
from taskjuggler_app.models.users import User


def names_of(session: Session, doers: Sequence[UUID]) -> dict[UUID, str]:
    """Names of people and vendors, by id."""
    people = session.exec(select(User.id, User.name).where(col(User.id).in_(doers))).all()
    vendors = session.exec(
        select(MarketplaceVendor.id, MarketplaceVendor.name).where(col(MarketplaceVendor.id).in_(doers))
    ).all()
    return {**dict(people), **dict(vendors)}
