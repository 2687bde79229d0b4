"""Whose rules a number without + is read by: the country of the workspace's lines, else of the person's clocks."""

from functools import cache
from importlib import resources

from sqlmodel import Session, col, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.receptionist import AssistantChannel

OTHERWISE = "US"


def of(session: Session, principal: Principal) -> str:
    """The region as two letters (ISO 3166), as `normalise_phone` takes it."""
    lines = (
        select(AssistantChannel.region)
        .where(AssistantChannel.team_id == principal.team_id, col(AssistantChannel.phone_number).is_not(None))
        .order_by(col(AssistantChannel.is_active).desc(), col(AssistantChannel.created_at))
    )
    return session.exec(lines).first() or of_zone(principal.timezone)


def of_zone(zone: str) -> str:
    """The country of a time zone; OTHERWISE for one that is no country's."""
    return _countries().get(zone, OTHERWISE)


@cache
def _countries() -> dict[str, str]:
    """Zone -> its first country, from the table that comes with the zones (tz database, zone.tab)."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
