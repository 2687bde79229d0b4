"""State of the page that looks at a CSV file before it goes into a list, and shows how far it is."""

from dataclasses import dataclass

import phonenumbers
import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.contacts import imports
from taskjuggler_app.domain.contacts.imports import ErrorRow, ImportRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


@dataclass
class ColumnLine:
    """A column of the file: its heading, what it is taken for, and what stands in it."""

    heading: str = ""
    kind: str = "skip"
    sample: str = ""


class ImportState(PageState, rx.State):
    """An import before, while and after its rows go in."""

    loaded: bool = False
    import_id: str = ""
    row: ImportRow = ImportRow()
    columns: list[ColumnLine] = []
    regions: list[str] = []
    region: str = "US"
    good: int = 0
    bad: int = 0
    repeated: int = 0
    problem: str = ""
    errors: list[ErrorRow] = []

    @rx.event
    async def load(self) -> None:
        """Look at the file, or at how far it is."""
        self._watch([topics.contacts(current_principal().team_id)])
        self.import_id, self.loaded, self.columns = self._path_arg("import_id"), False, []
        self.regions = sorted(phonenumbers.SUPPORTED_REGIONS)
        await self._refresh()
        self.region = self.row.region
        if self.row.id and not self.row.started:
            await self._look()

    async def _refresh(self) -> None:
        try:
            self.row = await self._read(imports.status, parse_uuid(self.import_id))
        except DomainError:
            self.row = ImportRow()
        if self.row.started:
            self.errors = self.row.errors
        self.loaded = True

    async def _look(self) -> None:
        seen = await self._do(imports.preview, parse_uuid(self.import_id), self._mapping() or None, self.region)
        if seen is None:
            return
        samples = [" · ".join(line[n] for line in seen.sample if n < len(line)) for n in range(len(seen.headings))]
        self.columns = [
            ColumnLine(heading, seen.mapping[heading], sample)
            for heading, sample in zip(seen.headings, samples, strict=True)
        ]
        self.good, self.bad, self.repeated = seen.good, seen.bad, seen.repeated
        self.problem, self.errors = seen.problem, seen.errors

    @rx.event
    async def set_column(self, heading: str, kind: str) -> None:
        """What a column is."""
        self.columns = [
            ColumnLine(one.heading, str(kind)[:20] if one.heading == heading else one.kind, one.sample)
            for one in self.columns
        ]
        await self._look()

    @rx.event
    async def set_region(self, region: str) -> None:
        """The country of numbers without a country code."""
        self.region = str(region)[:2]
        await self._look()

    @rx.event
    async def start(self) -> None:
        """Put the rows in."""
        await self._do(imports.start, parse_uuid(self.import_id), self._mapping(), self.region)
        await self._refresh()

    def _mapping(self) -> dict[str, str]:
        return {one.heading: one.kind for one in self.columns}
