"""State of the frame: who is here, the badges, the bell, the palette's results."""

import asyncio

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.access.operators import is_operator
from taskjuggler_app.domain.farewell import asking as farewells
from taskjuggler_app.domain.messaging import queries as messages
from taskjuggler_app.domain.notifications import queries as notices
from taskjuggler_app.domain.notifications import service as notifications
from taskjuggler_app.domain.receptionist import queries as inbox
from taskjuggler_app.domain.tasks import queries as tasks
from taskjuggler_app.domain.teams import profiles
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import NoticeLine, PaletteLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

MOST_QUERY = 100


class FrameState(PageState, rx.State):
    """The frame around the page."""

    user_name: str = ""
    user_email: str = ""
    user_picture: str = ""
    workspace: str = ""
    workspace_id: str = ""
    is_admin: bool = False
    is_operator: bool = False
    deleted_on: str = ""
    inbox_count: int = 0
    task_count: int = 0
    message_count: int = 0
    unread: int = 0
    notices: list[NoticeLine] = []
    results: list[PaletteLine] = []

    @rx.event
    async def load(self) -> None:
        """Fill the frame, and keep it current while the page is open."""
        principal = current_principal()
        watched = [topics.tasks(principal.team_id), topics.inbox(principal.team_id)]
        if principal.user_id is not None:
            watched += [topics.notifications(principal.user_id), topics.user(principal.user_id)]
            watched += [topics.messages(principal.user_id), topics.team(principal.team_id)]
        self._watch(watched, beside=True)
        await self._refresh()

    async def _refresh(self) -> None:
        principal = current_principal()
        self.workspace_id = str(principal.team_id)  # the page leaves when it becomes another (assets/js/address.js)
        self.user_name, self.user_email, self.is_admin = principal.name, principal.email, principal.is_admin
        self.is_operator = is_operator(principal)
        self.workspace, folders, counts, self.message_count, self.unread, rows = await asyncio.gather(
            self._read(teams.name),
            self._read(inbox.folder_counts),
            self._read(tasks.counts),
            self._read(messages.unread_count),
            self._read(notices.unread_count),
            self._read(notices.recent),
        )
        self.deleted_on = await self._read(farewells.due_day)
        self.user_picture = (await self._read(profiles.personal)).picture
        self.inbox_count, self.task_count = folders["unprocessed"], counts["mine"]
        self.notices = [
            NoticeLine(
                id=row.id, title=row.title, text=row.message, href=row.link, at=row.at, when="", unread=not row.is_read
            )
            for row in rows
        ]

    @rx.event
    async def find(self, text: str) -> None:
        """Search tasks and messages for the palette."""
        words = str(text)[:MOST_QUERY].strip()
        if not words:
            self.results = []
            return
        found = await self._read(tasks.search, words)
        items = (await self._read(inbox.inbox_page, text=words)).rows[:5]
        self.results = [
            *(PaletteLine(row.title, row.doer or "Task", "list-checks", f"/tasks/{row.id}") for row in found),
            *(PaletteLine(row.summary, row.sender, "inbox", f"/inbox/{row.id}") for row in items),
        ]

    @rx.event
    async def keep_account(self) -> None:
        """The account is not to be deleted after all."""
        await self._do(farewells.keep)
        await self._refresh()

    @rx.event
    async def read_all(self) -> None:
        """Mark every notification read."""
        await self._do(notifications.mark_all_read)

    @rx.event
    async def read_one(self, notice_id: str) -> None:
        """Mark a notification read."""
        await self._do(notifications.mark_read, parse_uuid(notice_id))
