"""A workspace that was one person's alone ends: everything in it goes, but for what money moved for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core import queue
from taskjuggler_app.domain.farewell import leaving
from taskjuggler_app.domain.files.service import FORGET

AT_ONCE = 2000
"""Rows that one transaction deletes: a killed worker loses no more than that."""
_LARGE = ("tasks", "inbox_items", "case_events", "analytics_facts", "webhook_deliveries")
_TASKS = "SELECT id FROM tasks WHERE team_id = :team"
_OFFERS = "SELECT id FROM marketplace_vendors WHERE team_id = :team"
_TOOLS = "SELECT id FROM ai_tool_configs WHERE team_id = :team"
_PAID = "SELECT listing_id FROM transactions WHERE listing_id IS NOT NULL"
_ACTORS = "SELECT id FROM actors WHERE team_id = :team"
_APART = (
    f"DELETE FROM ai_tool_executions WHERE team_id = :team OR task_id IN ({_TASKS}) OR tool_config_id IN ({_TOOLS})",  # noqa: S608
    f"UPDATE transactions SET task_id = NULL WHERE task_id IN ({_TASKS})",  # noqa: S608
    f"UPDATE marketplace_listings SET task_id = NULL WHERE task_id IN ({_TASKS})",  # noqa: S608
    "UPDATE marketplace_listings SET team_id = NULL, description = NULL, location = NULL, place = '', "  # noqa: S608
    f"closing_note = NULL WHERE team_id = :team AND id IN ({_PAID})",
    f"UPDATE marketplace_bids SET team_id = NULL, message = NULL WHERE team_id = :team AND listing_id IN ({_PAID})",  # noqa: S608
    "UPDATE marketplace_ratings SET team_id = NULL WHERE team_id = :team",
    f"DELETE FROM claim_codes WHERE actor_id IN ({_ACTORS})",  # noqa: S608
    f"DELETE FROM delegation_rules WHERE delegator_actor_id IN ({_ACTORS}) OR delegatee_actor_id IN ({_ACTORS})",  # noqa: S608
)
"""What others keep is taken out of the workspace, so that it does not go with it."""
SCRUB_VENDORS = (
    "UPDATE marketplace_vendors SET team_id = NULL, name = 'Former vendor', business_name = NULL, description = NULL, "
    "logo_url = NULL, address = NULL, latitude = NULL, longitude = NULL, services = '[]', ai_config = NULL, "
    "payouts = '{}', payouts_ready = false, verification_note = NULL, is_active = false WHERE "
)
SCRUB_ACTORS = (
    "UPDATE actors SET team_id = NULL, user_id = NULL, organization_id = NULL, display_name = 'Former member', "
    "capabilities = '[]', contact_methods = '[]', metadata = '{}', authentication = '{}', status = 'DELETED' WHERE "
)
_BYTES = (
    "SELECT storage_key FROM files WHERE team_id = :team UNION "
    "SELECT storage_key FROM inbound_mails WHERE team_id = :team UNION "
    "SELECT i.shot_key FROM issues i JOIN sites s ON s.id = i.site_id WHERE s.team_id = :team AND i.shot_key <> ''"
)


def take_apart(session: Session, user_id: UUID, team_id: UUID, now: datetime) -> bool:
    """Take the next piece away; False when only `close` is left. Safe to repeat."""
    if not _is_alone(session, user_id, team_id):
        return False
    values = {"team": team_id}
    leaving.cancel_appointments(session, user_id, team_id, now)
    for statement in _APART:
        session.execute(text(statement), values)
    for table in _LARGE:
        some = f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE team_id = :team LIMIT {AT_ONCE}))"  # noqa: S608, E501
        if session.execute(text(some), values).rowcount == AT_ONCE:  # type: ignore[attr-defined]  # a cursor's result
            return True
    return False


def close(session: Session, user_id: UUID, team_id: UUID) -> bool:
    """Delete what is left, with its files; False when somebody has come meanwhile: it goes on."""
    if not _is_alone(session, user_id, team_id):
        return False
    values = {"team": team_id}
    for statement in _APART:
        session.execute(text(statement), values)
    session.execute(text(f"{SCRUB_VENDORS} team_id = :team"), values)
    session.execute(text(f"{SCRUB_ACTORS} team_id = :team"), values)
    keys = list(session.execute(text(_BYTES), values).scalars())
    if keys:
        queue.defer(session, FORGET, storage_keys=keys)
    session.execute(text("DELETE FROM profiles WHERE metadata ->> 'team_id' = CAST(:team AS text)"), values)
    session.execute(text("DELETE FROM tasks WHERE team_id = :team"), values)
    session.execute(text("DELETE FROM teams WHERE id = :team"), values)
    return True


def _is_alone(session: Session, user_id: UUID, team_id: UUID) -> bool:
    """Whether the workspace is there and nobody else belongs to it; nobody can join until this transaction ends."""
    there = session.execute(text("SELECT 1 FROM teams WHERE id = :team FOR UPDATE"), {"team": team_id}).first()
    others = "SELECT 1 FROM team_members WHERE team_id = :team AND user_id <> :me LIMIT 1"
    return there is not None and session.execute(text(others), {"team": team_id, "me": user_id}).first() is None
