"""State of the contact form. Guests may call its event, which reads what is public; the form goes to api/ask.py."""

from typing import ClassVar

import reflex as rx
from reflex_base.event.context import EventContext

from taskjuggler_app.core import crypto
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.access import cookies
from taskjuggler_app.domain.receptionist import entrance
from taskjuggler_app.domain.receptionist.entrance import FormRow
from taskjuggler_app.web import gate
from taskjuggler_app.web.visitor import ask as as_visitor


class AskState(rx.State):
    """One form: its words, whether it was sent, or why the last try was refused and what was typed."""

    OPEN_TO_GUESTS: ClassVar[bool] = True

    loaded: bool = False
    missing: bool = False
    sent: bool = False
    form: FormRow = FormRow()
    once: str = ""
    error: str = ""
    error_field: str = ""
    kept: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Show the form that the address names."""
        self.loaded = self.missing = False
        self.error = self.error_field = ""
        self.kept = {}
        slug = str(self.rx_router_page.params.get("slug", ""))[:100]
        try:
            self.form = await as_visitor(entrance.form, slug)
        except NotFound:
            self.missing = True
        self.sent = self.router.url.query_parameters.get("sent", "") == "1"
        self.once = crypto.token(12)
        flash = cookies.read_flash(gate.current().cookies_of(EventContext.get().token))
        if flash is not None and flash.page == f"/ask/{slug}" and not self.sent:
            self.error, self.error_field, self.kept = flash.error, flash.field, dict(flash.kept)
        self.loaded = True
