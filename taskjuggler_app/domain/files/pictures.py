"""Pictures of people, read by their header alone: nothing here decodes an image, so no image can hurt.

The browser crops and scales (assets/js/uploads.js); this says whether what arrived is small enough to show.
"""

import struct
from io import BytesIO

from taskjuggler_app.core.errors import Invalid

MOST_PIXELS = 1024
"""A side of a picture of a person may not be longer."""
MOST_BYTES = 1_000_000
TYPES = ("image/png", "image/jpeg")
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})


def check(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG that may be a person's picture. Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid("That picture is larger than 1 MB.")
    try:
        width, height = _png(content) if content.startswith(_PNG) else _jpeg(content)
    except (struct.error, IndexError, ValueError):
        raise Invalid("That is no picture that we can show: use a PNG or a JPEG.") from None
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise Invalid(f"A picture may be at most {MOST_PIXELS} pixels wide and high.")
    return width, height


def _png(content: bytes) -> tuple[int, int]:
    """The IHDR chunk comes first (PNG specification, 11.2.2)."""
    if content[12:16] != b"IHDR":
        raise ValueError
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg(content: bytes) -> tuple[int, int]:
    """The first frame header, over the segments before it (ITU T.81, B.2.2)."""
    stream = BytesIO(content)
    if stream.read(2) != b"\xff\xd8":
        raise ValueError
    while True:
        if stream.read(1) != b"\xff":
            raise ValueError
        marker = 0xFF
        while marker == 0xFF:
            marker = stream.read(1)[0]
        if marker in _WITHOUT_LENGTH:
            continue
        (length,) = struct.unpack(">H", stream.read(2))
        if length < 2:
            raise ValueError
        if marker in _FRAMES:
            _, height, width = struct.unpack(">BHH", stream.read(5))
            return width, height
        stream.seek(length - 2, 1)
