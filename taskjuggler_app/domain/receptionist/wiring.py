"""How a channel is connected to its vendor, and whether that works: a channel's page beyond its own words."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.receptionist import answers
from taskjuggler_app.domain.receptionist.answers import AnswerRow
from taskjuggler_app.models.cases import CaseEvent
from taskjuggler_app.models.receptionist import AssistantChannel, ChannelType

TEST = "receptionist.test_channel"
TESTED = (ChannelType.SMS, ChannelType.PHONE, ChannelType.EMAIL)
"""Kinds whose vendor's requests we can make ourselves."""


@dataclass
class ChannelPage:
    """A channel with its words, its answer, and what its last test said (`tested_at` empty before the first)."""

    id: str = ""
    kind: str = "sms"
    name: str = ""
    phone_number: str = ""
    email_address: str = ""
    slug: str = ""
    region: str = "US"
    greeting: str = ""
    voicemail: str = ""
    ring_to: str = ""
    ring_seconds: int = 20
    texts_missed_callers: bool = True
    closed_reply: str = "reopen"
    origins: str = ""
    is_active: bool = True
    answer: AnswerRow = field(default_factory=AnswerRow)
    test_said: str = ""
    test_ok: bool = False
    tested_at: str = ""


@dataclass
class Hook:
    """An address to paste, and where; `is_secret` ones prove that the vendor calls."""

    where: str = ""
    address: str = ""
    is_secret: bool = False


def page(session: Session, principal: Principal, channel_id: UUID) -> ChannelPage:
    """A channel of the workspace. NotFound for any other, Forbidden for who is no admin."""
    channel = _own(session, principal, channel_id)
    answer = next(row for row in answers.all_of(session, principal) if row.channel_id == str(channel.id))
    found = ChannelPage(
        id=str(channel.id),
        kind=channel.channel_type.value,
        name=channel.name,
        phone_number=channel.phone_number or "",
        email_address=channel.email_address or "",
        slug=channel.slug or "",
        region=channel.region,
        greeting=channel.greeting_message or "",
        voicemail=channel.voicemail_greeting or "",
        ring_to=channel.ring_to or "",
        ring_seconds=channel.ring_seconds,
        texts_missed_callers=channel.texts_missed_callers,
        closed_reply=channel.closed_reply.value,
        origins=" ".join(str(one) for one in channel.frame_ancestors),
        is_active=channel.is_active,
        answer=answer,
    )
    last = session.exec(
        select(CaseEvent)
        .where(
            CaseEvent.team_id == principal.team_id,
            CaseEvent.subject_type == "channel",
            CaseEvent.subject_id == str(channel.id),
            CaseEvent.kind == "channel.tested",
        )
        .order_by(col(CaseEvent.id).desc())
        .limit(1)
    ).first()
    if last is not None:
        found.test_said, found.test_ok = str(last.data.get("note") or ""), bool(last.data.get("ok"))
        found.tested_at = last.created_at.isoformat()
    return found


def hooks(kind: str, *, slug: str = "", inbound_token: str = "") -> list[Hook]:
    """What to paste at the vendor, or on one's own site. `inbound_token` is the secret part of the mail address, known
    to operators; `slug` names a web form."""
    base = settings().public_url
    if kind in ("sms", "phone"):
        texts = Hook("Messaging → A message comes in (webhook, HTTP POST)", f"{base}/webhooks/twilio/sms")
        calls = [
            Hook("Voice → A call comes in (webhook, HTTP POST)", f"{base}/webhooks/twilio/voice"),
            Hook("Voice → Call status changes", f"{base}/webhooks/twilio/voice/status"),
        ]
        return [texts] if kind == "sms" else [*calls, texts]
    if kind == "email":
        address = f"{base}/webhooks/sendgrid/inbound"
        secret = f"{address}?token={inbound_token}" if inbound_token else address
        return [
            Hook("DNS → an MX record of this domain to mx.sendgrid.net, priority 10", settings().mail_domain),
            Hook("Inbound Parse → Destination URL, with “POST the raw, full MIME message” ticked", secret, True),
            Hook("Event Webhook → HTTP POST URL, signed", f"{base}/webhooks/sendgrid/events"),
        ]
    if kind == "web":
        page = f"{base}/ask/{slug}"
        frame = f'<iframe src="{page}" title="Contact form" style="width:100%;height:48rem;border:0"></iframe>'
        return [
            Hook("A page of its own: link to it from anywhere", page),
            Hook(
                "In a page of your site: paste this into its HTML, and name the site under “Sites that may show it”",
                frame,
            ),
        ]
    if kind == "api":
        return [Hook("Programs send messages here (POST, JSON, with an API key)", f"{base}/api/v1/inbox")]
    return []


def test(session: Session, principal: Principal, channel_id: UUID) -> None:
    """Send the channel what its vendor would send, through the public address. Conflict while it is paused."""
    channel = _own(session, principal, channel_id)
    if channel.channel_type not in TESTED:
        raise Conflict("Write to it yourself: there is no vendor between.")
    if not channel.is_active:
        raise Conflict("It is paused: let it take messages first.")
    defer(session, TEST, channel_id=str(channel.id))


def tested(session: Session, channel_id: UUID, said: str, *, ok: bool) -> None:
    """Note how a test went."""
    channel = session.get(AssistantChannel, channel_id)
    if channel is not None:
        data: dict[str, Any] = {"note": said[:500], "ok": ok}
        system = Principal.system(channel.team_id)
        record_event(session, system, kind="channel.tested", subject_type="channel", subject_id=channel_id, data=data)
        live.publish(session, topics.channels(channel.team_id))


def _own(session: Session, principal: Principal, channel_id: UUID) -> AssistantChannel:
    channel = session.get(AssistantChannel, channel_id)
    if channel is None or channel.team_id != principal.team_id:
        raise NotFound("That channel does not exist, or it is not yours to see.")
    require(principal.is_admin, "Only an admin of the workspace can change its channels.")
    return channel
