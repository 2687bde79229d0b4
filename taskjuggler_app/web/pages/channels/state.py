"""States of the channels page and of one channel's."""

from typing import Any

import reflex as rx

from taskjuggler_app.adapters.sendgrid_signature import inbound_token
from taskjuggler_app.core import topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.access.operators import is_operator
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.domain.receptionist import answers, channels, hours, queries, wiring
from taskjuggler_app.domain.receptionist.answers import Preview
from taskjuggler_app.domain.receptionist.channels import Draft
from taskjuggler_app.domain.receptionist.queries import ChannelRow
from taskjuggler_app.domain.receptionist.wiring import ChannelPage, Hook
from taskjuggler_app.models.receptionist import ChannelType, ClosedReply
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

LONGEST = 1500
KINDS = tuple(kind.value for kind in ChannelType)


class ChannelsState(PageState, rx.State):
    """The workspace's channels."""

    loaded: bool = False
    rows: list[ChannelRow] = []
    limit: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the channels."""
        team_id = current_principal().team_id
        self._watch([topics.channels(team_id), topics.inbox(team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(queries.channels)
        self.limit = await self._read(limits.warning, "channels")
        self.loaded = True

    @rx.event
    async def set_active(self, channel_id: str, active: bool) -> None:
        """Pause a channel, or let it take messages again."""
        await self._do(channels.set_active, parse_uuid(channel_id), bool(active))
        await self._refresh()


class ChannelState(PageState, rx.State):
    """One channel's page: its address and words, its automatic answer, its hours, how to connect and test it."""

    loaded: bool = False
    missing: bool = False
    is_new: bool = True
    kind: str = "sms"
    channel: ChannelPage = ChannelPage()
    week: dict[str, str] = dict.fromkeys(hours.DAYS, "")
    hooks: list[Hook] = []
    hides_secret: bool = False
    domain: str = ""
    error: str = ""
    error_field: str = ""
    answer_error: str = ""
    testing: bool = False
    previews: list[Preview] = []
    preview_error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the channel that the address names, or the form of a new one."""
        wanted = self._path_arg("channel_id")
        self.loaded = self.missing = self.testing = False
        self.error = self.error_field = self.answer_error = self.preview_error = ""
        self.is_new = wanted == "new"
        self.domain = settings().mail_domain
        if self.is_new:
            kind = self.router.url.query_parameters.get("kind", "sms")
            self.kind = kind if kind in KINDS else "sms"
            self.channel = ChannelPage(kind=self.kind)
        else:
            self._watch([topics.channels(current_principal().team_id)])
            try:
                await self._refresh()
                await self._preview(self.channel.answer.open_text)
            except NotFound:
                self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        before = self.channel.tested_at
        self.channel = await self._read(wiring.page, parse_uuid(self._path_arg("channel_id")))
        self.kind = self.channel.kind
        self.week = {day: _spans(self.channel.answer.hours.get(day)) for day in hours.DAYS}
        knows = is_operator(current_principal())
        self.hides_secret = self.kind == "email" and not knows
        token = inbound_token() if knows and settings().sendgrid_inbound_public_key is None else ""
        self.hooks = [
            one
            for one in wiring.hooks(self.kind, slug=self.channel.slug, inbound_token=token)
            if knows or not one.is_secret
        ]
        self.testing = self.testing and self.channel.tested_at == before

    @rx.event
    async def save(self, form: dict[str, Any]) -> Any:
        """Store the address and the words."""
        self.error = self.error_field = ""
        try:
            draft = _draft(self.kind, form)
            if self.is_new:
                return rx.redirect(f"/channels/{(await self._run(channels.add, draft)).id}")
            await self._run(channels.change, parse_uuid(self.channel.id), draft)
        except DomainError as error:
            self.error, self.error_field = error.message, getattr(error, "field", "") or ""
            return None
        await self._say("success", "Channel saved.")
        await self._refresh()
        return None

    @rx.event
    async def save_answer(self, form: dict[str, Any]) -> None:
        """Store how it answers by itself, and its hours."""
        self.answer_error = ""
        try:
            weekly = {day: _windows(str(form.get(day, ""))) for day in hours.DAYS}
            await self._run(
                answers.save,
                parse_uuid(self.channel.id),
                is_on=bool(form.get("is_on")),
                open_text=str(form.get("open_text", ""))[:LONGEST],
                closed_text=str(form.get("closed_text", ""))[:LONGEST],
                weekly=weekly,
                zone=str(form.get("zone", "")),
                window_minutes=_number(form.get("window_minutes")),
                daily_cap=_number(form.get("daily_cap")),
            )
        except DomainError as error:
            self.answer_error = error.message
            return
        await self._say("success", "Saved. It holds from the next message on.")
        await self._refresh()

    @rx.event
    async def preview(self, text: str) -> None:
        """What the words make of real messages."""
        await self._preview(str(text)[:LONGEST])

    async def _preview(self, text: str) -> None:
        self.preview_error = ""
        try:
            self.previews = await self._run(answers.preview, parse_uuid(self.channel.id), text)
        except DomainError as error:
            self.preview_error = error.message

    @rx.event
    async def test(self) -> None:
        """Send it what its vendor would send."""
        try:
            await self._run(wiring.test, parse_uuid(self.channel.id))
            self.testing = True
        except DomainError as error:
            await self._say("error", error.message)

    @rx.event
    async def set_active(self, active: bool) -> None:
        """Pause it, or let it take messages again."""
        await self._do(channels.set_active, parse_uuid(self.channel.id), bool(active))
        await self._refresh()


def _draft(kind: str, form: dict[str, Any]) -> Draft:
    def said(name: str) -> str:
        return str(form.get(name) or "")[:LONGEST]  # a field that this kind does not show comes as None

    return Draft(
        name=said("name"),
        kind=ChannelType(kind),
        phone_number=said("phone_number"),
        email_address=said("email_address"),
        slug=said("slug"),
        region=said("region") or channels.DEFAULT_REGION,
        greeting=said("greeting"),
        voicemail=said("voicemail"),
        ring_to=said("ring_to"),
        ring_seconds=_number(form.get("ring_seconds"), 20),
        texts_missed_callers=bool(form.get("texts_missed_callers")),
        frame_ancestors=tuple(said("origins").split()),
        closed_reply=ClosedReply.NEW if said("closed_reply") == "new" else ClosedReply.REOPEN,
    )


def _number(value: object, otherwise: int = 0) -> int:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def _spans(windows: Any) -> str:
    return ", ".join(f"{start}-{end}" for start, end in windows or [])


def _windows(text: str) -> list[list[str]]:
    """ "09:00-12:00, 13:00-17:30" as windows; what is no span is refused by the domain."""
    return [[part.strip() for part in span.split("-", 1)] for span in text.split(",") if span.strip()]
