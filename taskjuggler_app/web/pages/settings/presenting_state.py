"""State of what people see of a person and of the business: picture, a few words, a web site."""

import reflex as rx

from taskjuggler_app.adapters import registry
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.files import pictures
from taskjuggler_app.domain.files import queries as files
from taskjuggler_app.domain.teams import profiles
from taskjuggler_app.domain.teams.profiles import ProfileRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

LONGEST = 4000


class PresentingState(PageState, rx.State):
    """The person's profile and the workspace's."""

    ready: bool = False
    name: str = ""
    may_write: bool = False
    mine: ProfileRow = ProfileRow()
    ours: ProfileRow = ProfileRow()
    error: str = ""
    error_field: str = ""
    error_of: str = ""

    @rx.event
    async def load(self) -> None:
        """Show both."""
        self.error = self.error_field = self.error_of = ""
        await self._refresh()

    async def _refresh(self) -> None:
        principal = current_principal()
        self.name, self.may_write = principal.name, principal.is_admin
        self.mine = await self._read(profiles.personal)
        self.ours = await self._read(profiles.of_workspace)
        self.ready = True

    @rx.event
    async def take_picture(self, ids: str) -> None:
        """Make what was uploaded the person's picture."""
        wanted = str(ids)[:100].split(",")[-1]
        if not wanted:
            return
        try:
            file_id = parse_uuid(wanted)
            file = await self._run(files.readable, file_id)
            content = await run_in_db(_bytes, file.storage_key)
            await self._run(profiles.show_picture, file_id, content)
        except DomainError as error:
            await self._say("error", error.message)
            return
        await self._say("success", "That is your picture now.")
        await self._refresh()

    @rx.event
    async def remove_picture(self) -> None:
        """Back to initials."""
        await self._do(profiles.remove_picture)
        await self._refresh()

    @rx.event
    async def save_mine(self, form: dict[str, str]) -> None:
        """Store what the person says about themselves."""
        try:
            await self._run(profiles.save_personal, **_values(form, "bio", "website"))
        except DomainError as error:
            self._refused("mine", error)
            return
        await self._saved()

    @rx.event
    async def save_ours(self, form: dict[str, str]) -> None:
        """Store what the business says about itself."""
        kind = str(form.get("kind") or "")[:50]
        try:
            await self._run(profiles.save_workspace, kind, **_values(form, "name", "bio", "website"))
        except DomainError as error:
            self._refused("ours", error)
            return
        await self._saved()

    def _refused(self, which: str, error: DomainError) -> None:
        self.error_of, self.error = which, error.message
        self.error_field = (error.field or "") if isinstance(error, Invalid) else ""

    async def _saved(self) -> None:
        self.error = self.error_field = self.error_of = ""
        await self._say("success", "Saved.")
        await self._refresh()


def _values(form: dict[str, str], *names: str) -> dict[str, str]:
    return {name: str(form.get(name) or "")[:LONGEST] for name in names}


def _bytes(storage_key: str) -> bytes:
    """One byte more than a picture may have, so that the check sees when it is too large."""
    with registry.files().open(storage_key) as file:
        return file.read(pictures.MOST_BYTES + 1)
