"""The functions that a tool of type `function` may name. What is not here does not run."""

from collections.abc import Callable
from dataclasses import dataclass

from taskjuggler_app.domain.aitools import offline

SCAN_PAGE = "scan_page"


@dataclass(frozen=True, slots=True)
class Function:
    """One of ours. `instructions` ask a language model; `offline` does it without one (None: it needs neither)."""

    name: str
    label: str
    note: str
    instructions: str = ""
    offline: Callable[[str], str] | None = None


FUNCTIONS = {
    one.name: one
    for one in (
        Function(
            "summarise",
            "Summarise",
            "The request in three sentences.",
            "Summarise the text in at most three short sentences. Keep names, dates, amounts and addresses exact.",
            offline.summarise,
        ),
        Function(
            "draft_reply",
            "Draft a reply",
            "An answer to the sender, to be read and sent by a person.",
            "Draft a short, friendly reply from a small business to the writer of the text. Promise no date, price or "
            "result that the text does not state. Leave what must be decided in [brackets].",
            offline.draft_reply,
        ),
        Function(
            "extract_table",
            "Extract a table",
            "Rows that stand in the text, as a table.",
            "Extract the tabular data of the text as one Markdown table with a header row, and nothing else. "
            "Copy every value exactly. If there is none, say: No table was found in the text.",
            offline.extract_table,
        ),
        Function(
            "alt_text",
            "Generate alt text",
            "A wording for each image that the text names.",
            "For every image that the text names, write one line: its address or file name, a colon, and an "
            "alternative text of at most 120 characters from what the text says of it. Do not invent what is not said.",
            offline.alt_text,
        ),
        Function(SCAN_PAGE, "Scan a page", "What is wrong on the first page that the text names, worst first."),
    )
}
