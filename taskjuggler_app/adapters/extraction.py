"""The embedded Extractor: patterns and word lists, no network."""

from datetime import datetime
from typing import Any

from taskjuggler_app.domain.receptionist.extraction import extract, others, to_json


class DeterministicExtractor:
    """The Extractor port over the domain's own extractor."""

    def extract(
        self, text: str, *, received_at: datetime, zone: str, region: str, subject: str | None = None
    ) -> dict[str, Any]:
        """The facts of a message in their stored form, with the amounts and numbers of orders in its text."""
        found = extract(text, received_at=received_at, zone=zone, region=region, subject=subject)
        return {**to_json(found), **others(text)}
