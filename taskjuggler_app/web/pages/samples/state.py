"""State of the card that takes sample data away. It loads before the rest of its page, whose watch keeps this one's."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.domain.farewell import story
from taskjuggler_app.domain.farewell.story import Story
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


class SamplesState(PageState, rx.State):
    """How much sample data there is, and how far its removal is."""

    found: Story = Story()

    @rx.event
    async def load(self) -> None:
        """How much there is."""
        self._watch([topics.inbox(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.found = await self._read(story.found)

    @rx.event
    async def remove(self) -> None:
        """Take it away."""
        await self._do(story.remove)
        await self._refresh()
