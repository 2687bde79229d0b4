"""What an uploaded file may call itself, and what it really is."""

import re
import unicodedata

import filetype

LONGEST_NAME = 200
UNKNOWN = "application/octet-stream"
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*]')
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
# What a browser may show by itself on our own address: it runs nothing.
SHOWN_INLINE = frozenset(
    {
        *("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"),
        *("audio/mpeg", "audio/ogg", "audio/x-wav", "audio/wav", "audio/mp4", "audio/m4a", "audio/aac", "audio/webm"),
    }
)


def safe_name(given: str) -> str:
    """The last part of a path, without control and invisible characters, at most LONGEST_NAME with its ending kept.

    Direction overrides are dropped too: they can make "exe.txt" out of "txt.exe".
    """
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(letter for letter in name if unicodedata.category(letter) not in _INVISIBLE)
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". ")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        keeps_ending = bool(dot) and len(ending) <= 10
        name = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if keeps_ending else name[:LONGEST_NAME]
    return name or "file"


def sniffed_type(head: bytes, name: str) -> str:
    """The media type that the first bytes show; what the sender claims counts for nothing.

    Text without a signature is plain text or CSV, so that HTML, SVG and scripts are never more than that.
    """
    if found := filetype.guess_mime(head):
        return str(found)
    if b"\0" in head:
        return UNKNOWN
    try:
        head[: len(head) - 3 if len(head) > 3 else None].decode("utf-8")
    except UnicodeDecodeError:
        return UNKNOWN
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"
