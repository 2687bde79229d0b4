"""States of the notification centre and of what is mailed when."""

from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.domain.access import profile
from taskjuggler_app.domain.notifications import delivery, preferences, queries, service
from taskjuggler_app.domain.notifications.queries import NoticeGroup
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


@dataclass
class KindLine:
    """A kind of notification and what the person chose for it."""

    key: str = ""
    label: str = ""
    email: str = ""
    sms: bool = False


class NoticesState(PageState, rx.State):
    """Everything the person was told, in groups of one thing each."""

    loaded: bool = False
    groups: list[NoticeGroup] = []
    cursor: str = ""
    only_new: str = "all"

    @rx.event
    async def load(self) -> None:
        """Show the newest."""
        principal = current_principal()
        if principal.user_id is not None:
            self._watch([topics.notifications(principal.user_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        page = await self._read(queries.page, unread_only=self.only_new == "new")
        self.groups, self.cursor, self.loaded = page.rows, page.next_cursor, True

    @rx.event
    async def show(self, which: str) -> None:
        """All, or the new ones."""
        self.only_new = "new" if which == "new" else "all"
        await self._refresh()

    @rx.event
    async def more(self) -> None:
        """Older ones."""
        page = await self._do(queries.page, unread_only=self.only_new == "new", cursor=self.cursor)
        if page is not None:
            self.groups, self.cursor = [*self.groups, *page.rows], page.next_cursor

    @rx.event
    async def follow(self, link: str) -> EventSpec | None:
        """Go to the thing; all about it is read."""
        wanted = str(link)[:500]
        await self._do(service.mark_about, wanted)
        inside = wanted.startswith("/") and not wanted.startswith("//")
        return rx.redirect(wanted) if inside else None

    @rx.event
    async def read_group(self, link: str) -> None:
        """Mark what is about the thing read."""
        await self._do(service.mark_about, str(link)[:500])
        await self._refresh()

    @rx.event
    async def read_all(self) -> None:
        """Mark everything read."""
        await self._do(service.mark_all_read)
        await self._refresh()


class DeliveryState(PageState, rx.State):
    """What is mailed or texted, and when."""

    loaded: bool = False
    kinds: list[KindLine] = []
    digest_at: str = "08:00"
    quiet: bool = True
    quiet_from: str = "22:00"
    quiet_until: str = "07:00"
    zone: str = ""
    phone_ready: bool = False
    error: str = ""
    error_field: str = ""

    @rx.event
    async def load(self) -> None:
        """Show what the person chose."""
        user = await self._read(profile.own)
        self.zone, self.phone_ready = user.timezone, user.phone_verified_at is not None
        self.error = self.error_field = ""
        chosen = preferences.read(user.settings)
        self.kinds = [
            KindLine(kind.key, kind.label, chosen.by_email(kind.key).value, chosen.by_sms(kind.key))
            for kind in preferences.KINDS
        ]
        self.digest_at, self.quiet = chosen.digest_at.strftime("%H:%M"), chosen.quiet is not None
        hours = chosen.quiet or preferences.Preferences().quiet
        if hours is not None:
            self.quiet_from, self.quiet_until = (part.strftime("%H:%M") for part in hours)
        self.loaded = True

    @rx.event
    async def save(self, form: dict[str, str]) -> None:
        """Keep what the form says."""
        try:
            chosen = preferences.parse({str(key)[:60]: str(value)[:60] for key, value in form.items() if value})
            await self._run(delivery.choose, chosen)
        except DomainError as error:
            self.error, self.error_field = error.message, (error.field or "") if isinstance(error, Invalid) else ""
            return
        self.error = self.error_field = ""
        await self._say("success", "Saved.")
