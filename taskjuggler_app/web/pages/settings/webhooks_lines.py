"""From webhooks and their deliveries to the lines that the page draws."""

import json
from dataclasses import dataclass
from typing import Any

from taskjuggler_app.domain.webhooks import kinds
from taskjuggler_app.domain.webhooks.queries import DeliveryRow, HookRow
from taskjuggler_app.domain.webhooks.subscriptions import HookDraft


@dataclass
class HookLine:
    """A webhook as the page has it."""

    id: str = ""
    url: str = ""
    description: str = ""
    wanted: str = ""
    is_active: bool = True
    trouble: str = ""


@dataclass
class DeliveryLine:
    """A delivery as the page has it; `said` tells how its attempts went, `body` what was sent."""

    id: str = ""
    kind: str = ""
    state: str = ""
    at: str = ""
    attempts: str = ""
    said: str = ""
    body: str = ""


def hook_line(row: HookRow) -> HookLine:
    """A webhook in words."""
    trouble = row.off_reason or ("It takes nothing at the moment." if row.failing_since else "")
    return HookLine(row.id, row.url, row.description, _wanted(row.kinds), row.is_active, trouble)


def _wanted(wanted: list[str]) -> str:
    if kinds.ALL in wanted:
        return "Everything that happens"
    return ", ".join(kinds.GROUPS.get(one.removesuffix(".*"), one) if one.endswith(".*") else one for one in wanted)


def delivery_line(row: DeliveryRow) -> DeliveryLine:
    """A delivery, its attempts a line each."""
    said = "\n".join(
        f"{one['at'][:19]}Z  {one['status'] or 'no answer'}  {one['ms']} ms  {one['said']}" for one in row.tries
    )
    body = json.dumps(row.body, indent=2, ensure_ascii=False)
    attempts = "1 attempt" if row.attempts == 1 else f"{row.attempts} attempts"
    return DeliveryLine(row.id, row.kind, row.state, row.created_at, attempts, said, body)


def draft_of(form: dict[str, Any]) -> HookDraft:
    """What the form of a new webhook says, whatever came in it."""
    values = {str(key)[:40]: str(value)[:2100] for key, value in dict(form).items()}
    ticked = [f"{name}.*" for name in kinds.GROUPS if values.get(f"about-{name}") in ("on", "true", "True")]
    return HookDraft(values.get("url", ""), ticked or [kinds.ALL], values.get("description", ""))
