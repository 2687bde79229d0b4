"""State of the channels page."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.receptionist import channels, queries
from taskjuggler_app.domain.receptionist.queries import ChannelRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

LONGEST = 100
WEBHOOK = "/webhooks/twilio/sms"


class ChannelsState(PageState, rx.State):
    """The workspace's channels, and the form of one."""

    loaded: bool = False
    rows: list[ChannelRow] = []
    webhook_url: str = ""
    form_open: bool = False
    form_id: str = ""
    name: str = ""
    number: str = ""
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the channels."""
        team_id = current_principal().team_id
        self.webhook_url = settings().public_url + WEBHOOK
        self._watch([topics.channels(team_id), topics.inbox(team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(queries.channels)
        self.loaded = True

    @rx.event
    async def open_form(self, channel_id: str) -> None:
        """The form of a channel, or of a new one."""
        row = next((one for one in self.rows if one.id == channel_id), ChannelRow())
        self.form_id, self.name, self.number, self.error = row.id, row.name, row.phone_number, ""
        self.form_open = True

    @rx.event
    async def close_form(self) -> None:
        """Leave the form."""
        self.form_open = False

    @rx.event
    async def save(self, form: dict[str, str]) -> None:
        """Store what the form says."""
        self.name, self.number = (str(form.get(key, ""))[:LONGEST] for key in ("name", "number"))
        try:
            if self.form_id:
                await self._run(channels.update, parse_uuid(self.form_id), name=self.name, phone_number=self.number)
            else:
                await self._run(channels.create, name=self.name, phone_number=self.number)
        except DomainError as error:
            self.error = error.message
            return
        self.form_open = False
        await self._say("success", "Channel saved.")
        await self._refresh()

    @rx.event
    async def set_active(self, channel_id: str, active: bool) -> None:
        """Pause a channel, or let it take messages again."""
        await self._do(channels.set_active, parse_uuid(channel_id), bool(active))
        await self._refresh()
