"""A workspace's language model beside the deterministic extractor: asked when it is on, never depended on.

What it says is checked against the message: a value without its words there, or not in normal form, is dropped. It
adds facts and may name the category, the mood and a summary. It is not asked for urgency, priority or a person, and
nothing of the kind is taken from it. When it cannot be asked, the deterministic reading stands and says why.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, crypto
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Invalid, require
from taskjuggler_app.core.model_ports import LanguageModel, ModelAccess, ModelReading
from taskjuggler_app.core.netaddr import Reach, check_url
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.receptionist.extraction.values import Category, Mood
from taskjuggler_app.domain.understanding import calls
from taskjuggler_app.models.understanding import AICall, AISettings, CallState

PROVIDERS = {
    "openai": ("OpenAI", "https://api.openai.com/v1"),
    "mistral": ("Mistral", "https://api.mistral.ai/v1"),
    "openrouter": ("OpenRouter", "https://openrouter.ai/api/v1"),
    "other": ("Another, or your own", ""),
}
MOST_A_DAY = 100_000
_READ = 20_000
"""Characters of a message that are sent."""
_CONFIDENCE = 0.8
_LISTS = ("dates", "times", "phones", "emails", "locations")
_LONGEST_SUMMARY = 160


@dataclass
class AIView:
    """The settings as an admin sees them; the key itself is never shown."""

    is_on: bool = False
    provider: str = "openai"
    base_url: str = PROVIDERS["openai"][1]
    model: str = ""
    has_key: bool = False
    daily_budget: int = 200
    used_today: int = 0
    failed_today: int = 0
    last_failure: str = ""


def view(session: Session, principal: Principal) -> AIView:
    """How the workspace's model is set up, and how much of today's budget is used."""
    row = session.get(AISettings, principal.team_id)
    today = (AICall.team_id == principal.team_id, col(AICall.created_at) >= calls.day_of(clock.utcnow()))
    used = session.exec(select(func.count()).select_from(AICall).where(*today)).one()
    failed = session.exec(select(AICall).where(*today, AICall.state == CallState.FAILED)).all()
    last = max(failed, key=lambda one: one.created_at).reason or "" if failed else ""
    if row is None:
        return AIView(used_today=used)
    return AIView(
        row.is_on, row.provider, row.base_url, row.model, row.key_sealed is not None, row.daily_budget, used,
        len(failed), last,
    )  # fmt: skip


def save(
    session: Session,
    principal: Principal,
    *,
    is_on: bool,
    provider: str,
    base_url: str,
    model: str,
    key: str,
    daily_budget: int,
) -> AISettings:
    """Set the model up; an empty key keeps the one that is there. Invalid names the field. Admins only."""
    require(principal.is_admin, "Only an admin of the workspace can set up its AI.")
    row = session.get(AISettings, principal.team_id) or AISettings(team_id=principal.team_id)
    address = base_url.strip().rstrip("/") or PROVIDERS.get(provider, ("", ""))[1]
    if provider not in PROVIDERS:
        raise Invalid("Choose a provider.", "provider")
    _check_address(address)
    if is_on and not model.strip():
        raise Invalid("Name the model, as the provider writes it.", "model")
    if not 0 <= daily_budget <= MOST_A_DAY:
        raise Invalid(f"Choose a number from 0 to {MOST_A_DAY}.", "daily_budget")
    if row.base_url and _host(address) != _host(row.base_url) and not key.strip():
        row.key_sealed = None  # a key goes to the server it was given for, and to no other
    row.is_on, row.provider, row.base_url, row.model = is_on, provider, address, model.strip()[:100]
    row.daily_budget, row.updated_at = daily_budget, clock.utcnow()
    if key.strip():
        row.key_sealed = crypto.seal(calls.KEY_PURPOSE, key.strip()[:500])
    session.add(row)
    data = {"is_on": is_on, "provider": provider, "base_url": address, "model": row.model, "budget": daily_budget}
    record_event(session, principal, kind="ai.changed", subject_type="team", subject_id=principal.team_id, data=data)
    return row


def access(session: Session, principal: Principal) -> ModelAccess:
    """What it takes to ask the model, for a test by an admin. Invalid while nothing is set up."""
    require(principal.is_admin, "Only an admin of the workspace can test its AI.")
    row = session.get(AISettings, principal.team_id)
    if row is None or not row.model or not row.base_url:
        raise Invalid("Save an address and a model first.", "model")
    return calls.access_of(row)


def assist(
    team_id: UUID,
    item_id: UUID,
    body: str,
    subject: str | None,
    received_at: datetime,
    zone: str,
    region: str,
    extracted: dict[str, Any],
    model: LanguageModel | None,
) -> dict[str, Any]:
    """The extraction, enriched by the workspace's model when it is on; else as it was, with the reason under `ai`.

    Opens its own transactions, none of them while the model is asked.
    """
    with transaction() as session:
        planned = calls.plan(session, team_id, item_id) if model is not None else None
    if planned is None or model is None:
        return extracted
    if isinstance(planned, str):
        return {**extracted, "ai": {"used": False, "reason": planned}}
    call_id, how = planned
    try:
        reading = model.read(how, body[:_READ], subject=subject, received_at=received_at, zone=zone)
    except VendorError as error:
        _ended(call_id, CallState.FAILED, reason=str(error))
        return {**extracted, "ai": {"used": False, "reason": str(error), "model": how.model}}
    merged = merge(extracted, reading, body, region)
    _ended(call_id, CallState.USED, reading=reading)
    return {**merged, "ai": {"used": True, "model": how.model}}


def merge(extracted: dict[str, Any], reading: ModelReading, body: str, region: str) -> dict[str, Any]:
    """The deterministic extraction with what the model adds. Pure; everything taken is checked first."""
    merged = dict(extracted)
    if reading.category in set(Category):
        category = extracted.get("category") or {}
        same = category.get("value") == reading.category
        merged["category"] = {
            "value": reading.category,
            "confidence": max(float(category.get("confidence") or 0), _CONFIDENCE) if same else _CONFIDENCE,
            "evidence": category.get("evidence", []) if same else [],
        }
    if reading.mood in set(Mood):
        merged["sentiment"] = {**extracted["sentiment"], "label": reading.mood}
    summary = " ".join(reading.summary.split())[:_LONGEST_SUMMARY]
    if summary:
        merged["summary"] = summary
    for kind in _LISTS:
        known = list(extracted.get(kind, []))
        for value, words in getattr(reading, kind):
            found = _found(kind, value, words, body, region)
            if found is not None and not any(_overlap(found, one) for one in known):
                known.append(found)
        merged[kind] = sorted(known, key=lambda one: (one.get("part", "body"), one["start"]))
    contact = extracted.get("contact") or {}
    if not contact.get("name") and reading.name:
        merged["contact"] = {**contact, "name": _found("name", reading.name, reading.name, body, region)}
    return merged


def _found(kind: str, value: str, words: str, body: str, region: str) -> dict[str, Any] | None:
    """The value with its place in the message; None unless its words stand there and it is in normal form."""
    start = body.find(words) if words.strip() else -1
    if start < 0 or len(words) > 300:
        return None
    try:
        tidy = _normal(kind, value.strip(), words, region)
    except (ValueError, Invalid):
        return None
    return {
        "value": tidy,
        "text": words,
        "start": start,
        "end": start + len(words),
        "part": "body",
        "confidence": _CONFIDENCE,
        "by": "ai",
    }


def _normal(kind: str, value: str, words: str, region: str) -> str:
    if kind == "dates":
        return date.fromisoformat(value).isoformat()
    if kind == "times":
        return f"{time.fromisoformat(value):%H:%M}"
    if kind == "phones":
        number = normalise_phone(words, region)
        if sum(sign.isdigit() for sign in words) < 7:
            raise ValueError(words)
        return number
    if kind == "emails":
        return normalise_email(words)
    return " ".join(re.sub(r"\s+", " ", words).split())


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    same_part = other.get("part", "body") == "body"
    return bool(same_part and one["start"] < other["end"] and other["start"] < one["end"])


def _ended(call_id: UUID, state: CallState, *, reason: str = "", reading: ModelReading | None = None) -> None:
    tokens = (reading.input_tokens, reading.output_tokens) if reading is not None else None
    with transaction() as session:
        calls.end(session, call_id, state, reason=reason, tokens=tokens)


def _check_address(address: str) -> None:
    """Invalid unless it is a web address that this installation may reach."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise Invalid("Write the address like https://api.example.com/v1", "base_url")
    try:
        check_url(address, Reach(local=settings().allow_local_targets))
    except Invalid as error:
        raise Invalid(error.message, "base_url") from None


def _host(address: str) -> str:
    return urlsplit(address).netloc.lower()
