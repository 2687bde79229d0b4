"""Reading a CSV file of contacts: pure functions from text to checked rows."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone

MOST_BYTES = 5_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 60
FIELDS = ("name", "first_name", "last_name", "email", "phone", "notes", "keep", "skip")
"""What a column may be; keep: stored with the contact under the column's own name."""

_WORDS = {
    "name": ("name", "full name", "contact", "contact name", "display name"),
    "first_name": ("first name", "first", "given name", "forename"),
    "last_name": ("last name", "last", "surname", "family name"),
    "email": ("email", "e-mail", "mail", "email address", "e-mail address", "e-mail 1 - value"),
    "phone": ("phone", "mobile", "cell", "telephone", "tel", "phone number", "mobile phone", "phone 1 - value"),
    "notes": ("notes", "note", "comment", "comments", "remarks"),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """One checked row: an email in lower case, a phone in E.164, at least one of the two."""

    name: str
    email: str | None
    phone: str | None
    notes: str | None = None
    meta: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row cannot be taken; `line` is its number in the file, counted from 1 with the heading."""

    line: int
    text: str
    reason: str


def decode(raw: bytes) -> str:
    """The file as text: UTF-8 or UTF-16 with a mark, else UTF-8, else Windows-1252. Raises Invalid when too large."""
    if len(raw) > MOST_BYTES:
        raise Invalid("That file is larger than 5 MB. Split it and import the parts one after the other.", "file")
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def table(text: str) -> tuple[list[str], list[list[str]]]:
    """The headings and the rows under them. Raises Invalid for a file without either, or with too many."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        lines = [line for line in csv.reader(io.StringIO(text), delimiter=delimiter) if any(map(str.strip, line))]
    except csv.Error as error:
        raise Invalid("That is not a CSV file: save your sheet as CSV and try again.", "file") from error
    if len(lines) < 2:
        raise Invalid("That file has no rows. Its first line names the columns, the others are people.", "file")
    if len(lines) > MOST_ROWS + 1:
        raise Invalid(f"That file has more than {MOST_ROWS:,} rows. Split it.", "file")
    seen: dict[str, int] = {}
    headings = []
    for place, cell in enumerate(lines[0][:MOST_COLUMNS], 1):
        heading = cell.strip()[:100] or f"Column {place}"
        seen[heading] = seen.get(heading, 0) + 1
        headings.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return headings, lines[1:]


def guess(headings: list[str]) -> dict[str, str]:
    """What each column probably is; each kind is given to the first that fits, the rest is kept."""
    mapping: dict[str, str] = {}
    for heading in headings:
        plain = " ".join(heading.lower().replace("_", " ").split())
        found = next((kind for kind, words in _WORDS.items() if plain in words), "keep")
        mapping[heading] = "keep" if found != "keep" and found in mapping.values() else found
    return mapping


def check_mapping(headings: list[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping, with what is unknown skipped. Raises Invalid without an address, or for a kind given twice."""
    chosen = {heading: mapping.get(heading, "skip") for heading in headings}
    chosen = {heading: kind if kind in FIELDS else "skip" for heading, kind in chosen.items()}
    kinds = [kind for kind in chosen.values() if kind not in ("keep", "skip")]
    if "email" not in kinds and "phone" not in kinds:
        raise Invalid("Say which column is the email or the phone number.", "mapping")
    if twice := next((kind for kind in kinds if kinds.count(kind) > 1), None):
        raise Invalid(f"Two columns are “{twice.replace('_', ' ')}”. Keep one of them.", "mapping")
    return chosen


def rows(
    headings: list[str], lines: list[list[str]], mapping: Mapping[str, str], region: str, first: int = 0
) -> Iterator[Contact | RowError]:
    """Each row as a contact, or why not. `first` is how many rows of the file came before."""
    for number, cells in enumerate(lines, first + 2):
        values = {heading: cell.strip() for heading, cell in zip(headings, cells, strict=False)}
        try:
            yield _contact(values, mapping, region)
        except Invalid as error:
            yield RowError(number, " · ".join(cell for cell in values.values() if cell)[:200], error.message)


def _contact(values: Mapping[str, str], mapping: Mapping[str, str], region: str) -> Contact:
    by_kind = {kind: values.get(heading, "") for heading, kind in mapping.items() if kind not in ("keep", "skip")}
    email = normalise_email(by_kind["email"]) if by_kind.get("email") else None
    phone = normalise_phone(by_kind["phone"], region) if by_kind.get("phone") else None
    if email is None and phone is None:
        raise Invalid("There is neither an email nor a phone number.")
    parts = (by_kind.get("first_name", ""), by_kind.get("last_name", ""))
    name = by_kind.get("name") or " ".join(part for part in parts if part)
    kept = {heading: values.get(heading, "")[:500] for heading, kind in mapping.items() if kind == "keep"}
    return Contact(
        name=" ".join(name.split())[:255] or email or phone or "",
        email=email,
        phone=phone,
        notes=by_kind.get("notes") or None,
        meta={heading: value for heading, value in kept.items() if value},
    )
