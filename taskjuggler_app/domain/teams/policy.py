"""Who may do what in a workspace: pure predicates. Its owner is who made it, or whom it was handed to."""

from uuid import UUID

from taskjuggler_app.core.principal import Principal


def can_see_people(principal: Principal) -> bool:
    """Everybody of the workspace sees who is in it and how much each has to do."""
    return principal.user_id is not None or principal.is_admin


def can_change_workspace(principal: Principal) -> bool:
    """Admins rename the workspace and describe it."""
    return principal.is_admin


def can_invite(principal: Principal) -> bool:
    """Admins invite, resend and revoke invitations."""
    return principal.is_admin


def can_change_role(principal: Principal, person_id: UUID, owner_id: UUID | None) -> bool:
    """Admins make others admin or member; the owner always stays admin."""
    return principal.is_admin and person_id != owner_id


def can_remove(principal: Principal, person_id: UUID, owner_id: UUID | None) -> bool:
    """Admins remove anybody but the owner; anybody but the owner may leave."""
    return person_id != owner_id and (principal.is_admin or principal.user_id == person_id)


def can_transfer(principal: Principal, owner_id: UUID | None) -> bool:
    """Only the owner hands the workspace to somebody else."""
    return principal.user_id is not None and principal.user_id == owner_id
