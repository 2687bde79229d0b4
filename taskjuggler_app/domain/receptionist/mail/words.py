"""Bytes to text: character sets known and unknown, RFC 2047 words, RFC 2231 parameters."""

import binascii
import codecs
import re
from email.message import Message
from urllib.parse import unquote_to_bytes

_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "utf8mb4": "utf-8",
}
"""What senders write, and the superset that browsers read it with (WHATWG Encoding)."""
_NOT_FOR_MAIL = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})
_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(=\?[^?\s]{1,64}\?[bBqQ]\?)")
_PARAMETER = re.compile(r""";\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)""", re.DOTALL)
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` as it can be stored: no NUL, no lone surrogate, lines end in \\n."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def codec(charset: str) -> str | None:
    """The codec for a character set as mail names it; None when nobody knows it."""
    name = charset.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name).name
        "a".encode(found)
    except (LookupError, ValueError, TypeError):
        return None
    return None if found.replace("-", "_") in _NOT_FOR_MAIL else found


def decode(data: bytes, charset: str | None) -> tuple[str, str | None]:
    """The text of `data`, and what may be wrong with it (None when it was read as it was meant)."""
    known = codec(charset) if charset else "utf-8"
    if known is not None:
        try:
            return clean(data.decode(known)), None
        except (ValueError, OverflowError):
            pass
    try:
        return clean(data.decode("utf-8")), None
    except ValueError:
        pass
    guessed = clean(_guess(data))
    if charset is None or (known == "utf-8" and "\ufffd" not in guessed):
        return guessed, None
    if known is None:
        return (
            guessed,
            f'The text is in "{charset[:40]}", a character set that is not known: some letters may be wrong.',
        )
    return guessed, f'The text is not in "{charset[:40]}" as it says: some letters may be wrong.'


def _guess(data: bytes) -> str:
    """Damaged UTF-8 when some of it is UTF-8, else Windows Latin."""
    damaged = data.decode("utf-8", errors="replace")
    if any(ord(letter) > 127 and letter != "\ufffd" for letter in damaged):
        return damaged
    return data.decode("cp1252", errors="replace")


def unescaped(value: str) -> str:
    """A header as the parser gives it, whose bytes over 127 are escaped as surrogates, as text."""
    if value.isascii():
        return value
    return decode(value.encode("utf-8", "surrogateescape"), None)[0]


def raw_header(message: Message, name: str) -> str:
    """The first header of that name as it came, its bytes over 127 escaped; '' when there is none."""
    wanted = name.lower()
    return next((str(value) for key, value in message.raw_items() if key.lower() == wanted), "")


def header_text(value: str) -> str:
    """A header's value, unfolded and with its RFC 2047 words decoded, however badly they are made."""
    text = " ".join(unescaped(value[:65_536]).split())
    if "=?" not in text:
        return clean(text)
    text = _BETWEEN_WORDS.sub(r"\1\2", text)
    out: list[str] = []
    waiting: list[bytes] = []
    charset, end = "", 0
    for word in _WORD.finditer(text):
        name = word[1].split("*")[0]
        if word.start() != end or name.lower() != charset.lower():
            out += [decode(b"".join(waiting), charset or None)[0], text[end : word.start()]]
            waiting, charset = [], name
        waiting.append(_word_bytes(word[2], word[3]))
        end = word.end()
    out += [decode(b"".join(waiting), charset or None)[0], text[end:]]
    return " ".join(clean("".join(out)).split())


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8")
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b"_", b" "), header=False)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, RFC 2231 pieces joined, RFC 2047 words decoded."""
    whole: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for key, said in _PARAMETER.findall(unescaped(value[:65_536])):
        text = _unquoted(said.strip())
        name, *marks = key.lower().split("*")
        if not marks:
            whole.setdefault(name, header_text(text))
            continue
        number = int(marks[0]) if marks[0].isdecimal() and len(marks[0]) < 5 else 0
        pieces.setdefault(name, {})[number] = (key.endswith("*"), text)
    for name, numbered in pieces.items():
        whole[name] = _joined([numbered[number] for number in sorted(numbered)])
    return whole


def _joined(pieces: list[tuple[bool, str]]) -> str:
    charset, data = None, b""
    for place, (encoded, text) in enumerate(pieces):
        rest = text
        if encoded and place == 0 and text.count("'") >= 2:
            charset, _, rest = text.split("'", 2)
        data += unquote_to_bytes(rest) if encoded else rest.encode("utf-8", "replace")
    return " ".join(decode(data, charset or None)[0].split())


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    return re.sub(r"\\(.)", r"\1", text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:])
