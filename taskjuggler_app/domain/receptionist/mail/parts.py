"""The parts of a mail: which are its text, which are files, which are left out and why."""

import re
from dataclasses import dataclass, field
from email.message import Message
from email.policy import compat32

from taskjuggler_app.domain.receptionist.mail.html import text_of
from taskjuggler_app.domain.receptionist.mail.parsed import Attachment, Skipped
from taskjuggler_app.domain.receptionist.mail.transfer import decode_bytes, decoded
from taskjuggler_app.domain.receptionist.mail.words import clean, decode, header_text, parameters, raw_header

DEPTH = 40
"""Mail programs nest a handful of levels; what is deeper is left out and said."""
MOST_ATTACHMENTS = 200
_ENDINGS = {
    "text/calendar": "ics",
    "text/html": "html",
    "text/plain": "txt",
    "message/rfc822": "eml",
    "image/jpeg": "jpg",
    "image/svg+xml": "svg",
    "application/octet-stream": "bin",
    "audio/mpeg": "mp3",
    "audio/x-wav": "wav",
    "message/delivery-status": "txt",
    "text/rfc822-headers": "txt",
}
_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+)\s*(?:$|[;\s])", re.I)


@dataclass
class Collected:
    """What a walk over the parts found, in their order."""

    html: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    """The text of the mail in reading order: of each alternative the plain one, else the HTML as text."""
    attachments: list[Attachment] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)
    """Text of named inline parts: the body when there is no other."""
    linesep: str = "\n"

    def problem(self, said: str | None) -> None:
        """Note what went wrong, once."""
        if said and said not in self.problems:
            self.problems.append(said)


def collect(message: Message, linesep: str) -> Collected:
    """Walk the whole mail."""
    found = Collected(linesep=linesep)
    _walk(message, found, 0)
    return found


def _walk(part: Message, found: Collected, depth: int) -> None:
    children = children_of(part)
    kind = media_type(part)
    if kind.startswith("message/") and children is not None:
        _keep_message(part, children, kind, found)
    elif children is not None:
        if depth >= DEPTH:
            found.skipped.append(Skipped("", "It is nested deeper than any mail program makes."))
            found.problem("Parts of this mail are nested too deeply to be read.")
        elif kind == "multipart/alternative":
            _walk_alternatives(children, found, depth)
        else:
            for child in children:
                _walk(child, found, depth + 1)
    else:
        _leaf(part, kind, found)


def _walk_alternatives(children: list[Message], found: Collected, depth: int) -> None:
    """Forms of one content: all are collected, and the plain text is the body unless it is blank."""
    before = len(found.bodies)
    plain: list[str] = []
    others: list[str] = []
    for child in children:
        chosen = plain if media_type(child) == "text/plain" and not _is_file(child) else others
        known = children_of(child) is not None or media_type(child) in {"text/plain", "text/html"}
        if not known and not _is_file(child) and media_type(child).startswith("text/x-"):
            found.skipped.append(Skipped(media_type(child), "It says the same as the text, in another form."))
            continue
        at = len(found.bodies)
        _walk(child, found, depth + 1)
        chosen += found.bodies[at:]
    del found.bodies[before:]
    found.bodies += plain if any(text.strip() for text in plain) else others


def _leaf(part: Message, kind: str, found: Collected) -> None:
    content, damage = decoded(part)
    if kind.startswith("multipart/"):
        if not content.strip():
            return
        kind = "text/plain"
    if kind in {"text/plain", "text/html"} and not _is_file(part):
        found.problem(damage)
        text, doubt = decode(content, _charset(part, kind, content))
        found.problem(doubt)
        if kind == "text/html":
            found.html.append(text)
            text = text_of(text)
        found.bodies.append(text)
        return
    if kind == "text/plain" and not _disposition(part).startswith("attachment"):
        found.spare.append(decode(content, _charset(part, kind, content))[0])
    if damage:
        found.problem(f'The attachment "{_name(part, kind, found)}" could not be decoded whole. {damage}')
    _keep(part, kind, content, found)


def _keep(part: Message, kind: str, content: bytes, found: Collected) -> None:
    name = _name(part, kind, found)
    if len(found.attachments) >= MOST_ATTACHMENTS:
        found.skipped.append(Skipped(name, f"Only the first {MOST_ATTACHMENTS} attachments are kept."))
        found.problem(f"This mail has more than {MOST_ATTACHMENTS} attachments.")
        return
    cid = header_text(raw_header(part, "Content-ID")).strip("<> ") or None
    inline = not _disposition(part).startswith("attachment")
    found.attachments.append(Attachment(name, kind, content, inline, cid))


def _keep_message(part: Message, children: list[Message], kind: str, found: Collected) -> None:
    """A mail in a mail is one attachment, as the bytes that came."""
    policy = compat32.clone(linesep=found.linesep, mangle_from_=False, max_line_length=None)
    content = b"".join(child.as_bytes(policy=policy) for child in children)
    encoding = raw_header(part, "Content-Transfer-Encoding").strip().lower()
    if encoding in {"base64", "quoted-printable"}:
        content = decode_bytes(content, encoding)[0]
    _keep(part, kind, content, found)


def children_of(part: Message) -> list[Message] | None:
    """The parts of a part; None when it has none and holds content itself."""
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else None


def media_type(part: Message) -> str:
    """The type in lower case; what is malformed is plain text (RFC 2045 5.2)."""
    if "Content-Type" not in part:
        return part.get_default_type()
    match = _TYPE.match(header_text(raw_header(part, "Content-Type")))
    return match[1].lower() if match else "text/plain"


def _charset(part: Message, kind: str, content: bytes) -> str | None:
    said = parameters(raw_header(part, "Content-Type")).get("charset")
    if said or kind != "text/html":
        return said or None
    meta = re.search(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9_:.-]{2,40})""", content[:4096], re.I)
    return meta[1].decode("ascii") if meta else None


def _disposition(part: Message) -> str:
    return header_text(raw_header(part, "Content-Disposition")).lower()


def _said_name(part: Message) -> str:
    """The file name a part gives itself, without folders and control characters; '' when it gives none."""
    said = parameters(raw_header(part, "Content-Disposition")).get("filename")
    said = said or parameters(raw_header(part, "Content-Type")).get("name") or ""
    kept = "".join(letter for letter in re.split(r"[\\/]", said)[-1] if letter.isprintable())
    return kept.strip()[:255] if kept.strip(" .") else ""


def _is_file(part: Message) -> bool:
    return _disposition(part).startswith("attachment") or bool(_said_name(part))


def _name(part: Message, kind: str, found: Collected) -> str:
    """The part's own name, else one that says what it is."""
    said = _said_name(part)
    if said:
        return said
    ending = _ENDINGS.get(kind, kind.partition("/")[2].removeprefix("x-")[:12])
    children = children_of(part)
    if kind == "message/rfc822" and children:
        subject = header_text(raw_header(children[0], "Subject"))
        title = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", subject).strip(" .")[:100]
        return f"{clean(title) or 'message'}.{ending}"
    if kind == "text/calendar":
        return "invite.ics"
    return f"part-{len(found.attachments) + 1}.{ending}"
