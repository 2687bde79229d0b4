"""Who may do what with money: pure predicates."""

from uuid import UUID

from taskjuggler_app.core.principal import Principal


def can_pay(principal: Principal, team_id: UUID | None, requestor_id: UUID) -> bool:
    """Who asked for the work pays for it; the workspace's admins may too."""
    return principal.team_id == team_id and (principal.is_admin or principal.user_id == requestor_id)


def can_release(principal: Principal, team_id: UUID | None, requestor_id: UUID) -> bool:
    """Who may pay may release the money that is held, and cancel before the work is delivered."""
    return can_pay(principal, team_id, requestor_id)


def can_receive(principal: Principal, vendor_team_id: UUID | None) -> bool:
    """A vendor's own workspace sees what it earns and confirms what it got."""
    return principal.team_id == vendor_team_id


def can_see(
    principal: Principal,
    team_id: UUID | None,
    requestor_id: UUID,
    vendor_team_id: UUID | None,
    vendor_user_id: UUID | None,
) -> bool:
    """Admins of the buyer's and the vendor's workspace see a payment; members one they asked for or earn themselves."""
    if principal.is_admin:
        return principal.team_id in (team_id, vendor_team_id)
    bought = principal.team_id == team_id and principal.user_id == requestor_id
    return bought or (principal.team_id == vendor_team_id and principal.user_id == vendor_user_id)


def can_see_sums(principal: Principal) -> bool:
    """What a workspace's money adds up to is for its admins; members see the payments they have to do with."""
    return principal.is_admin


def can_decide(is_operator: bool) -> bool:
    """Only who runs this installation decides a dispute, and sees what does not add up."""
    return is_operator
