"""SendGrid Inbound Parse: the multipart form of a delivery, as a raw mail and the addresses it was for.

Both of its forms are read: with "POST the raw, full MIME message" the field `email` is the mail; without it the parsed
fields (headers, text, html, attachment1 …, charsets) are put together to a mail again, so that one reader reads all.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, BinaryIO

import python_multipart
from python_multipart.exceptions import FormParserError

MOST_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail, whom the envelope names (RFC 5321, not the headers), and what SendGrid says of it."""

    raw: bytes
    recipients: tuple[str, ...]
    sender: str
    is_raw: bool
    verdicts: Mapping[str, str]


@dataclass
class _Parts:
    fields: dict[str, bytes] = field(default_factory=dict)
    files: list[tuple[str, str, str, bytes]] = field(default_factory=list)

    def text(self, name: str, charset: str = "utf-8") -> str:
        """The field in the charset that the mail had; unknown charsets read as far as they go."""
        value = self.fields.get(name, b"")
        try:
            return value.decode(charset, "replace")
        except LookupError:
            return value.decode("utf-8", "replace")


def read(body: BinaryIO, content_type: str) -> Delivery:
    """The delivery in a stored request body. ValueError when it is no such form."""
    parts = _parts(body, content_type)
    envelope = _json(parts.text("envelope"))
    to = envelope.get("to") or []
    recipients = tuple(str(one) for one in ([to] if isinstance(to, str) else to))
    is_raw = "email" in parts.fields
    raw = parts.fields["email"] if is_raw else _rebuilt(parts)
    verdicts: dict[str, str] = {
        name: parts.text(name)[:500] for name in ("SPF", "dkim", "spam_score") if name in parts.fields
    }
    return Delivery(raw, recipients, str(envelope.get("from") or ""), is_raw, verdicts)


def _parts(body: BinaryIO, content_type: str) -> _Parts:
    found = _Parts()

    def on_field(one: Any) -> None:
        if one.field_name is not None and len(found.fields) < MOST_PARTS:
            found.fields.setdefault(one.field_name.decode("utf-8", "replace"), one.value or b"")

    def on_file(one: Any) -> None:
        one.file_object.seek(0)
        content = one.file_object.read()
        one.close()
        name = (one.field_name or b"").decode("utf-8", "replace")
        if name == "email":  # SendGrid sends the raw mail as a field; others as a file
            found.fields.setdefault("email", content)
        elif len(found.files) < MOST_PARTS:
            kind = str(one.content_type or "application/octet-stream")
            found.files.append((name, (one.file_name or b"").decode("utf-8", "replace"), kind, content))

    headers = {"Content-Type": content_type.encode("latin-1", "replace")}
    try:
        python_multipart.parse_form(headers, body, on_field, on_file)
    except FormParserError as error:
        raise ValueError(f"This is not the form that SendGrid sends: {error}") from error
    return found


def _rebuilt(parts: _Parts) -> bytes:
    """A mail with the headers, texts and files of the parsed form."""
    if not parts.fields:
        raise ValueError("This is not the form that SendGrid sends: it is empty.")
    charsets = _json(parts.text("charsets"))
    made = EmailMessage(policy=SMTP)
    made.set_content(parts.text("text", str(charsets.get("text", "utf-8"))))
    if "html" in parts.fields:
        made.add_alternative(parts.text("html", str(charsets.get("html", "utf-8"))), subtype="html")
    about = _json(parts.text("attachment-info"))
    for key, name, kind, content in parts.files:
        info = about.get(key) if isinstance(about.get(key), dict) else {}
        said = str((info or {}).get("type") or kind)
        main, _, sub = said.partition("/")
        name = str((info or {}).get("name") or (info or {}).get("filename") or name or key)
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=_plain(name))
        part = list(made.iter_attachments())[-1]
        if main.isalnum() and sub and main not in ("multipart", "message"):
            part.set_type(_plain(said).split(";")[0])
    body = bytes(made).replace(b"\r\n", b"\n")
    return _kept_headers(parts).encode("utf-8", "surrogateescape") + body


def _kept_headers(parts: _Parts) -> str:
    """The mail's own headers without those that describe its body, which is a new one."""
    kept: list[str] = []
    keeping = False
    for line in parts.text("headers").splitlines():
        if line[:1] in (" ", "\t"):
            if keeping:
                kept.append(line)
            continue
        name = line.partition(":")[0].strip().lower()
        keeping = bool(name) and not name.startswith("content-") and name != "mime-version"
        if keeping:
            kept.append(line)
    if not kept:
        kept = [f"{name}: {_plain(parts.text(name.lower()))}" for name in ("From", "To", "Subject")]
    return "\n".join(kept) + "\n"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
