"""Who may do what in the marketplace: pure predicates."""

from uuid import UUID

from taskjuggler_app.core.principal import Principal


def can_manage_listing(principal: Principal, team_id: UUID | None, requestor_id: UUID) -> bool:
    """Who asked for the work, and the workspace's admins, award it, accept it, cancel it."""
    return principal.team_id == team_id and (principal.is_admin or principal.user_id == requestor_id)


def can_manage_vendor(principal: Principal, vendor_team_id: UUID | None, vendor_user_id: UUID | None) -> bool:
    """A vendor acts for themselves; a workspace's admins act for its vendors."""
    return principal.team_id == vendor_team_id and (principal.is_admin or principal.user_id == vendor_user_id)


def can_verify(is_operator: bool) -> bool:
    """Only who runs this installation verifies vendors."""
    return is_operator
