"""What is handed to who carries a run out, and what comes back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from taskjuggler_app.models.ai_tools import ToolType


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt of a run: everything it needs, read in one transaction. `team_id` is the vendor's workspace.

    `is_test` marks a call from the tool's form; nothing is kept of it.
    """

    execution_id: UUID
    attempt: int
    tool_type: ToolType
    name: str
    config: dict[str, Any]
    given: dict[str, Any]
    team_id: UUID
    budget: Decimal | None = None
    secret: str = field(default="", repr=False)
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """What a tool brought. `cost` is what it says that it cost, None where it says nothing."""

    text: str
    cost: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """The tool took the work and will call back."""


Say = Callable[[str], None]
"""Tells how far a run is, in a few words."""
