"""State of the team page."""

import asyncio
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.domain.teams import invitations, queries, service
from taskjuggler_app.domain.teams.queries import InvitationRow, LoadRow, WorkspaceRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

LONGEST = 500


@dataclass
class PersonLine(LoadRow):
    """A person with the three stretches of their bar: x and width in hundredths of the longest, as text."""

    x_soon: str = "0"
    x_rest: str = "0"
    w_overdue: str = "0"
    w_soon: str = "0"
    w_rest: str = "0"
    said: str = ""
    can_remove: bool = False
    can_change: bool = False


class TeamState(PageState, rx.State):
    """The people of the workspace, who is invited, and the person's other workspaces."""

    loaded: bool = False
    is_admin: bool = False
    is_owner: bool = False
    people: list[PersonLine] = []
    unclaimed: int = 0
    limit: str = ""
    waiting: list[InvitationRow] = []
    workspaces: list[WorkspaceRow] = []
    name: str = ""
    description: str = ""
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the team, and keep it current."""
        team_id = current_principal().team_id
        self._watch([topics.team(team_id), topics.tasks(team_id)])
        self.error = ""
        await self._refresh()

    async def _refresh(self) -> None:
        principal = current_principal()
        self.is_admin = principal.is_admin
        rows, self.unclaimed, self.waiting, self.workspaces, about, self.limit = await asyncio.gather(
            self._read(queries.load),
            self._read(queries.unclaimed),
            self._read(queries.invitations),
            self._read(queries.workspaces),
            self._read(queries.about),
            self._read(limits.warning, "members"),
        )
        self.name, self.description = about
        self.is_owner = any(row.is_me and row.is_owner for row in rows)
        longest = max((row.open for row in rows), default=0) or 1
        self.people = [_line(row, longest, principal.is_admin) for row in rows]
        self.loaded = True

    @rx.event
    async def invite(self, form: dict[str, str]) -> None:
        """Send an invitation."""
        address = str(form.get("address", ""))[:LONGEST]
        try:
            await self._run(invitations.invite, address, is_admin=bool(form.get("as_admin")))
        except DomainError as error:
            self.error = error.message
            return
        self.error = ""
        await self._say("success", f"The invitation to {address.strip()} is on its way.")
        await self._refresh()

    @rx.event
    async def resend(self, invitation_id: str) -> None:
        """Send the link once more."""
        if await self._do(invitations.resend, parse_uuid(invitation_id)) is not None:
            await self._say("success", "Sent again. The link is good for seven more days.")
        await self._refresh()

    @rx.event
    async def revoke(self, invitation_id: str) -> None:
        """Take an invitation back."""
        await self._do(invitations.revoke, parse_uuid(invitation_id))
        await self._refresh()

    @rx.event
    async def set_admin(self, member_id: str, is_admin: bool) -> None:
        """Make somebody admin, or member."""
        await self._do(service.set_admin, parse_uuid(member_id), bool(is_admin))
        await self._refresh()

    @rx.event
    async def transfer(self, member_id: str) -> None:
        """Hand the workspace over."""
        if await self._do(service.transfer, parse_uuid(member_id)) is not None:
            await self._say("success", "The workspace is theirs now. You stay an admin.")
        await self._refresh()

    @rx.event
    async def rename(self, form: dict[str, str]) -> None:
        """Another name or description for the workspace."""
        values = [str(form.get(key, ""))[: LONGEST + 1] for key in ("name", "description")]
        if await self._do(service.change, *values) is not None:
            await self._say("success", "Saved.")
        await self._refresh()

    @rx.event
    async def make_workspace(self, form: dict[str, str]) -> EventSpec | None:
        """Another workspace, and go there."""
        made = await self._do(service.create, str(form.get("name", ""))[:LONGEST])
        return None if made is None else rx.redirect("/people")

    @rx.event
    async def switch(self, team_id: str) -> EventSpec | None:
        """Go to another workspace."""
        try:
            await self._run(service.go_to, parse_uuid(team_id))
        except DomainError as error:
            await self._say("error", error.message)
            return None
        return rx.redirect("/")


def _line(row: LoadRow, longest: int, is_admin: bool) -> PersonLine:
    overdue, soon = row.overdue, row.soon
    rest = max(row.open - overdue - soon, 0)
    scale = 100 / longest
    parts = [f"{row.open} open"] + [f"{n} {word}" for n, word in ((overdue, "overdue"), (soon, "this week")) if n]
    return PersonLine(
        **vars(row),
        x_soon=f"{overdue * scale:.2f}",
        x_rest=f"{(overdue + soon) * scale:.2f}",
        w_overdue=f"{overdue * scale:.2f}",
        w_soon=f"{soon * scale:.2f}",
        w_rest=f"{rest * scale:.2f}",
        said=", ".join(parts),
        can_remove=not row.is_owner and (is_admin or row.is_me),
        can_change=is_admin and not row.is_owner,
    )
