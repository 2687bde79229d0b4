"""State of the pages a visitor sees before signing in: they read the visitor's own message, nothing else."""

import reflex as rx
from reflex_base.event import EventSpec
from reflex_base.event.context import EventContext

from taskjuggler_app.domain.access import cookies
from taskjuggler_app.web import authority, gate


class AccessState(rx.State):
    """What the account forms show: why the last try was refused, and what was typed."""

    error: str = ""
    field: str = ""
    notice: str = ""
    name: str = ""
    business: str = ""
    email: str = ""
    next_path: str = "/"
    token: str = ""

    @rx.event
    async def load(self) -> EventSpec | None:
        """Show the message left for this page; somebody who is signed in already goes on to the work."""
        client_token = EventContext.get().token
        here = self.router.url.path.rstrip("/") or "/"
        if here in ("/sign-in", "/sign-up") and await authority.of_session(gate.current().session_of(client_token)):
            return rx.redirect("/")
        query = self.router.url.query_parameters
        self.next_path, self.token = query.get("next", "/"), query.get("token", "")
        flash = cookies.read_flash(gate.current().cookies_of(client_token))
        if flash is None or flash.page != here:
            self.error = self.field = self.notice = ""
            return None
        self.error, self.field, self.notice = flash.error, flash.field, flash.notice
        self.name, self.business, self.email = (flash.kept.get(key, "") for key in ("name", "business", "email"))
        return None
