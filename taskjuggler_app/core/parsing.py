"""Reading values that somebody else sent."""

from uuid import UUID

from taskjuggler_app.core.errors import NotFound


def parse_uuid(value: object) -> UUID:
    """The id that `value` spells. NotFound for anything else: what is no id names nothing."""
    try:
        return UUID(str(value))
    except ValueError:
        raise NotFound from None


def one_line(text: object, longest: int) -> str:
    """Typed text on one line: white space once, nothing that a database cannot keep (NUL, half a character), cut."""
    kept = str(text).replace("\0", "").encode("utf-8", "ignore").decode()
    return " ".join(kept.split())[:longest]


def is_code(text: str, length: int) -> bool:
    """Whether the text can be a code of that length that we gave out (letters, digits, - and _)."""
    return len(text) == length and text.isascii() and text.replace("-", "").replace("_", "").isalnum()
