"""The deterministic extractor: facts out of a message by patterns and word lists, with places and confidences."""

from taskjuggler_app.domain.receptionist.extraction.extract import extract
from taskjuggler_app.domain.receptionist.extraction.facts import facts
from taskjuggler_app.domain.receptionist.extraction.lines import extract_lines, others
from taskjuggler_app.domain.receptionist.extraction.stored import from_json, to_json
from taskjuggler_app.domain.receptionist.extraction.values import Category, Extraction, Found, Level, Span

__all__ = [
    "Category",
    "Extraction",
    "Found",
    "Level",
    "Span",
    "extract",
    "extract_lines",
    "facts",
    "from_json",
    "others",
    "to_json",
]
