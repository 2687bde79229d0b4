"""Pictures of the demo's people: heads and shoulders of plain shapes, drawn here. Tom has none: his initials show."""

import math
import struct
import zlib
from typing import NamedTuple

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.demo.keeping import kept
from taskjuggler_app.domain.files import service as files
from taskjuggler_app.domain.teams import profiles

SIDE = 128
Colour = tuple[int, int, int]


class Oval(NamedTuple):
    """A filled ellipse in shares of the picture's side; `below` and `above` cut it by a level."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour
    below: float = 0.0
    above: float = 2.0


_SHADE = (48, 33, 28)
DRAWN: dict[str, tuple[Colour, tuple[Oval, ...]]] = {
    "maya": (
        (246, 214, 170),
        (
            Oval(0.5, 0.40, 0.33, 0.36, _SHADE),
            Oval(0.5, 1.08, 0.42, 0.40, (24, 112, 98)),
            Oval(0.5, 0.68, 0.10, 0.16, (117, 73, 52)),
            Oval(0.5, 0.45, 0.20, 0.25, (139, 88, 63)),
            Oval(0.5, 0.36, 0.23, 0.20, _SHADE, above=0.33),
        ),
    ),
    "luis": (
        (188, 214, 236),
        (
            Oval(0.5, 1.08, 0.46, 0.40, (45, 74, 122)),
            Oval(0.5, 0.68, 0.11, 0.16, (189, 138, 104)),
            Oval(0.5, 0.52, 0.22, 0.27, (64, 46, 38)),
            Oval(0.5, 0.44, 0.20, 0.25, (214, 160, 124)),
            Oval(0.5, 0.56, 0.17, 0.13, (64, 46, 38), below=0.56),
            Oval(0.5, 0.36, 0.205, 0.21, (43, 32, 28), above=0.32),
        ),
    ),
    "ada": (
        (226, 205, 236),
        (
            Oval(0.5, 0.52, 0.29, 0.40, (222, 178, 92)),
            Oval(0.5, 1.08, 0.40, 0.38, (142, 68, 112)),
            Oval(0.5, 0.68, 0.09, 0.16, (228, 186, 160)),
            Oval(0.5, 0.45, 0.19, 0.24, (246, 208, 184)),
            Oval(0.43, 0.36, 0.21, 0.19, (222, 178, 92), above=0.34),
            Oval(0.62, 0.36, 0.15, 0.17, (222, 178, 92), above=0.34),
        ),
    ),
}


def load(session: Session, people: dict[str, Principal]) -> None:
    """Give the people their pictures, by their own verb."""
    for key, (ground, ovals) in DRAWN.items():
        who, content = people[key], drawn(ground, ovals)
        file = files.keep(session, who, kept(f"{key}.png", content))
        profiles.show_picture(session, who, file.id, content)


def drawn(ground: Colour, ovals: tuple[Oval, ...], side: int = SIDE) -> bytes:
    """A PNG of SIDE x SIDE pixels: the ovals over the ground, each edge a pixel soft."""
    lines = bytearray()
    for row in range(side):
        lines.append(0)  # the filter "none" (PNG specification, 9.2)
        y = (row + 0.5) / side
        there = [one for one in ovals if abs(y - one.y) < one.height + 1 / side]
        for column in range(side):
            x, colour = (column + 0.5) / side, ground
            for one in there:
                share = _cover(one, x, y, side)
                if share > 0:
                    colour = _mixed(colour, one.colour, share)
            lines += bytes(colour)
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(bytes(lines), 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _cover(oval: Oval, x: float, y: float, side: int) -> float:
    """How much of the pixel around the point lies inside, 0 to 1."""
    across, down = (x - oval.x) / oval.width, (y - oval.y) / oval.height
    inside = (1 - math.hypot(across, down)) * min(oval.width, oval.height)
    edge = min(inside, y - oval.below, oval.above - y)
    return max(0.0, min(1.0, edge * side + 0.5))


def _mixed(under: Colour, over: Colour, share: float) -> Colour:
    red, green, blue = (round(low + (high - low) * share) for low, high in zip(under, over, strict=True))
    return red, green, blue


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
