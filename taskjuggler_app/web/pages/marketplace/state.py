"""State of the marketplace's search, and of a new listing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import topics
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.ports import Place
from taskjuggler_app.domain.access.operators import is_operator
from taskjuggler_app.domain.marketplace import listings, queries
from taskjuggler_app.domain.marketplace.drafts import ListingDraft
from taskjuggler_app.domain.marketplace.queries import Filter
from taskjuggler_app.domain.marketplace.rows import ListingRow, VendorRow
from taskjuggler_app.domain.marketplace.vendors import CATEGORIES
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

LONGEST = 20_000
SHOWS = ("open", "mine", "bidding", "vendors")


async def found_place(text: str) -> Place | None:
    """Where a typed place is; None for nothing. Invalid for one that is not known."""
    if not text.strip():
        return None
    place = await run_in_db(registry.geocoder().find, text[:200])
    if place is None:
        raise Invalid(
            "That place is not known. Try a town with its state, a ZIP code, or coordinates as 43.66, -70.26.", "place"
        )
    return place


def whole(value: object, most: int = 12_500) -> int | None:
    """A whole number above zero as typed; None for anything else."""
    text = str(value).strip()
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0 else None


def moment(value: object, zone: str) -> datetime | None:
    """A day or a moment typed on the zone's clocks; None for nothing, or for what is none."""
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


class MarketState(PageState, rx.State):
    """Listings and vendors, searched."""

    loaded: bool = False
    show: str = "open"
    text: str = ""
    category: str = ""
    near: str = ""
    within: str = ""
    error: str = ""
    searched: bool = False
    rows: list[ListingRow] = []
    vendors: list[VendorRow] = []
    operator: bool = False

    @rx.event
    async def load(self) -> None:
        """Show what is open."""
        self._watch([topics.marketplace()])
        self.operator = is_operator(current_principal())
        await self._refresh()

    async def _refresh(self) -> None:
        self.error = ""
        near = None
        try:
            near = await found_place(self.near)
        except Invalid as error:
            self.error = error.message
        wanted = Filter(self.show, self.text, self.category, near, whole(self.within) or 0)
        self.searched = bool(self.text or self.category or self.near)
        if self.show == "vendors":
            self.vendors = (await self._read(queries.vendors, wanted)).rows
        else:
            self.rows = (await self._read(queries.listings, wanted)).rows
        self.loaded = True

    @rx.event
    async def choose(self, show: str) -> None:
        """Open listings, one's own, those one bids on, or vendors."""
        if show in SHOWS:
            self.show = show
            await self._refresh()

    @rx.event
    async def search(self, form: dict[str, Any]) -> None:
        """Look for words, a kind of work, a place."""
        category = str(form.get("category", ""))
        self.text, self.near = str(form.get("text", ""))[:100], str(form.get("near", ""))[:100]
        self.category = category if category in CATEGORIES else ""
        self.within = str(whole(form.get("within", "")) or "")
        await self._refresh()


class NewListingState(PageState, rx.State):
    """The form of a new listing, filled from a task when one is named."""

    loaded: bool = False
    task_id: str = ""
    title: str = ""
    description: str = ""
    category: str = "general"
    budget_type: str = "fixed"
    budget_min: str = ""
    budget_max: str = ""
    error: str = ""
    error_field: str = ""

    @rx.event
    async def load(self) -> None:
        """Carry a task's words over."""
        self.task_id, self.title, self.description, self.category = "", "", "", "general"
        self.budget_type, self.budget_min, self.budget_max = "fixed", "", ""
        self.error = self.error_field = ""
        wanted = self._path_arg("task")
        if wanted:
            draft = await self._do(listings.draft_of_task, parse_uuid(wanted))
            if draft is not None:
                self.task_id, self.title = wanted, draft.title
                self.description, self.category = draft.description, draft.category
                self.budget_type, self.budget_min, self.budget_max = (
                    draft.budget_type,
                    draft.budget_min,
                    draft.budget_max,
                )
        self.loaded = True

    @rx.event
    async def publish(self, form: dict[str, Any]) -> Any:
        """Publish the listing and go to it."""
        typed = {name: str(value)[:LONGEST] for name, value in form.items()}
        zone = current_principal().timezone
        try:
            draft = ListingDraft(
                title=typed.get("title", ""),
                description=typed.get("description", ""),
                category=typed.get("category", ""),
                budget_type=typed.get("budget_type", ""),
                budget_min=typed.get("budget_min", ""),
                budget_max=typed.get("budget_max", ""),
                currency=typed.get("currency", "USD"),
                location_required=typed.get("on_site", "") in ("on", "true", "True"),
                place=await found_place(typed.get("place", "")),
                radius_miles=whole(typed.get("radius", "")),
                needed_by=moment(typed.get("needed_by", ""), zone),
                expires_at=moment(typed.get("expires_at", ""), zone),
            )
            task = parse_uuid(self.task_id) if self.task_id else None
            made = await self._run(listings.publish, draft, task)
        except DomainError as error:
            self.error, self.error_field = error.message, getattr(error, "field", None) or ""
            return None
        await self._say("success", "Published. Vendors that fit have been told.")
        return rx.redirect(f"/marketplace/listings/{made.id}")
