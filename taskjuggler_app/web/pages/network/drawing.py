"""The network as a picture: pure geometry, the same actors always in the same places.

The workspace stands in the middle (or on top, where there is little room), beside it whom it knows, and behind those
whom it knows through them only. Names are in boxes; a line is a tie: its pattern says what the two are to each other,
its width and colour how far the other is trusted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from taskjuggler_app.domain.tef.rows import ActorRow, Tie
from taskjuggler_app.web.pages.network.tabs import MANY

READABLE = 60
"""More actors than this are drawn as one box a kind."""
MOST = 120
"""Boxes of one picture; the rest is in the list."""
LOW, HIGH = 30, 70
_ROW, _TALL = 46, 34
_BOX, _HUB, _NEAR, _FAR = 196, 220, 48, 40
_PHONE, _STEP, _BULGE = 340, 22, 40
_LETTER = 7
_SAID = {"within": "part of the workspace", "gateway": "through this gateway"}
_ORDER = {"HUMAN": 0, "TEAM": 1, "AI_AGENT": 2, "IOT_GATEWAY": 3, "IOT_DEVICE": 4}


@dataclass
class Box:
    """An actor, or all of a kind; x and y are its left upper corner."""

    key: str = ""
    kind: str = ""
    status: str = ""
    name: str = ""
    title: str = ""
    href: str = ""
    note: str = ""
    x: int = 0
    y: int = 0
    width: int = _BOX


@dataclass
class Line:
    """A tie as the path of its line; `trust` is low, fair, high, or empty where there is none to have."""

    key: str = ""
    path: str = ""
    kind: str = ""
    trust: str = ""
    over: bool = False
    title: str = ""


@dataclass
class Picture:
    """Boxes and lines in a space of `width` by `height` CSS pixels; `hidden` actors found no place in it."""

    left: int = 0
    width: int = 0
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    hidden: int = 0


@dataclass
class _Node:
    row: ActorRow
    children: list["_Node"] = field(default_factory=list)
    count: int = 1

    @property
    def rows(self) -> int:
        return max(1, sum(child.rows for child in self.children))


Spots = dict[str, tuple[int, int, int]]
"""Actor -> left, middle line and width of its box."""


def wide(rows: Sequence[ActorRow], ties: Sequence[Tie]) -> Picture:
    """For a desktop: the workspace in the middle, half of the others on either side."""
    hub, hidden = _tree(rows, ties)
    if hub is None:
        return Picture()
    right, left = _halves(hub.children)
    height = max(sum(node.rows for node in side) for side in (right, left)) * _ROW or _ROW
    centre = _HUB // 2 + _NEAR + _BOX + _FAR + _BOX
    spots: Spots = {hub.row.id: (centre - _HUB // 2, height // 2, _HUB)}
    for side, sign in ((right, 1), (left, -1)):
        top = (height - sum(node.rows for node in side) * _ROW) // 2
        for node in side:
            spots[node.row.id] = _beside(centre, sign, 0, top + node.rows * _ROW // 2)
            for place, child in enumerate(node.children):
                spots[child.row.id] = _beside(centre, sign, 1, top + place * _ROW + _ROW // 2)
            top += node.rows * _ROW
    nodes = [hub, *(one for node in hub.children for one in (node, *node.children))]
    lines = [_line(tie, _across(spots, tie), nodes) for tie in _drawn(ties, nodes)]
    return _cropped(Picture(0, 2 * centre, height, [_box(node, spots) for node in nodes], lines, hidden))


def narrow(rows: Sequence[ActorRow], ties: Sequence[Tie]) -> Picture:
    """For a phone: one under the other, those behind another moved in."""
    hub, hidden = _tree(rows, ties)
    if hub is None:
        return Picture()
    spots: Spots = {}
    nodes = [hub, *(one for node in hub.children for one in (node, *node.children))]
    near = {node.row.id for node in hub.children}
    for place, node in enumerate(nodes):
        left = 0 if node is hub else _STEP if node.row.id in near else 2 * _STEP
        spots[node.row.id] = (left, place * _ROW + _ROW // 2, _PHONE - _BULGE - 2 * _STEP)
    parents = {child.row.id: node.row.id for node in (hub, *hub.children) for child in node.children}
    lines = [_line(tie, _down(spots, tie, parents), nodes) for tie in _drawn(ties, nodes)]
    return Picture(0, _PHONE, len(nodes) * _ROW, [_box(node, spots) for node in nodes], lines, hidden)


def _tree(rows: Sequence[ActorRow], ties: Sequence[Tie]) -> tuple[_Node | None, int]:
    """The workspace with whom it knows, two steps deep, and how many did not fit."""
    hub = next((_Node(row) for row in rows if row.ours and row.kind == "TEAM"), None)
    if hub is None:
        return None, 0
    folded = _folded([row for row in rows if row.id != hub.row.id])
    kept = folded[: MOST - 1]
    nodes = {node.row.id: node for node in kept}
    gateways = {tie.other: tie.one for tie in ties if tie.kind == "gateway" and tie.one in nodes}
    direct = {one for tie in ties for one, two in _both_ways(tie) if two == hub.row.id}
    direct |= {node.row.id for node in kept if node.row.ours and node.row.kind == "HUMAN"}
    direct -= set(gateways)

    def through(actor_id: str) -> _Node | None:
        """Whom the workspace knows this one through; a gateway that is two steps away stands beside its devices."""
        gateway = gateways.get(actor_id, "")
        if gateway in direct:
            return nodes[gateway]
        if actor_id in direct:
            return None
        known_by = (one for tie in ties for one, two in _both_ways(tie) if two == (gateway or actor_id))
        return next((nodes[one] for one in known_by if one in direct and one in nodes), None)

    for node in kept:
        (through(node.row.id) or hub).children.append(node)
    return hub, len(folded) - len(kept)


def _both_ways(tie: Tie) -> tuple[tuple[str, str], tuple[str, str]]:
    return (tie.one, tie.other), (tie.other, tie.one)


def _folded(rows: Sequence[ActorRow]) -> list[_Node]:
    """One node an actor, by kind and name; with too many, the kinds that most belong to become one node each."""
    ordered = sorted(rows, key=lambda row: (_ORDER.get(row.kind, 9), row.name.lower(), row.id))
    counts = Counter(row.kind for row in ordered)
    folded: set[str] = set()
    left = len(ordered)
    for kind, count in counts.most_common() if len(counts) > 1 else ():
        if left <= READABLE:
            break
        folded.add(kind)
        left -= count - 1
    alone = [_Node(row) for row in ordered if row.kind not in folded]
    groups = [
        _Node(ActorRow(id=kind, name=MANY.get(kind, kind), kind=kind, status="ACTIVE"), count=counts[kind])
        for kind in sorted(folded, key=lambda kind: _ORDER.get(kind, 9))
    ]
    return alone + groups


def _halves(nodes: list[_Node]) -> tuple[list[_Node], list[_Node]]:
    """The nodes in two runs of about the same height."""
    half, right = (sum(node.rows for node in nodes) + 1) // 2, 0
    for place, node in enumerate(nodes):
        if right >= half:
            return nodes[:place], nodes[place:]
        right += node.rows
    return nodes, []


def _beside(centre: int, sign: int, depth: int, y: int) -> tuple[int, int, int]:
    inner = centre + sign * (_HUB // 2 + _NEAR + depth * (_BOX + _FAR))
    return (inner if sign > 0 else inner - _BOX), y, _BOX


def _drawn(ties: Sequence[Tie], nodes: Sequence[_Node]) -> list[Tie]:
    """The ties whose both ends are drawn, and the workspace's with what is its own or stands for a whole kind."""
    ids = {node.row.id for node in nodes}
    hub = nodes[0]
    known = {one for tie in ties for one, two in _both_ways(tie) if two == hub.row.id}
    own = [node.row.id for node in hub.children if node.row.id not in known and (node.row.ours or node.count > 1)]
    return [tie for tie in ties if {tie.one, tie.other} <= ids] + [Tie(hub.row.id, one, "within") for one in own]


def _across(spots: Spots, tie: Tie) -> str:
    """A curve from the side of one box to the side of the other that looks at it."""
    (ax, ay, aw), (bx, by, bw) = spots[tie.one], spots[tie.other]
    if ax == bx:  # one above the other: around the outside
        out = ax + aw if ax >= 0 and ax > min(x for x, _, _ in spots.values()) else ax
        turn = out + (_NEAR if out > ax else -_NEAR) // 2
        return f"M{out},{ay} C{turn},{ay} {turn},{by} {out},{by}"
    if ax > bx:
        (ax, ay, aw), (bx, by, bw) = (bx, by, bw), (ax, ay, aw)
    start = ax + aw
    half = (start + bx) // 2
    return f"M{start},{ay} C{half},{ay} {half},{by} {bx},{by}"


def _down(spots: Spots, tie: Tie, parents: dict[str, str]) -> str:
    """From a box down to the one that hangs on it; a tie of two others goes around the right."""
    for child, parent in ((tie.one, tie.other), (tie.other, tie.one)):
        if parents.get(child) == parent:
            (px, py, _), (cx, cy, _) = spots[parent], spots[child]
            return f"M{px + 11},{py + _TALL // 2} V{cy - 8} q0,8 8,8 H{cx}"
    (ax, ay, aw), (bx, by, bw) = spots[tie.one], spots[tie.other]
    out = _PHONE - 4 - 3 * (abs(ay - by) // _ROW % 4)
    return f"M{ax + aw},{ay} C{out},{ay} {out},{by} {bx + bw},{by}"


def _line(tie: Tie, path: str, nodes: Sequence[_Node]) -> Line:
    names = {node.row.id: node.row.name for node in nodes}
    said = [f"{names[tie.one]} and {names[tie.other]}: {_SAID.get(tie.kind, tie.kind)}"]
    said += [f"trust {tie.trust} of 100"] if tie.trust >= 0 else []
    said += ["ended"] if tie.over else []
    level = "" if tie.trust < 0 else "low" if tie.trust < LOW else "high" if tie.trust >= HIGH else "fair"
    return Line(f"{tie.one}{tie.other}{tie.kind}", path, tie.kind, level, tie.over, ", ".join(said))


def _box(node: _Node, spots: Spots) -> Box:
    x, y, width = spots[node.row.id]
    row = node.row
    room = (width - (70 if node.count > 1 or row.trust else 46)) // _LETTER
    name = row.name if len(row.name) <= room else row.name[: room - 1].rstrip() + "…"
    note = str(node.count) if node.count > 1 else row.trust.split(".")[0]
    href = f"/network?kind={row.kind}" if node.count > 1 else f"/network/{row.id}"
    title = ", ".join(
        part
        for part in (
            row.name,
            f"{node.count} of them" if node.count > 1 else row.relation,
            f"trust {note}" if row.trust else "",
            "waits to be claimed" if row.status == "PENDING_CLAIM" else row.status.lower(),
        )
        if part and part != "active"
    )
    return Box(row.id, row.kind, row.status, name, title, href, note, x, y - _TALL // 2, width)


def _cropped(picture: Picture) -> Picture:
    """Without the empty columns at its sides; the margin is for lines that go around."""
    left = min(box.x for box in picture.boxes) - _NEAR // 2
    right = max(box.x + box.width for box in picture.boxes) + _NEAR // 2
    return replace(picture, left=left, width=right - left)
