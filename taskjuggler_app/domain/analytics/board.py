"""Every dashboard by its name; the one function behind the page, the sheet, the data and the mail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal, Role
from taskjuggler_app.domain.analytics import frame as frames
from taskjuggler_app.domain.analytics.boards import calendar, inbox, market, monday, sites, tasks
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.analytics.tiles import Board, Chart, Tile
from taskjuggler_app.domain.payments import policy
from taskjuggler_app.models.teams import TeamMember

Maker = Callable[[Session, Principal, Frame], Tile]
Pictures = Callable[[Session, Principal, Frame], list[Chart]]
MONDAY = "monday"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a dashboard is made of. filters: which of channel, person and site its numbers heed."""

    title: str
    filters: frozenset[str]
    makers: Sequence[Maker]
    pictures: Pictures


_BOTH = frozenset({"channel", "person"})
_FILTERS = _BOTH | {"site"}
PLANS: dict[str, Plan] = {
    MONDAY: Plan("Manager's Monday", _BOTH, monday.TILES, monday.pictures),
    "inbox": Plan("Inbox", _BOTH, inbox.TILES, inbox.pictures),
    "tasks": Plan("Tasks", _BOTH, tasks.TILES, tasks.pictures),
    "marketplace": Plan("Marketplace", frozenset({"person"}), market.TILES, market.pictures),
    "sites": Plan("Sites", frozenset({"site"}), sites.TILES, sites.pictures),
    "calendar": Plan("Calendar", frozenset({"person"}), calendar.TILES, calendar.pictures),
}


def board(session: Session, principal: Principal, key: str, wanted: Mapping[str, str]) -> Board:
    """A dashboard's answers, without the money's for who may not see it.

    NotFound for no such dashboard or workspace, Invalid for days that are none.
    """
    plan = PLANS.get(key)
    if plan is None:
        raise NotFound("There is no such dashboard.")
    acting = in_team(session, principal, wanted.get("team", ""))
    heeded = {name: value for name, value in wanted.items() if name not in _FILTERS or name in plan.filters}
    looked_at = frames.parse(session, acting.team_id, clock.utcnow(), heeded)
    asked = [make for make in plan.makers if make is not market.money_held or policy.can_see_sums(acting)]
    made = [make(session, acting, looked_at) for make in asked]
    return Board(key, looked_at, made, plan.pictures(session, acting, looked_at))


def in_team(session: Session, principal: Principal, wanted: str) -> Principal:
    """The principal in another workspace of theirs, by its id; empty for the present one. NotFound."""
    if not wanted:
        return principal
    team_id = parse_uuid(wanted)
    if team_id == principal.team_id:
        return principal
    query = select(TeamMember.is_admin).where(TeamMember.team_id == team_id, TeamMember.user_id == principal.user_id)
    is_admin = session.exec(query).first()
    if is_admin is None:
        raise NotFound("That workspace does not exist, or you do not belong to it.")
    return replace(principal, team_id=team_id, role=Role.ADMIN if is_admin else Role.MEMBER)
