"""STOP, START and HELP by text (CTIA Messaging Principles, 5.1.2): done at once, and no request to route."""

from sqlmodel import Session

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.contacts import optouts
from taskjuggler_app.models.contacts import ContactChannel
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem, SourceType
from taskjuggler_app.models.teams import Team

_STOP = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "opt-out"})
_START = frozenset({"start", "unstop"})
_HELP = frozenset({"help", "info"})


def heed(session: Session, item: InboxItem) -> str | None:
    """What was done about a keyword, in a sentence; None when the text is none.

    Twilio may have answered itself already (`OptOutType` in the webhook); then we do not answer again.
    """
    if item.source_type is not SourceType.SMS:
        return None
    word = item.body.strip().strip(".!").lower()
    principal = Principal.system(item.team_id, Door.WEBHOOK)
    business = session.get_one(Team, item.team_id).name
    try:
        if word in _STOP:
            optouts.opt_out(session, principal, ContactChannel.SMS, item.from_identifier, "stop")
            _answer(session, item, f"{business}: you get no more texts from us. Reply START to change that.")
            return "They asked for no more texts, and get none."
        if word in _START:
            optouts.opt_in(session, principal, ContactChannel.SMS, item.from_identifier, "start")
            _answer(session, item, f"{business}: you get texts from us again. Reply STOP for no more.")
            return "They want texts again."
    except Invalid:
        return None
    if word in _HELP:
        _answer(session, item, f"{business}: text us what you need, or call this number. Reply STOP for no more texts.")
        return "They asked for help with our texts, and were told how to reach you."
    return None


def _answer(session: Session, item: InboxItem, body: str) -> None:
    if item.source_data.get("opt_out_type"):
        return
    channel = session.get(AssistantChannel, item.channel_id) if item.channel_id else None
    sender = channel.phone_number if channel else ""
    key = f"keyword:{item.id}"
    defer(session, "sms.send", to=item.from_identifier, body=body, idempotency_key=key, sender=sender or "")
