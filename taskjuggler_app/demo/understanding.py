"""The demo's web form and what came through it, a model that did not answer once, and what people corrected."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.demo import story
from taskjuggler_app.domain.receptionist import assistant, channels, corrections, entrance, processing
from taskjuggler_app.domain.receptionist.channels import Draft
from taskjuggler_app.domain.receptionist.entrance import Asked
from taskjuggler_app.models.receptionist import ChannelType, InboxItem
from taskjuggler_app.models.understanding import AICall, CallState

MODEL = "gpt-4.1-mini"
SLOW = "The model did not answer within 20 seconds."
_ASKED = (
    Asked(
        "Priya Raman",
        "priya.raman@example.com",
        "207-555-0164",
        "Hello, could you quote a new back fence for 12 Seaview Lane? About 60 feet, cedar. "
        "Thursday after 3 pm or the 20th of next month would suit me.",
        "demo-fence",
    ),
    Asked(
        "",
        "t.moreau@example.com",
        "",
        "My order number 48213 has not arrived, and nobody answers. When will it come?",
        "demo-order",
    ),
)


def load(owner: Principal, now: datetime) -> None:
    """The form with its messages, then what is known about how well messages are read."""
    with clock.at(now - timedelta(days=9)), transaction() as session:
        draft = Draft("Contact form", ChannelType.WEB, slug=story.FORM, greeting=story.FORM_WORDS)
        form = channels.add(session, owner, draft)
    for hours, asked in ((26, _ASKED[0]), (2, _ASKED[1])):
        with clock.at(now - timedelta(hours=hours)):
            with transaction() as session:
                entrance.ask(session, story.FORM, asked)
                newest = select(InboxItem).where(
                    InboxItem.channel_id == form.id, col(InboxItem.body).like(asked.message[:20] + "%")
                )
                item_id = session.exec(newest).one().id
            processing.process(item_id, registry.extractor())
    with transaction() as session:
        _fell_back(session, session.get_one(InboxItem, item_id))
    with transaction() as session:
        assistant.save(
            session, owner, is_on=False, provider="openai", base_url="", model=MODEL, key="", daily_budget=200
        )
        _corrections(session, owner)


def _fell_back(session: Session, item: InboxItem) -> None:
    """The model was asked and was too slow: the deterministic reading stands, and says why."""
    item.extracted_data = {**(item.extracted_data or {}), "ai": {"used": False, "reason": SLOW, "model": MODEL}}
    now = clock.utcnow()
    call = AICall(team_id=item.team_id, inbox_item_id=item.id, model=MODEL, state=CallState.FAILED, reason=SLOW)
    call.ended_at = now
    session.add_all([item, call])


def _corrections(session: Session, owner: Principal) -> None:
    """A person set right what was read of two messages."""
    query = select(InboxItem).where(InboxItem.team_id == owner.team_id).order_by(col(InboxItem.received_at).desc())
    items = session.exec(query.limit(40)).all()
    general = next((one for one in items if _category(one) == "general"), None)
    if general is not None:
        corrections.correct(session, owner, general.id, "category", "support")
    dated = next((one for one in items if (one.extracted_data or {}).get("dates")), None)
    if dated is not None:
        corrections.correct(session, owner, dated.id, "urgency", "high")


def _category(item: InboxItem) -> str:
    """What kind of message it was read as; "" before it is read."""
    return str((item.extracted_data or {}).get("category", {}).get("value", ""))
