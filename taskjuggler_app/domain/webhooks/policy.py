"""Who may send the workspace's events elsewhere: pure predicates."""

from taskjuggler_app.core.principal import Principal


def can_manage(principal: Principal) -> bool:
    """Admins of the workspace: an address gets to know what everybody does."""
    return principal.is_admin
