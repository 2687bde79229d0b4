"""State of the page that a task's invitation opens, signed in or not."""

from typing import Any

import reflex as rx
from reflex_base.event.context import EventContext

from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import invitations
from taskjuggler_app.domain.tasks.comments import CommentRow
from taskjuggler_app.domain.tasks.invitations import Opened
from taskjuggler_app.web import authority, gate, markdown
from taskjuggler_app.web.pages.tasks.task_state import Step
from taskjuggler_app.web.session import PageState


class InvitedState(PageState, rx.State):
    """What the holder of the link sees: that task alone."""

    loaded: bool = False
    code: str = ""
    state: str = ""
    readable: bool = False
    kept: bool = False
    title: str = ""
    html: str = ""
    status: str = ""
    priority: str = ""
    due_at: str = ""
    team: str = ""
    inviter: str = ""
    inviter_href: str = ""
    steps: list[Step] = []
    comments: list[CommentRow] = []
    signed_in_as: str = ""
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Look the code up. Open to guests: it reads what the link's holder may know, and nothing else."""
        self.code, self.error = self._path_arg("code")[:64], ""
        await self._show()

    async def _show(self) -> None:
        principal = await _who()
        self.signed_in_as = principal.email if principal else ""
        try:
            found = await run_in_db(_opened, principal, self.code)
        except DomainError:
            found = Opened(state="unknown")
        self.state, self.readable, self.kept = found.state, found.readable, found.kept
        self.title, self.html, self.status = found.title, markdown.html(found.description), found.status
        self.priority, self.due_at, self.team, self.inviter = found.priority, found.due_at, found.team, found.inviter
        self.steps = [Step(step["id"], step["text"], step["done"]) for step in found.steps]
        self.comments = found.comments
        self.inviter_href = f"/messages/{found.inviter_id}" if found.inviter_id else ""
        self.loaded = True

    async def _answer(self, verb: Any) -> None:
        try:
            await run_in_db(_do, verb, await _who(), self.code)
            self.error = ""
        except DomainError as error:
            self.error = error.message
        await self._show()

    @rx.event
    async def accept(self) -> None:
        """Say yes. Open to guests: only the link's holder knows the code."""
        await self._answer(invitations.accept)

    @rx.event
    async def decline(self) -> None:
        """Say no. Open to guests: only the link's holder knows the code."""
        await self._answer(invitations.decline)

    @rx.event
    async def keep(self) -> None:
        """Keep the task in the account that is signed in."""
        await self._answer(invitations.keep)

    @rx.event
    async def comment(self, form: dict[str, Any]) -> None:
        """Say something about the task that was kept."""
        await self._do(invitations.comment, self.code, str(form.get("text", "")))
        await self._show()


async def _who() -> Principal | None:
    return await authority.of_session(gate.current().session_of(EventContext.get().token))


def _opened(principal: Principal | None, code: str) -> Opened:
    with transaction() as session:
        return invitations.opened(session, principal, code)


def _do(verb: Any, principal: Principal | None, code: str) -> None:
    with transaction() as session:
        verb(session, principal, code)
