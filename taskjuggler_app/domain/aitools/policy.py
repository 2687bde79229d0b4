"""Who may do what with AI tools: pure predicates."""

from uuid import UUID

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.ai_tools import ToolType


def can_manage(principal: Principal, team_id: UUID | None) -> bool:
    """A workspace's admins set up its tools: they hold secrets and cost money."""
    return principal.team_id == team_id and principal.is_admin


def can_run(principal: Principal, team_id: UUID | None) -> bool:
    """Everybody of the workspace may ask for a run on a task that they may move; what needs a yes waits for it."""
    return principal.team_id == team_id


def needs_approval(tool_type: ToolType, cost: object) -> bool:
    """What leaves this installation, and what costs something, waits for a person's yes."""
    return tool_type is not ToolType.FUNCTION or bool(cost)
