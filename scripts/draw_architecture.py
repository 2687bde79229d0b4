"""Draws docs/pictures/architecture.svg, the architecture in one picture: `scripts/draw_architecture.py`.

The same input gives the same bytes. The picture has its own light and dark colours.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "architecture.svg"
WIDTH, HEIGHT = 960, 480
STYLE = """
  :root {
    --ink: #23211d; --soft: #5f5b52; --line: #8b867a; --paper: #fdfcf8; --box: #f3f1ea; --ours: #dff0ea;
    --edge: #0f6f57;
  }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #f1eee6; --soft: #b7b2a6; --paper: #161513; --box: #24221f; --ours: #123a31; --edge: #4fc3a5 }
  }
  text { font: 14px Inter, system-ui, sans-serif; fill: var(--ink); text-anchor: middle }
  .name { font-weight: 600 }
  .small { font-size: 12px; fill: var(--soft) }
  .paper { fill: var(--paper) }
  .box { fill: var(--box); stroke: var(--line) }
  .ours { fill: var(--ours); stroke: var(--edge); stroke-width: 1.5 }
  .way { fill: none; stroke: var(--soft); stroke-width: 1.5; marker-end: url(#tip) }
  #tip path { fill: var(--soft) }
"""


@dataclass(frozen=True)
class Box:
    """A box at its upper left corner, with a name and lines under it; `ours` is a process of the program."""

    x: int
    y: int
    width: int
    height: int
    name: str
    lines: tuple[str, ...] = ()
    ours: bool = False

    def drawn(self) -> str:
        """As SVG."""
        middle, step = self.x + self.width // 2, 19
        top = self.y + self.height // 2 - step * len(self.lines) // 2 + 5
        kind = "ours" if self.ours else "box"
        words = [f'<text class="name" x="{middle}" y="{top}">{escape(self.name)}</text>']
        words += [
            f'<text class="small" x="{middle}" y="{top + step * number}">{escape(line)}</text>'
            for number, line in enumerate(self.lines, 1)
        ]
        place = f'x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}"'
        return f'<rect class="{kind}" {place} rx="10"/>' + "".join(words)


WAYS_IN = ("Calls and texts", "Mail", "Web forms, bookings", "Programs and agents", "Your web sites")
WORK = ("1  extract: AI and patterns", "2  decide: your rules", "3  task, trace, notice", "answers, scans, payments")
BOXES = (
    *(Box(12, 60 + 72 * number, 178, 54, name) for number, name in enumerate(WAYS_IN)),
    Box(260, 60, 200, 130, "Web process", ("webhooks: proved, stored once", "live pages", "REST, MCP, exchange"), True),
    Box(260, 232, 200, 92, "PostgreSQL", ("work, jobs, the chained log", "LISTEN / NOTIFY")),
    Box(260, 362, 200, 52, "Scheduler", ("claims what is due",), True),
    Box(540, 200, 200, 156, "Worker", WORK, True),
    Box(790, 60, 158, 72, "Your people", ("open pages, phone",)),
    Box(790, 172, 158, 54, "Vendors, AI tools"),
    Box(790, 266, 158, 72, "Carriers", ("phone, mail, money",)),
    Box(790, 378, 158, 54, "Partners' agents"),
)
IN = [(87 + 72 * number, 100 + 15 * number) for number in range(4)]
WAYS = (
    *(f"M190 {start} C 225 {start} 215 {end} 254 {end}" for start, end in IN),
    "M620 356 C 600 480 320 478 196 384",  # the worker scans the sites
    *("M345 190 V 226", "M375 232 V 196", "M360 362 V 330"),
    *("M460 262 H 534", "M540 294 H 466", "M460 100 H 784"),
    "M740 215 C 770 210 765 200 784 199",
    "M740 290 C 770 295 765 302 784 302",
    "M740 335 C 775 350 760 400 784 405",
)
NOTES = (
    (622, 92, "changes appear within a second"),
    (497, 252, "jobs"),
    (752, 462, "one program, one database: more of each only for more work"),
)


def picture() -> str:
    """The whole drawing."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<title>How a request becomes work</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z"/></marker></defs>',
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}" rx="14"/>',
        '<text class="small" x="101" y="36">what reaches a business</text>',
        '<text class="small" x="480" y="36">TaskJuggler</text>',
        '<text class="small" x="870" y="36">who does it, who is told</text>',
        *(f'<path class="way" d="{way}"/>' for way in WAYS),
        *(box.drawn() for box in BOXES),
        *(f'<text class="small" x="{x}" y="{y}">{escape(text)}</text>' for x, y, text in NOTES),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
