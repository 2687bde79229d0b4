"""Who may write to whom: pure predicates."""

from uuid import UUID

from taskjuggler_app.core.principal import Principal


def can_write_to(principal: Principal, person_id: UUID, shares_team: bool, shares_task: bool) -> bool:
    """People who share a workspace or a task write to each other; nobody to themselves."""
    return principal.user_id not in (None, person_id) and (shares_team or shares_task)


def can_read_message(principal: Principal, sender_id: UUID, recipient_id: UUID) -> bool:
    """Only the two of a conversation read it, admins included."""
    return principal.user_id in (sender_id, recipient_id)
