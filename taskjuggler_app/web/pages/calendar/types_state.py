"""State of the appointment types' page."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
import segno
from sqlmodel import Session

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import queries, types
from taskjuggler_app.domain.appointments.rows import TypeRow
from taskjuggler_app.domain.appointments.types import TypeDraft
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.calendar.own_hours_state import OwnHoursState
from taskjuggler_app.web.session import PageState

_LONGEST = 5_000
_NUMBERS = (
    "duration_minutes", "step_minutes", "buffer_before_minutes", "buffer_after_minutes", "notice_minutes",
    "advance_booking_days", "cancellation_hours",
)  # fmt: skip
_TEXTS = ("name", "description", "price", "currency", "booking_slug", "color", "location_kind", "location")


@dataclass
class HostChoice:
    """A member who can be a host."""

    id: str = ""
    name: str = ""
    chosen: bool = False


class TypesState(PageState, rx.State):
    """The workspace's types, and the form of one."""

    loaded: bool = False
    rows: list[TypeRow] = []
    home: str = ""
    form_open: bool = False
    form_id: str = ""
    draft: dict[str, str] = {}
    hosts: list[HostChoice] = []
    public: bool = True
    error: str = ""
    qr: str = ""
    qr_link: str = ""
    qr_open: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the types."""
        self.form_open = self.qr_open = False
        (await self.get_state(OwnHoursState)).open = False
        self.home = settings().public_url.rstrip("/")
        self._watch([topics.calendar(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(queries.types, clock.utcnow().replace(second=0, microsecond=0))
        self.loaded = True

    @rx.event
    async def open_form(self, type_id: str) -> None:
        """The form of a type, or of a new one."""
        found = await self._do(_draft, str(type_id))
        if found is not None:
            draft, chosen = found
            self.form_id, self.error, self.public = str(type_id), "", draft.is_public
            self.draft = _as_text(draft)
            members = await self._read(teams.members)
            self.hosts = [HostChoice(one.user_id, one.name, one.user_id in chosen) for one in members]
            self.form_open = True

    @rx.event
    async def close_form(self) -> None:
        """Leave the form."""
        self.form_open = False

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Store what the form says."""
        values = {str(key): str(value)[:_LONGEST] for key, value in dict(form).items()}
        try:
            await self._run(_save, values, self.form_id)
        except DomainError as error:
            self.error, self.draft = error.message, {**self.draft, **values}
            return
        self.form_open = False
        await self._say("success", "Saved.")
        await self._refresh()

    @rx.event
    async def set_active(self, type_id: str, active: bool) -> None:
        """Stop or start taking bookings."""
        await self._do(types.set_active, parse_uuid(type_id), bool(active))
        await self._refresh()

    @rx.event
    async def show_qr(self, slug: str) -> None:
        """The link of a type as a QR code."""
        if any(row.slug == str(slug) for row in self.rows):
            self.qr_link = f"{self.home}/book/{slug}"
            self.qr = segno.make(self.qr_link, error="m").svg_data_uri(scale=6, border=2, light="#ffffff")
            self.qr_open = True

    @rx.event
    async def close_qr(self) -> None:
        """Leave the code."""
        self.qr_open = False


def _draft(session: Session, principal: Principal, type_id: str) -> tuple[TypeDraft, set[str]]:
    if not type_id:
        return TypeDraft(), {str(principal.user_id)}
    draft = queries.draft(session, principal, parse_uuid(type_id))
    return draft, {str(one) for one in draft.host_ids}


def _as_text(draft: TypeDraft) -> dict[str, str]:
    found = {name: str(getattr(draft, name)) for name in (*_NUMBERS, *_TEXTS)}
    found["daily_cap"] = str(draft.daily_cap or "")
    found["questions"] = "\n".join(f"{one['label']}{'*' if one.get('required') else ''}" for one in draft.questions)
    found["reminders"] = types.reminders_text(draft.reminders)
    return found


def _save(session: Session, principal: Principal, values: dict[str, str], type_id: str) -> Any:
    """The form's values over what the type was. A question that ends with * has to be answered."""
    draft, _ = _draft(session, principal, type_id)
    for name in _NUMBERS:
        setattr(draft, name, _number(values.get(name, ""), name))
    for name in _TEXTS:
        setattr(draft, name, values.get(name, ""))
    draft.daily_cap = _number(values["daily_cap"], "daily_cap") if values.get("daily_cap", "").strip() else None
    draft.is_public = values.get("is_public", "") not in ("", "false", "False")
    lines = [line.strip() for line in values.get("questions", "").splitlines() if line.strip()]
    draft.questions = [{"label": line.rstrip("* "), "required": line.endswith("*")} for line in lines]
    draft.reminders = types.read_reminders(values.get("reminders", ""))
    chosen = [key.removeprefix("host:") for key, value in values.items() if key.startswith("host:") and value]
    draft.host_ids = [parse_uuid(one) for one in chosen]
    return types.save(session, principal, draft, parse_uuid(type_id) if type_id else None)


def _number(text: str, field: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Invalid("Please write whole numbers for lengths, days and hours.", field) from None
