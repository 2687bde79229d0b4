"""What is read out of a mail. Every string can be stored: no NUL, no lone surrogate."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Address(NamedTuple):
    """One mailbox as it was written; `name` is empty when only the address was given."""

    name: str
    address: str


_NOBODY = Address("", "")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail. `type` is what the mail says it is; `cid` is set when the HTML may show it in place."""

    name: str
    type: str
    content: bytes
    inline: bool = False
    cid: str | None = None

    @property
    def size(self) -> int:
        """Decoded bytes."""
        return len(self.content)


class Skipped(NamedTuple):
    """A part that was not kept, and why in a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as people read it. `raw_kept_reason` is set when the raw bytes hold more than could be read."""

    sender: Address = _NOBODY
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    date: datetime | None = None
    text: str = ""
    """The whole body, quotes included."""
    visible_text: str = ""
    """The body without what it quotes; the whole body when nothing else is there, or when it was forwarded."""
    html: str | None = None
    """Sanitised; pictures from elsewhere have `data-remote-src` in the place of `src`."""
    remote_blocked: int = 0
    """How many pictures the HTML would have loaded from elsewhere."""
    attachments: tuple[Attachment, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    original_from: Address | None = None
    """Who wrote a forwarded mail first."""
    raw_kept_reason: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """All headers, decoded, in their order."""

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def auto_submitted(self) -> str | None:
        """RFC 3834: anything but `no` was sent by a program."""
        return self.header("Auto-Submitted")

    @property
    def precedence(self) -> str | None:
        """`bulk`, `list` and `junk` are not to be answered."""
        return self.header("Precedence")

    @property
    def list_id(self) -> str | None:
        """RFC 2919: set on what a mailing list sends."""
        return self.header("List-Id")
