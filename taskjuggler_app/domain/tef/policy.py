"""Who may do what with actors, relationships and exchanged tasks: pure predicates."""

from uuid import UUID

from taskjuggler_app.core.principal import Principal


def can_register_actor(principal: Principal) -> bool:
    """Admins add agents, devices and partners to the workspace."""
    return principal.is_admin


def can_change_actor(principal: Principal, person_id: UUID | None) -> bool:
    """A person changes their own actor; admins those of the workspace."""
    return principal.is_admin or (person_id is not None and principal.user_id == person_id)


def can_claim(principal: Principal) -> bool:
    """Everybody signed in may claim an actor whose code they hold."""
    return principal.user_id is not None


def can_relate(principal: Principal) -> bool:
    """Admins say what the workspace's actors are to others, and end it."""
    return principal.is_admin


def can_open_quarantine(principal: Principal) -> bool:
    """Admins decide about tasks that strangers sent."""
    return principal.is_admin


def can_delegate(principal: Principal) -> bool:
    """Everybody of the workspace hands a task they may assign to an actor it works with."""
    return principal.user_id is not None or principal.is_admin


def can_write_delegation_rules(principal: Principal) -> bool:
    """Admins write the rules that delegate by themselves."""
    return principal.is_admin
