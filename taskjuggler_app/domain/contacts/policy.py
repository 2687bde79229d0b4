"""Who may do what with the workspace's contacts: pure predicates."""

from uuid import UUID

from taskjuggler_app.core.principal import Principal


def can_make_list(principal: Principal) -> bool:
    """Anybody of the workspace may start a contact list; it is theirs to look after."""
    return principal.user_id is not None or principal.is_admin


def can_edit_list(principal: Principal, responsible_id: UUID) -> bool:
    """Admins, and the person who looks after the list, change it and import into it."""
    return principal.is_admin or principal.user_id == responsible_id


def can_message_list(principal: Principal) -> bool:
    """Only admins write to everybody on a list."""
    return principal.is_admin


def can_change_opt_outs(principal: Principal) -> bool:
    """Only admins record or take back an opt-out by hand."""
    return principal.is_admin
