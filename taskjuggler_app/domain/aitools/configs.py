"""Tools of AI vendors: set up, paused, taken away. A secret is sealed, never shown again, and stays with its server."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, crypto, live, money, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.netaddr import Reach, check_url
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.aitools import policy, template
from taskjuggler_app.domain.aitools.functions import FUNCTIONS
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.models.ai_tools import AIToolConfig, AIToolExecution, ToolType
from taskjuggler_app.models.marketplace import MarketplaceVendor, VendorType

PURPOSE = "ai-tool-secret"
LONGEST_WAIT, LONGEST_CALLBACK, MOST_RETRIES = 120, 86_400, 5
ADMINS = "Only an admin of the workspace can set up its tools."


@dataclass(frozen=True)
class ToolDraft:
    """A tool as typed. `timeout` and `wait` are in seconds; `wait` is how long a webhook may take to call back.

    `cost` is what one attempt costs, `budget` the most a run may; `output_path` and `cost_path` say where the answer
    has them, as `choices.0.message.content`.
    """

    tool_name: str
    tool_type: str = "function"
    function: str = "summarise"
    url: str = ""
    secret: str = ""
    auth_header: str = "Authorization"
    template: str = template.DEFAULT
    output_path: str = ""
    cost_path: str = ""
    timeout: str = "30"
    wait: str = "3600"
    retries: str = "2"
    cost: str = ""
    budget: str = ""
    currency: str = "USD"


def save(
    session: Session, principal: Principal, vendor_id: UUID, draft: ToolDraft, tool_id: UUID | None = None
) -> AIToolConfig:
    """Make or change a tool of an AI or hybrid vendor of the workspace. Invalid names the field. Admins only."""
    vendor = session.get(MarketplaceVendor, vendor_id)
    if vendor is None or vendor.team_id != principal.team_id:
        raise NotFound
    require(policy.can_manage(principal, vendor.team_id), ADMINS)
    if vendor.vendor_type is VendorType.HUMAN:
        raise Conflict("Tools belong to vendors that are an AI tool, or a person with AI.")
    tool = mine(session, principal, tool_id, lock=True) if tool_id is not None else None
    name = " ".join(draft.tool_name.split())[:255]
    if not name:
        raise Invalid("Give the tool a name.", "tool_name")
    if draft.tool_type not in list(ToolType):
        raise Invalid("A tool is an address, a webhook or a function.", "tool_type")
    if tool is None:
        limits.require_room(session, principal, "tools")
    config = _checked(draft, ToolType(draft.tool_type), tool.config if tool else {})
    now = clock.utcnow()
    values: dict[str, Any] = {"tool_name": name, "tool_type": ToolType(draft.tool_type), "config": config}
    if tool is None:
        tool = AIToolConfig(vendor_id=vendor.id, team_id=vendor.team_id, created_at=now, updated_at=now, **values)
    else:
        for field, value in values.items():
            setattr(tool, field, value)
        tool.vendor_id, tool.updated_at = vendor.id, now
    session.add(tool)
    session.flush()
    _record(session, principal, tool, "tool.saved")
    return tool


def set_active(session: Session, principal: Principal, tool_id: UUID, active: bool) -> AIToolConfig:
    """Pause a tool, or let it work again."""
    tool = mine(session, principal, tool_id, lock=True)
    require(policy.can_manage(principal, tool.team_id), ADMINS)
    tool.is_active, tool.updated_at = active, clock.utcnow()
    session.add(tool)
    _record(session, principal, tool, "tool.resumed" if active else "tool.paused")
    return tool


def remove(session: Session, principal: Principal, tool_id: UUID) -> None:
    """Take a tool away. One that ever ran is kept, paused and without its secret, for the record."""
    tool = mine(session, principal, tool_id, lock=True)
    require(policy.can_manage(principal, tool.team_id), ADMINS)
    ran = session.exec(select(AIToolExecution.id).where(AIToolExecution.tool_config_id == tool.id).limit(1)).first()
    _record(session, principal, tool, "tool.removed")
    if ran is None:
        session.delete(tool)
        return
    tool.is_active = False
    tool.config = {**{k: v for k, v in tool.config.items() if k != "secret_sealed"}, "removed": True}
    session.add(tool)


def mine(session: Session, principal: Principal, tool_id: UUID, *, lock: bool = False) -> AIToolConfig:
    """A tool of the principal's workspace. NotFound otherwise."""
    query = select(AIToolConfig).where(col(AIToolConfig.id) == tool_id, AIToolConfig.team_id == principal.team_id)
    tool = session.exec(query.with_for_update() if lock else query).first()
    if tool is None or tool.config.get("removed"):
        raise NotFound
    return tool


def key_of(tool: AIToolConfig) -> str:
    """What an approval is bound to: the tool as it is set up now, secret and address included."""
    exact = json.dumps([tool.tool_type, tool.config], sort_keys=True, separators=(",", ":"))
    return f"ai-tool:{tool.id}:{hashlib.sha256(exact.encode()).hexdigest()[:32]}"


def cost_of(tool: AIToolConfig) -> Decimal:
    """What one attempt costs."""
    return Decimal(str(tool.config.get("cost") or "0"))


def budget_of(tool: AIToolConfig) -> Decimal | None:
    """The most that a run may cost; None for a tool that costs nothing."""
    said = tool.config.get("budget")
    return Decimal(str(said)) if said else None


def secret_of(tool: AIToolConfig) -> str:
    """The secret, for the moment of its use. Invalid when SECRET_KEY has changed."""
    sealed = tool.config.get("secret_sealed")
    return crypto.unseal(PURPOSE, sealed) if sealed else ""


def _checked(draft: ToolDraft, kind: ToolType, before: dict[str, Any]) -> dict[str, Any]:
    currency = money.parse_currency(draft.currency)
    cost = money.parse_amount(draft.cost, currency, "cost") if draft.cost.strip() not in ("", "0", "0.00") else None
    budget = money.parse_amount(draft.budget, currency, "budget") if draft.budget.strip() else cost
    if cost is not None and budget is not None and budget < cost:
        raise Invalid("The most a run may cost is less than one attempt costs.", "budget")
    config: dict[str, Any] = {
        "template": template.check(draft.template),
        "timeout": _whole(draft.timeout, 1, LONGEST_WAIT, "timeout"),
        "retries": _whole(draft.retries, 0, MOST_RETRIES, "retries"),
        "currency": currency,
        "cost": str(cost) if cost is not None else "",
        "budget": str(budget) if budget is not None else "",
    }
    if kind is ToolType.FUNCTION:
        if draft.function not in FUNCTIONS:
            raise Invalid("Choose one of the functions.", "function")
        return {**config, "function": draft.function}
    config["url"] = _address(draft.url)
    config["output_path"], config["cost_path"] = draft.output_path.strip()[:200], draft.cost_path.strip()[:200]
    if kind is ToolType.API:
        header = draft.auth_header.strip() or "Authorization"
        if not header.replace("-", "").isalnum() or not header.isascii() or header.lower() in _RESERVED:
            raise Invalid("That is no name of a header that can carry a key.", "auth_header")
        config["auth_header"] = header[:100]
    else:
        config["wait"] = _whole(draft.wait, 1, LONGEST_CALLBACK, "wait")
    sealed = before.get("secret_sealed") if _host(str(before.get("url", ""))) == _host(config["url"]) else None
    if draft.secret.strip():
        sealed = crypto.seal(PURPOSE, _header_safe(draft.secret.strip()[:500]))
    if kind is ToolType.WEBHOOK and not sealed:
        raise Invalid("A webhook needs a secret, with which both sides sign.", "secret")
    return {**config, "secret_sealed": sealed} if sealed else config


_RESERVED = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection", "idempotency-key"})


def _header_safe(secret: str) -> str:
    if not secret.isascii() or not secret.isprintable():
        raise Invalid("A key has letters, digits and signs only.", "secret")
    return secret


def _address(url: str) -> str:
    address = url.strip()[:1_000]
    if urlsplit(address).scheme not in ("http", "https"):
        raise Invalid("Write the address like https://api.example.com/run", "url")
    try:
        check_url(address, Reach(local=settings().allow_local_targets))
    except Invalid as error:
        raise Invalid(error.message, "url") from None
    return address


def _host(address: str) -> str:
    return urlsplit(address).netloc.lower()


def _whole(text: str, least: int, most: int, field: str) -> int:
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 7 and least <= int(typed) <= most):
        raise Invalid(f"A number from {least} to {most}.", field)
    return int(typed)


def _record(session: Session, principal: Principal, tool: AIToolConfig, kind: str) -> None:
    data = {"name": tool.tool_name, "type": tool.tool_type.value, "vendor": str(tool.vendor_id)}
    record_event(session, principal, kind=kind, subject_type="tool", subject_id=tool.id, data=data)
    live.publish(session, topics.tools(principal.team_id))
