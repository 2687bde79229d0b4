"""State of the card that takes sample data away. It loads before the rest of its page, whose watch keeps this one's."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.domain.farewell import story
from taskjuggler_app.domain.farewell.story import Story
from taskjuggler_app.domain.receptionist import samples
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


class SamplesState(PageState, rx.State):
    """How much sample data there is, and how far its removal is."""

    found: Story = Story()

    @rx.event
    async def load(self) -> None:
        """How much there is."""
        self._watch([topics.inbox(current_principal().team_id)])
        self.found = await self._read(story.found)

    async def _refresh(self) -> None:
        if self.found.batch_id:
            self.found = await self._read(story.found)
            return
        of_messages = await self._read(samples.found)  # all that comes in changes; the rest takes longer to count
        self.found = Story(**{**vars(self.found), **vars(of_messages)})

    @rx.event
    async def remove(self) -> None:
        """Take it away."""
        await self._do(story.remove)
        self.found = await self._read(story.found)
