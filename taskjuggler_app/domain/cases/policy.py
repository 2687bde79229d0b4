"""Who may read the log of everything: pure predicates."""

from taskjuggler_app.core.principal import Principal


def can_read_audit(principal: Principal) -> bool:
    """Admins of the workspace."""
    return principal.is_admin
