"""States of the settings pages."""

from dataclasses import dataclass

import reflex as rx
from reflex_base.event.context import EventContext

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.domain.access import cookies, profile, sessions, verification
from taskjuggler_app.models.users import VerificationChannel
from taskjuggler_app.web import gate
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

LONGEST = 300


@dataclass
class DeviceLine:
    """A browser that is signed in."""

    id: str = ""
    name: str = ""
    ip: str = ""
    last_seen: str = ""
    current: bool = False


class ProfileState(PageState, rx.State):
    """A person's own profile."""

    loaded: bool = False
    name: str = ""
    email: str = ""
    timezone: str = ""
    phone: str = ""
    phone_verified: bool = False
    code_sent: bool = False
    zones: list[str] = []
    error: str = ""
    error_field: str = ""

    @rx.event
    async def load(self) -> None:
        """Show what the person says about themselves."""
        principal = current_principal()
        if principal.user_id is not None:
            self._watch([topics.user(principal.user_id)])
        self.error, self.code_sent = "", False
        self.zones = sorted(profile.timezones())
        await self._refresh()

    async def _refresh(self) -> None:
        user = await self._read(profile.own)
        self.name, self.email, self.timezone = user.name, user.email, user.timezone
        self.phone, self.phone_verified = user.phone or "", user.phone_verified_at is not None
        self.loaded = True

    @rx.event
    async def save(self, form: dict[str, str]) -> None:
        """Store the form."""
        values = {key: str(form.get(key, ""))[:LONGEST] for key in ("name", "timezone", "phone")}
        try:
            await self._run(profile.update, **values)
        except DomainError as error:
            self.error = error.message
            self.error_field = (error.field or "") if isinstance(error, Invalid) else ""
            return
        self.error = self.error_field = ""
        await self._say("success", "Saved.")
        await self._refresh()

    @rx.event
    async def send_code(self) -> None:
        """Text a code to the person's phone."""
        try:
            await self._run(verification.request, VerificationChannel.PHONE, clock.utcnow())
        except DomainError as error:
            await self._say("error", error.message)
            return
        self.code_sent = True
        await self._say("success", "A code is on its way to your phone.")

    @rx.event
    async def confirm_code(self, form: dict[str, str]) -> None:
        """The code proves the number."""
        code = str(form.get("code", ""))[:20]
        right = await self._do(verification.confirm, VerificationChannel.PHONE, code, clock.utcnow())
        if right:
            self.code_sent = False
            await self._say("success", "Your number is confirmed.")
        elif right is False:
            await self._say("error", "That code is wrong or too old.")
        await self._refresh()


class SecurityState(PageState, rx.State):
    """Password and devices."""

    loaded: bool = False
    devices: list[DeviceLine] = []
    error: str = ""
    error_field: str = ""
    notice: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the devices, and how the last change of password went."""
        principal = current_principal()
        if principal.user_id is not None:
            self._watch([topics.user(principal.user_id)])
        flash = cookies.read_flash(gate.current().cookies_of(EventContext.get().token))
        ours = flash if flash is not None and flash.page == "/settings/security" else None
        self.error, self.error_field = (ours.error, ours.field) if ours else ("", "")
        self.notice = ours.notice if ours else ""
        await self._refresh()

    async def _refresh(self) -> None:
        found = await self._read(sessions.list_devices, clock.utcnow())
        self.devices = [DeviceLine(one.id, one.name, one.ip, one.last_seen.isoformat(), one.current) for one in found]
        self.loaded = True

    @rx.event
    async def revoke(self, session_id: str) -> None:
        """Sign one device out."""
        await self._do(sessions.revoke, str(session_id)[:64])
        await self._refresh()
