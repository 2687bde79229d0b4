"""States of the message that is open: what the pane shows, what is done to it, and the reply being written."""

from typing import Any

import reflex as rx

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.receptionist import conversations, queries, replies, service, snoozing, threads, triage
from taskjuggler_app.domain.receptionist.conversations import FileLine
from taskjuggler_app.web.components import InboxLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.pages.inbox.offer_state import OfferState
from taskjuggler_app.web.pages.inbox.reading import Piece, pieces
from taskjuggler_app.web.pages.inbox.state import InboxState
from taskjuggler_app.web.pages.inbox.stream import StreamLine, stream
from taskjuggler_app.web.session import PageState, Undo


class ItemState(PageState, rx.State):
    """The open message and its case."""

    loaded: bool = False
    missing: bool = False
    item_id: str = ""
    item: InboxLine = InboxLine()
    row: queries.InboxRow = queries.InboxRow()
    subject: str = ""
    error: str = ""
    task_title: str = ""
    pieces: list[Piece] = []
    files: list[FileLine] = []
    around: conversations.Conversation = conversations.Conversation()
    before: list[StreamLine] = []
    after: list[StreamLine] = []
    as_sent: bool = False
    pictures: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the message that the address names, and note that the person has seen it."""
        wanted = self._path_arg("item_id")
        if wanted != self.item_id:
            self.loaded = self.missing = self.as_sent = self.pictures = False
            (await self.get_state(OfferState)).offering = False
            (await self.get_state(ReplyState)).error = ""
        self.item_id = wanted
        if not wanted:
            return
        try:
            item_id = parse_uuid(wanted)
            self._watch([topics.inbox_item(item_id)], keep=[InboxState])
            await self._do(triage.mark_read, [item_id])
            await self._refresh()
            inbox = await self.get_state(InboxState)
            await inbox._refresh()
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        item_id = parse_uuid(self.item_id)
        found = await self._read(queries.item, item_id)
        around = await self._read(conversations.around, item_id)
        self.item, self.row = lines.inbox_line(found.row), found.row
        self.subject, self.error, self.task_title = found.subject, found.error, found.task_title
        self.pieces = pieces(found.row.body, found.extraction)
        self.files = around.files
        self.before, self.after = stream(around.letters, around.events, found.row.received_at)
        around.letters, around.events, around.files = [], [], []
        self.around = around

    @rx.event
    async def show_as_sent(self, yes: bool) -> None:
        """The mail as it was designed, or its words."""
        self.as_sent = bool(yes)

    @rx.event
    async def show_pictures(self) -> None:
        """Load the pictures that the mail keeps elsewhere, this once."""
        self.pictures = True


class ItemDeeds(PageState, rx.State):
    """What a person does to the open message."""

    def _id(self) -> Any:
        return parse_uuid(self._path_arg("item_id"))

    async def _gone(self, text: str, undo: Undo) -> Any:
        """The message left the list: say so, offer to take it back, show the next one."""
        await self._say("success", text, undo)
        inbox = await self.get_state(InboxState)
        following = inbox._after(str(self._id()))
        await inbox._refresh()
        return rx.redirect(following)

    async def _stays(self, done: object, text: str, undo: Any = None) -> None:
        if done is not None:
            await self._say("success", text, undo)
        await (await self.get_state(ItemState))._refresh()

    @rx.event
    async def put_away(self, verb: str) -> Any:
        """Dismiss it, or move it to spam."""
        if verb == "dismiss" and await self._do(service.dismiss, self._id()) is not None:
            return await self._gone("Message dismissed.", (triage.many, ("restore", [self._id()])))
        if verb == "spam" and await self._do(triage.spam, self._id()) is not None:
            return await self._gone("Moved to spam.", (triage.many, ("not_spam", [self._id()])))
        return None

    @rx.event
    async def snooze(self, choice: str) -> Any:
        """Out of sight until then."""
        return await self._snooze(str(choice))

    @rx.event
    async def snooze_until(self, form: dict[str, str]) -> Any:
        """Out of sight until the moment in the form."""
        return await self._snooze(str(form.get("until", "")))

    async def _snooze(self, choice: str) -> Any:
        try:
            moment = snoozing.until(choice, clock.utcnow(), current_principal().timezone)
            await self._run(triage.snooze, self._id(), moment)
        except DomainError as error:
            await self._say("error", error.message)
            return None
        return await self._gone("Snoozed.", (triage.many, ("unsnooze", [self._id()])))

    @rx.event
    async def bring_back(self, verb: str) -> None:
        """Out of the dismissed, the spam or the snoozed ones."""
        verbs: dict[str, Any] = {"restore": service.restore, "not_spam": triage.not_spam, "unsnooze": triage.unsnooze}
        if verb in verbs:
            await self._stays(await self._do(verbs[verb], self._id()), "Back in the inbox.")

    @rx.event
    async def block(self) -> Any:
        """Nothing of this sender comes in any more."""
        address = await self._do(triage.block_sender, self._id())
        if address is None:
            return None
        return await self._gone(f"{address} is blocked.", (triage.unblock_with, (self._id(), address)))

    @rx.event
    async def assign(self, user_id: str) -> None:
        """Say who looks after it."""
        before = await self._do(triage.assign_many, [self._id()], parse_uuid(user_id) if user_id else None)
        await self._stays(before, "Assigned.", (triage.assign_back, (before,)))

    @rx.event
    async def unread(self) -> Any:
        """As if nobody had opened it, and back to the list."""
        await self._do(triage.mark_unread, [self._id()])
        await (await self.get_state(InboxState))._refresh()
        return rx.redirect("/inbox")

    @rx.event
    async def retry(self) -> None:
        """Process a failed message once more."""
        await self._stays(await self._do(service.retry, self._id()), "Trying again.")

    @rx.event
    async def make_task(self) -> None:
        """A task out of a message that none was made of."""
        await self._stays(await self._do(service.make_task, self._id()), "Task made.")

    @rx.event
    async def join(self) -> None:
        """Into the case that it was suggested to belong to."""
        undo = (threads.split, (self._id(),))
        await self._stays(await self._do(threads.join, self._id()), "It is part of that case now.", undo)

    @rx.event
    async def split(self) -> None:
        """A case of its own again."""
        await self._stays(await self._do(threads.split, self._id()), "It is a case of its own.")


class ReplyState(PageState, rx.State):
    """The reply being written."""

    error: str = ""
    draft: int = 0

    @rx.event
    async def send(self, form: dict[str, str]) -> None:
        """Answer; for ten seconds it can be taken back."""
        self.error = ""
        try:
            await self._run(replies.send, parse_uuid(self._path_arg("item_id")), str(form.get("reply", "")))
        except DomainError as error:
            self.error = error.message
            return
        self.draft += 1
        await (await self.get_state(ItemState))._refresh()

    @rx.event
    async def cancel(self, message_id: str) -> None:
        """Take a reply back before it goes out."""
        if await self._do(replies.cancel, parse_uuid(message_id)) is not None:
            await self._say("success", "The reply was not sent.")
        await (await self.get_state(ItemState))._refresh()
