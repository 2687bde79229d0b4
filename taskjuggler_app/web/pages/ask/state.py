"""State of the contact form. Guests may call its events: they read what is public and hand one message in."""

from typing import ClassVar

import reflex as rx

from taskjuggler_app.core import crypto
from taskjuggler_app.core.errors import DomainError, Invalid, NotFound
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.receptionist import entrance
from taskjuggler_app.domain.receptionist.entrance import Asked, FormRow
from taskjuggler_app.web.pages.booking.state import ask as as_visitor

_FIELDS = ("name", "email", "phone", "message")
_LONGEST = entrance.LONGEST_MESSAGE + 1


class AskState(rx.State):
    """One form: its words, and whether it was sent."""

    OPEN_TO_GUESTS: ClassVar[bool] = True

    loaded: bool = False
    missing: bool = False
    sent: bool = False
    form: FormRow = FormRow()
    error: str = ""
    error_field: str = ""
    _once: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the form that the address names."""
        self.loaded = self.missing = self.sent = False
        self.error = self.error_field = ""
        try:
            self.form = await as_visitor(entrance.form, str(self.rx_router_page.params.get("slug", ""))[:100])
        except NotFound:
            self.missing = True
        self.sent = self.router.url.query_parameters.get("sent", "") == "1"
        self._once = crypto.token(12)
        self.loaded = True

    @rx.event
    async def send(self, form: dict[str, str]) -> None:
        """Hand the message in; pressed twice, it is one message."""
        values = {str(key)[:20]: str(value)[:_LONGEST] for key, value in dict(form).items()}
        self.error = self.error_field = ""
        if values.get("website"):  # only programs see this field: they are told that all is well
            self.sent = True
            return
        ip = self.router.session.client_ip
        try:
            limits.count(limits.ASK, account=f"{ip}:{self.form.slug}", ip=ip)
            name, email, phone, message = (values.get(name, "") for name in _FIELDS)
            asked = Asked(name, email, phone, message, self._once)
            await as_visitor(entrance.ask, self.form.slug, asked)
        except DomainError as error:
            self.error = error.message
            self.error_field = (error.field or "") if isinstance(error, Invalid) else ""
            return
        self.sent = True

    @rx.event
    async def again(self) -> None:
        """Another message."""
        self.sent = False
        self._once = crypto.token(12)
