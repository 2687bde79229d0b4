"""The workspaces of somebody who goes: which end with them, which they leave, and who comes after them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

_MINE = text(
    """
    SELECT t.id, t.name, t.created_by = :me AS owned, count(o.id) AS others
      FROM team_members m JOIN teams t ON t.id = m.team_id
      LEFT JOIN team_members o ON o.team_id = t.id AND o.user_id <> :me
     WHERE m.user_id = :me
     GROUP BY t.id, t.name, t.created_by ORDER BY lower(t.name), t.id
    """
)
_HEIR = text(
    """
    SELECT m.user_id FROM team_members m JOIN teams t ON t.id = m.team_id
     WHERE m.team_id = :team AND m.user_id <> :me
     ORDER BY m.user_id = t.created_by DESC, m.is_admin DESC, m.joined_at, m.id LIMIT 1
    """
)


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace of the person's; `others` is how many people besides them belong to it."""

    id: UUID
    name: str
    owned: bool
    others: int


def of(session: Session, user_id: UUID) -> list[Place]:
    """Every workspace of the person, by name."""
    rows = session.execute(_MINE, {"me": user_id})
    return [Place(team_id, name, bool(owned), others) for team_id, name, owned, others in rows]


def heir(session: Session, team_id: UUID, user_id: UUID) -> UUID | None:
    """Who answers for what the person answered for: the owner, else an admin, else who has been there longest."""
    found: UUID | None = session.execute(_HEIR, {"team": team_id, "me": user_id}).scalar()
    return found
