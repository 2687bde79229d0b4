"""`parse_mail`: the whole of a mail, or why only a part of it."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from taskjuggler_app.domain.receptionist.mail import headers as reading
from taskjuggler_app.domain.receptionist.mail.html import sanitised
from taskjuggler_app.domain.receptionist.mail.parsed import Address, ParsedMail
from taskjuggler_app.domain.receptionist.mail.parts import Collected, collect, media_type
from taskjuggler_app.domain.receptionist.mail.quoting import original_from, visible
from taskjuggler_app.domain.receptionist.mail.words import clean, header_text, raw_header, unescaped

LIMIT = 25 * 1024 * 1024
"""Bytes of a raw mail that is read whole: what large mail services take."""
_HEAD = 256 * 1024
_MOST_HEADERS = 1_000
_HEADER = re.compile(rb"\s*(?:From .*\r?\n|>From .*\r?\n)?[!-9;-~]+[ \t]*:")


def parse_mail(raw: bytes) -> ParsedMail:
    """Read a mail. Never raises on any bytes: what cannot be read is said in `raw_kept_reason`."""
    data = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t \0")
    if len(raw) > LIMIT:
        size = len(raw) / 1024 / 1024
        return _only_headers(data, f"This mail is {size:.1f} MB; the limit is 25 MB. Only its headers were read.")
    if not data:
        return ParsedMail(raw_kept_reason="This mail is empty.")
    try:
        return _whole(data)
    except RecursionError:
        return _only_headers(data, "Parts of this mail are nested too deeply to be read.")
    except Exception as error:  # whatever the library trips over, the mail is kept and shown
        return _only_headers(data, f"This mail is malformed and could not be read ({type(error).__name__}).")


def _whole(data: bytes) -> ParsedMail:
    message = _repaired(message_from_bytes(data, policy=compat32), data)
    found = collect(message, "\r\n" if b"\r\n" in data[:4096] else "\n")
    if not _HEADER.match(data[:4096]):
        found.problem("This does not look like a mail: it has no headers.")
    _note_unreadable(message, found)
    bodies = [body for body in found.bodies if body.strip()] or found.spare
    text = "\n".join(body.strip("\n") for body in bodies)
    html, blocked = sanitised("\n".join(found.html)) if found.html else (None, 0)
    mail = _of_headers(message)
    return replace(
        mail,
        text=text,
        visible_text=visible(text, mail.subject),
        html=html,
        remote_blocked=blocked,
        attachments=tuple(found.attachments),
        skipped=tuple(found.skipped),
        original_from=original_from(text, mail.subject),
        raw_kept_reason=" ".join(found.problems) or None,
    )


def _repaired(message: Message, data: bytes) -> Message:
    """A multipart whose boundary is missing or is not the one used: read with the first that is."""
    if not media_type(message).startswith("multipart/") or isinstance(message.get_payload(), list):
        return message
    used = re.search(rb"^--(\S[^\r\n]{0,200}?)[ \t]*\r?\n(?=content-|\r?\n)", data, re.M | re.I)
    if used is None:
        return message
    kind = media_type(message)
    body = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[-1]
    boundary = used[1].decode("ascii", "replace").replace('"', "")
    again = message_from_bytes(
        b'Content-Type: %s; boundary="%s"\n\n%s' % (kind.encode(), boundary.encode("ascii", "replace"), body),
        policy=compat32,
    )
    if not isinstance(again.get_payload(), list):
        return message
    del again["Content-Type"]
    for name, value in message.raw_items():
        if name.lower() != "content-type":
            again[name] = value
    again["Content-Type"] = kind
    return again


def _note_unreadable(message: Message, found: Collected) -> None:
    kind = media_type(message)
    if kind == "multipart/encrypted" or (
        kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"}
        and "signed-data" not in raw_header(message, "Content-Type")
    ):
        found.problem("This mail is encrypted, so its text cannot be read here.")
    elif kind.startswith("multipart/") and isinstance(message.get_payload(), str):
        found.problem("The parts of this mail cannot be told apart, so it is shown as it came.")


def _of_headers(message: Message) -> ParsedMail:
    """What the headers say; all else is empty."""
    headers = [(clean(unescaped(name)), str(value)) for name, value in list(message.raw_items())[:_MOST_HEADERS]]
    senders = reading.addresses(headers, "from") or reading.addresses(headers, "sender")
    answered = reading.message_ids(reading.first(headers, "in-reply-to"))
    ids = reading.message_ids(reading.first(headers, "message-id"))
    return ParsedMail(
        sender=senders[0] if senders else Address(header_text(reading.first(headers, "from")), ""),
        to=reading.addresses(headers, "to"),
        cc=reading.addresses(headers, "cc"),
        reply_to=reading.addresses(headers, "reply-to"),
        subject=header_text(reading.first(headers, "subject")),
        message_id=ids[0] if ids else None,
        in_reply_to=answered[0] if answered else None,
        references=reading.message_ids(reading.first(headers, "references")),
        date=reading.date(reading.first(headers, "date")),
        headers=tuple((name, header_text(value)) for name, value in headers),
    )


def _only_headers(data: bytes, reason: str) -> ParsedMail:
    head = re.split(rb"\r?\n\r?\n", data[:_HEAD], maxsplit=1)[0] + b"\n\n"
    try:
        return replace(_of_headers(message_from_bytes(head, policy=compat32)), raw_kept_reason=reason)
    except Exception:  # the headers were what could not be read
        return ParsedMail(raw_kept_reason=reason)
