"""Content-Transfer-Encoding, tolerant: what can be decoded is, and what could not is said."""

import binascii
import re
from email.message import Message

from taskjuggler_app.domain.receptionist.mail.words import raw_header

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_PIECE = re.compile(rb"[A-Za-z0-9+/]+")
_UNENCODED = frozenset({"", "7bit", "8bit", "binary", "none", "8-bit", "7-bit"})


def decoded(part: Message) -> tuple[bytes, str | None]:
    """The bytes of a part that has no parts, and what is wrong with them (None when nothing is)."""
    encoding = raw_header(part, "Content-Transfer-Encoding")
    del part["Content-Transfer-Encoding"]  # without it, decode=True gives the bytes as they came
    raw = part.get_payload(decode=True)
    if encoding:
        part["Content-Transfer-Encoding"] = encoding
    return decode_bytes(raw if isinstance(raw, bytes) else b"", encoding)


def decode_bytes(raw: bytes, encoding: str) -> tuple[bytes, str | None]:
    """`raw` decoded as `encoding` says; unknown encodings leave it as it is."""
    name = encoding.split(";")[0].strip().strip("\"'").lower()
    if name == "base64":
        return _base64(raw)
    if name == "quoted-printable":
        return binascii.a2b_qp(raw, header=False), None
    if name in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        return _uuencoded(raw)
    if name in _UNENCODED:
        return raw, None
    return raw, f'The encoding "{name[:40]}" is not known: that part is kept as it came.'


def _base64(raw: bytes) -> tuple[bytes, str | None]:
    """Letters that are not base64 are dropped (RFC 2045 6.8); padding in the middle starts a new piece."""
    letters = _NOT_BASE64.sub(b"", raw)
    out, wrong = [], len(_NOT_BASE64.sub(b"", b"".join(raw.split()))) != len(b"".join(raw.split()))
    for piece in _PIECE.findall(letters):
        if len(piece) % 4 == 1:
            wrong, piece = True, piece[:-1]
        out.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(out), "Some of it is not the base64 it says it is: it may be damaged." if wrong else None


def _uuencoded(raw: bytes) -> tuple[bytes, str | None]:
    out, wrong = [], False
    lines = iter(raw.splitlines())
    for line in lines:
        if line.startswith(b"begin "):
            break
    for line in lines:
        if line.strip() in {b"end", b"`", b""}:
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            wrong = True
    return b"".join(out), "Some of it is not the uuencoding it says it is: it may be damaged." if wrong else None
