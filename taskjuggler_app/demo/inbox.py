"""The demo's inbox beyond what its rules made: channels that answer, mails, a voice message, a conversation, spam."""

import io
import math
import struct
import wave
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import cast
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.demo import letters, story
from taskjuggler_app.demo.keeping import kept
from taskjuggler_app.domain.files.service import new_key
from taskjuggler_app.domain.receptionist import (
    answers,
    attachments,
    calls,
    channels,
    delivering,
    intake,
    mailboxes,
    processing,
    replies,
    threads,
    triage,
)
from taskjuggler_app.domain.receptionist.channels import Draft
from taskjuggler_app.domain.receptionist.mail import parse_mail
from taskjuggler_app.models.incoming import InboundMail, MailState
from taskjuggler_app.models.outgoing import OutgoingStatus
from taskjuggler_app.models.receptionist import AssistantChannel, ChannelType, InboxItem, InboxStatus

_WEEK = {day: [["07:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def load(owner: Principal, line: AssistantChannel) -> None:
    """Let the main line answer, add what came by mail and by phone, and read most of what came in."""
    now = clock.utcnow()
    with transaction() as session:
        desk = channels.add(session, owner, Draft("Front desk", ChannelType.EMAIL, email_address=story.DESK))
        triage.block(session, owner, letters.BLOCKED)
    mails = [_mail(desk, letter, now - letter.ago) for letter in letters.MAILS]
    _voice(line, now - timedelta(hours=3))
    _talk(owner, mails[0], now)
    with transaction() as session:
        _answers(session, owner, line)
        _answers(session, owner, desk)
        newest = session.exec(
            select(InboxItem).where(InboxItem.team_id == owner.team_id).order_by(col(InboxItem.received_at).desc())
        ).all()
        triage.mark_read(session, owner, [item.id for item in newest[6:]])
        kept = [item for item in newest if item.status is InboxStatus.PROCESSED]
        if kept:
            triage.snooze(session, owner, kept[0].id, now + timedelta(days=1))


def _answers(session: Session, owner: Principal, channel: AssistantChannel) -> None:
    answers.save(
        session,
        owner,
        channel.id,
        is_on=True,
        open_text="Hi {name}, thanks for writing to {business}. We have your message and will get back to you today.",
        closed_text="Hi {name}, {business} is closed now (open {hours}). Emergencies: 207-555-0101.",
        weekly=_WEEK,
        zone=story.ZONE,
    )


def _mail(desk: AssistantChannel, letter: letters.Letter, moment: datetime) -> UUID:
    """A mail, taken in and processed as if it were then."""
    mail = parse_mail(bytes(_written(letter, str(desk.email_address), moment)))
    files = [kept(part.name, part.content) for part in mail.attachments]
    with clock.at(moment):
        with transaction() as session:
            delivered = InboundMail(
                storage_key=new_key(),
                content_type="multipart/form-data",
                size=len(letter.text),
                state=MailState.TAKEN,
                team_id=desk.team_id,
                created_at=moment,
            )
            session.add(delivered)
            session.flush()
            item_id = mailboxes.take_in(session, delivered, desk, mail, files, {})
        if item_id is None:
            raise ValueError(f"the demo has the mail {letter.key} already")
        processing.process(item_id, registry.extractor())
    return item_id


def _written(letter: letters.Letter, to: str, moment: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = letter.sender, to, letter.subject
    message["Date"], message["Message-ID"] = moment, f"<{letter.key}@example.com>"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for name, kind, content in letter.files:
        main, sub = kind.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def _voice(line: AssistantChannel, moment: datetime) -> None:
    """A caller who left a voice message: its recording, and the words that the carrier wrote down."""
    number, name = story.CALLERS[8]
    with clock.at(moment):
        with transaction() as session:
            call = calls.begin(session, line, "CAdemo0001", number, line.phone_number or "")
            calls.transcribed(session, call, letters.VOICE)
            calls.recorded(session, call, "REdemo0001", "https://api.twilio.com/demo/REdemo0001", 8)
            item = session.get_one(InboxItem, call.item_id)
            item.from_name = name
            attachments.fetched(session, item.id, 0, kept("Voice message.wav", _recording()))
        processing.process(item.id, registry.extractor())


def _talk(owner: Principal, item_id: UUID, now: datetime) -> None:
    """A mail that was answered by hand, and the answer to that."""
    with transaction() as session:
        item = session.get_one(InboxItem, item_id)
        first = item.received_at + timedelta(minutes=25)
    with clock.at(first), transaction() as session:
        message = replies.send(session, owner, item_id, letters.ANSWER)
        replies_id = message.id
        delivering.begin(session, message.id)
        delivering.sent(session, message.id, "demo-1")
        delivering.report(session, OutgoingStatus.DELIVERED, key=message.idempotency_key, at=first)
        cited = threads.our_id(message.idempotency_key)
    again = letters.AGAIN
    moment = min(first + timedelta(hours=1), now - timedelta(minutes=20))
    with transaction() as session:
        item = session.get_one(InboxItem, item_id)
        inbound = intake.InboundMessage(
            team_id=item.team_id,
            user_id=item.user_id,
            channel_id=cast(UUID, item.channel_id),
            source_type="email",
            source_id=f"again-{replies_id}@example.com",
            from_identifier=item.from_identifier,
            from_name=item.from_name,
            subject=message.subject,
            body=again,
            received_at=moment,
            source_data={"references": [cited], "headers": {}},
        )
    with clock.at(moment):
        with transaction() as session:
            ((new_id, _),) = intake.store(session, [inbound])
        processing.process(new_id, registry.extractor())


def _recording(seconds: float = 8.0, rate: int = 8000) -> bytes:
    """A sound to play: a hum that rises and falls like a voice."""
    frames = bytearray()
    for at in range(int(seconds * rate)):
        moment = at / rate
        pitch = 150 + 40 * math.sin(moment * 2.1) + 20 * math.sin(moment * 7)
        loud = max(0.0, math.sin(moment * 5.3)) * (0.4 + 0.3 * math.sin(moment * 0.9))
        frames += struct.pack("<h", int(12000 * loud * math.sin(2 * math.pi * pitch * moment)))
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(frames))
    return made.getvalue()
