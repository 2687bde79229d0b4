"""Who may answer an approval: pure predicates."""

from uuid import UUID

from taskjuggler_app.core.principal import Door, Principal


def can_decide(principal: Principal, team_id: UUID, owner_id: UUID | None) -> bool:
    """Who is asked, or an admin of the workspace, signed in on the web: no key and no agent approves for itself."""
    return (
        principal.door is Door.WEB
        and principal.user_id is not None
        and principal.team_id == team_id
        and (principal.is_admin or principal.user_id == owner_id)
    )
